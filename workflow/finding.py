"""What every reading shares: where proposals stand, what bodies are called, when they meet, what an event is called.
Shows nothing to anybody: who may see what is decided by the callers."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from states import Process
from workflow import schema
from workflow.columns import read_date, read_moment
from workflow.views import Awaits, MeetingDate

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NEVER = "9999-12-31"  # the due date of what cannot be late

# Swedish message texts for the events that no transition names.
EVENT_TITLES = {
    "submitted": "Förslaget lämnades in",
    "revised": "Förslaget ändrades",
    "classified": "Kostnaderna klassificerades",
    "invoice": "En faktura bokfördes",
    "credit": "En kreditfaktura bokfördes",
    "corrected": "Ett steg rättades",
    "registered": "Ett beslut registrerades",
}

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
    revision: int
    since: date
    due: date | None
    parked_until: date | None
    ended: bool
    registry_no: str | None
    is_example: bool
    title: str

    @property
    def node(self) -> str:
        return f"{self.state}@{self.origin}" if self.origin else self.state


def standing_query() -> Select[Any]:
    """Proposals with their titles; the caller adds which, in what order and how many."""
    return select(
        _P.id, _P.number, _P.definition_id, _P.proposer_id, _P.state, _P.origin, _P.awaits_role, _P.awaits_body,
        _P.revision, _P.since, _P.due_on, _P.parked_until, _P.ended_at, _P.registry_no, _P.is_example, _R.title,
    ).join_from(
        schema.proposal, schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision)
    )  # fmt: skip


def standing_of(row: Row[Any]) -> Standing:
    return Standing(
        *row[:9], since=date_of(row.since), due=_due(row.due_on), parked_until=read_date(row.parked_until),
        ended=row.ended_at is not None, registry_no=row.registry_no, is_example=bool(row.is_example), title=row.title,
    )  # fmt: skip


def standings(connection: Connection, which: ColumnElement[bool]) -> dict[int, Standing]:
    """By the proposals' ids."""
    return {row.id: standing_of(row) for row in connection.execute(standing_query().where(which))}


def _due(stored: str | None) -> date | None:
    return None if stored is None or stored == NEVER else date.fromisoformat(stored)


def date_of(stored: str) -> date:
    """The day in Sweden of a stored date or moment."""
    return local(stored).date() if "T" in stored else date.fromisoformat(stored)


def local(stored: str) -> datetime:
    """A stored moment as the clock on the wall showed it."""
    return read_moment(stored).astimezone(STOCKHOLM)


def body_titles(connection: Connection) -> dict[str, str]:
    """Code -> title. Bodies are few, so all of them."""
    return {row.code: row.title for row in connection.execute(select(schema.body.c.code, schema.body.c.title))}


def awaits_of(standing: Standing, titles: Mapping[str, str]) -> Awaits | None:
    if standing.ended:
        return None
    if standing.awaits_body:
        return Awaits(titles.get(standing.awaits_body, standing.awaits_body), is_role=False)
    return Awaits(standing.awaits_role, is_role=True) if standing.awaits_role else None


def next_meetings(connection: Connection, bodies: Iterable[str], today: date) -> dict[str, MeetingDate]:
    """The next meeting from today of each body, by its code; a body without a known date is not there."""
    meeting, body = schema.meeting.c, schema.body.c
    query = (
        select(body.code, body.title, meeting.held_on, meeting.papers_due_on)
        .join_from(schema.meeting, schema.body)
        .where(body.code.in_(sorted(set(bodies))), meeting.held_on >= today.isoformat())
        .order_by(meeting.held_on.desc())
    )
    return {
        row.code: MeetingDate(row.title, date.fromisoformat(row.held_on), read_date(row.papers_due_on))
        for row in connection.execute(query)
    }


def facts_of(body: str) -> dict[str, Any]:
    """An event's stored body."""
    facts: dict[str, Any] = json.loads(body)
    return facts


def event_title(facts: Mapping[str, Any], *, public: bool) -> str:
    """Swedish message text: the transition's button, or what the public timeline says of it."""
    kind = facts["kind"]
    if kind == "moved":
        return str((facts.get("public") if public else None) or facts["title"])
    if kind == "booked":
        kinds = {entry[2] for entry in facts.get("entries", ())}
        return EVENT_TITLES["credit" if "credit" in kinds else "invoice"]
    return EVENT_TITLES.get(kind, kind)


def state_title(process: Process, node: str | None) -> str | None:
    """Of a node in its own process; None for none, and for one that a correction of the file has renamed."""
    found = process.nodes.get(node) if node else None
    return found.state.title if found else None
