"""An idea that came in by letter, telephone, e-mail or at the desk, written down by an official: who may, how and when
it came. The day it came in is the day that counts (TF 2:9): from it the first answer is reckoned."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from states import RefusalKind
from workflow.cases.timeline import viewer_of
from workflow.records import loading
from workflow.records.calendar_days import local_date
from workflow.records.refused import Refused
from workflow.storage import schema

CHANNELS = ("letter", "telephone", "e-mail", "visit")
LONGEST_AGO = timedelta(days=366)
READS_ONLY = "auditor"

_E, _N = schema.event.c, schema.person.c


@dataclass(frozen=True, slots=True)
class Entry:
    """Who writes it down, and how and when it came."""

    by: int
    channel: str
    came_on: date


@dataclass(frozen=True, slots=True)
class CameIn:
    """What is known of how a proposal came in; ``entered_by`` is the official's name or title."""

    channel: str
    came_on: date
    entered_by: str


def official(connection: Connection, entry: Entry, at: datetime) -> str:
    """The reference of who enters it. Raises Refused: NOT_PERMITTED (no official), FIELD_INVALID."""
    today = local_date(at)
    actor = loading.actor(connection, entry.by, today)
    held = tuple(each for each in actor.capacities if each.role != READS_ONLY) if actor else ()
    if actor is None or not held or viewer_of(connection, held) != "official":
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    if entry.channel not in CHANNELS:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="channel")
    if not today - LONGEST_AGO <= entry.came_on <= today:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="came_on")
    return actor.ref


def came_in(connection: Connection, number: str) -> CameIn | None:
    """None for what its sender handed in on the page."""
    first = select(_E.body).where(_E.stream == number, _E.seq == 1)
    body = connection.execute(first).scalar_one_or_none()
    entry = json.loads(body).get("entry") if body else None
    if entry is None:
        return None
    who = connection.execute(select(_N.name, _N.title).where(_N.ref == entry["by"])).one_or_none()
    return CameIn(entry["channel"], date.fromisoformat(entry["came_on"]), (who.name or who.title) if who else "")
