"""Bodies: a new one, another name, and an end that names who takes over. Knows no proposal: those follow by themselves,
see ``following``."""

import re
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import Connection, delete, insert, select, update

from states import RefusalKind
from workflow.bodies.administering import Change, Row, conflicting, iso, must_day, one_of, require, the_body
from workflow.bodies.seats import first_gap, require_administrator
from workflow.records.refused import Refused
from workflow.settings.configuration_values import BodyKind
from workflow.storage import schema

DECIDES = ("board", "executive", "council")
_B, _M = schema.body.c, schema.meeting.c


def add(connection: Connection, row: Row, _: date, __: datetime) -> list[Change]:
    """``{"code", "kind", "title", "level"}``; only a body of elected people has a level above 0. Raises Refused."""
    require(row, "code", "kind", "title")
    one_of(row, "kind", get_args(BodyKind))
    level = row.get("level", 0)
    if type(level) is not int or not 0 <= level <= 1000 or (level > 0) != (row["kind"] in DECIDES):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="level")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", row["code"]):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="code")
    title = " ".join(row["title"].split())
    if connection.execute(select(_B.id).where((_B.code == row["code"]) | (_B.title == title))).first():
        raise conflicting("body_exists", title=title)
    values = {"code": row["code"], "kind": row["kind"], "title": title, "level": level}
    connection.execute(insert(schema.body).values(values))
    return [Change("body", "added", [told(connection, row["code"])])]


def rename(connection: Connection, row: Row, _: date, __: datetime) -> list[Change]:
    """``{"code", "title"}``. The code stays: what has been decided names the body by it."""
    require(row, "title")
    body, title = the_body(connection, {"body": row.get("code")}), " ".join(row["title"].split())
    if connection.execute(select(_B.id).where(_B.title == title, _B.id != body["id"])).first():
        raise conflicting("body_exists", title=title)
    before = told(connection, body["code"])
    connection.execute(update(schema.body).where(_B.id == body["id"]).values(title=title))
    return [Change("body", "changed", [told(connection, body["code"])], [before])]


def dissolve(connection: Connection, row: Row, today: date, _: datetime) -> list[Change]:
    """``{"code", "ended_on", "successor"}``: its last day, and who takes over its open work and its decision rights.
    Its meetings after that day are cancelled. Raises Refused."""
    body, heir = the_body(connection, {"body": row.get("code")}), the_body(connection, row, "successor")
    last = must_day(row, "ended_on")
    if body["ended_on"] is not None:
        raise conflicting("body_has_ended", to_on=date.fromisoformat(body["ended_on"]))
    if last < today - timedelta(days=1):
        raise conflicting("in_the_past", to_on=last)
    if heir["id"] == body["id"] or (heir["ended_on"] is not None and heir["ended_on"] <= last.isoformat()):
        raise conflicting("successor_has_ended")
    if body["kind"] in DECIDES and heir["kind"] not in DECIDES:
        raise conflicting("successor_decides_nothing")
    with_administrator = first_gap(connection, today)
    before = told(connection, body["code"])
    ended = update(schema.body).where(_B.id == body["id"])
    connection.execute(ended.values(ended_on=iso(last), successor_id=heir["id"]))
    require_administrator(connection, today, with_administrator)
    cancelled = _cancel_after(connection, body["id"], body["code"], last)
    change = Change("body", "ended", [told(connection, body["code"])], [before])
    return [change, Change("meeting", "removed", [], cancelled)] if cancelled else [change]


def _cancel_after(connection: Connection, body: int, code: str, last: date) -> list[dict[str, Any]]:
    later = (_M.body_id == body) & (_M.held_on > last.isoformat())
    found = [
        {"id": each.id, "body": code, "held_on": each.held_on, "papers_due_on": each.papers_due_on}
        for each in connection.execute(select(schema.meeting).where(later).order_by(_M.held_on))
    ]
    connection.execute(delete(schema.meeting).where(later))
    return found


def told(connection: Connection, code: str) -> dict[str, Any]:
    """A body as an event tells it: its successor by code."""
    heir = schema.body.alias()
    query = (
        select(_B.code, _B.kind, _B.title, _B.level, _B.ended_on, heir.c.code.label("successor"))
        .select_from(schema.body.outerjoin(heir, heir.c.id == _B.successor_id))
        .where(_B.code == code)
    )
    return dict(connection.execute(query).mappings().one())
