"""One proposal as one viewer may see it: where it is, whom it waits for, what pays, what has happened, what follows.
Who sees which words of the history is decided in ``steps``."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import Connection, select

from states import Capacity, Process, Refusal, RefusalKind, State
from workflow.cases import opinion_rounds, steps
from workflow.cases.step_kinds import Viewer
from workflow.cases.step_money import CONTRACT_FIELDS
from workflow.cases.usual_times import Usual, coming
from workflow.proposals import pots, revisions
from workflow.proposals.finding import (
    Standing,
    awaits_of,
    body_titles,
    next_meeting,
    standings,
    state_title,
)
from workflow.proposals.track import next_states, track_of, visits_of
from workflow.records import calendar_days
from workflow.records.definitions import Definitions
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.views.views import Now
from workflow.views.views_timeline import Contact, Timeline

EMPLOYED = "municipality"
NOTHING_KNOWN: Usual = {}
MIXED = ("forum", "working_group")  # bodies whose members need not be employed or elected


class _ContactDetails(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def telephone(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...


class HasContact(Protocol):
    """What is needed of the configuration: whom to ask."""

    @property
    def contact(self) -> _ContactDetails: ...


def timeline(
    connection: Connection, definitions: Definitions, number: str, *, capacities: Sequence[Capacity],
    config: HasContact, today: date, usual: Usual = NOTHING_KNOWN,
) -> Timeline:  # fmt: skip
    """``capacities`` are the viewer's of today: none for the public. Raises Refused: NOT_FOUND, NOT_SHOWN (taken out of
    sight, for the public)."""
    standing = find_standing(connection, number)
    process = definitions.get(connection, standing.definition)
    viewer = viewer_of(connection, capacities)
    if standing.hidden and viewer == "public":
        raise Refused(Refusal(RefusalKind.NOT_SHOWN, {"number": number}))
    hidden = steps.hidden_from(process, standing, viewer)
    content = revisions.content_of(
        connection,
        standing,
        official=viewer == "official",
        as_written=viewer in ("official", "proposer"),
        hides_contract=bool(hidden & CONTRACT_FIELDS),
    )
    track = track_of(process, standing.node, visits_of(connection, [number])[number])
    now = now_of(connection, process, standing, today, usual)
    titles = (state_title(process, state) for state in next_states(process, standing.node))
    return Timeline(
        number=number, title=standing.title, process=process.id, process_title=process.title,
        registry_no=standing.registry_no, is_example=standing.is_example,
        now=now, track=track, next_titles=tuple(filter(None, titles)),
        content=content, steps=steps.steps_of(connection, process, standing, viewer),
        coming=() if standing.ended else coming(process, standing.node, now, usual, today),
        pots=pots.paying(connection, standing.id, standing.revision), cost=revisions.cost_of(content),
        spent=revisions.spent_by(connection, standing.id), contact=_contact(config), viewer=viewer,
        proposer_contact=_proposer_contact(connection, standing) if viewer == "official" else None,
        hides=tuple(sorted(hidden)),
        opinions=opinion_rounds.rounds_of(connection, standing.id, standing.number, viewer),
    )  # fmt: skip


def find_standing(connection: Connection, number: str) -> Standing:
    """Raises Refused(NOT_FOUND)."""
    found = standings(connection, schema.proposal.c.number == number)
    if not found:
        raise Refused(Refusal(RefusalKind.NOT_FOUND, {"number": number}))
    (standing,) = found.values()
    return standing


def viewer_of(connection: Connection, capacities: Sequence[Capacity]) -> Viewer:
    """Whoever is only a member of the group or forum, and not employed by the municipality, is external."""
    own = (each for each in capacities if each.principal is None)  # a deputy sees no more for being one
    held = {each.membership: each for each in own if each.membership is not None}
    if not held:
        return "proposer" if any(each.role == "proposer" for each in capacities) else "public"
    membership = schema.membership.c
    query = select(membership.id, membership.category).where(membership.id.in_(sorted(held)))
    for row in connection.execute(query):
        if held[row.id].body_kind not in MIXED or row.category == EMPLOYED:
            return "official"
    return "external"


def now_of(
    connection: Connection, process: Process, standing: Standing, today: date, usual: Usual = NOTHING_KNOWN
) -> Now:
    """Where it is, whom we wait for, since when and until when."""
    state = process.at(standing.node).state
    meeting = next_meeting(connection, standing.awaits_body, today) if standing.awaits_body else None
    return Now(
        state=state.id, title=state.title, public=state.public,
        awaits=awaits_of(standing, body_titles(connection)), since=standing.since,
        waited_days=0 if standing.ended else calendar_days.working_days_between(standing.since, today),
        due=None if standing.ended else standing.due, may_wait=_may_wait(state, standing),
        next_meeting=meeting.held_on if meeting and not standing.ended else None,
        papers_due=_coming(meeting.papers_due, today) if meeting and not standing.ended else None,
        until=standing.parked_until, ended=standing.ended, advice=state.advice,
        usual_days=None if standing.ended else usual.get((process.id, standing.node)),
    )  # fmt: skip


def _coming(day: date | None, today: date) -> date | None:
    """A day that has passed is no news."""
    return day if day is not None and day >= today else None


def _may_wait(state: State, standing: Standing) -> str | None:
    """Why nobody is late: the process says so at once, or where no date could be told."""
    deadline = None if standing.due or standing.ended else state.deadline
    while deadline is not None:
        if deadline.kind == "may_wait":
            return str(deadline.value)
        deadline = deadline.otherwise
    return None


def _contact(config: HasContact) -> Contact:
    return Contact(config.contact.title, config.contact.telephone, config.contact.email)


def _proposer_contact(connection: Connection, standing: Standing) -> Mapping[str, str]:
    """What the sender gave of name, email and telephone; what was erased or never given is left out."""
    person = schema.person.c
    query = select(person.name, person.email, person.telephone).where(person.id == standing.proposer)
    row = connection.execute(query).one()
    return {name: value for name, value in row._mapping.items() if value}
