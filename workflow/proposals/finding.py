"""What every reading shares: where proposals stand, what bodies are called, when they meet, what an event is called.
Shows nothing to anybody: who may see what is decided by the callers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from states import Process
from workflow.people import people
from workflow.people.people import MeetingDate
from workflow.privacy import public_text
from workflow.records.calendar_days import HERE
from workflow.records.loading import NEVER
from workflow.storage import schema
from workflow.storage.columns import read_date, read_moment
from workflow.views.views import Awaits

# Swedish message texts for the events that no transition names.
EVENT_TITLES = {
    "submitted": "Förslaget lämnades in",
    "revised": "Förslaget ändrades",
    "classified": "Kostnaderna klassificerades",
    "invoice": "En faktura bokfördes",
    "credit": "En kreditfaktura bokfördes",
    "corrected": "Ett steg rättades",
    "promised": "Medfinansiering utlovades",
    "agreed": "Avtal om medfinansiering tecknades",
    "received": "Medfinansieringen kom in",
    "carried": "Pengarna ombudgeterades till nästa år",
    "registered": "Ett beslut registrerades",
    "attended": "Någon tog hand om det oväntade",
    "succeeded": "En annan instans tog över ärendet",
    "redirected": "Förslaget fick en process som passar bättre",
    "redated": "Dagen ändrades, för mötet fick en ny dag",
    "recorded": "Uppgifter om protokollet registrerades",
    "vote_begun": "Gruppen röstar om förslaget",
    "voted": "En röst lämnades",
    "vote_closed": "Omröstningen avslutades",
    "interest_declared": "Ett intresse anmäldes",
    "interest_withdrawn": "En intresseanmälan togs tillbaka",
    "task_handed": "Uppgiften lämnades till en kollega",
    "task_returned": "Uppgiften lämnades tillbaka",
    "text_reviewed": "Texten granskades",
    "unpublished": "Förslaget avpublicerades",
    "republished": "Förslaget visas igen",
    "worded": "En text rättades för alla",
    "decision_held": "Beslutets text väntar på att publiceras",
    "decision_published": "Beslutets text publicerades",
    "erased": "Uppgifter gallrades",
    "erased everything": "Texten gallrades",
    "file_added": "En bild eller ett dokument lades till",
    "file_sent": "Förslagsställaren skickade en bild eller ett dokument",
    "file_looked_at": "En bild eller ett dokument granskades",
    "noted": "En intern anteckning skrevs",
    "opinions_asked": "Synpunkter begärdes in",
    "opinion_given": "Ett svar kom in",
    "opinions_extended": "Svarstiden förlängdes",
    "opinions_closed": "Insamlingen av synpunkter avslutades",
}

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

_P, _R = schema.proposal.c, schema.revision.c


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal as it stands, with the title of its latest revision."""

    id: int
    number: str
    definition: int
    proposer: int
    state: str
    origin: str
    awaits_role: str
    awaits_body: str
    version: int
    revision: int
    since: date
    due: date | None
    parked_until: date | None
    ended: bool
    registry_no: str | None
    is_example: bool
    title: str  # as everybody reads it
    hidden: bool = False  # taken out of sight

    @property
    def node(self) -> str:
        return f"{self.state}@{self.origin}" if self.origin else self.state


def standing_query() -> AnySelect:
    """Proposals with their titles; the caller adds which, in what order and how many."""
    return select(
        _P.id, _P.number, _P.definition_id, _P.proposer_id, _P.state, _P.origin, _P.awaits_role, _P.awaits_body,
        _P.version, _P.revision, _P.since, _P.due_on, _P.parked_until, _P.ended_at, _P.registry_no, _P.is_example,
        public_text.TITLE.label("title"), schema.public_face.c.hidden_seq,
    ).select_from(
        public_text.faced(schema.proposal.join(schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision)))
    )  # fmt: skip


def standing_of(row: AnyRow) -> Standing:
    return Standing(
        id=row.id, number=row.number, definition=row.definition_id, proposer=row.proposer_id, state=row.state,
        origin=row.origin, awaits_role=row.awaits_role, awaits_body=row.awaits_body, version=row.version,
        revision=row.revision, since=date_of(row.since), due=due_of(row.due_on),
        parked_until=read_date(row.parked_until), ended=row.ended_at is not None, registry_no=row.registry_no,
        is_example=bool(row.is_example), title=row.title, hidden=row.hidden_seq is not None,
    )  # fmt: skip


def standings(connection: Connection, which: ColumnElement[bool]) -> dict[int, Standing]:
    """By the proposals' ids."""
    return {row.id: standing_of(row) for row in connection.execute(standing_query().where(which))}


def due_of(stored: str | None) -> date | None:
    """None where nobody is late."""
    return None if stored is None or stored == NEVER else date.fromisoformat(stored)


def date_of(stored: str) -> date:
    """The day in Sweden of a stored date or moment."""
    return local(stored).date() if "T" in stored else date.fromisoformat(stored)


def local(stored: str) -> datetime:
    """A stored moment as the clock on the wall showed it."""
    return read_moment(stored).astimezone(HERE)


def body_titles(connection: Connection) -> dict[str, str]:
    """Code -> title. Bodies are few, so all of them."""
    return {row.code: row.title for row in connection.execute(select(schema.body.c.code, schema.body.c.title))}


def awaits_of(standing: Standing, titles: Mapping[str, str]) -> Awaits | None:
    if standing.ended:
        return None
    if standing.awaits_body:
        return Awaits(titles.get(standing.awaits_body, standing.awaits_body), is_role=False)
    return Awaits(standing.awaits_role, is_role=True) if standing.awaits_role else None


def next_meeting(connection: Connection, body: str, today: date) -> MeetingDate | None:
    """The body's next meeting, today's included; None when no date is known."""
    return people.next_meeting(connection, body, today - timedelta(days=1))


def facts_of(body: str) -> dict[str, Any]:
    """An event's stored body."""
    facts: dict[str, Any] = json.loads(body)
    return facts


def event_title(facts: Mapping[str, Any], *, public: bool) -> str:
    """Swedish message text: the transition's button, or what the public timeline says of it."""
    kind = facts["kind"]
    if kind == "moved":
        return str((facts.get("public") if public else None) or facts["title"])
    if kind in ("booked", "cofinanced"):
        return EVENT_TITLES[facts["booked" if kind == "booked" else "standing"]]
    scope = f"{kind} {facts.get('scope', '')}"
    return EVENT_TITLES.get(scope, EVENT_TITLES[kind])


def state_title(process: Process, node: str | None) -> str | None:
    """Of a node in its own process; None for none, and for one that a correction of the file has renamed."""
    found = process.nodes.get(node) if node else None
    return found.state.title if found else None


def who_acted(facts: Mapping[str, Any], titles: Mapping[str, str], kind: str = "proposer") -> tuple[str, bool]:
    """A body for what it decides or recommends itself, else the role somebody acted in, and whether it is a role.

    ``kind`` is the actor's kind of person, for events that were recorded without a capacity.
    """
    capacity = facts.get("capacity") or {}
    instance = (facts.get("decision") or {}).get("instance")
    if instance is not None and instance in titles:
        return titles[instance], False
    if capacity.get("role") in ("working_group", "forum") and capacity.get("body") in titles:
        return titles[capacity["body"]], False
    if capacity.get("role"):
        return capacity["role"], True
    if facts["kind"] == "submitted":
        return "proposer", True
    return ("officer" if kind == "member" else kind), True
