"""Att göra: what waits for one person, oldest due first, and what they should know of. Puts the sections together,
each from a module of its own. Decides nothing; a duty is opened and answered by a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from workflow.books import year_end
from workflow.proposals import pots, queue_duties
from workflow.proposals.entering import NOBODY, STAYS, UNKNOWN_DATE
from workflow.proposals.finding import AnyRow, standings
from workflow.proposals.queue_duties import Found, holders_of
from workflow.proposals.queue_filter import ALL, Asked, Filter
from workflow.records.definitions import Definitions
from workflow.records.loading import Actor
from workflow.storage import schema
from workflow.storage.schema import proposal as proposals
from workflow.views.views_work import Neighbour, Neighbours, QueuePage, QueueRow, View
from workflow.waiting import queue_beside, queue_done, queue_sections
from workflow.waiting.queue_done import Done
from workflow.waiting.queue_rows import queue_rows

_D = schema.duty.c
ANSWER_FOR_POTS = frozenset({"budget_holder", "controller"})
# Kinds of duties that a fact opened and no step foresaw; shown in a list of their own.
UNEXPECTED = (STAYS, UNKNOWN_DATE, NOBODY)
A_LITTLE = 10  # rows of each section but the first, where all are shown
VIEWS: tuple[View, ...] = ("mine", "bodies", "parked", "watched", "others", "done")


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody looks at: all sections a little or one of them, what of it, and from where."""

    view: View = ""
    asked: Filter = ALL
    after: str | None = None
    limit: int = 50

    def shows(self, view: View) -> bool:
        return self.view in ("", view)

    def part(self, view: View) -> tuple[str | None, int]:
        """The cursor and how many rows of a section."""
        if view in (self.view, "mine"):
            return self.after, self.limit
        return None, A_LITTLE


def queue(
    connection: Connection, definitions: Definitions, *, actor: Actor, today: date, look: Look | None = None
) -> QueuePage:
    """What this person finds under Att göra today."""
    desk = _Desk(connection, definitions, actor, today, look or Look())
    found: dict[View, Found] = {view: desk.found(view) for view in VIEWS if view != "done"}
    done = desk.done()
    rows = desk.rows(found)
    unexpected = [row for row in found["mine"].rows if row.kind in UNEXPECTED]
    roles = {each.role for each in actor.capacities}
    last = done.after if desk.look.view == "done" else found[desk.look.view or "mine"].after
    front = not desk.look.view
    return QueuePage(
        view=desk.look.view, waiting=rows["mine"], group=rows["bodies"], parked=rows["parked"],
        watched=rows["watched"], others=rows["others"], done=done.rows,
        meetings=queue_beside.meetings(connection, actor.capacities, today) if front else (),
        overruns=pots.overruns(connection) if front and ANSWER_FOR_POTS & roles else (),
        stranded=year_end.stranded(connection) if front and "officer" in roles else (),
        unexpected=queue_beside.unexpected(connection, unexpected), after=last,
        count=queue_duties.badge(connection, desk.holders), counts=desk.counts(),
    )  # fmt: skip


def badge(connection: Connection, actor: Actor) -> int:
    """How many duties wait for this person; 100 means 99+."""
    return queue_duties.badge(connection, holders_of(actor.capacities, actor.ref))


