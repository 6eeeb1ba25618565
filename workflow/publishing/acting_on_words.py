"""What every act on what the public reads has in common: an officer without an interest in the matter does it, once, as
an event of the proposal that tells why. Knows no single act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from states import RefusalKind
from workflow.acts import acting
from workflow.acts.changing import for_change, touch
from workflow.records import claims
from workflow.records.actors import Actor
from workflow.records.history import capacity_facts
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

WORDERS = ("officer",)
LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Why:
    """The reason, which is always given, and what it rests on: a decision, a request, a routine."""

    reason: str
    basis: str = ""

    def words(self) -> dict[str, str]:
        return {"reason": self.reason.strip()} | ({"basis": self.basis.strip()} if self.basis.strip() else {})


@dataclass(frozen=True, slots=True)
class Act:
    """One act as its event tells it, and what it writes beside the event, given the event's seq."""

    kind: str
    facts: Mapping[str, Any]
    words: Mapping[str, str]
    beside: Callable[[Batch, Loaded, int], None]


def do(
    connection: Connection,
    number: str,
    asked: Mapping[str, Any],
    why: Why,
    judge: Callable[[Loaded], Act],
    *,
    by: int,
    key: str,
    at: datetime,
) -> str:
    """Returns the stored answer. ``judge`` sees the locked proposal and says what is to be done, or refuses.

    Raises Refused: NOT_FOUND, NOT_PERMITTED, INTERESTED, FIELD_MISSING (no reason), FIELD_INVALID (too long).
    """
    proposal, actor = for_change(connection, number, by, at)
    capacity = may_word(actor)
    if capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, WORDERS, needs=WORDERS[0])
    acting.refuse_interest(actor, capacity)
    before = claims.claim(connection, actor.ref, key, {**asked, "why": [why.reason, why.basis]}, moment(at))
    if before is not None:
        return before
    if not why.reason.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="reason")
    act = judge(proposal)
    if any(len(text) > LONGEST for text in (*why.words().values(), *act.words.values())):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="text")
    batch = Batch()
    facts = {**act.facts, "capacity": capacity_facts(capacity), "entries": []}
    answer = touch(batch, proposal, actor, act.kind, facts, {**why.words(), **act.words}, at, key, "")
    act.beside(batch, proposal, proposal.seq + 1)
    batch.run(connection)
    return answer


def may_word(actor: Actor | None) -> Any:
    """The capacity in which this person looks after what the public reads; None for who does not."""
    return next((each for each in actor.capacities if each.role in WORDERS), None) if actor else None
