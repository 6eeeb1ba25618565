"""How a duty looks in a queue: its proposal, stage, days waited, amount and pots, read once for a whole page.
Knows neither whose duties it is given nor who looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from states import Process, role_names
from workflow.proposals import revisions
from workflow.proposals.finding import AnyRow, Standing, awaits_of, body_titles, due_of, standings
from workflow.proposals.track import Visit, track_of, visits_of
from workflow.records.calendar_days import working_days_between
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.views.views_work import QueueRow, SharedWay

PERSON = "person:"
_D = schema.duty.c


def duties_of(connection: Connection, proposal_id: int) -> list[AnyRow]:
    """Everything that is awaited on one proposal, whoever holds it; for :func:`queue_rows`."""
    query = select(schema.duty).where(_D.proposal_id == proposal_id, _D.answered_at.is_(None)).order_by(_D.id)
    return list(connection.execute(query))


def queue_rows(
    connection: Connection, definitions: Definitions, duties: Sequence[AnyRow], today: date
) -> tuple[QueueRow, ...]:
    """Rows of ``duty`` as shown, in the same order. The number of reads does not grow with the page."""
    if not duties:
        return ()
    proposals = standings(connection, schema.proposal.c.id.in_(sorted({duty.proposal_id for duty in duties})))
    page = _Page(
        proposals=proposals,
        processes=definitions.get_all(connection, (each.definition for each in proposals.values())),
        visits=visits_of(connection, (each.number for each in proposals.values())),
        costs=revisions.costs(connection, proposals),
        payers=revisions.payers(connection, proposals),
        titles=body_titles(connection) | _titles_of_people(connection, duties),
        today=today,
    )
    return tuple(_row(duty, page) for duty in duties)


@dataclass(frozen=True, slots=True)
class _Page:
    """What the rows of a page are made of, read once."""

    proposals: Mapping[int, Standing]
    processes: Mapping[int, Process]  # by definition
    visits: Mapping[str, tuple[Visit, ...]]  # by number
    costs: Mapping[int, int]
    payers: Mapping[int, tuple[str, ...]]
    titles: Mapping[str, str]  # of bodies by code, and of whoever was asked by name by reference
    today: date


def _titles_of_people(connection: Connection, duties: Sequence[AnyRow]) -> dict[str, str]:
    """What those are called who hold one of these duties in person; their name where they have no title."""
    refs = {duty.holder.removeprefix(PERSON) for duty in duties if duty.holder.startswith(PERSON)}
    person = schema.person.c
    query = select(person.ref, person.title, person.name).where(person.ref.in_(sorted(refs)))
    return {row.ref: row.title or row.name for row in connection.execute(query)} if refs else {}


def _row(duty: AnyRow, page: _Page) -> QueueRow:
    standing = page.proposals[duty.proposal_id]
    process = page.processes[standing.definition]
    track = track_of(process, standing.node, page.visits[standing.number])
    since, due = date.fromisoformat(duty.since[:10]), due_of(duty.due_on)
    bound_to = duty.holder.partition(":")[2]
    return QueueRow(
        duty=duty.id, number=standing.number, title=standing.title, process_title=process.title,
        state_title=process.at(standing.node).state.title, kind=duty.kind,
        step=next((each.n for each in track.stations if each.status == "here"), None), steps=len(track.stations),
        since=since, waited_days=working_days_between(since, page.today), due=due,
        overdue=due is not None and due < page.today, amount=page.costs.get(standing.id),
        pots=page.payers.get(standing.id, ()), holder=duty.holder, body=page.titles.get(bound_to, bound_to) or None,
        awaits=awaits_of(standing, page.titles), is_example=standing.is_example, track=track,
        parked_until=standing.parked_until, version=standing.version, revision=standing.revision,
        together=_together(process, standing.node, duty) if duty.kind == "step" else (),
    )  # fmt: skip


def _together(process: Process, node: str, duty: AnyRow) -> tuple[SharedWay, ...]:
    """The ways out that may be taken with several proposals at once by whoever holds the step."""
    role = duty.holder.partition(":")[0]
    ways = (way for way in process.at(node).transitions if way.together)
    return tuple(SharedWay(way.id, way.title, way.asks) for way in ways if role in role_names(way.role))
