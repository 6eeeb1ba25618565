"""Whether every round of opinions, and every duty to give one, is what the events tell, folded again. Knows no words
of theirs."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from workflow.acts.moving import LAPSED, OPINION
from workflow.opinions.asking_opinions import CLOSED
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of

Duty = dict[str, Any]
Key = tuple[str, int]  # number of the proposal, event that asked
_D, _R, _P = schema.duty.c, schema.opinion_round.c, schema.proposal.c
COLUMNS = ("due_on", "version", "answered_at", "answer")


def wrong_opinions(connection: Connection, definitions: Definitions, events: Rows) -> Iterator[str]:
    """Rounds and duties that differ from the events, that no event knows, or that are missing."""
    told = _Told(_ends(connection, definitions))
    for key in sorted(events):
        told.fold(body_of(events[key]))
    yield from _wrong_rounds(connection, told)
    yield from _wrong_duties(connection, told)


class _Told:
    """What the events of all proposals tell of rounds and who was asked in them."""

    def __init__(self, ends: dict[str, frozenset[str]]) -> None:
        self._ends = ends  # number -> the nodes that end it
        self.rounds: dict[Key, dict[str, Any]] = {}
        self.duties: dict[tuple[Key, str], Duty] = {}

    def fold(self, body: dict[str, Any]) -> None:
        kind, number, at = body.get("kind"), str(body.get("stream")), body.get("recorded_at")
        if kind == "opinions_asked":
            key = (number, body["seq"])
            self.rounds[key] = {"due_on": body["due_on"], "closed_at": None}
            for holder in body["asked"]:
                asked = {"due_on": body["due_on"], "version": 1, "answered_at": None, "answer": None}
                self.duties[key, holder] = asked
        elif kind == "opinion_given" and (duty := self.duties.get(((number, body["round"]), body["holder"]))):
            duty |= {"answered_at": at, "answer": body["stance"], "version": duty["version"] + 1}
        elif kind == "opinions_extended":
            self._change((number, body["round"]), {"due_on": body["due_on"]}, {"due_on": body["due_on"]})
        elif kind == "opinions_closed":
            self._change((number, body["round"]), {"closed_at": at}, {"answered_at": at, "answer": CLOSED})
        elif kind == "moved" and body["to"] in self._ends.get(number, ()):
            for key in [each for each, row in self.rounds.items() if each[0] == number and row["closed_at"] is None]:
                self._change(key, {"closed_at": at}, {"answered_at": at, "answer": LAPSED})

    def _change(self, key: Key, of_round: dict[str, Any], of_unanswered: dict[str, Any]) -> None:
        if key in self.rounds:
            self.rounds[key] |= of_round
        for (of, _), duty in self.duties.items():
            if of == key and duty["answered_at"] is None:
                duty.update(of_unanswered)


def _ends(connection: Connection, definitions: Definitions) -> dict[str, frozenset[str]]:
    """Only of proposals with rounds: for others nothing lapses."""
    query = select(_P.number, _P.definition_id).where(_P.id.in_(select(_R.proposal_id)))
    found = {}
    for number, definition in connection.execute(query):
        nodes = definitions.get(connection, definition).nodes.values()
        found[number] = frozenset(node.id for node in nodes if node.state.end)
    return found


def _wrong_rounds(connection: Connection, told: _Told) -> Iterator[str]:
    wanted = dict(told.rounds)
    query = select(_P.number, _R.seq, _R.due_on, _R.closed_at).join_from(schema.opinion_round, schema.proposal)
    for row in connection.execute(query.order_by(_P.number, _R.seq)):
        name, says = name_of("opinion_round", (row.number, row.seq)), wanted.pop((row.number, row.seq), None)
        if says is None:
            yield f"{name}: no event knows it"
        elif says != {"due_on": row.due_on, "closed_at": row.closed_at}:
            yield f"{name}: not what the events say"
    for key in wanted:
        yield f"{name_of('opinion_round', key)}: missing"


def _wrong_duties(connection: Connection, told: _Told) -> Iterator[str]:
    wanted = dict(told.duties)
    query = select(_P.number, schema.duty).join_from(schema.duty, schema.proposal).where(_D.kind == OPINION)
    for row in connection.execute(query.order_by(_D.id)).mappings():
        says = wanted.pop(((row["number"], row["seq"]), row["holder"]), None)
        if says is None:
            yield f"{name_of('duty', (row['id'],))}: no event asked for it"
            continue
        for column in COLUMNS:
            if row[column] != says[column]:
                yield f"{name_of('duty', (row['id'],))}: {column} is not what the events say"
    for (key, holder), _ in wanted.items():
        yield f"{name_of('duty', (*key, holder))}: missing"
