"""Which meetings there are, who keeps one (writes its agenda and notes) and who may read it. Knows no agenda."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from states import Capacity, RefusalKind
from workflow.meetings.views_meetings import MeetingRow
from workflow.proposals.finding import AnyRow, AnySelect
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import read_date

MIXED = ("forum", "working_group")  # they keep minnesanteckningar, never a protocol
MINUTED, ARRANGED, DEALT, REPORTED = "minuted", "arranged", "dealt", "reported"  # kinds of a meeting's events
SHOWN_PAST = timedelta(days=400)
_M, _B, _S = schema.meeting.c, schema.body.c, schema.stream.c


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as stored, and its body."""

    id: int
    body: str
    kind: str
    title: str
    held_on: date
    papers_due: date | None

    @property
    def stream(self) -> str:
        """By the meeting itself and not by its day, which may be moved until it is held."""
        return f"meeting/{self.body}/{self.id}"


def find(connection: Connection, body: str, held_on: date) -> Meeting:
    """Raises Refused(NOT_FOUND)."""
    row = connection.execute(_query().where(_B.code == body, _M.held_on == held_on.isoformat())).one_or_none()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="meeting")
    return _meeting(row)


def before(connection: Connection, meeting: Meeting) -> Meeting | None:
    """The body's meeting before this one."""
    earlier = _query().where(_B.code == meeting.body, _M.held_on < meeting.held_on.isoformat())
    row = connection.execute(earlier.order_by(_M.held_on.desc()).limit(1)).one_or_none()
    return _meeting(row) if row else None


def next_of(connection: Connection, body: str, today: date) -> Meeting | None:
    """The body's first meeting from today on."""
    coming = _query().where(_B.code == body, _M.held_on >= today.isoformat())
    row = connection.execute(coming.order_by(_M.held_on).limit(1)).one_or_none()
    return _meeting(row) if row else None


def is_open(connection: Connection, meeting: Meeting, today: date) -> bool:
    """Whether what waits now is this meeting's: the body's next one, or the last, for who registers afterwards."""
    coming = next_of(connection, meeting.body, today)
    if coming is None or coming.id == meeting.id:
        return meeting.held_on >= today or following(connection, meeting) is None
    last = before(connection, coming)
    return last is not None and last.id == meeting.id


def following(connection: Connection, meeting: Meeting) -> Meeting | None:
    return next_of(connection, meeting.body, meeting.held_on + timedelta(days=1))


def rows(connection: Connection, capacities: Sequence[Capacity], today: date) -> tuple[MeetingRow, ...]:
    """Meetings of the last year and all that are to come, oldest first."""
    mine = {each.body for each in capacities}
    since = (today - SHOWN_PAST).isoformat()
    kept = set(connection.execute(select(_S.name).where(_S.name.startswith("meeting/"))).scalars())
    found = []
    for row in connection.execute(_query().where(_M.held_on >= since).order_by(_M.held_on, _B.level, _B.code)):
        each = _meeting(row)
        found.append(
            MeetingRow(
                each.body, each.title, each.kind, each.held_on, each.papers_due, each.body in mine, each.stream in kept
            )
        )
    return tuple(found)


def may_keep(meeting: Meeting, actor: Actor) -> Capacity:
    """The body's secretary; for a mixed group an officer, who is its secretary. Raises Refused(NOT_PERMITTED)."""
    for each in actor.capacities:
        own = (each.role, each.body) == ("registrar", meeting.body)
        if own or (meeting.kind in MIXED and each.role == "officer"):
            return each
    needed = ("officer",) if meeting.kind in MIXED else (f"registrar:{meeting.body}",)
    raise Refused.because(RefusalKind.NOT_PERMITTED, needed, needs=needed)


def keeps(meeting: Meeting, actor: Actor) -> bool:
    try:
        may_keep(meeting, actor)
    except Refused:
        return False
    return True


def _query() -> AnySelect:
    return select(_M.id, _B.code, _B.kind, _B.title, _M.held_on, _M.papers_due_on).join_from(
        schema.meeting, schema.body
    )


def _meeting(row: AnyRow) -> Meeting:
    return Meeting(row.id, row.code, row.kind, row.title, date.fromisoformat(row.held_on), read_date(row.papers_due_on))
