"""What somebody did last, and what they handed on and still waits for somebody else. Keys are read off the index of
who did what; only what is shown is read whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select, tuple_

from workflow.proposals.finding import AnyRow, event_title, facts_of, local, standings, state_title
from workflow.proposals.queue_duties import NOTHING, RESTING, Found
from workflow.proposals.queue_filter import DUTIES, Asked, cursor
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.views.views_work import DoneRow

RECENT_EVENTS = 200
LOOKED_AT = 40  # proposals of those that I moved last; a queue is about today
HANDED_ON = ("moved", "classified")
DONE = frozenset({
    "moved", "classified", "booked", "corrected", "attended", "noted", "opinions_asked", "opinion_given",
    "opinions_extended", "opinions_closed",
})  # fmt: skip
_CURSOR = re.compile(r"([0-9T:.Z-]{27}) (\S{1,40}) ([0-9]{1,9})")

_D, _P, _E = schema.duty.c, schema.proposal.c, schema.event.c
_KEYS = (_E.recorded_at, _E.stream, _E.seq)


@dataclass(frozen=True, slots=True)
class Done:
    rows: tuple[DoneRow, ...]
    after: str | None


def recent_of(connection: Connection, ref: str, after: str | None = None) -> Sequence[AnyRow]:
    """The keys of what the person did last, newest first, off the index alone."""
    query = select(*_KEYS, _E.kind).where(_E.actor == ref)
    if match := _CURSOR.fullmatch(after or ""):
        query = query.where(tuple_(*_KEYS) < tuple_(match[1], match[2], int(match[3])))
    return connection.execute(query.order_by(*(each.desc() for each in _KEYS)).limit(RECENT_EVENTS)).all()


def handed_on(
    connection: Connection, asked: Asked, recent: Sequence[AnyRow], holders: Sequence[str], after: str | None,
    limit: int,
) -> Found:  # fmt: skip
    """What waits for others on the proposals that I moved last."""
    numbers = list(dict.fromkeys(row.stream for row in recent if row.kind in HANDED_ON))[:LOOKED_AT]
    if not numbers:
        return NOTHING
    query = select().select_from(schema.duty.join(schema.proposal))
    query = query.where(_P.number.in_(numbers), _D.answered_at.is_(None), _D.holder.not_in(holders), ~RESTING)
    walk = asked.walk(query, DUTIES, asked.position(after), limit + 1).subquery()
    found = select(schema.duty, walk.c.sort_key).join(walk, walk.c.id == _D.id).order_by(walk.c.sort_key, _D.id)
    rows = connection.execute(found).all()
    shown = tuple(rows[:limit])
    return Found(shown, cursor(shown[-1].sort_key, shown[-1].id) if len(rows) > limit else None)


def done(connection: Connection, definitions: Definitions, recent: Sequence[AnyRow], limit: int) -> Done:
    """The latest of what was done to proposals, ``limit`` of it, with its words."""
    mine = [row for row in recent if row.kind in DONE]
    shown = mine[:limit]
    by_number = standings(connection, _P.number.in_(sorted({row.stream for row in shown})))
    numbered = {each.number: each for each in by_number.values()}
    found = []
    for row, facts in zip(shown, _bodies(connection, shown), strict=True):
        standing = numbered.get(row.stream)
        if standing is not None:
            process = definitions.get(connection, standing.definition)
            to_title = state_title(process, facts.get("to") or standing.node) or ""
            what = event_title(facts, public=False)
            found.append(DoneRow(standing.number, standing.title, what, local(row.recorded_at), to_title))
    rest = recent[-1] if len(recent) == RECENT_EVENTS else None  # what was looked at may all be of other kinds
    last = shown[-1] if len(mine) > limit else rest
    return Done(tuple(found), f"{last.recorded_at} {last.stream} {last.seq}" if last is not None else None)


def _bodies(connection: Connection, rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    if not rows:
        return []
    each = ((_E.stream == row.stream) & (_E.seq == row.seq) for row in rows)
    found = connection.execute(select(_E.stream, _E.seq, _E.body).where(or_(*each)))
    bodies = {(row.stream, row.seq): facts_of(row.body) for row in found}
    return [bodies[row.stream, row.seq] for row in rows]