class _Desk:
    """Everything that a look at one person's queue reads, read once."""

    def __init__(self, connection: Connection, definitions: Definitions, actor: Actor, today: date, look: Look) -> None:
        self.connection, self.definitions, self.actor = connection, definitions, actor
        self.today, self.look = today, look
        self.holders = holders_of(actor.capacities, actor.ref)
        self.bodies = queue_sections.bodies_of(actor.capacities)
        stages = stages_of(definitions)
        self.asked = Asked(connection, look.asked, today, stages)
        recent = look.shows("others") or look.shows("done")
        since = look.after if look.view == "done" else None
        self.recent = queue_done.recent_of(connection, actor.ref, since) if recent else ()

    def found(self, view: View) -> Found:
        if not self.look.shows(view):
            return queue_duties.NOTHING
        (after, limit), connection, asked = self.look.part(view), self.connection, self.asked
        if view == "mine":
            return queue_duties.waiting(connection, asked, self.holders, after, limit)
        if view == "bodies":
            return queue_sections.for_bodies(
                connection, asked, self.bodies, self.holders, after, limit, near=not self.look.view
            )
        if view == "parked":
            return queue_sections.parked(connection, asked, self.actor.ref, self.holders, after, limit)
        if view == "watched":
            return queue_sections.watched(connection, asked, self.actor.id, after, limit)
        return queue_done.handed_on(connection, asked, self.recent, self.holders, after, limit)

    def done(self) -> Done:
        if not self.look.shows("done"):
            return Done((), None)
        return queue_done.done(self.connection, self.definitions, self.recent, self.look.part("done")[1])

    def rows(self, found: Mapping[View, Found]) -> dict[View, tuple[QueueRow, ...]]:
        """Every section's rows as shown, made together; what stands in one section is not shown among the others'."""
        seen = {row.id for row in found["bodies"].rows}
        kept: dict[View, list[AnyRow]] = {}
        for view, each in found.items():
            kept[view] = [row for row in each.rows if row.kind not in UNEXPECTED]
        if not self.look.view:
            kept["others"] = [row for row in kept["others"] if row.id not in seen]
        made = iter(queue_rows(self.connection, self.definitions, list(chain.from_iterable(kept.values())), self.today))
        return {view: tuple(next(made) for _ in rows) for view, rows in kept.items()}

    def counts(self) -> dict[str, int]:
        return {
            "bodies": queue_sections.count_for_bodies(self.connection, self.bodies, self.holders),
            "parked": queue_sections.count_parked(self.connection, self.actor.ref, self.holders),
            "watched": queue_sections.count_watched(self.connection, self.actor.id),
        }


def stages_of(definitions: Definitions) -> dict[str, int]:
    """The place of each state on the track of its process; of several the nearest."""
    found: dict[str, int] = {}
    for process in definitions.current.values():
        for n, state in enumerate(process.track):
            found[state] = min(n, found.get(state, n))
    return found


def neighbours(
    connection: Connection,
    definitions: Definitions,
    *,
    actor: Actor,
    today: date,
    asked: Filter,
    duty: int,
    number: str,
) -> Neighbours:
    """What stands beside a duty, answered or not, among what waits for this person; never the same proposal."""
    walk = Asked(connection, asked, today, stages_of(definitions))
    holders = holders_of(actor.capacities, actor.ref)
    at = queue_duties.place_of(connection, walk, duty)

    def nearest(at: Any, *, back: bool = False) -> Neighbour | None:
        found = queue_duties.beyond(connection, walk, holders, at, 1, back=back, but=number)
        return _neighbour(connection, found.rows)

    following = nearest(at)
    before = nearest(at, back=True) if at is not None else None
    return Neighbours(before, following, None if following else nearest(None))


def chosen(
    connection: Connection, definitions: Definitions, *, actor: Actor, today: date, numbers: Sequence[str]
) -> tuple[QueueRow, ...]:
    """Of these proposals the ones whose step waits for this person, as rows of the queue, in the order asked for."""
    holders = holders_of(actor.capacities, actor.ref)
    query = select(schema.duty).join_from(schema.duty, proposals).where(proposals.c.number.in_(numbers))
    mine = query.where(_D.kind == "step", _D.answered_at.is_(None), _D.holder.in_(holders))
    rows = queue_rows(connection, definitions, connection.execute(mine).all(), today)
    return tuple(sorted(rows, key=lambda row: numbers.index(row.number)))


def _neighbour(connection: Connection, duties: Sequence[AnyRow]) -> Neighbour | None:
    if not duties:
        return None
    (duty,) = duties
    standing = standings(connection, proposals.c.id == duty.proposal_id)[duty.proposal_id]
    return Neighbour(duty.id, standing.number, standing.title, duty.kind)


__all__ = ["Look", "badge", "neighbours", "queue", "stages_of"]
