"""What the municipality decides, changed through the engine: bodies, people, memberships, rights, rates and days. Each
change is an event in the stream ``configuration``; what each kind asks for is in a module of its own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from states import RefusalKind
from workflow.bodies import delegating, meeting_days, properties, seats, staff, standing_bodies
from workflow.bodies.administering import ADMINISTRATOR, Change, Handler
from workflow.money import rates
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

STREAM = "configuration"
HANDLERS: Mapping[str, Handler] = {
    "body": standing_bodies.add,
    "rename": standing_bodies.rename,
    "dissolve": standing_bodies.dissolve,
    "person": staff.person,
    "sign_in": staff.sign_in,
    "membership": seats.membership,
    "mandate": seats.mandate,
    "decision_right": delegating.decision_right,
    "meeting": meeting_days.meeting,
    "quiet_period": meeting_days.quiet_period,
    "member_property": properties.member_property,
}
FOLLOWED = ("dissolve", "meeting")  # after which open proposals are looked through, see ``following``
# Dated rows without more rules than their own.
TABLES = {"rate": schema.rate, "vote_rule": schema.vote_rule}
CONFIGURERS = {"rate": ("controller", ADMINISTRATOR)}  # who besides the administrator, and is asked first
ENDING = dict.fromkeys(("rate", "vote_rule"), "to_on")


def configure(connection: Connection, what: str, row: Mapping[str, Any], *, by: int, key: str, at: datetime) -> str:
    """Adds the row, or with ``{"id": n, "to_on": date}`` ends one; see ``HANDLERS`` for what else. Only an
    administrator may, and of rates also who keeps the books. Returns the answer; what changes nothing writes no event.

    Raises Refused: NOT_PERMITTED, FIELD_MISSING, FIELD_INVALID (an unknown kind, or a column that the table does not
    have), CONFLICTING, and of rates what :func:`workflow.money.rates.require` says.
    """
    actor = loading.actor(connection, by, local_date(at))
    needed = CONFIGURERS.get(what, (ADMINISTRATOR,))
    capacity = next((each for each in actor.capacities if each.role in needed), None) if actor else None
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, needed, needs=needed[0])
    before = claims.claim(connection, actor.ref, key, {"what": what, "row": row}, moment(at))
    if before is not None:
        return before
    seq = 0
    for change in _changes(connection, what, row, at):
        batch, facts = Batch(), facts_of(change) | {"capacity": capacity_facts(capacity)}
        seq = streams.append(
            connection, batch, STREAM, "configured", actor=actor.ref, at=at, facts=facts, words=change.words
        )
        batch.run(connection)
    last = Batch()
    answer = streams.answer(last, actor.ref, key, STREAM, seq)
    last.run(connection)
    return answer


def facts_of(change: Change) -> dict[str, Any]:
    """What an event of the configuration tells beside its words: ``before`` and ``did`` where they say more."""
    facts: dict[str, Any] = {"what": change.what, "rows": list(map(dict, change.rows))}
    if change.did:
        facts |= {"did": change.did, "before": list(map(dict, change.before))}
    return facts


def _changes(connection: Connection, what: str, row: Mapping[str, Any], at: datetime) -> list[Change]:
    handler = HANDLERS.get(what)
    if handler is not None:
        return handler(connection, row, local_date(at), at)
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    _store(connection, what, plain)
    return [Change(what, "", [plain])]


def _store(connection: Connection, what: str, row: Mapping[str, Any]) -> None:
    table = TABLES.get(what)
    if table is None or not set(row) <= {column.name for column in table.c}:
        raise Refused.because(RefusalKind.FIELD_INVALID, field=what)
    if "id" not in row:
        if what == "rate":
            rates.require(connection, row)
        connection.execute(insert(table).values(dict(row)))
        return
    ending = ENDING.get(what)
    if ending is None or set(row) != {"id", ending}:
        raise Refused.because(RefusalKind.FIELD_INVALID, field=ending or "id")
    there = connection.execute(select(table.c.id).where(table.c.id == row["id"])).first()
    if there is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=row["id"])
    connection.execute(update(table).where(table.c.id == row["id"]).values({ending: row[ending]}))
