"""A registered decision as it is shown: what was decided, what became known of its protocol, and the days that follow
from that. Shows nothing to anybody: who may see which words is decided by the callers."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from workflow.proposals import decision_days
from workflow.proposals.finding import AnyRow, AnySelect
from workflow.storage import schema
from workflow.storage.columns import read_date
from workflow.views.views import Decision

_D, _R = schema.decision.c, schema.decision_record.c


def decision_query() -> AnySelect:
    """Decisions with what is recorded of each; the caller adds which."""
    known = schema.decision.outerjoin(schema.decision_record, (_R.stream == _D.stream) & (_R.seq == _D.seq))
    return select(
        schema.decision, _R.immediately, _R.posted_on, _R.taken_down_on, _R.sent_on, _R.reported_at,
        schema.meeting.c.held_on.label("reported_on"),
    ).select_from(known.outerjoin(schema.meeting, schema.meeting.c.id == _R.reported_at))  # fmt: skip


def decision_view(
    row: AnyRow, titles: Mapping[str, str], words: Mapping[str, str], *, names_recipients: bool
) -> Decision:
    """``words`` are those of its event and of what was told later: wording, financing, reservation, sent_to."""
    adjusted_on, posted_on = read_date(row.adjusted_on), read_date(row.posted_on)
    appealable = row.outcome not in decision_days.PREPARATORY
    return Decision(
        body=titles.get(row.instance, row.instance), kind=row.kind, outcome=row.outcome,
        decided_on=date.fromisoformat(row.decided_on), paragraph=row.paragraph,
        delegation_point=row.delegation_point, registry_no=row.registry_no, wording=words.get("wording"),
        financing=words.get("financing"), adjusted_on=adjusted_on, seq=row.seq, immediately=bool(row.immediately),
        post_by=decision_days.post_by(adjusted_on), posted_on=posted_on, taken_down_on=read_date(row.taken_down_on),
        appeal_until=decision_days.appeal_until(posted_on) if appealable else None,
        legal_force_on=decision_days.legal_force_on(posted_on) if appealable else None,
        reservation=words.get("reservation"), sent_on=read_date(row.sent_on),
        sent_to=words.get("sent_to") if names_recipients else None, reported_on=read_date(row.reported_on),
    )  # fmt: skip
