"""Internal notes: what officials say to each other about a proposal. No member from outside, no proposer and no page
for everybody ever sees one. Moves nothing; a note is written once and not changed."""

from datetime import datetime

from sqlalchemy import Connection, select

from states import RefusalKind
from workflow.acts import acting
from workflow.acts.changing import for_change, touch
from workflow.cases.step_kinds import Viewer
from workflow.cases.timeline import viewer_of
from workflow.proposals.finding import AnyRow, facts_of, local, who_acted
from workflow.records import claims
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch
from workflow.views.views_work import Note

KIND = "noted"
READS_ONLY = "auditor"

_E, _W, _N = schema.event.c, schema.passage.c, schema.person.c


def note(connection: Connection, number: str, text: str, *, by: int, key: str, at: datetime) -> str:
    """Keeps a note, on ended proposals too. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_PERMITTED (whoever is no official, or audits), INTERESTED, FIELD_MISSING.
    """
    proposal, actor = for_change(connection, number, by, at)
    capacity = next((each for each in actor.capacities if each.role != READS_ONLY), None)
    if capacity is None or viewer_of(connection, actor.capacities) != "official":
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    acting.refuse_interest(actor, capacity)
    before = claims.claim(connection, actor.ref, key, {"note": [number, text]}, moment(at))
    if before is not None:
        return before
    if not text.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="note")
    batch, facts = Batch(), {"capacity": capacity_facts(capacity), "entries": []}
    answer = touch(batch, proposal, actor, KIND, facts, {"note": text.strip()}, at, key, "")
    batch.run(connection)
    return answer


def notes_of(connection: Connection, number: str, viewer: Viewer) -> tuple[Note, ...]:
    """What officials have written about a proposal, the latest first; nothing for anybody else."""
    if viewer != "official":
        return ()
    same = (_W.stream == _E.stream) & (_W.seq == _E.seq) & (_W.field == "note")
    query = (
        select(_E.seq, _E.recorded_at, _E.body, _W.content, _N.name)
        .select_from(schema.event.join(schema.passage, same).outerjoin(schema.person, _N.ref == _E.actor))
        .where(_E.stream == number, _E.kind == KIND)
        .order_by(_E.seq.desc())
    )
    return tuple(_note(row) for row in connection.execute(query))


def _note(row: AnyRow) -> Note:
    role, _ = who_acted(facts_of(row.body), {})
    return Note(row.seq, local(row.recorded_at), row.name or "", role, row.content)
