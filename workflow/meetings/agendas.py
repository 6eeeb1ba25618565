"""A meeting with its agenda: first what waits for the body's decision or position, then what moved since its last
meeting, the pots, the årslista, the decisions reported to it, and what its secretary added. Changes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, select

from states import Refusal, Transition
from workflow.books import year_list
from workflow.cases import interests
from workflow.cases.timeline import viewer_of
from workflow.meetings import meeting_events, meetings
from workflow.meetings.dealt import alone, dealt_with
from workflow.meetings.delegated import delegated as delegated_of
from workflow.meetings.happened import moved_since
from workflow.meetings.meeting_events import Kept
from workflow.meetings.meetings import Meeting
from workflow.meetings.views_meetings import Aside, DelegatedRow, MeetingPage, MovedRow, Point, Seat
from workflow.proposals import pots
from workflow.proposals.finding import AnyRow, standings
from workflow.records.definitions import Definitions
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import read_date
from workflow.views.views import Step
from workflow.views.views_work import QueueRow
from workflow.waiting import queue_rows

DECIDE = "decide "
MOST_POINTS = 100
_P, _D, _M = schema.proposal.c, schema.duty.c, schema.membership.c


def page(
    connection: Connection, definitions: Definitions, meeting: Meeting, actor: Actor, today: date
) -> MeetingPage:  # fmt: skip
    """Everything about the meeting as this person may see it."""
    written = meeting_events.kept(connection, meeting)
    viewer = viewer_of(connection, actor.capacities)
    waiting = _waiting(connection, definitions, meeting, today)
    dealt = dealt_with(connection, definitions, meeting, viewer)
    earlier = meetings.before(connection, meeting)
    moved = moved_since(connection, definitions, meeting, earlier, {*waiting, *dealt})
    delegated = delegated_of(connection, meeting, today)
    year = meeting.held_on.year + 1
    listed = len(year_list.year_list(connection, definitions, year).rows) if meeting.held_on >= today else 0
    shown_pots = tuple(each for each in pots.pots(connection, meeting.held_on.year) if each.proposal is None)
    standard = _standard(moved, bool(shown_pots), year, listed, delegated)
    points = _points(connection, meeting, written, waiting, dealt, standard)
    return MeetingPage(
        body=meeting.body, title=meeting.title, kind=meeting.kind, held_on=meeting.held_on,
        papers_due=meeting.papers_due, before=earlier.held_on if earlier else None,
        points=tuple(each for each in points if each.key not in written.left_out),
        left_out=tuple(each for each in points if each.key in written.left_out), moved=moved, pots=shown_pots,
        list_year=year, listed=listed, delegated=delegated, alone=alone(connection, meeting),
        seats=_seats(connection, meeting, written), guests=written.guests, arranged=written.arranged,
        minuted=written.minuted, is_past=meeting.held_on <= today,
        may_keep=_refused(lambda: meetings.may_keep(meeting, actor)),
        reads_notes=viewer == "official" or any(each.body == meeting.body for each in actor.capacities),
    )  # fmt: skip


def _waiting(
    connection: Connection, definitions: Definitions, meeting: Meeting, today: date
) -> dict[str, QueueRow]:  # fmt: skip
    """What waits for the body, by number, nearest day first: on its next meeting, and on the last one while it is
    still there, for whoever registers afterwards."""
    if not meetings.is_open(connection, meeting, today):
        return {}
    query = (
        select(schema.duty)
        .join_from(schema.duty, schema.proposal)
        .where(_P.awaits_body == meeting.body, _P.ended_at.is_(None), _D.kind == "step", _D.answered_at.is_(None))
        .where(_D.since <= meeting.held_on.isoformat())
        .order_by(_D.due_on, _D.id)
        .limit(MOST_POINTS)
    )
    found = queue_rows.queue_rows(connection, definitions, connection.execute(query).all(), today)
    return {each.number: each for each in found}


def _standard(
    moved: Sequence[MovedRow], has_pots: bool, year: int, listed: int, delegated: Sequence[DelegatedRow]
) -> Iterator[Point]:
    """The points that every agenda has, where there is anything to say."""
    if moved:
        yield Point("moved", "moved", "")
    if has_pots:
        yield Point("pots", "pots", "")
    if listed:
        yield Point(f"year_list {year}", "year_list", "")
    if delegated:
        yield Point("delegated", "delegated", "")


def _points(
    connection: Connection, meeting: Meeting, written: Kept, waiting: Mapping[str, QueueRow],
    dealt: Mapping[str, tuple[Step, ...]], standard: Iterator[Point],
) -> list[Point]:  # fmt: skip
    """In the order that was saved; what is new stands where it would have stood."""
    before = [key.removeprefix(DECIDE) for key in written.points if key.startswith(DECIDE)]
    numbers = list(dict.fromkeys((*before, *dealt, *waiting)))
    about = {each.number: each for each in standings(connection, _P.number.in_(numbers)).values()}
    found = [
        Point(
            f"{DECIDE}{number}", "decide", about[number].title, number, waiting.get(number),
            _is_late(waiting.get(number), meeting.papers_due), dealt.get(number, ()),
            written.notes.get(f"{DECIDE}{number}", ""), _aside(connection, about[number].id),
        )
        for number in numbers
        if number in about
    ]  # fmt: skip
    found += [Point(each.key, each.kind, "", notes=written.notes.get(each.key, "")) for each in standard]
    found += [Point(key, "added", title, notes=written.notes.get(key, "")) for key, title in written.added.items()]
    return _ordered(found, written.order)


def _aside(connection: Connection, proposal: int) -> tuple[Aside, ...]:
    return tuple(Aside(each.name, each.declared_on) for each in interests.in_force(connection, proposal))


def _ordered(found: list[Point], order: Sequence[str]) -> list[Point]:
    place = {key: n for n, key in enumerate(order)}
    after_decisions = max((n for key, n in place.items() if key.startswith(DECIDE)), default=-1)

    def at(point: Point) -> tuple[float, int]:
        new = after_decisions + 0.5 if point.kind == "decide" else len(place)
        return place.get(point.key, new), found.index(point)

    return sorted(found, key=at)


def _is_late(row: QueueRow | None, papers_due: date | None) -> bool:
    return row is not None and papers_due is not None and row.since > papers_due


def _seats(connection: Connection, meeting: Meeting, written: Kept) -> tuple[Seat, ...]:
    """The members of the day of the meeting; who only reviews the body has no seat in it."""
    day = meeting.held_on.isoformat()
    query = (
        select(_M.id, _M.role, _M.category, _M.to_on, schema.person.c.name)
        .join_from(schema.membership, schema.person)
        .join(schema.body, schema.body.c.id == _M.body_id)
        .where(schema.body.c.code == meeting.body, _M.from_on <= day, _M.role != "auditor")
        .order_by(_M.id)
    )
    seated = [row for row in connection.execute(query) if _still(row, meeting.held_on)]
    came = written.present
    return tuple(Seat(row.id, row.name, row.role, row.category, None if came is None else row.id in came)
                 for row in seated)  # fmt: skip


def _still(row: AnyRow, on: date) -> bool:
    until = read_date(row.to_on)
    return until is None or until >= on


def _refused(question: Callable[[], object]) -> tuple[Refusal, ...] | None:
    try:
        question()
    except Refused as refused:
        return refused.refusals
    return None


def is_outcome(kind: str, way: Transition) -> bool:
    """Whether a transition is what a meeting of such a body may come to: a decision, a position, or taking up what was
    tabled. A working group prepares, so that every way on is its to suggest."""
    if kind == "working_group":
        return True
    return bool(way.decision or way.position) or (way.role is not None and way.role.name == "registrar_of")
