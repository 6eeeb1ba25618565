"""A meeting written down: its agenda arranged, who came and what was noted, and every decision and position that it
came to. Each of those is its proposal's own step and event; what a step may be is asked where every step is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, insert, select

from states import RefusalKind
from workflow.acts.changing import read_answer
from workflow.acts.deciding import Ask, decide
from workflow.meetings import meeting_events, meetings
from workflow.meetings.meeting_events import GUEST, NOTE
from workflow.meetings.meetings import ARRANGED, DEALT, MINUTED, Meeting, may_keep
from workflow.meetings.views_meetings import Guest, ItemAnswer
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.database import Database
from workflow.storage.statements import Batch

CATEGORIES = ("municipality", "property_owner", "trade", "business", "other", "elected")
LONGEST = 20_000
_I = schema.meeting_item.c


@dataclass(frozen=True, slots=True)
class Arrangement:
    """An agenda as its secretary wants it. ``seen``: how often it had been arranged when the page was drawn."""

    seen: int
    order: tuple[str, ...]  # keys of points
    left_out: tuple[str, ...] = ()
    added: Mapping[str, str] = field(default_factory=dict)  # key -> title


@dataclass(frozen=True, slots=True)
class Minutes:
    """Who came, and what was noted at which point of the agenda."""

    points: tuple[str, ...]  # keys, as the agenda stood
    present: tuple[int, ...]  # memberships
    guests: tuple[Guest, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)  # key -> text


@dataclass(frozen=True, slots=True)
class Item:
    """What a meeting came to about one proposal, as whoever registers it saw the proposal."""

    number: str
    transition: str
    version: int
    revision: int
    form: Mapping[str, object] = field(default_factory=dict)


def arrange(
    connection: Connection, body: str, held_on: date, asked: Arrangement, *, by: int, key: str, at: datetime
) -> str:
    """Saves the agenda as an event of the meeting. Raises Refused: NOT_FOUND, NOT_PERMITTED, STALE_VERSION,
    FIELD_MISSING (an added point without a title)."""
    meeting, actor = _keeper(connection, body, held_on, by, at)
    plain = {"order": list(asked.order), "left_out": sorted(asked.left_out), "added": dict(asked.added)}
    before = claims.claim(connection, actor.ref, key, {"arrange": meeting.stream, **plain}, moment(at))
    if before is not None:
        return before
    now = meeting_events.kept(connection, meeting).arranged
    if now != asked.seen:
        raise Refused.because(RefusalKind.STALE_VERSION, seen=asked.seen, now=now)
    if not all(title.strip() for title in asked.added.values()):
        raise Refused.because(RefusalKind.FIELD_MISSING, field="point")
    facts = plain | {"added": list(asked.added)}
    words = {key: title.strip() for key, title in asked.added.items()}
    return _append(connection, meeting, actor, key, ARRANGED, facts, words, at)


def minute(connection: Connection, body: str, held_on: date, told: Minutes, *, by: int, key: str, at: datetime) -> str:
    """Saves who came and what was noted; the latest word holds. Raises Refused: NOT_FOUND, NOT_PERMITTED, and
    FIELD_INVALID for a meeting to come, somebody without a seat, an unknown category, or text without end."""
    meeting, actor = _keeper(connection, body, held_on, by, at)
    guests = [[each.name, each.category] for each in told.guests]
    plain = {"points": list(told.points), "present": sorted(set(told.present))}
    whole = {"minute": meeting.stream, **plain, "guests": guests, "notes": dict(told.notes)}
    before = claims.claim(connection, actor.ref, key, whole, moment(at))
    if before is not None:
        return before
    _refuse_impossible(connection, meeting, told, local_date(at))
    facts = plain | {"guests": [each.category for each in told.guests], "attendance": _attendance(connection, told)}
    words = {f"{GUEST}{n}": each.name for n, each in enumerate(told.guests, 1) if each.name}
    words |= {f"{NOTE}{of}": text.strip() for of, text in told.notes.items() if text.strip()}
    return _append(connection, meeting, actor, key, MINUTED, facts, words, at)


def register_item(
    database: Database, definitions: Definitions, body: str, held_on: date, item: Item, *, by: int, at: datetime
) -> ItemAnswer:
    """The step and its place in the meeting, in one transaction keyed by meeting, proposal and the version seen: sent
    again, it answers the same. A refusal is an answer too, with its reasons."""
    try:
        done = read_answer(
            database.retrying(lambda connection: _deal(connection, definitions, body, held_on, item, by, at))
        )
    except Refused as refused:
        return ItemAnswer(item.number, "", tuple(refused.refusals))
    return ItemAnswer(item.number, done["to_title"])


def _deal(
    connection: Connection, definitions: Definitions, body: str, held_on: date, item: Item, by: int, at: datetime
) -> str:
    meeting, actor = _keeper(connection, body, held_on, by, at)
    key = str(uuid5(NAMESPACE_URL, f"{meeting.stream} {item.number} {item.version}"))
    form = {**item.form, "decided_on": held_on, "held_on": held_on}
    ask = Ask(item.number, item.transition, by, item.version, item.revision, key, None, form)
    answer = decide(connection, definitions, ask, at)
    done = read_answer(answer)
    row = {"meeting_id": meeting.id, "stream": done["number"], "seq": done["seq"]}
    if connection.execute(select(_I.seq).where(*(_I[name] == value for name, value in row.items()))).first() is None:
        batch = Batch()
        facts = {"meeting": meeting.id, "proposal": done["number"], "step": done["seq"], "transition": item.transition}
        meeting_events.append(connection, batch, meeting, actor, DEALT, facts, {}, at)
        batch.run(connection)
        connection.execute(insert(schema.meeting_item).values(row))
    return answer


def _keeper(connection: Connection, body: str, held_on: date, by: int, at: datetime) -> tuple[Meeting, Actor]:
    meeting = meetings.find(connection, body, held_on)
    actor = loading.actor(connection, by, local_date(at))
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    may_keep(meeting, actor)
    return meeting, actor


def _append(
    connection: Connection, meeting: Meeting, actor: Actor, key: str, kind: str, facts: Mapping[str, Any],
    words: Mapping[str, str], at: datetime,
) -> str:  # fmt: skip
    batch = Batch()
    seq = meeting_events.append(connection, batch, meeting, actor, kind, facts, words, at)
    answer = streams.answer(batch, actor.ref, key, meeting.stream, seq)
    batch.run(connection)
    return answer


def _refuse_impossible(connection: Connection, meeting: Meeting, told: Minutes, today: date) -> None:
    if meeting.held_on > today:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="held_on")
    if not set(told.present) <= set(_categories(connection, meeting)):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="attendance")
    if not {each.category for each in told.guests} <= set(CATEGORIES):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="attendance")
    if any(len(text) > LONGEST for text in told.notes.values()):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="notes")


def _attendance(connection: Connection, told: Minutes) -> dict[str, int]:
    """How many came, by category, as it was that day: what a certificate asks for years later."""
    categories = _categories(connection, None)
    came = [categories[each] for each in set(told.present)] + [each.category for each in told.guests]
    return {each: came.count(each) for each in CATEGORIES if each in came}


def _categories(connection: Connection, meeting: Meeting | None) -> dict[int, str]:
    """The category of each membership: of the body on the day of its meeting, or of all."""
    table = schema.membership.c
    query = select(table.id, table.category).join_from(schema.membership, schema.body)
    if meeting is not None:
        day = meeting.held_on.isoformat()
        query = query.where(schema.body.c.code == meeting.body, table.from_on <= day)
        query = query.where(table.to_on.is_(None) | (table.to_on >= day))
    return {row.id: row.category for row in connection.execute(query)}
