"""Which open duties are somebody's, and which others they should know of: short walks of an index, never a scan.
Shows nothing; what a duty looks like is made in ``queue_rows``."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, func, select, tuple_, union_all

from states import Capacity
from workflow import schema
from workflow.finding import AnyRow, AnySelect
from workflow.people import own_holder

BADGE_STOPS_AT = 100  # shown as 99+
LOOKED_AT = 60  # of what waits for a group: more than a page, and never all of a town's
OF_GROUPS = 20  # proposals that wait for my groups, nearest day first
GROUPS = frozenset({"working_group", "forum"})
_CURSOR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{1,18})")

_D = schema.duty.c


def holders_of(capacities: Iterable[Capacity], ref: str = "") -> tuple[str, ...]:
    """The keys under which duties of these capacities are stored, and of the person who is asked by name. A sender
    answers through the own link, not here."""
    held = dict.fromkeys(each.holder for each in capacities if each.role not in ("proposer", "clock"))
    groups = dict.fromkeys(each.body_kind for each in capacities if each.body_kind in GROUPS)
    own = {own_holder(ref): None} if ref and held else {}
    return tuple(holder for holder in (held | groups | own) if holder)


def position(after: str | None) -> tuple[str, int]:
    """Where the page before ended; anything that is no cursor of ours begins anew."""
    match = _CURSOR.fullmatch(after or "")
    return (match[1], int(match[2])) if match else ("", 0)


def _of_holder(holder: str, limit: int, after: tuple[str, int] = ("", 0)) -> AnySelect:
    """At most ``limit`` open duties of one holder, straight off the partial index."""
    mine = (_D.holder == holder) & _D.answered_at.is_(None)
    beyond: ColumnElement[bool] = tuple_(_D.due_on, _D.id) > tuple_(*after)
    page = select(_D.id, _D.due_on).where(mine, beyond).order_by(_D.due_on, _D.id).limit(limit)
    return select(page.subquery())


def open_duties(connection: Connection, holders: Sequence[str], after: tuple[str, int], limit: int) -> Sequence[AnyRow]:
    """One short walk of the index for each role, then the earliest of all."""
    if not holders:
        return ()
    each = union_all(*(_of_holder(holder, limit, after) for holder in holders)).subquery()
    query = select(schema.duty).join(each, each.c.id == _D.id).order_by(_D.due_on, _D.id).limit(limit)
    return connection.execute(query).all()


def badge(connection: Connection, capacities: Sequence[Capacity], ref: str = "") -> int:
    """How many duties wait; 100 means 99+."""
    parts = [_of_holder(holder, BADGE_STOPS_AT) for holder in holders_of(capacities, ref)]
    if not parts:
        return 0
    total = select(func.count()).select_from(union_all(*parts).limit(BADGE_STOPS_AT).subquery())
    return int(connection.execute(total).scalar_one())


def of_groups(connection: Connection, capacities: Sequence[Capacity], holders: Sequence[str]) -> Sequence[AnyRow]:
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
