"""Whether every proposal stands where its events, folded again by its pinned process, have led it, and whether its
open duties are its own. Knows no money."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from workflow.acts.moving import FOLLOWED
from workflow.proposals.entering import STAYS
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read


def wrong_states(connection: Connection, definitions: Definitions, events: Rows) -> Iterator[str]:
    """Every proposal's row, folded again from its events, and every step a way that its pinned process has."""
    refs = {row[0]: row[1] for row in connection.execute(select(schema.person.c.id, schema.person.c.ref))}
    streams = {stream: tuple(keys) for stream, keys in groupby(sorted(events), key=lambda key: key[0])}
    for number, row in sorted(read(connection, schema.proposal, "number").items()):
        mine = [body_of(events[key]) for key in streams.get(number[0], ())]
        moves = [body for body in mine if body.get("kind") in ("submitted", "moved", "corrected")]
        if not moves:
            yield f"{name_of('proposal', number)}: no event tells how it came here"
            continue
        try:
            process, node = definitions.get(connection, row["definition_id"]), ""
        except (ValueError, LookupError):
            yield f"{name_of('proposal', number)}: definition_id names no stored definition"
            continue
        if (process.digest, refs.get(row["proposer_id"])) != (mine[0].get("definition"), mine[0].get("actor")):
            yield f"{name_of('proposal', number)}: definition_id or proposer_id is not what its first event says"
        for body in moves:
            if body["kind"] == "moved":
                way = process.nodes[node].transition(body["transition"]) if node in process.nodes else None
                if body["from"] != node or way is None or way.target != body["to"]:
                    yield f"{name_of('event', (*number, body['seq']))}: the process has no such step from {node}"
            node = body["to"]
        if node not in process.nodes:
            continue
        for column, value in _expected(mine, moves[-1], process.nodes[node].state.end).items():
            if row[column] != value:
                yield f"{name_of('proposal', number)}: {column} is not what its events say"


def _expected(mine: list[dict[str, Any]], last: dict[str, Any], ended: bool) -> dict[str, Any]:
    state, _, origin = last["to"].partition("@")
    rests = next((body for body in reversed(mine) if body.get("kind") in FOLLOWED or body is last), last)
    revised = [body for body in mine if body.get("revision") and body["kind"] != "classified"]
    return {
        "state": state,
        "origin": origin,
        "awaits_role": rests["awaits"]["role"] or "",
        "awaits_body": rests["awaits"]["body"] or "",
        "since": last["since"],
        "due_on": rests["due_on"],
        "parked_until": last.get("parked_until"),
        "version": max(body.get("version", 1) for body in mine),
        "revision": revised[-1]["revision"]["n"],
        "ended_at": last["recorded_at"] if ended else None,
        "created_at": mine[0]["recorded_at"],
        "is_example": mine[0].get("example", 0),
        "registry_no": next(
            (body["given_registry_no"] for body in reversed(mine) if "given_registry_no" in body), None
        ),
    }


def wrong_duties(connection: Connection) -> Iterator[str]:
    """An open duty belongs to a proposal that has not ended, unless a fact opened it."""
    duty, proposal = schema.duty, schema.proposal
    query = (
        select(duty.c.id, proposal.c.number)
        .join_from(duty, proposal, proposal.c.id == duty.c.proposal_id)
        .where(duty.c.answered_at.is_(None), duty.c.kind != STAYS, proposal.c.ended_at.is_not(None))
    )
    for row in connection.execute(query):
        yield f"{name_of('duty', (row[0],))}: still open although {row[1]} has ended"
