"""Memberships: who sits where as what, from when until when. A seat is added or ended, never edited; a mandate period
ends and begins all seats of a body in one pass. Knows no page."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import Connection, insert, select, update

from states import RefusalKind
from workflow.bodies.administering import (
    ADMINISTRATOR,
    Change,
    Row,
    by_id,
    conflicting,
    day_of,
    in_order,
    iso,
    may_end,
    must_day,
    one_of,
    overlaps,
    require,
    the_body,
    the_person,
)
from workflow.people.people import EMPLOYED
from workflow.records.refused import Refused
from workflow.settings.configuration_faults import EMPLOYEE_ROLES
from workflow.settings.configuration_values import Category, Role
from workflow.storage import schema

_M = schema.membership.c
ALONE = ("chair",)  # a body has one at a time


def membership(connection: Connection, row: Row, today: date, _: datetime) -> list[Change]:
    """Adds a seat, or ends one with ``{"id", "to_on"}``. Raises Refused."""
    with_administrator = _gap(connection, today)
    change = _end(connection, row, today) if "id" in row else _add(connection, row)
    require_administrator(connection, today, with_administrator)
    return [change]


def _add(connection: Connection, row: Row) -> Change:
    return Change("membership", "added", [told(connection, _inserted(connection, row))])


def _end(connection: Connection, row: Row, today: date) -> Change:
    stored, last = by_id(connection, schema.membership, row["id"]), must_day(row, "to_on")
    may_end(stored, last, today)
    before = told(connection, stored["id"])
    return Change("membership", "ended", [_until(connection, stored["id"], last)], [before])


def _until(connection: Connection, seat: int, last: date) -> dict[str, Any]:
    connection.execute(update(schema.membership).where(_M.id == seat).values(to_on=last.isoformat()))
    return told(connection, seat)


def mandate(connection: Connection, row: Row, today: date, _: datetime) -> list[Change]:
    """A new mandate period of a body from a day: the seats in ``stay`` go on as new rows with their own source, the
    others end the day before, those in ``new`` begin. What has been done already is not done again."""
    require(row, "source")
    body, first, last = the_body(connection, row), must_day(row, "from_on"), day_of(row, "to_on")
    in_order(first, last)
    if first < today:
        raise conflicting("in_the_past", to_on=first)
    with_administrator = _gap(connection, today)
    seats, stay = ending(connection, body["id"], first), {int(each) for each in row.get("stay", ())}
    if not stay <= {seat["id"] for seat in seats}:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="stay")
    eve, before, after = first - timedelta(days=1), [], []
    for seat in seats:
        if seat["to_on"] is None or seat["to_on"] > eve.isoformat():
            before.append(told(connection, seat["id"]))
            after.append(_until(connection, seat["id"], eve))
    wanted = [{name: seat[name] for name in ("person_id", "role", "category")} for seat in seats if seat["id"] in stay]
    for each in (*wanted, *row.get("new", ())):
        given = {**each, "body": body["code"], "from_on": first, "to_on": last, "source": row["source"]}
        if not _is_there(connection, given, body["id"]):
            after.append(told(connection, _inserted(connection, given)))
    require_administrator(connection, today, with_administrator)
    return [Change("membership", "renewed", after, before)] if after else []


def ending(connection: Connection, body: int, first: date) -> list[dict[str, Any]]:
    """The seats of a body that are held on the day before a new period begins."""
    eve = (first - timedelta(days=1)).isoformat()
    lasts = _M.to_on.is_(None) | (_M.to_on >= eve)
    held = select(schema.membership).where(_M.body_id == body, _M.from_on <= eve, lasts)
    return [dict(each) for each in connection.execute(held.order_by(_M.id)).mappings()]


def _is_there(connection: Connection, given: Row, body: int) -> bool:
    same = select(_M.id).where(
        _M.body_id == body, _M.person_id == given["person_id"], _M.role == given["role"],
        _M.from_on == given["from_on"].isoformat(),
    )  # fmt: skip
    return connection.execute(same).first() is not None


def _inserted(connection: Connection, row: Row) -> int:
    """Raises Refused for what is no seat: an unknown person, body, role or category, days in the wrong order, a body
    that has ended, the same seat twice, a second chair, a role of employees for somebody who is none."""
    require(row, "role", "category", "source")
    person, body = the_person(connection, row), the_body(connection, row)
    one_of(row, "role", get_args(Role))
    one_of(row, "category", get_args(Category))
    first, last = must_day(row, "from_on"), day_of(row, "to_on")
    in_order(first, last)
    if row["role"] in EMPLOYEE_ROLES and row["category"] != EMPLOYED:
        raise conflicting("not_employed")
    if body["ended_on"] is not None and (last is None or last.isoformat() > body["ended_on"]):
        raise conflicting("body_has_ended", to_on=date.fromisoformat(body["ended_on"]))
    taken = select(_M.person_id, _M.from_on, _M.to_on).where(_M.body_id == body["id"], _M.role == row["role"])
    for seat in connection.execute(taken.order_by(_M.id)).mappings():
        if not overlaps(seat, first, last):
            continue
        if seat["person_id"] == person["id"]:
            raise conflicting("already_member", from_on=date.fromisoformat(seat["from_on"]))
        if row["role"] in ALONE:
            raise conflicting("second_chair", from_on=date.fromisoformat(seat["from_on"]))
    values = {
        "person_id": person["id"], "body_id": body["id"], "role": row["role"], "category": row["category"],
        "from_on": iso(first), "to_on": iso(last), "source": row["source"].strip(),
    }  # fmt: skip
    return int(connection.execute(insert(schema.membership).values(values).returning(_M.id)).scalar_one())


def told(connection: Connection, seat: int) -> dict[str, Any]:
    """A seat as an event tells it: the person by reference, the body by code."""
    query = (
        select(
            _M.id, schema.person.c.ref.label("person"), schema.body.c.code.label("body"), _M.role, _M.category,
            _M.from_on, _M.to_on, _M.source,
        )
        .join_from(schema.membership, schema.person)
        .join(schema.body, schema.body.c.id == _M.body_id)
        .where(_M.id == seat)
    )  # fmt: skip
    return dict(connection.execute(query).mappings().one())


# --- there is always an administrator ----------------------------------------------------------------------------


def require_administrator(connection: Connection, today: date, before: date | None) -> None:
    """Raises Refused(CONFLICTING) when a day without an administrator comes earlier than it would have ``before``."""
    after = _gap(connection, today)
    if after is not None and (before is None or after < before):
        raise conflicting("last_administrator", from_on=after)


def first_gap(connection: Connection, today: date) -> date | None:
    """The first day from today on which nobody is administrator; None when that day never comes."""
    return _gap(connection, today)


def _gap(connection: Connection, today: date) -> date | None:
    day = today
    for begins, ends in _administrators(connection):
        if begins > day.isoformat():
            return day
        if ends is None:
            return None
        day = max(day, date.fromisoformat(ends) + timedelta(days=1))
    return day


def _administrators(connection: Connection) -> Iterator[tuple[str, str | None]]:
    """The periods of everybody who may sign in as one, by their first day."""
    body, account = schema.body.c, schema.account.c
    query = (
        select(_M.from_on, _M.to_on, body.ended_on)
        .join_from(schema.membership, schema.body, body.id == _M.body_id)
        .outerjoin(schema.account, account.person_id == _M.person_id)
        .where(_M.role == ADMINISTRATOR, account.disabled_at.is_(None))
        .order_by(_M.from_on)
    )
    for begins, ends, gone in connection.execute(query):
        yield begins, min(filter(None, (ends, gone)), default=None)
