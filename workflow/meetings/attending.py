"""What a fact asked of somebody, and no step foresaw: attended to, with a word on what was done. Moves nothing."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from states import RefusalKind
from workflow.acts import acting
from workflow.acts.changing import touch
from workflow.proposals.entering import NOBODY, STAYS, UNKNOWN_DATE
from workflow.records import claims, loading
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

_D = schema.duty.c
_OPEN = Statement(
    "open duty",
    select(_D.kind, _D.holder, _D.seq).where(
        _D.id == bindparam("of_id"), _D.proposal_id == bindparam("of_proposal"), _D.answered_at.is_(None)
    ),
)
_ATTENDED = Statement(
    "attend",
    update(schema.duty)
    .where(_D.id == bindparam("of_id"), _D.answered_at.is_(None))
    .values(answered_at=bindparam("at"), answer="attended"),
    guarded=True,
)


def attend(
    connection: Connection,
    definitions: Definitions,
    number: str,
    duty: int,
    *,
    by: int,
    key: str,
    remarks: str,
    at: datetime,
) -> str:
    """Answers a duty that a fact opened, in any state, ends included. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_PERMITTED (somebody else's), INTERESTED, FIELD_MISSING (nothing said), NOT_HERE
    (answered already, or a step's own duty, which only its step answers).
    """
    proposal = loading.load(connection, number)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    actor = loading.actor(connection, by, local_date(at), proposer_of=proposal)
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    before = claims.claim(connection, actor.ref, key, {"number": number, "duty": duty, "remarks": remarks}, moment(at))
    if before is not None:
        return before
    title = definitions.get(connection, proposal.definition).at(proposal.node).state.title
    found = _OPEN.rows(connection, of_id=duty, of_proposal=proposal.id)
    if not found or found[0][0] not in (STAYS, UNKNOWN_DATE, NOBODY):
        raise Refused.because(RefusalKind.NOT_HERE, transition="attend", state=title)
    kind, holder, opened = found[0]
    capacity = next((each for each in actor.capacities if each.holder == holder), None)
    if capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, (holder,), needs=(holder,))
    acting.refuse_interest(actor, capacity)
    if not remarks.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="remarks")
    batch = Batch()
    facts = {"duty": kind, "opened": opened, "capacity": capacity_facts(capacity), "entries": []}
    answer = touch(batch, proposal, actor, "attended", facts, {"remarks": remarks.strip()}, at, key, title)
    batch.add(_ATTENDED, of_id=duty, at=moment(at))
    batch.run(connection)
    return answer
