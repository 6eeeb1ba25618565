"""Whether every decision is the one that its event tells, with what later events tell of its protocol."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from workflow.acts.moving import RECORDED
from workflow.meetings.meetings import DEALT, REPORTED
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read

Key = tuple[Any, ...]
_KEPT = ("posted_on", "taken_down_on", "sent_on", "reported_at")


def wrong_decisions(connection: Connection, events: Rows) -> Iterator[str]:
    decisions, later = read(connection, schema.decision, "stream", "seq"), _recorded(events)
    wanted = {key: body_of(row)["decision"] for key, row in events.items() if body_of(row).get("decision")}
    for key in sorted(wanted.keys() | decisions.keys()):
        if key not in decisions or key not in wanted:
            yield f"{name_of('decision', key)}: {'missing' if key not in decisions else 'no event knows it'}"
            continue
        told = later.get(key, {})
        expected = wanted[key] | {"sent_at": told.get("sent_on")}
        expected |= {"adjusted_on": told["adjusted_on"]} if told.get("adjusted_on") else {}
        for column, value in expected.items():
            if decisions[key][column] != value:
                yield f"{name_of('decision', key)}: {column} is not what the event says"


def wrong_decision_records(connection: Connection, events: Rows) -> Iterator[str]:
    """Rows of what became known later, folded again from the events."""
    wanted = {key: _row(told) for key, told in _recorded(events).items()}
    stored = read(connection, schema.decision_record, "stream", "seq")
    for key in sorted(wanted.keys() | stored.keys()):
        if key not in stored or key not in wanted:
            yield f"{name_of('decision_record', key)}: {'missing' if key not in stored else 'no event knows it'}"
            continue
        for column, value in wanted[key].items():
            if stored[key][column] != value:
                yield f"{name_of('decision_record', key)}: {column} is not what the events say"


def wrong_meeting_items(connection: Connection, events: Rows) -> Iterator[str]:
    """A step belongs to a meeting when an event of the meeting says so, and only then."""
    told = [body_of(row) for row in events.values() if row["kind"] == DEALT]
    wanted = {(body["meeting"], body["proposal"], body["step"]) for body in told if "step" in body}
    stored = read(connection, schema.meeting_item, "meeting_id", "stream", "seq")
    for key in sorted(wanted ^ stored.keys()):
        yield f"{name_of('meeting_item', key)}: {'missing' if key in wanted else 'no event knows it'}"


def _recorded(events: Rows) -> dict[Key, dict[str, Any]]:
    """By decision, the latest word on each thing; adjusted at the meeting where an event says no more than that."""
    found: dict[Key, dict[str, Any]] = {}
    for key in sorted(key for key, row in events.items() if row["kind"] in (RECORDED, REPORTED)):
        body = body_of(events[key])
        for stream, seq in body.get("decisions", ()):
            found.setdefault((stream, seq), {})["reported_at"] = body.get("meeting")
        if "of" in body:
            _tell(found.setdefault((key[0], body["of"]), {}), body.get("told", {}), events.get((key[0], body["of"])))
    return found


def _tell(known: dict[str, Any], told: dict[str, Any], decided: dict[str, Any] | None) -> None:
    known |= told
    if known.get("immediately") and decided is not None:
        decision = body_of(decided).get("decision") or {}
        known.setdefault("adjusted_on", decision.get("adjusted_on") or decision.get("decided_on"))


def _row(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "immediately": int(told.get("immediately") or 0),
        "reported_at": None,
        **{name: told.get(name) for name in _KEPT},
    }
