"""The attestant's classification: which pot each cost line belongs to. What the rule proposed and what the attestant
said stand in the same event; who says anything else than was proposed gives a reason. Moves nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from states import Capacity, RefusalKind
from states.entitlement import FOUR_EYES
from states.vocabulary import CLASSIFICATIONS
from workflow.acts import acting, changing
from workflow.acts.situations import Situation, facts, proposed_pots, situate
from workflow.money.classifying import Proposed
from workflow.records import claims
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

ATTESTANT = "attestant"
Said = Mapping[int, tuple[str, str]]  # line number -> classification and reason

_L = schema.cost_line.c
_CLASSIFY = Statement(
    "classify",
    update(schema.cost_line)
    .where(_L.proposal_id == bindparam("of_id"), _L.revision == bindparam("of_revision"), _L.n == bindparam("of_n"))
    .values(classification=bindparam("to"), classification_reason=bindparam("why")),
    guarded=True,
)


def classify(
    connection: Connection,
    definitions: Definitions,
    number: str,
    *,
    by: int,
    key: str,
    seen_revision: int,
    classifications: Said,
    at: datetime,
) -> str:
    """Writes what the attestant says of each line named. Voids nobody's version, but needs the revision.

    Raises Refused: NOT_PERMITTED, INTERESTED, PREPARED_IT, ENDED, STALE_REVISION, FIELD_INVALID,
    FIELD_MISSING (a reason).
    """
    proposal, actor = changing.for_change(connection, number, by, at)
    asked = {"number": number, "seen": seen_revision, "lines": {str(n): c for n, c in classifications.items()}}
    before = claims.claim(connection, actor.ref, key, asked, moment(at))
    if before is not None:
        return before
    today = local_date(at)
    now = situate(connection, definitions, proposal, actor, today)
    capacity = may_classify(connection, now)
    if proposal.revision != seen_revision:
        raise Refused.because(RefusalKind.STALE_REVISION, seen=seen_revision, now=proposal.revision)
    rule = proposed_pots(connection, now.lines, now.funding, today)
    _require(classifications, rule)
    batch = Batch()
    for n, (to, why) in classifications.items():
        batch.add(_CLASSIFY, of_id=proposal.id, of_revision=proposal.revision, of_n=n, to=to, why=why or None)
    told = {
        "lines": {str(n): to for n, (to, _) in classifications.items()},
        "proposed": {str(n): asdict(rule[n]) for n in classifications},
        "capacity": capacity_facts(capacity),
        "revision": {"n": proposal.revision},
        "entries": [],
    }
    words = {f"line {n}": why for n, (_, why) in classifications.items() if why}
    answer = changing.touch(batch, proposal, actor, "classified", told, words, at, key, now.node.state.title)
    if {line.n for line in now.lines} <= set(classifications) | {line.n for line in now.lines if line.classification}:
        batch.add(changing.ANSWER, of_id=proposal.id, of_kind="classify", at=moment(at), given="classified")
    batch.run(connection)
    return answer


def may_classify(connection: Connection, now: Situation) -> Capacity:
    """The attestant may, of what somebody else prepared, in person or through a deputy; a deputy of the attestant may
    where neither did. Raises Refused."""
    if now.proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=now.proposal.number)
    acting.as_one_of(now.actor, (ATTESTANT,))
    prepared = facts(connection, now, frozenset({FOUR_EYES}), {}).prepared_by
    mine = (each for each in now.actor.capacities if each.role == ATTESTANT and each.principal not in prepared)
    capacity = next(mine, None)
    if capacity is None or now.actor.ref in prepared:
        raise Refused.because(RefusalKind.PREPARED_IT, (ATTESTANT,))
    return capacity


def _require(classifications: Said, rule: Mapping[int, Proposed]) -> None:
    """Raises Refused for a line or a pot that is not there, and for another pot than proposed without a reason."""
    for n, (to, why) in classifications.items():
        if n not in rule or to not in CLASSIFICATIONS:
            raise Refused.because(RefusalKind.FIELD_INVALID, field="classification")
        if to != rule[n].to and not why.strip():
            raise Refused.because(RefusalKind.FIELD_MISSING, field="override_reason", line=n)
