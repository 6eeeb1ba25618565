"""How sure the money from outside is: promised, agreed or received, as somebody has noted it. Money is granted by a
decision; this is what a step may wait for before it relies on it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from states import RefusalKind
from states.vocabulary import COFINANCING
from workflow.acts import acting
from workflow.acts.changing import touch
from workflow.money.paying_pots import cofinancing_of
from workflow.records import claims, loading
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

KEEPERS = ("officer", "controller")


@dataclass(frozen=True, slots=True)
class Noted:
    """What is known of a financier by name, from which day, with a remark between colleagues."""

    financier: str
    standing: str  # promised, agreed, received
    on: date
    remarks: str = ""


def note(
    connection: Connection, definitions: Definitions, number: str, noted: Noted, *, by: int, key: str, at: datetime
) -> str:
    """Notes it in the proposal's history and leaves the version that deciders saw alone. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_PERMITTED, INTERESTED, FIELD_INVALID (no such financier or standing).
    """
    proposal = loading.load(connection, number)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    actor = loading.actor(connection, by, local_date(at), proposer_of=proposal)
    capacity = acting.as_one_of(actor, KEEPERS)
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    before = claims.claim(connection, actor.ref, key, {"number": number, "noted": noted}, moment(at))
    if before is not None:
        return before
    outside = cofinancing_of(connection, number, proposal.id)
    pot = next((pot for pot, each in outside.items() if each.financier == noted.financier), None)
    if pot is None or noted.standing not in COFINANCING:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="financier" if pot is None else "standing")
    facts = {
        "pot": pot, "standing": noted.standing, "decided_on": noted.on.isoformat(),
        "capacity": capacity_facts(capacity), "entries": [],
    }  # fmt: skip
    said = {"financier": noted.financier, "remarks": noted.remarks.strip()}
    words = {name: text for name, text in said.items() if text}
    title = definitions.get(connection, proposal.definition).at(proposal.node).state.title
    batch = Batch()
    answer = touch(batch, proposal, actor, "cofinanced", facts, words, at, key, title)
    batch.run(connection)
    return answer
