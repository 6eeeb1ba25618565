"""What somebody has written down of a meeting: how its agenda was arranged, who came, what was noted. Folded from the
events of the meeting's own stream; names and free text stand beside them as everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from workflow.meetings.meetings import ARRANGED, MINUTED, Meeting, may_keep
from workflow.meetings.views_meetings import Guest
from workflow.proposals.finding import facts_of
from workflow.records import streams
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor
from workflow.storage import schema
from workflow.storage.statements import Batch

_E, _W = schema.event.c, schema.passage.c
NOTE, GUEST = "note ", "guest "  # how a passage is named: of which point, which guest


@dataclass(frozen=True, slots=True)
class Kept:
    """The latest word on each. ``order`` and ``points`` are keys of points; ``present`` are memberships."""

    arranged: int = 0
    order: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()
    added: Mapping[str, str] = field(default_factory=dict)  # key -> title
    points: tuple[str, ...] = ()
    present: frozenset[int] | None = None
    guests: tuple[Guest, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)  # key -> text

    @property
    def minuted(self) -> bool:
        return self.present is not None


def kept(connection: Connection, meeting: Meeting) -> Kept:
    query = select(_E.seq, _E.kind, _E.body).where(_E.stream == meeting.stream, _E.kind.in_((ARRANGED, MINUTED)))
    last: dict[str, tuple[int, dict[str, Any]]] = {}
    arranged = 0
    for row in connection.execute(query.order_by(_E.seq)):
        last[row.kind] = (row.seq, facts_of(row.body))
        arranged += row.kind == ARRANGED
    agenda, minutes = (last.get(kind, (0, {})) for kind in (ARRANGED, MINUTED))
    titles, words = (_words(connection, meeting, seq) for seq, _ in (agenda, minutes))
    facts = minutes[1]
    return Kept(
        arranged=arranged, order=tuple(agenda[1].get("order", ())), left_out=frozenset(agenda[1].get("left_out", ())),
        added={key: titles.get(key, "") for key in agenda[1].get("added", ())}, points=tuple(facts.get("points", ())),
        present=frozenset(facts["present"]) if facts else None,
        guests=tuple(Guest(words.get(f"{GUEST}{n}", ""), each) for n, each in enumerate(facts.get("guests", ()), 1)),
        notes={name.removeprefix(NOTE): text for name, text in words.items() if name.startswith(NOTE)},
    )  # fmt: skip


def append(
    connection: Connection, batch: Batch, meeting: Meeting, actor: Actor, kind: str, facts: Mapping[str, Any],
    words: Mapping[str, str], at: datetime,
) -> int:  # fmt: skip
    """Adds the next event of the meeting's stream to the batch; returns its place. Raises Refused(NOT_PERMITTED)."""
    whole = {**facts, "capacity": capacity_facts(may_keep(meeting, actor)), "entries": []}
    return streams.append(connection, batch, meeting.stream, kind, actor=actor.ref, at=at, facts=whole, words=words)


def _words(connection: Connection, meeting: Meeting, seq: int) -> dict[str, str]:
    found = select(_W.field, _W.content).where(_W.stream == meeting.stream, _W.seq == seq)
    return {row.field: row.content for row in connection.execute(found)} if seq else {}
