"""The page of one decision: what was decided, what is known of its protocol, and whether this person may tell more."""

from datetime import date

from sqlalchemy import Connection, select

from states import Refusal, RefusalKind
from workflow.acts.moving import RECORDED
from workflow.cases.timeline import viewer_of
from workflow.meetings import decision_records
from workflow.meetings.views_meetings import DecisionPage
from workflow.proposals.decision_views import decision_query, decision_view
from workflow.proposals.finding import body_titles, facts_of, standings
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage import schema

_D, _E, _W = schema.decision.c, schema.event.c, schema.passage.c


def decision_page(connection: Connection, stream: str, seq: int, actor: Actor, today: date) -> DecisionPage:
    """For officials. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
    if viewer_of(connection, actor.capacities) != "official":
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    row = connection.execute(decision_query().where(_D.stream == stream, _D.seq == seq)).one_or_none()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=stream)
    found = next(iter(standings(connection, schema.proposal.c.number == stream).values()), None)
    shown = decision_view(row, body_titles(connection), words_of(connection, stream, seq), names_recipients=True)
    title, year = (found.title, None) if found else about(connection, stream)
    return DecisionPage(
        stream, title, year, found.number if found else None, shown,
        _refused(connection, stream, seq, actor, today),
    )  # fmt: skip


def about(connection: Connection, stream: str) -> tuple[str, int | None]:
    """What a decision that stands alone is about, by its stream: ``pot/investment/2026``, ``arslista/2027``."""
    kind, _, rest = stream.partition("/")
    name, _, last = rest.rpartition("/")
    year = int(last) if last.isdigit() else None
    if kind == "pot":
        title = connection.execute(select(schema.pot.c.title).where(schema.pot.c.code == name)).scalar()
        return str(title or name), year
    return ("", year) if kind == "arslista" else (stream, year)


def words_of(connection: Connection, stream: str, seq: int) -> dict[str, str]:
    """The words of a decision's own event, and the latest of what was told of it later."""
    later = select(_E.seq, _E.body).where(_E.stream == stream, _E.kind == RECORDED, _E.seq > seq).order_by(_E.seq)
    told = [seq, *(row.seq for row in connection.execute(later) if facts_of(row.body)["of"] == seq)]
    words = select(_W.field, _W.content).where(_W.stream == stream, _W.seq.in_(told)).order_by(_W.seq)
    return {row.field: row.content for row in connection.execute(words)}


def _refused(connection: Connection, stream: str, seq: int, actor: Actor, today: date) -> tuple[Refusal, ...] | None:
    try:
        decision_records.refuse_corrected(connection, stream, seq)
        decision_records.may_record(connection, decision_records.find(connection, stream, seq), actor, today)
    except Refused as refused:
        return refused.refusals
    return None
