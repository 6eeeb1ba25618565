"""When bodies meet, and when nobody is reminded: days are added, moved and cancelled. Knows no proposal: deadlines that
rest on a meeting follow by themselves, see ``following``."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from workflow.bodies.administering import (
    Change,
    Row,
    by_id,
    conflicting,
    day_of,
    in_order,
    iso,
    may_end,
    must_day,
    overlaps,
    require,
    the_body,
)
from workflow.proposals.entering import UNKNOWN_DATE
from workflow.storage import schema
from workflow.storage.columns import moment

_M, _Q = schema.meeting.c, schema.quiet_period.c


def meeting(connection: Connection, row: Row, today: date, at: datetime) -> list[Change]:
    """Adds a meeting, with ``id`` moves it, with ``id`` and ``cancelled`` cancels it. Raises Refused."""
    if "id" not in row:
        body = the_body(connection, row)
        held, papers = _days(connection, row, body["id"], body["ended_on"])
        values = {"body_id": body["id"], "held_on": iso(held), "papers_due_on": iso(papers)}
        made = connection.execute(insert(schema.meeting).values(values).returning(_M.id)).scalar_one()
        _dates_are_known(connection, body["code"], at)
        return [Change("meeting", "added", [_told(connection, made)])]
    stored, before = by_id(connection, schema.meeting, row["id"]), _told(connection, row["id"])
    if stored["held_on"] < today.isoformat():
        raise conflicting("meeting_was_held", held_on=date.fromisoformat(stored["held_on"]))
    if row.get("cancelled"):
        try:
            connection.execute(delete(schema.meeting).where(_M.id == stored["id"]))
        except IntegrityError as error:
            raise conflicting("meeting_is_used", held_on=date.fromisoformat(stored["held_on"])) from error
        return [Change("meeting", "removed", [], [before])]
    body = the_body(connection, {"body_id": stored["body_id"]})
    held, papers = _days(connection, row, body["id"], body["ended_on"], stored["id"])
    if held < today:
        raise conflicting("in_the_past", to_on=held)
    moved = update(schema.meeting).where(_M.id == stored["id"])
    connection.execute(moved.values(held_on=iso(held), papers_due_on=iso(papers)))
    return [Change("meeting", "moved", [_told(connection, stored["id"])], [before])]


def _dates_are_known(connection: Connection, code: str, at: datetime) -> None:
    """Whoever was asked for the body's next meeting has been answered."""
    duty, proposal = schema.duty.c, schema.proposal.c
    waiting = select(proposal.id).where(proposal.awaits_body == code)
    asked = (duty.holder == f"registrar:{code}") | duty.proposal_id.in_(waiting)
    known = update(schema.duty).where(duty.kind == UNKNOWN_DATE, duty.answered_at.is_(None), asked)
    connection.execute(known.values(answered_at=moment(at), answer="configured"))


def _days(
    connection: Connection, row: Row, body: int, ended_on: str | None, but: int | None = None
) -> tuple[date, date | None]:
    held, papers = must_day(row, "held_on"), day_of(row, "papers_due_on")
    if papers is not None and papers > held:
        raise conflicting("papers_after_meeting", held_on=held)
    if ended_on is not None and ended_on < held.isoformat():
        raise conflicting("body_has_ended", to_on=date.fromisoformat(ended_on))
    same = select(_M.id).where(_M.body_id == body, _M.held_on == held.isoformat(), _M.id != (but or 0))
    if connection.execute(same).first():
        raise conflicting("meets_that_day", held_on=held)
    return held, papers


def _told(connection: Connection, meeting_id: int) -> dict[str, Any]:
    query = (
        select(_M.id, schema.body.c.code.label("body"), _M.held_on, _M.papers_due_on)
        .join_from(schema.meeting, schema.body)
        .where(_M.id == meeting_id)
    )
    found = connection.execute(query).mappings().one_or_none()
    return dict(found) if found else {}


def quiet_period(connection: Connection, row: Row, today: date, _: datetime) -> list[Change]:
    """Adds one, with ``id`` and ``to_on`` lets it end on another day, with ``id`` and ``cancelled`` takes one back that
    has not begun. Raises Refused."""
    if "id" not in row:
        require(row, "title")
        first, last = must_day(row, "from_on"), must_day(row, "to_on")
        in_order(first, last)
        for each in connection.execute(select(schema.quiet_period)).mappings():
            if overlaps(each, first, last):
                raise conflicting("quiet_already", from_on=date.fromisoformat(each["from_on"]))
        values = {"from_on": iso(first), "to_on": iso(last), "title": row["title"].strip()}
        made = connection.execute(insert(schema.quiet_period).values(values).returning(_Q.id)).scalar_one()
        return [Change("quiet_period", "added", [dict(by_id(connection, schema.quiet_period, made))])]
    stored = dict(by_id(connection, schema.quiet_period, row["id"]))
    if row.get("cancelled"):
        if stored["from_on"] <= today.isoformat():
            raise conflicting("has_begun", from_on=date.fromisoformat(stored["from_on"]))
        connection.execute(delete(schema.quiet_period).where(_Q.id == stored["id"]))
        return [Change("quiet_period", "removed", [], [stored])]
    last = must_day(row, "to_on")
    may_end(stored, last, today)
    connection.execute(update(schema.quiet_period).where(_Q.id == stored["id"]).values(to_on=iso(last)))
    return [Change("quiet_period", "changed", [dict(by_id(connection, schema.quiet_period, stored["id"]))], [stored])]
