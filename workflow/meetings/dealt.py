"""What a meeting came to: the steps registered at it, and what the body decided on that day besides. Shows to each
viewer what the proposal's own history shows."""

from sqlalchemy import Connection, select

from workflow.cases.step_kinds import Viewer
from workflow.cases.steps import steps_of
from workflow.meetings.decision_pages import about, words_of
from workflow.meetings.meetings import Meeting
from workflow.meetings.views_meetings import Alone
from workflow.proposals.decision_views import decision_query, decision_view
from workflow.proposals.finding import body_titles, standings
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.views.views import Step

_D, _I, _P = schema.decision.c, schema.meeting_item.c, schema.proposal.c


def dealt_with(
    connection: Connection, definitions: Definitions, meeting: Meeting, viewer: Viewer
) -> dict[str, tuple[Step, ...]]:
    """By number, in the order registered: through the meeting, or in the case itself with the day of the meeting."""
    wanted: dict[str, set[int]] = {}
    registered = select(_I.stream, _I.seq).where(_I.meeting_id == meeting.id).order_by(_I.stream, _I.seq)
    for stream, seq in (*connection.execute(registered).all(), *_decided(connection, meeting)):
        wanted.setdefault(stream, set()).add(seq)
    found = {}
    for standing in sorted(standings(connection, _P.number.in_(wanted)).values(), key=lambda each: each.number):
        process = definitions.get(connection, standing.definition)
        steps = steps_of(connection, process, standing, viewer)
        found[standing.number] = tuple(each for each in steps if each.seq in wanted[standing.number])
    return found


def alone(connection: Connection, meeting: Meeting) -> tuple[Alone, ...]:
    """What the body decided on that day about no single proposal: a budget, an årslista."""
    proposals = select(_P.number)
    query = decision_query().where(
        _D.instance == meeting.body, _D.decided_on == meeting.held_on.isoformat(), _D.stream.not_in(proposals)
    )
    titles = body_titles(connection)
    found = []
    for row in connection.execute(query.order_by(_D.stream, _D.seq)).all():
        words = words_of(connection, row.stream, row.seq)
        decision = decision_view(row, titles, words, names_recipients=False)
        found.append(Alone(row.stream, *about(connection, row.stream), decision))
    return tuple(found)


def _decided(connection: Connection, meeting: Meeting) -> list[tuple[str, int]]:
    on = meeting.held_on.isoformat()
    query = select(_D.stream, _D.seq).where(_D.instance == meeting.body, _D.decided_on == on)
    return [(row.stream, row.seq) for row in connection.execute(query.order_by(_D.stream, _D.seq))]
