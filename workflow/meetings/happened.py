"""What happened to proposals between two meetings of a body: the latest step of each. A deciding body is told of what
it has decided about, a mixed group of everything."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Connection, select

from workflow.meetings.meetings import MIXED, Meeting
from workflow.meetings.views_meetings import MovedRow
from workflow.proposals.finding import AnyRow, AnySelect, date_of, event_title, facts_of, standings
from workflow.records.definitions import Definitions
from workflow.storage import schema

MOST_EVENTS = 400
FIRST_TIME = timedelta(days=180)  # a body that has not met before
KINDS = ("submitted", "moved", "corrected")
_E, _D = schema.event.c, schema.decision.c


def moved_since(
    connection: Connection, definitions: Definitions, meeting: Meeting, before: Meeting | None,
    without: Collection[str],
) -> tuple[MovedRow, ...]:  # fmt: skip
    """Newest first, without the proposals that have a point of their own."""
    since = before.held_on if before else meeting.held_on - FIRST_TIME
    latest: dict[str, AnyRow] = {}
    for row in connection.execute(_events(meeting, since)):
        if row.stream not in without:
            latest.setdefault(row.stream, row)
    by_number = {each.number: each for each in standings(connection, schema.proposal.c.number.in_(latest)).values()}
    processes = definitions.get_all(connection, (each.definition for each in by_number.values()))
    found = []
    for number, row in latest.items():
        standing = by_number[number]
        state = processes[standing.definition].at(standing.node).state.title
        what = event_title(facts_of(row.body), public=True)
        found.append(MovedRow(number, standing.title, what, date_of(row.recorded_at), state, standing.is_example))
    return tuple(found)


def _events(meeting: Meeting, since: date) -> AnySelect:
    query = select(_E.stream, _E.seq, _E.recorded_at, _E.body).where(
        _E.kind.in_(KINDS), _E.recorded_at > f"{since.isoformat()}T24", _E.recorded_at < f"{meeting.held_on}T24"
    )
    if meeting.kind not in MIXED:
        query = query.where(_E.stream.in_(select(_D.stream).where(_D.instance == meeting.body)))
    return query.order_by(_E.recorded_at.desc(), _E.seq.desc()).limit(MOST_EVENTS)
