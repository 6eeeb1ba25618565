"""Who somebody is on a given day: capacities by dated memberships, whose right covers a sum, when a body meets.
Periods include their last day. Decides nothing and knows no process."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, insert, or_, select
from sqlalchemy.sql.elements import ColumnElement

from states import Awaited, Capacity
from workflow.columns import moment, read_date
from workflow.schema import body, decision_right, meeting, membership, person, proposal, rate
from workflow.statements import Statement
from workflow.views_work import MeetingDate

EMPLOYED = "municipality"  # the category of those employed by the municipality
BASIS_POINTS = 10_000


class _Right(NamedTuple):
    holder: str
    level: int
    source: str
    up_to_ore: int | None
    body_kind: str | None  # of a body; None where a role holds the right
    body_level: int
    ended_on: str | None
    successor_id: int | None


class _Body(NamedTuple):
    id: int
    code: str
    kind: str
    level: int
    ended_on: str | None
    successor_id: int | None


_D, _B = decision_right.c, body.c
_RIGHTS = Statement(
    "decision rights",
    select(_D.holder, _D.level, _D.source, _D.up_to_ore, _B.kind, _B.level, _B.ended_on, _B.successor_id)
    .select_from(decision_right.outerjoin(body, _B.code == _D.holder))
    .where(_D.from_on <= bindparam("on"), _D.to_on.is_(None) | (_D.to_on >= bindparam("on")))
    .order_by(_D.level, _D.id),
)
_BODIES = Statement("bodies", select(_B.id, _B.code, _B.kind, _B.level, _B.ended_on, _B.successor_id))
_NEXT_MEETING = Statement(
    "next meeting",
    select(_B.title, meeting.c.held_on, meeting.c.papers_due_on)
    .join_from(meeting, body)
    .where(_B.code == bindparam("code"), meeting.c.held_on > bindparam("after"))
    .order_by(meeting.c.held_on)
    .limit(1),
)


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    ref: str
    kind: str  # proposer, member, clock
    name: str
    title: str
    email: str
    telephone: str


def new_ref() -> str:
    """A random reference, which is what events say instead of a name."""
    return secrets.token_hex(16)


def find_person(connection: Connection, person_id: int) -> Person | None:
    c = person.c
    wanted = select(c.id, c.ref, c.kind, c.name, c.title, c.email, c.telephone).where(c.id == person_id)
    row = connection.execute(wanted).one_or_none()
    return Person(*row) if row else None


def new_proposer(connection: Connection, contact: Mapping[str, str], at: datetime) -> tuple[int, str]:
    """Id and reference of a new sender. ``contact`` may hold name, email and telephone; all are optional."""
    ref = new_ref()
    given = {field: contact.get(field, "").strip() for field in ("name", "email", "telephone")}
    values = {"ref": ref, "kind": "proposer", "title": "", "created_at": moment(at), **given}
    person_id = connection.execute(insert(person).values(values).returning(person.c.id)).scalar_one()
    return int(person_id), ref


def capacities(
    connection: Connection, person_id: int, on: date, proposal_number: str | None = None
) -> tuple[Capacity, ...]:
    """As what the person may act on that day; with a number also as the proposer of that proposal.

    A member of a working group or forum acts as such too, whatever the role in it.
    """
    known = find_person(connection, person_id)
    if known is None:
        return ()
    held = [Capacity("clock")] if known.kind == "clock" else []
    for row in connection.execute(_memberships(person_id, on)):
        held.append(Capacity(row.role, row.code, row.kind, row.id))
        if row.kind in ("working_group", "forum"):
            held.append(Capacity(row.kind, row.code, row.kind, row.id))
    if proposal_number is not None:
        sent = select(proposal.c.id).where(proposal.c.number == proposal_number, proposal.c.proposer_id == person_id)
        if connection.execute(sent).one_or_none():
            held.append(Capacity("proposer"))
    return tuple(dict.fromkeys(held))


def is_employee(connection: Connection, person_id: int, on: date) -> bool:
    """Whether any membership of that day is as an employee of the municipality."""
    return any(row.category == EMPLOYED for row in connection.execute(_memberships(person_id, on)))


def awaited_body(connection: Connection, kind: str, on: date | None = None) -> Awaited | None:
    """The one body of this kind, standing on that day (without a day: not ended). None for none or several."""
    standing = body.c.ended_on.is_(None) if on is None else _until(body.c.ended_on, on)
    codes = connection.execute(select(body.c.code).where(body.c.kind == kind, standing)).scalars().all()
    return Awaited(body=codes[0], body_kind=kind) if len(codes) == 1 else None


def decider(connection: Connection, sums: Mapping[str, int], on: date) -> Awaited | None:
    """The highest of the instances that the rights of that day require, each for one kind of source and its whole sum.

    None when there is nothing to decide about, or when somebody's right is missing for any of it.
    """
    needed = {source: ore for source, ore in sums.items() if ore > 0}
    rights = [_Right(*row) for row in _RIGHTS.rows(connection, on=on.isoformat())]
    highest: tuple[int, Awaited] | None = None
    for source, ore in needed.items():
        covering = (right for right in rights if right.source == source and _covers(right.up_to_ore, ore))
        found = next(filter(None, (_instance(connection, right, on) for right in covering)), None)
        if found is None:
            return None
        if highest is None or found[0] > highest[0]:
            highest = found
    return highest[1] if highest else None


def next_meeting(connection: Connection, body_code: str, after: date) -> MeetingDate | None:
    """The body's first meeting after that day; None when no date is known."""
    rows = _NEXT_MEETING.rows(connection, code=body_code, after=after.isoformat())
    if not rows:
        return None
    ((title, held_on, papers_due_on),) = rows
    return MeetingDate(title, date.fromisoformat(held_on), read_date(papers_due_on))


