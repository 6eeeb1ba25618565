"""An opinion that was asked for: given by whoever may answer for who was asked, anew by them as long as the round is
open, late or in time. Knows nothing of the others' answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, select, update

from states import RefusalKind
from workflow.acts import acting
from workflow.acts.changing import for_change, touch
from workflow.acts.moving import OPINION
from workflow.opinions.asking_opinions import require
from workflow.proposals.finding import AnyRow
from workflow.proposals.opinion_holders import capacity_for
from workflow.records import claims
from workflow.records.announcing import announce
from workflow.records.history import capacity_facts
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

Stance = Literal["comments", "supports", "no_objection", "opposes", "abstains"]
STANCES: tuple[Stance, ...] = ("comments", "supports", "no_objection", "opposes", "abstains")
WITHOUT_WORDS = frozenset({"no_objection", "abstains"})  # say enough by themselves

_D, _R = schema.duty.c, schema.opinion_round.c
_GIVEN = Statement(
    "give opinion",
    update(schema.duty)
    .where(_D.id == bindparam("of_id"), _D.version == bindparam("seen"))
    .values(answered_at=bindparam("at"), answer=bindparam("stance"), version=_D.version + 1),
    guarded=True,
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """Where somebody stands, and in words. ``seen`` is the version of the duty that is answered."""

    stance: str
    wording: str
    seen: int


def give(connection: Connection, number: str, duty: int, given: Opinion, *, by: int, key: str, at: datetime) -> str:
    """Answers one duty, or answers it anew. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_PERMITTED (somebody else was asked), INTERESTED, FIELD_MISSING (no words),
    FIELD_INVALID, NOT_HERE (the round is closed), STALE_VERSION (a colleague has answered since the page was drawn).
    """
    proposal, actor = for_change(connection, number, by, at)
    row = find(connection, proposal, duty)
    capacity = capacity_for(row.holder, actor)
    if capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, (row.holder,), needs=row.holder)
    acting.refuse_interest(actor, capacity)
    before = claims.claim(connection, actor.ref, key, {"opinion": given, "duty": [number, duty]}, moment(at))
    if before is not None:
        return before
    if given.stance not in STANCES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="stance")
    require(bool(given.wording.strip()) or given.stance in WITHOUT_WORDS, "opinion")
    if row.closed_at is not None:
        raise Refused.because(RefusalKind.NOT_HERE, transition="opinion", what="opinions")
    if row.version != given.seen:
        raise Refused.because(RefusalKind.STALE_VERSION, seen=given.seen, now=row.version)
    batch, again = Batch(), row.answered_at is not None
    facts = {"round": row.seq, "holder": row.holder, "stance": given.stance, "again": again, "entries": []}
    facts["capacity"] = capacity_facts(capacity)
    words = {"opinion": given.wording.strip()} if given.wording.strip() else {}
    answer = touch(batch, proposal, actor, "opinion_given", facts, words, at, key, "")
    batch.add(_GIVEN, of_id=duty, seen=given.seen, at=moment(at), stance=given.stance)
    announce(batch, number, proposal.seq + 1, "opinion_given", ("officer",), at)
    batch.run(connection)
    return answer


def find(connection: Connection, proposal: Loaded, duty: int) -> AnyRow:
    """A duty to give an opinion, with whether its round is closed. Raises Refused(NOT_FOUND)."""
    same = (_R.proposal_id == _D.proposal_id) & (_R.seq == _D.seq)
    query = select(schema.duty, _R.closed_at).join(schema.opinion_round, same)
    row = connection.execute(query.where(_D.id == duty, _D.proposal_id == proposal.id, _D.kind == OPINION)).first()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="opinion")
    return row
