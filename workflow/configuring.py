"""Dated rows that the municipality decides, added through the engine: memberships, rights, rates, meetings, quiet
periods. Each is an event in the stream ``configuration``; nothing is edited, a new row follows an old one."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, literal, select, update

from states import RefusalKind
from workflow import claims, loading, rates, schema, streams
from workflow.calendar_days import local_date
from workflow.columns import moment
from workflow.entering import UNKNOWN_DATE
from workflow.history import capacity_facts
from workflow.refused import Refused
from workflow.statements import Batch

STREAM = "configuration"
TABLES = {
    "membership": schema.membership,
    "decision_right": schema.decision_right,
    "rate": schema.rate,
    "meeting": schema.meeting,
    "quiet_period": schema.quiet_period,
    "vote_rule": schema.vote_rule,
    "member_property": schema.member_property,
}
ADMINISTRATOR = "administrator"
CONFIGURERS = {"rate": ("controller", ADMINISTRATOR)}  # who besides the administrator, and is asked first
ENDING = dict.fromkeys(("membership", "decision_right", "rate", "vote_rule", "member_property"), "to_on")


def configure(connection: Connection, what: str, row: Mapping[str, Any], *, by: int, key: str, at: datetime) -> str:
    """Adds the row, or with ``{"id": n, "to_on": date}`` ends one. Only an administrator may, and of rates also who
    keeps the books. Returns the answer.

    Raises Refused: NOT_PERMITTED, FIELD_INVALID (an unknown kind, or a column that the table does not have), and of
    rates what :func:`workflow.rates.require` says.
    """
    actor = loading.actor(connection, by, local_date(at))
    needed = CONFIGURERS.get(what, (ADMINISTRATOR,))
    capacity = next((each for each in actor.capacities if each.role in needed), None) if actor else None
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, needed, needs=needed[0])
    before = claims.claim(connection, actor.ref, key, {"what": what, "row": row}, moment(at))
    if before is not None:
        return before
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    _store(connection, what, plain, at)
    batch = Batch()
    facts = {"what": what, "rows": [plain], "capacity": capacity_facts(capacity)}
    seq = streams.append(connection, batch, STREAM, "configured", actor=actor.ref, at=at, facts=facts, words={})
    answer = streams.answer(batch, actor.ref, key, STREAM, seq)
    batch.run(connection)
    return answer


def _dates_are_known(connection: Connection, row: Mapping[str, Any], at: datetime) -> None:
    """Whoever was asked for the body's next meeting has been answered."""
    duty, proposal, body = schema.duty.c, schema.proposal, schema.body.c
    code = select(body.code).where(body.id == row["body_id"]).scalar_subquery()
    waiting = select(proposal.c.id).where(proposal.c.awaits_body == code)
    asked = (duty.holder == literal("registrar:") + code) | duty.proposal_id.in_(waiting)
    known = update(schema.duty).where(duty.kind == UNKNOWN_DATE, duty.answered_at.is_(None), asked)
    connection.execute(known.values(answered_at=moment(at), answer="configured"))


def _store(connection: Connection, what: str, row: Mapping[str, Any], at: datetime) -> None:
    table = TABLES.get(what)
    if table is None or not set(row) <= {column.name for column in table.c}:
        raise Refused.because(RefusalKind.FIELD_INVALID, field=what)
    if "id" not in row:
        if what == "rate":
            rates.require(connection, row)
        connection.execute(insert(table).values(dict(row)))
        if what == "meeting":
            _dates_are_known(connection, row, at)
        return
    ending = ENDING.get(what)
    if ending is None or set(row) != {"id", ending}:
        raise Refused.because(RefusalKind.FIELD_INVALID, field=ending or "id")
    there = connection.execute(select(table.c.id).where(table.c.id == row["id"])).first()
    if there is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=row["id"])
    connection.execute(update(table).where(table.c.id == row["id"]).values({ending: row[ending]}))
