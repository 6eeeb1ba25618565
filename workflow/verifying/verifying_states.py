"""Whether every proposal stands where its events, folded again by its pinned process, have led it, and whether its
open duties are its own. Knows no money."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from states import Process
from workflow.acts.moving import FOLLOWED
from workflow.acts.redirecting import REDIRECTED
from workflow.proposals.entering import STAYS
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read

MOVES = ("submitted", "moved", "corrected", REDIRECTED)
_D = schema.definition.c


def wrong_states(connection: Connection, definitions: Definitions, events: Rows) -> Iterator[str]:
    """Every proposal's row, folded again from its events, and every step a way that its pinned process has."""
    refs = {row[0]: row[1] for row in connection.execute(select(schema.person.c.id, schema.person.c.ref))}
    known = _by_digest(connection, definitions)
    streams = {stream: tuple(keys) for stream, keys in groupby(sorted(events), key=lambda key: key[0])}
    for number, row in sorted(read(connection, schema.proposal, "number").items()):
        mine = [body_of(events[key]) for key in streams.get(number[0], ())]
        moves = [body for body in mine if body.get("kind") in MOVES]
        if not moves:
            yield f"{name_of('proposal', number)}: no event tells how it came here"
            continue
        try:
            process = definitions.get(connection, row["definition_id"])
        except (ValueError, LookupError):
            yield f"{name_of('proposal', number)}: definition_id names no stored definition"
            continue
        told = [body["definition"] for body in moves if "definition" in body]
        if (process.digest, refs.get(row["proposer_id"])) != (told[-1] if told else None, mine[0].get("actor")):
            yield f"{name_of('proposal', number)}: definition_id or proposer_id is not what its events say"
        yield from _wrong_ways(number, moves, process, known)
        node = moves[-1]["to"]
        if node not in process.nodes:
            continue
        for column, value in _expected(mine, moves[-1], process.nodes[node].state.end).items():
            if row[column] != value:
                yield f"{name_of('proposal', number)}: {column} is not what its events say"


def _wrong_ways(
    number: tuple[Any, ...], moves: list[dict[str, Any]], process: Process, known: Callable[[str], Process | None]
) -> Iterator[str]:
    """Every step that the process which held then does not have."""
    node = ""
    for body in moves:
        if body["kind"] == REDIRECTED and not body["from"] == node == process.initial:
            yield f"{name_of('event', (*number, body['seq']))}: no idea was given another process"
        if "definition" in body:
            process = known(body["definition"]) or process
        if body["kind"] == "moved":
            way = process.nodes[node].transition(body["transition"]) if node in process.nodes else None
            if body["from"] != node or way is None or way.target != body["to"]:
                yield f"{name_of('event', (*number, body['seq']))}: the process has no such step from {node}"
        node = body["to"]


def _by_digest(connection: Connection, definitions: Definitions) -> Callable[[str], Process | None]:
    """The process that was stored under a digest; None for none."""
    rows = {digest: id_ for id_, digest in connection.execute(select(_D.id, _D.digest))}

    def known(digest: str) -> Process | None:
        return definitions.by_digest(connection, rows[digest], digest) if digest in rows else None

    return known


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
