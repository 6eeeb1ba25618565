"""Anmälan av delegationsbeslut: what delegates have decided since it was last reported to the body that gave them the
right, and the meeting at which it is reported (kommunallagen 6 kap. 40 §, 7 kap. 8 §)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.meetings import meetings, reporting
from workflow.meetings.decision_pages import about
from workflow.meetings.decision_records import refuse_corrected
from workflow.meetings.meeting_events import append
from workflow.meetings.meetings import REPORTED, Meeting, may_keep
from workflow.meetings.views_meetings import DelegatedRow
from workflow.proposals.decision_views import decision_query
from workflow.proposals.finding import AnyRow, standings
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.refused import Refused
from workflow.settings.configuration_values import NOT_GIVEN
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Contested, Statement

_D, _R, _L, _T = schema.decision.c, schema.decision_record.c, schema.ledger_entry.c, schema.decision_right.c
_new = upsert(schema.decision_record)
_REPORT = Statement(
    "report decision",
    _new.on_conflict_do_update(
        index_elements=["stream", "seq"],
        set_={"reported_at": _new.excluded.reported_at},
        where=_R.reported_at.is_(None),
    ),
    columns=["stream", "seq", "immediately", "reported_at"],
    guarded=True,
)
Key = tuple[str, int]


def delegated(connection: Connection, meeting: Meeting, today: date) -> tuple[DelegatedRow, ...]:
    """What is reported at this meeting, and while it is the one at hand what waits to be; oldest decision first."""
    which = _R.reported_at == meeting.id
    if meetings.is_open(connection, meeting, today):
        roles = reporting.delegates_of(connection, meeting.body, meeting.held_on)
        waits = (_D.kind == "delegated") & _D.instance.in_(roles) & _R.reported_at.is_(None)
        which = or_(which, waits & (_D.decided_on <= meeting.held_on.isoformat()))
    query = decision_query().where(which).order_by(_D.decided_on, _D.stream, _D.seq)
    found = [row for row in connection.execute(query) if _stands(connection, row)]
    numbers = {row.stream for row in found}
    proposals = {each.number: each for each in standings(connection, schema.proposal.c.number.in_(numbers)).values()}
    amounts, points = _amounts(connection, found), _points(connection, meeting.held_on)
    rows = []
    for row in found:
        of = proposals.get(row.stream)
        rows.append(
            DelegatedRow(
                row.stream, row.seq, of.number if of else None, of.title if of else _title(connection, row.stream),
                row.instance, row.delegation_point or points.get(row.instance), date.fromisoformat(row.decided_on),
                row.paragraph, row.registry_no, row.outcome, amounts.get((row.stream, row.seq)),
                bool(of and of.is_example), row.reported_at == meeting.id,
            )
        )  # fmt: skip
    return tuple(rows)


def _title(connection: Connection, stream: str) -> str:
    title, year = about(connection, stream)
    return f"{title or 'Årslistan'} {year or ''}".strip()


def report(
    connection: Connection, body: str, held_on: date, chosen: Sequence[Key], *, by: int, key: str, at: datetime
) -> str:
    """Marks delegated decisions as reported at the meeting. Returns the stored answer.

    Raises Refused: NOT_FOUND (no such meeting or decision), NOT_PERMITTED, FIELD_MISSING (nothing chosen),
    FIELD_INVALID (a meeting to come, or a decision that is not reported to this body), ALREADY_REPORTED.
    """
    meeting = meetings.find(connection, body, held_on)
    actor = loading.actor(connection, by, local_date(at))
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    may_keep(meeting, actor)
    told = {"report": meeting.stream, "chosen": [list(each) for each in chosen]}
    before = claims.claim(connection, actor.ref, key, told, moment(at))
    if before is not None:
        return before
    if not chosen:
        raise Refused.because(RefusalKind.FIELD_MISSING, field="rows")
    if meeting.held_on > local_date(at):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="held_on")
    _refuse_others(connection, meeting, chosen)
    batch = Batch()
    facts = {"meeting": meeting.id, "decisions": [list(each) for each in chosen]}
    seq = append(connection, batch, meeting, actor, REPORTED, facts, {}, at)
    for stream, of in chosen:
        batch.add(_REPORT, stream=stream, seq=of, immediately=0, reported_at=meeting.id)
    answer = streams.answer(batch, actor.ref, key, meeting.stream, seq)
    try:
        batch.run(connection)
    except Contested as contested:
        raise Refused.because(RefusalKind.ALREADY_REPORTED) from contested
    return answer


def _refuse_others(connection: Connection, meeting: Meeting, chosen: Sequence[Key]) -> None:
    """Each is a delegated decision of this body's that stands and is not reported yet."""
    roles = reporting.delegates_of(connection, meeting.body, meeting.held_on)
    for stream, seq in chosen:
        row = connection.execute(decision_query().where(_D.stream == stream, _D.seq == seq)).one_or_none()
        if row is None:
            raise Refused.because(RefusalKind.NOT_FOUND, number=stream)
        if row.kind != "delegated" or row.instance not in roles or row.decided_on > meeting.held_on.isoformat():
            raise Refused.because(RefusalKind.FIELD_INVALID, field="rows")
        if row.reported_at is not None:
            raise Refused.because(RefusalKind.ALREADY_REPORTED, number=stream, held_on=row.reported_on)
        refuse_corrected(connection, stream, seq)


def _stands(connection: Connection, row: AnyRow) -> bool:
    try:
        refuse_corrected(connection, row.stream, row.seq)
    except Refused:
        return row.reported_at is not None
    return True


def _amounts(connection: Connection, found: Sequence[AnyRow]) -> dict[Key, int]:
    """Öre that each decision bound."""
    query = (
        select(_L.stream, _L.seq, func.sum(_L.amount_ore))
        .where(_L.stream.in_({row.stream for row in found}), _L.kind == "commit")
        .group_by(_L.stream, _L.seq)
    )
    return {(stream, seq): int(ore) for stream, seq, ore in connection.execute(query)}


def _points(connection: Connection, on: date) -> Mapping[str, str]:
    """The point of the scheme under which a role decides, where the register of rights says one."""
    day = on.isoformat()
    current = (_T.from_on <= day) & or_(_T.to_on.is_(None), _T.to_on >= day)
    query = select(_T.holder, _T.point).where(current, _T.point.is_not(None), _T.point != NOT_GIVEN)
    return {row.holder: row.point for row in connection.execute(query.order_by(_T.id.desc()))}
