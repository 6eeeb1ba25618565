"""Which open duties are somebody's own: short walks of an index, one for each holder, never a scan.
Shows nothing; what a duty looks like is made in ``queue_rows``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select, union_all

from states import Capacity
from workflow.people.people import own_holder
from workflow.proposals.finding import AnyRow, AnySelect
from workflow.proposals.queue_filter import ALL, DUTIES, Asked, cursor
from workflow.storage import schema

BADGE_STOPS_AT = 100  # shown as 99+
GROUPS = frozenset({"working_group", "forum"})
NOBODYS_DESK = frozenset({"proposer", "clock"})  # a sender answers through the own link, not here
# Bodies that answer by their registrar; any member answers for the others.
BY_REGISTRAR = frozenset({"board", "executive", "council"})

_D, _P = schema.duty.c, schema.proposal.c
RESTING = (_D.kind == "step") & _P.parked_until.is_not(None)  # shown among what is parked until it wakes


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one section in order, and the cursor of the next page; None on the last."""

    rows: tuple[AnyRow, ...] = ()
    after: str | None = None


NOTHING = Found()


def holders_of(capacities: Iterable[Capacity], ref: str = "") -> tuple[str, ...]:
    """The keys under which duties of these capacities are stored, and of the person who is asked by name."""
    mine = [each for each in capacities if each.role not in NOBODYS_DESK]
    held = dict.fromkeys(each.holder for each in mine)
    groups = dict.fromkeys(each.body_kind for each in mine if each.body_kind in GROUPS)
    bodies = dict.fromkeys(of_body(each.body) for each in mine if each.body and speaks_for(each))
    own = {own_holder(ref): None} if ref and mine else {}
    return tuple(holder for holder in (held | groups | bodies | own) if holder)


def speaks_for(capacity: Capacity) -> bool:
    """Whether whoever holds this may answer for the body it is held in."""
    return capacity.body_kind not in BY_REGISTRAR and capacity.role != "auditor"


def answers_to(capacity: Capacity, holder: str) -> bool:
    """Whether a duty under this key may be answered in this capacity; what a person is asked by name is not."""
    if capacity.body and holder == of_body(capacity.body):
        return speaks_for(capacity)
    return holder in (capacity.holder, capacity.role)


def of_body(code: str) -> str:
    return f"body:{code}"


def waiting(
    connection: Connection, asked: Asked, holders: Sequence[str], after: str | None, limit: int, *, back: bool = False
) -> Found:
    """What waits for these holders, as asked; ``back`` gives what stands before the cursor, nearest first."""
    return beyond(connection, asked, holders, asked.position(after), limit, back=back)


def beyond(
    connection: Connection, asked: Asked, holders: Sequence[str], at: tuple[Any, int] | None, limit: int,
    *, back: bool = False, but: str = "",
) -> Found:  # fmt: skip
    """One short walk of the index for each holder, then the first of all. ``but``: the number of who is left out."""
    if not holders:
        return NOTHING
    walks = [asked.walk(_of_holder(each, but), DUTIES, at, limit + 1, back=back) for each in holders]
    each = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
    order = (each.c.sort_key.desc(), _D.id.desc()) if back else (each.c.sort_key, _D.id)
    query = select(schema.duty, each.c.sort_key).join(each, each.c.id == _D.id).order_by(*order).limit(limit + 1)
    rows = connection.execute(query).all()
    shown = tuple(rows[:limit])
    return Found(shown, cursor(shown[-1].sort_key, shown[-1].id) if shown and len(rows) > limit else None)


def _of_holder(holder: str, but: str = "") -> AnySelect:
    mine = select().select_from(schema.duty.join(schema.proposal))
    mine = mine.where(_D.holder == holder, _D.answered_at.is_(None), ~RESTING)
    return mine.where(_P.number != but) if but else mine


def place_of(connection: Connection, asked: Asked, duty: int) -> tuple[Any, int] | None:
    """Where a duty stands, or stood, in the order asked for; None when there is no such duty."""
    query = asked.joined(select(asked.key(DUTIES).label("sort_key")).select_from(schema.duty.join(schema.proposal)))
    row = connection.execute(query.where(_D.id == duty)).first()
    return (row.sort_key, duty) if row is not None else None


def nearest(connection: Connection, holders: Sequence[str], today: date, limit: int) -> tuple[AnyRow, ...]:
    """The first of what waits for these holders, nearest day first."""
    return waiting(connection, Asked(connection, ALL, today, {}), holders, None, limit).rows


def badge(connection: Connection, holders: Sequence[str]) -> int:
    """How many duties wait; 100 means 99+."""
    parts = [select(_of_holder(each).add_columns(_D.id).limit(BADGE_STOPS_AT).subquery()) for each in holders]
    return counted(connection, union_all(*parts)) if parts else 0


def counted(connection: Connection, rows: Any) -> int:
    """How many rows, counted no further than a badge shows."""
    total = select(func.count()).select_from(rows.limit(BADGE_STOPS_AT).subquery())
    return int(connection.execute(total).scalar_one())
