"""What waits for one person: the open duties of the roles held today, oldest due first, and what was handed on.
Decides nothing; a duty is opened and answered by a decision."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select, tuple_, union_all

from states import Capacity, Process
from workflow import pots, revisions, schema, year_end
from workflow.calendar_days import working_days_between
from workflow.definitions import Definitions
from workflow.entering import STAYS, UNKNOWN_DATE
from workflow.finding import (
    AnyRow,
    AnySelect,
    Standing,
    awaits_of,
    body_titles,
    due_of,
    event_title,
    facts_of,
    local,
    next_meeting,
    standings,
    state_title,
)
from workflow.track import Visit, track_of, visits_of
from workflow.views_work import DoneRow, MeetingDate, Notice, QueuePage, QueueRow

BADGE_STOPS_AT = 100  # shown as 99+
LOOKED_AT = 60  # of what waits for a group: more than a page, and never all of a town's
OF_GROUPS = 20  # proposals that wait for my groups, longest first
HANDED_ON = 20  # proposals looked at for what I handed on; a queue is about today
RECENT_EVENTS = 200
GROUPS = frozenset({"working_group", "forum"})
ANSWER_FOR_POTS = frozenset({"budget_holder", "controller"})
# Kinds of duties that a fact opened and no step foresaw; shown in a list of their own.
UNEXPECTED = (STAYS, UNKNOWN_DATE)
_CURSOR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{1,18})")

_D = schema.duty.c


def queue(
    connection: Connection,
    definitions: Definitions,
    *,
    ref: str,
    capacities: Sequence[Capacity],
    today: date,
    after: str | None = None,
    limit: int = 50,
) -> QueuePage:
    """``ref`` is the person's reference in events; ``after`` the cursor of the page before."""
    holders = holders_of(capacities)
    found = _open_duties(connection, holders, _position(after), limit + 1)
    shown = found[:limit]
    recent = _recent(connection, ref)
    group = _of_groups(connection, capacities, holders)
    others = [row for row in _handed_on(connection, recent, holders) if row not in group]
    duties = [row for row in (*shown, *group, *others) if row.kind not in UNEXPECTED]
    rows = queue_rows(connection, definitions, duties, today)
    mine, of_group = {row.id for row in shown}, {row.id for row in group}
    last = shown[-1] if len(found) > limit else None
    return QueuePage(
        waiting=tuple(row for row in rows if row.duty in mine),
        group=tuple(row for row in rows if row.duty in of_group),
        others=tuple(row for row in rows if row.duty not in mine | of_group),
        done=_done(connection, definitions, recent),
        meetings=_meetings(connection, capacities, today),
        overruns=pots.overruns(connection) if ANSWER_FOR_POTS & {each.role for each in capacities} else (),
        stranded=year_end.stranded(connection) if "officer" in {each.role for each in capacities} else (),
        unexpected=_unexpected(connection, [row for row in shown if row.kind in UNEXPECTED]),
        after=f"{last.due_on} {last.id}" if last else None,
        count=badge(connection, capacities),
    )


def badge(connection: Connection, capacities: Sequence[Capacity]) -> int:
    """How many duties wait; 100 means 99+."""
    parts = [_of_holder(holder, BADGE_STOPS_AT) for holder in holders_of(capacities)]
    if not parts:
        return 0
    total = select(func.count()).select_from(union_all(*parts).limit(BADGE_STOPS_AT).subquery())
    return int(connection.execute(total).scalar_one())


def holders_of(capacities: Iterable[Capacity]) -> tuple[str, ...]:
    """The keys under which duties of these capacities are stored. A sender answers through the own link, not here."""
    held = dict.fromkeys(each.holder for each in capacities if each.role not in ("proposer", "clock"))
    groups = dict.fromkeys(each.body_kind for each in capacities if each.body_kind in GROUPS)
    return tuple(holder for holder in (held | groups) if holder)


def duties_of(connection: Connection, proposal_id: int) -> list[AnyRow]:
    """Everything that is awaited on one proposal, whoever holds it; for :func:`queue_rows`."""
    query = select(schema.duty).where(_D.proposal_id == proposal_id, _D.answered_at.is_(None)).order_by(_D.id)
    return list(connection.execute(query))


def queue_rows(
    connection: Connection, definitions: Definitions, duties: Sequence[AnyRow], today: date
) -> tuple[QueueRow, ...]:
    """Rows of ``duty`` as shown, in the same order. The number of reads does not grow with the page."""
    if not duties:
        return ()
    proposals = standings(connection, schema.proposal.c.id.in_(sorted({duty.proposal_id for duty in duties})))
    page = _Page(
        proposals=proposals,
        processes=definitions.get_all(connection, (each.definition for each in proposals.values())),
        visits=visits_of(connection, (each.number for each in proposals.values())),
        costs=revisions.costs(connection, proposals),
        payers=revisions.payers(connection, proposals),
        titles=body_titles(connection),
        today=today,
    )
    return tuple(_row(duty, page) for duty in duties)


@dataclass(frozen=True, slots=True)
class _Page:
    """What the rows of a page are made of, read once."""

    proposals: Mapping[int, Standing]
    processes: Mapping[int, Process]  # by definition
    visits: Mapping[str, tuple[Visit, ...]]  # by number
    costs: Mapping[int, int]
    payers: Mapping[int, tuple[str, ...]]
    titles: Mapping[str, str]  # of bodies
    today: date


