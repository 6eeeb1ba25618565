"""Whether every deputy, interest and task in a colleague's hands is one that an event tells, and ends when one does."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflow.people.deputies import STREAM
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read

Told = dict[tuple[Any, ...], dict[str, Any]]


def wrong_acting(connection: Connection, events: Rows) -> Iterator[str]:
    """Every row that no event knows, every event without its row, and every row that says otherwise than its event."""
    bodies = {key: body_of(row) for key, row in events.items()}
    people = {row.id: row.ref for row in connection.execute(select(schema.person.c.id, schema.person.c.ref))}
    named = select(schema.proposal.c.id, schema.proposal.c.number)
    numbers = {row.id: row.number for row in connection.execute(named)}
    yield from _differ("deputy", _deputies_told(bodies), _deputies(connection, people))
    yield from _differ("interest", _interests_told(bodies), _interests(connection, people, numbers))
    yield from _differ("handover", _handovers_told(bodies), _handovers(connection, people, numbers))


def _differ(table: str, told: Told, stored: Told) -> Iterator[str]:
    for key in sorted(told.keys() | stored.keys()):
        if key not in told:
            yield f"{name_of(table, key)}: no event knows it"
        elif key not in stored:
            yield f"{name_of(table, key)}: missing"
        elif told[key] != stored[key]:
            yield f"{name_of(table, key)}: not what the events tell"


def _of_kind(bodies: Mapping[tuple[Any, ...], dict[str, Any]], kind: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    return ((key[0], key[1], body) for key, body in bodies.items() if body.get("kind") == kind)


def _deputies_told(bodies: Mapping[tuple[Any, ...], dict[str, Any]]) -> Told:
    ended = {body.get("ends"): body["recorded_at"] for _, _, body in _of_kind(bodies, "returned")}
    names = ("principal", "deputy", "from_on", "to_on")
    return {
        (STREAM, seq): {**{name: body.get(name) for name in names}, "ended_at": ended.get(seq)}
        for _, seq, body in _of_kind(bodies, "deputised")
    }


def _deputies(connection: Connection, people: Mapping[int, str]) -> Told:
    return {
        (STREAM, row["seq"]): {
            "principal": people.get(row["principal_id"]), "deputy": people.get(row["deputy_id"]),
            "from_on": row["from_on"], "to_on": row["to_on"], "ended_at": row["ended_at"],
        }
        for row in read(connection, schema.deputy, "id").values()
    }  # fmt: skip


def _interests_told(bodies: Mapping[tuple[Any, ...], dict[str, Any]]) -> Told:
    over = {
        (number, body.get("withdraws")): seq for number, seq, body in _of_kind(bodies, "interest_withdrawn")
    }  # fmt: skip
    return {
        (number, seq): {
            "person": body.get("person"), "ground": body.get("ground"), "declared_on": body.get("declared_on"),
            "noted_by": body.get("actor"), "withdrawn_seq": over.get((number, seq)),
        }
        for number, seq, body in _of_kind(bodies, "interest_declared")
    }  # fmt: skip


def _interests(connection: Connection, people: Mapping[int, str], numbers: Mapping[int, str]) -> Told:
    same = ("ground", "declared_on", "noted_by", "withdrawn_seq")
    return {
        (numbers.get(row["proposal_id"], ""), row["seq"]): {
            "person": people.get(row["person_id"]), **{name: row[name] for name in same},
        }
        for row in read(connection, schema.interest, "id").values()
    }  # fmt: skip


def _handovers_told(bodies: Mapping[tuple[Any, ...], dict[str, Any]]) -> Told:
    back = {(number, body.get("handed")): seq for number, seq, body in _of_kind(bodies, "task_returned")}
    return {
        (number, seq): {
            "from": body.get("actor"), "to": body.get("to"), "duty": (body.get("duty"), body.get("opened")),
            "handed_at": body.get("recorded_at"), "returned_seq": back.get((number, seq)),
        }
        for number, seq, body in _of_kind(bodies, "task_handed")
    }  # fmt: skip


def _handovers(connection: Connection, people: Mapping[int, str], numbers: Mapping[int, str]) -> Told:
    duty = schema.duty.c
    tasks = {
        row.id: (row.proposal_id, row.kind, row.seq)
        for row in connection.execute(
            select(duty.id, duty.proposal_id, duty.kind, duty.seq).join_from(schema.duty, schema.handover).distinct()
        )
    }
    found: Told = {}
    for row in read(connection, schema.handover, "id").values():
        proposal, kind, opened = tasks[row["duty_id"]]
        found[numbers.get(proposal, ""), row["seq"]] = {
            "from": people.get(row["from_id"]), "to": people.get(row["to_id"]), "duty": (kind, opened),
            "handed_at": row["handed_at"], "returned_seq": row["returned_seq"],
        }  # fmt: skip
    return found