def keeper_of_dates(connection: Connection, body_code: str, on: date) -> str:
    """Who answers for a body's meeting dates, as a duty's holder: its secretary, or the officers where it has none."""
    c = membership.c
    seated = (
        select(c.id)
        .join_from(membership, body, c.body_id == body.c.id)
        .where(body.c.code == body_code, c.role == "registrar", c.from_on <= on.isoformat(), _until(c.to_on, on))
        .limit(1)
    )
    return f"registrar:{body_code}" if connection.execute(seated).first() else "officer"


def limits(connection: Connection, on: date) -> Mapping[str, int]:
    """Every value in force that day, by name; what is *ej angivet* is left out and must be asked for.

    ``capitalisation_limit`` (öre) is worked out from the price base amount and the municipality's share of it.
    """
    in_force = select(rate.c.name, rate.c.value).where(rate.c.from_on <= on.isoformat(), _until(rate.c.to_on, on))
    found = {row.name: int(row.value) for row in connection.execute(in_force) if row.value is not None}
    if {"price_base_amount", "capitalisation_share"} <= found.keys():
        found["capitalisation_limit"] = found["price_base_amount"] * found["capitalisation_share"] // BASIS_POINTS
    return found


def _until(column: ColumnElement[str | None], on: date) -> ColumnElement[bool]:
    return or_(column.is_(None), column >= on.isoformat())


def _memberships(person_id: int, on: date) -> Select[int, str, str, str, str]:
    c = membership.c
    active = and_(c.from_on <= on.isoformat(), _until(c.to_on, on), _until(body.c.ended_on, on))
    return (
        select(c.id, c.role, c.category, body.c.code, body.c.kind)
        .join_from(membership, body, c.body_id == body.c.id)
        .where(c.person_id == person_id, active)
        .order_by(c.id)
    )


def _covers(up_to_ore: int | None, ore: int) -> bool:
    return up_to_ore is None or up_to_ore >= ore


def _instance(connection: Connection, right: _Right, on: date) -> tuple[int, Awaited] | None:
    """Level and name of who holds a right: a role, or a body or, where that has ended, its successor."""
    if right.body_kind is None:
        return right.level, Awaited(role=right.holder)
    if right.ended_on is None or right.ended_on >= on.isoformat():
        return max(right.level, right.body_level), Awaited(body=right.holder, body_kind=right.body_kind)
    heir = _heir(connection, right.successor_id, on)
    return (max(right.level, heir.level), Awaited(body=heir.code, body_kind=heir.kind)) if heir else None


def _heir(connection: Connection, successor_id: int | None, on: date) -> _Body | None:
    """The first body in the line of successors that stands on that day; None where the line breaks or turns back."""
    by_id = {row[0]: _Body(*row) for row in _BODIES.rows(connection)}
    passed: set[int] = set()
    while successor_id is not None and successor_id not in passed:
        passed.add(successor_id)
        heir = by_id[successor_id]
        if heir.ended_on is None or heir.ended_on >= on.isoformat():
            return heir
        successor_id = heir.successor_id
    return None


def controller(connection: Connection, on: date) -> int | None:
    """Somebody who keeps the pots' books on that day, for what the configuration seeds; None when nobody does."""
    table = membership.c
    query = select(table.person_id).where(
        table.role == "controller", table.from_on <= on.isoformat(), _until(table.to_on, on)
    )
    return connection.execute(query.order_by(table.id).limit(1)).scalar()