def _row(duty: AnyRow, page: _Page) -> QueueRow:
    standing = page.proposals[duty.proposal_id]
    process = page.processes[standing.definition]
    track = track_of(process, standing.node, page.visits[standing.number])
    since, due = date.fromisoformat(duty.since[:10]), due_of(duty.due_on)
    bound_to = duty.holder.partition(":")[2]
    return QueueRow(
        duty=duty.id, number=standing.number, title=standing.title, process_title=process.title,
        state_title=process.at(standing.node).state.title, kind=duty.kind,
        step=next((each.n for each in track.stations if each.status == "here"), None), steps=len(track.stations),
        since=since, waited_days=working_days_between(since, page.today), due=due,
        overdue=due is not None and due < page.today, amount=page.costs.get(standing.id),
        pots=page.payers.get(standing.id, ()), holder=duty.holder, body=page.titles.get(bound_to, bound_to) or None,
        awaits=awaits_of(standing, page.titles), is_example=standing.is_example, track=track,
    )  # fmt: skip


# --- which duties ------------------------------------------------------------------------------------------------


def _position(after: str | None) -> tuple[str, int]:
    """Where the page before ended; anything that is no cursor of ours begins anew."""
    match = _CURSOR.fullmatch(after or "")
    return (match[1], int(match[2])) if match else ("", 0)


def _of_holder(holder: str, limit: int, after: tuple[str, int] = ("", 0)) -> AnySelect:
    """At most ``limit`` open duties of one holder, straight off the partial index."""
    mine = (_D.holder == holder) & _D.answered_at.is_(None)
    beyond: ColumnElement[bool] = tuple_(_D.due_on, _D.id) > tuple_(*after)
    page = select(_D.id, _D.due_on).where(mine, beyond).order_by(_D.due_on, _D.id).limit(limit)
    return select(page.subquery())


def _open_duties(
    connection: Connection, holders: Sequence[str], after: tuple[str, int], limit: int
) -> Sequence[AnyRow]:
    """One short walk of the index for each role, then the earliest of all."""
    if not holders:
        return ()
    each = union_all(*(_of_holder(holder, limit, after) for holder in holders)).subquery()
    query = select(schema.duty).join(each, each.c.id == _D.id).order_by(_D.due_on, _D.id).limit(limit)
    return connection.execute(query).all()


def _recent(connection: Connection, ref: str) -> Sequence[AnyRow]:
    """What the person did last, newest first."""
    event = schema.event.c
    query = select(event.stream, event.kind, event.recorded_at, event.body).where(event.actor == ref)
    return connection.execute(query.order_by(event.recorded_at.desc()).limit(RECENT_EVENTS)).all()


def _of_groups(connection: Connection, capacities: Sequence[Capacity], holders: Sequence[str]) -> Sequence[AnyRow]:
    """Steps awaited from a group I belong to, where somebody else registers what it comes to."""
    groups = {each.body for each in capacities if each.body_kind in GROUPS}
    if not groups:
        return ()
    soonest = union_all(*(_of_body(body) for body in sorted(filter(None, groups)))).subquery()
    query = (
        select(schema.duty)
        .join(soonest, soonest.c.id == _D.proposal_id)
        .where(_D.kind == "step", _D.answered_at.is_(None), _D.holder.not_in(holders))
        .order_by(_D.due_on, _D.id)
        .limit(OF_GROUPS)
    )
    return connection.execute(query).all()


def _of_body(body: str) -> AnySelect:
    """The open proposals that wait for a body, nearest day first, straight off the partial index."""
    proposal = schema.proposal.c
    waiting = select(proposal.id).where(proposal.awaits_body == body, proposal.ended_at.is_(None))
    return select(waiting.order_by(proposal.due_on, proposal.id).limit(LOOKED_AT).subquery())


def _handed_on(connection: Connection, recent: Sequence[AnyRow], holders: Sequence[str]) -> Sequence[AnyRow]:
    """Steps of others on proposals that I moved."""
    numbers = list(dict.fromkeys(row.stream for row in recent if row.kind in ("moved", "classified")))[:HANDED_ON]
    proposal = schema.proposal.c
    query = (
        select(schema.duty)
        .join_from(schema.duty, schema.proposal)
        .where(proposal.number.in_(numbers), _D.answered_at.is_(None), _D.holder.not_in(holders))
        .order_by(_D.due_on, _D.id)
    )
    return connection.execute(query).all() if numbers else ()


# --- beside the duties -------------------------------------------------------------------------------------------


def _done(connection: Connection, definitions: Definitions, recent: Sequence[AnyRow]) -> tuple[DoneRow, ...]:
    mine = [row for row in recent if row.kind in ("moved", "classified", "booked", "corrected")][:HANDED_ON]
    numbers = sorted({row.stream for row in mine})
    by_number = {each.number: each for each in standings(connection, schema.proposal.c.number.in_(numbers)).values()}
    found = []
    for row in mine:
        standing, facts = by_number[row.stream], facts_of(row.body)
        process = definitions.get(connection, standing.definition)
        to_title = state_title(process, facts.get("to") or standing.node) or ""
        what = event_title(facts, public=False)
        found.append(DoneRow(standing.number, standing.title, what, local(row.recorded_at), to_title))
    return tuple(found)


def _meetings(connection: Connection, capacities: Sequence[Capacity], today: date) -> tuple[MeetingDate, ...]:
    bodies = dict.fromkeys(each.body for each in capacities if each.body)
    found = (next_meeting(connection, body, today) for body in bodies)
    return tuple(sorted(filter(None, found), key=lambda each: (each.held_on, each.body)))


def _unexpected(connection: Connection, duties: Sequence[AnyRow]) -> tuple[Notice, ...]:
    proposals = standings(connection, schema.proposal.c.id.in_(sorted({duty.proposal_id for duty in duties})))
    return tuple(
        Notice(
            proposals[duty.proposal_id].number,
            duty.kind,
            date.fromisoformat(duty.since[:10]),
            duty.id,
            proposals[duty.proposal_id].title,
        )
        for duty in duties
    )
