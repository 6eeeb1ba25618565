"""Who somebody is on a given day: capacities by dated memberships, whose right covers a sum, when a body meets.
Periods include their last day. Decides nothing and knows no process."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Select, and_, bindparam, insert, or_, select
from sqlalchemy.sql.elements import ColumnElement

from states import Awaited, Capacity
from workflow.money import rates
from workflow.records import actors
from workflow.storage.columns import moment, read_date
from workflow.storage.schema import body, meeting, membership, person, proposal
from workflow.storage.statements import Statement

EMPLOYED = "municipality"  # the category of those employed by the municipality
BASIS_POINTS = 10_000
GROUPS = ("forum", "working_group")  # bodies that take positions and decide nothing


_B = body.c
_NEXT_MEETING = Statement(
    "next meeting",
    select(_B.title, meeting.c.held_on, meeting.c.papers_due_on)
    .join_from(meeting, body)
    .where(_B.code == bindparam("code"), meeting.c.held_on > bindparam("after"))
    .order_by(meeting.c.held_on)
    .limit(1),
)


_NEXT_PAPERS = Statement(
    "next last day for papers",
    select(meeting.c.papers_due_on)
    .join_from(meeting, body)
    .where(_B.code == bindparam("code"), meeting.c.papers_due_on > bindparam("after"))
    .order_by(meeting.c.papers_due_on)
    .limit(1),
)


@dataclass(frozen=True, slots=True)
class MeetingDate:
    body: str  # its title
    held_on: date
    papers_due: date | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    ref: str
    kind: str  # proposer, member, clock
    name: str
    title: str
    email: str
    telephone: str


def own_holder(ref: str) -> str:
    """The key under which a duty of one person is stored, whatever capacities the person has."""
    return f"person:{ref}"


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
    """As what the person may act on that day; with a number also as the proposer of that proposal."""
    sent_it = False
    if proposal_number is not None:
        sent = select(proposal.c.id).where(proposal.c.number == proposal_number, proposal.c.proposer_id == person_id)
        sent_it = connection.execute(sent).one_or_none() is not None
    found = actors.find(connection, person_id, on, sent_it=sent_it)
    return found.capacities if found else ()


def is_employee(connection: Connection, person_id: int, on: date) -> bool:
    """Whether any membership of that day is as an employee of the municipality."""
    return any(row.category == EMPLOYED for row in connection.execute(_memberships(person_id, on)))


def awaited_body(connection: Connection, kind: str, on: date | None = None) -> Awaited | None:
    """The one body of this kind, standing on that day (without a day: not ended). None for none or several.

    Who will take over from one that stands still is none yet."""
    standing = body.c.ended_on.is_(None) if on is None else _until(body.c.ended_on, on)
    waiting = select(body.c.successor_id).where(body.c.successor_id.is_not(None), standing).scalar_subquery()
    query = select(body.c.code).where(body.c.kind == kind, standing, body.c.id.not_in(waiting))
    codes = connection.execute(query).scalars().all()
    return Awaited(body=codes[0], body_kind=kind) if len(codes) == 1 else None


def next_meeting(connection: Connection, body_code: str, after: date) -> MeetingDate | None:
    """The body's first meeting after that day; None when no date is known."""
    rows = _NEXT_MEETING.rows(connection, code=body_code, after=after.isoformat())
    if not rows:
        return None
    ((title, held_on, papers_due_on),) = rows
    return MeetingDate(title, date.fromisoformat(held_on), read_date(papers_due_on), body_code)


def next_meeting_day(connection: Connection, body_code: str, after: date) -> date | None:
    found = next_meeting(connection, body_code, after)
    return found.held_on if found else None


def next_papers_day(connection: Connection, body_code: str, after: date) -> date | None:
    """The body's first last day for papers after that day: of a later meeting where the next one's has passed."""
    rows = _NEXT_PAPERS.rows(connection, code=body_code, after=after.isoformat())
    return date.fromisoformat(rows[0][0]) if rows else None


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
    found = {name: int(value) for name, value in rates.in_force(connection, on).items() if value is not None}
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


def controller(connection: Connection, on: date) -> int | None:
    """Somebody who keeps the pots' books on that day, for what the configuration seeds; None when nobody does."""
    table = membership.c
    query = select(table.person_id).where(
        table.role == "controller", table.from_on <= on.isoformat(), _until(table.to_on, on)
    )
    return connection.execute(query.order_by(table.id).limit(1)).scalar()
