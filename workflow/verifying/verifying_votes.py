"""Whether every member's duty in a vote says what the events say: who was asked, what each answered, how it ended."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from workflow.people.people import own_holder
from workflow.proposals.ballots import UNHEARD, VOTE
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of


def wrong_votes(connection: Connection, events: Rows) -> Iterator[str]:
    duty, proposal = schema.duty.c, schema.proposal.c
    query = select(proposal.number, duty.seq, duty.holder, duty.answer, duty.id).join_from(schema.duty, schema.proposal)
    stored = {(row[0], row[1], row[2]): (row[3], row[4]) for row in connection.execute(query.where(duty.kind == VOTE))}
    expected: dict[tuple[str, int, str], str | None] = {}
    begun = {key[0] for key in events if events[key]["kind"] == "vote_begun"}
    for stream, keys in groupby(sorted(key for key in events if key[0] in begun), key=lambda key: key[0]):
        expected |= _answers(stream, [body_of(events[key]) for key in keys])
    for each in sorted(expected.keys() | stored.keys()):
        if each not in stored:
            yield f"{name_of('event', each[:2])}: a member who was asked has no duty"
        elif each not in expected or stored[each][0] != expected[each]:
            yield f"{name_of('duty', (stored[each][1],))}: holder or answer is not what the vote's events say"


def _answers(stream: str, bodies: list[dict[str, Any]]) -> dict[tuple[str, int, str], str | None]:
    """What each member's duty should hold; None while it is awaited."""
    found: dict[tuple[str, int, str], str | None] = {}
    going: int | None = None
    for body in bodies:
        if body.get("kind") == "vote_begun":
            going = body["seq"]
            found |= {(stream, body["seq"], own_holder(ref)): None for ref in body["voters"]}
        elif body.get("kind") == "voted":
            found[stream, body["begun"], own_holder(body["actor"])] = body["voice"]
        elif body.get("kind") in _ENDING and going is not None:
            said = {"vote_closed": UNHEARD, "revised": "revised"}.get(body["kind"], body.get("transition"))
            found |= {key: said for key, answer in found.items() if key[1] == going and answer is None}
            going = None
    return found


_ENDING = ("vote_closed", "revised", "moved")
