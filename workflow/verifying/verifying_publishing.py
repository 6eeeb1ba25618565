"""Whether comments, and what the public is shown, are what their events tell. Words: ``verifying_records``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from workflow.privacy import public_text
from workflow.privacy.public_text import UNTOUCHED
from workflow.publishing.moderating import face_after
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read

RECEIVED, CLOSED = "comment_received", "comment_closed"


def wrong_comments(connection: Connection, events: Rows) -> Iterator[str]:
    """Each has one event that received it, and one that closed it if it is closed."""
    numbers = {row[0]: row[1] for row in connection.execute(select(schema.proposal.c.id, schema.proposal.c.number))}
    told: dict[str, tuple[object, ...]] = {}
    for key in sorted(events):
        row, number = events[key], key[0].removeprefix("comment/")
        if row["kind"] == RECEIVED:
            body = body_of(row)
            told[number] = (body["comment"], body["page"], body["proposal"], row["recorded_at"], None, None)
        elif row["kind"] == CLOSED and number in told:
            told[number] = (*told[number][:4], row["recorded_at"], body_of(row)["outcome"])
    for (number,), row in sorted(read(connection, schema.comment, "number").items()):
        about = numbers.get(row["proposal_id"])
        stored = (row["kind"], row["page"], about, row["received_at"], row["closed_at"], row["outcome"])
        if told.pop(number, None) != stored:
            yield f"{name_of('comment', (number,))}: not what the events say"
    for number in told:
        yield f"{name_of('comment', (number,))}: missing"


def wrong_faces(connection: Connection, events: Rows) -> Iterator[str]:
    """What everybody reads is what the rules and the events come to, of every proposal whose words are not erased."""
    told = _told_of(events)
    faces = read(connection, schema.public_face, "proposal_id")
    numbered = select(schema.proposal.c.id, schema.proposal.c.number, schema.proposal.c.revision)
    revisions = read(connection, schema.revision, "proposal_id", "n")
    for id_, number, latest in connection.execute(numbered):
        stored = faces.pop((id_,), None)
        mine = [revisions[key] for n in range(1, latest + 1) if (key := (id_, n)) in revisions]
        if not mine or not mine[-1]["salt"]:
            continue
        row = dict(stored) if stored else {**UNTOUCHED, "hidden_seq": None}
        row.pop("proposal_id", None)
        if row != _expected(mine, told.get(number, _Told()), connection):
            yield f"{name_of('public_face', (number,))}: not what everybody should read"
    for (id_,) in faces:
        yield f"{name_of('public_face', (id_,))}: of no proposal"


@dataclass(slots=True)
class _Told:
    """What a proposal's events tell of its face: the latest review, and whether it is out of sight."""

    reviewed: tuple[int, str, int, str] | None = None  # seq, outcome, of which revision, stream
    hidden_seq: int | None = None


def _told_of(events: Rows) -> dict[str, _Told]:
    told: dict[str, _Told] = {}
    for stream, seq in sorted(events):
        kind = events[stream, seq]["kind"]
        if kind == "text_reviewed":
            body = body_of(events[stream, seq])
            told.setdefault(stream, _Told()).reviewed = (seq, body["review"], body["of_revision"], stream)
        elif kind in ("unpublished", "republished"):
            told.setdefault(stream, _Told()).hidden_seq = seq if kind == "unpublished" else None
    return told


def _expected(revisions: Sequence[Mapping[str, Any]], told: _Told, connection: Connection) -> dict[str, Any]:
    """The face of the latest words: as reviewed, unless they have been written anew since."""
    latest = revisions[-1]
    words = (latest["title"], latest["content"])
    face = public_text.face_of(*words)
    seq = None
    if told.reviewed is not None:
        seq, outcome, of_revision, stream = told.reviewed
        if all((each["title"], each["content"]) == words for each in revisions[of_revision - 1 :]):
            face = face_after(outcome, *words, _corrected(connection, stream, seq))
        else:
            seq = None
    stood = {"state": face.state, "found": face.found, "title": face.title, "content": face.content} if face else {}
    return {**UNTOUCHED, **stood, "reviewed_seq": seq, "hidden_seq": told.hidden_seq}


def _corrected(connection: Connection, stream: str, seq: int) -> dict[str, str]:
    passage = schema.passage.c
    query = select(passage.field, passage.content).where(passage.stream == stream, passage.seq == seq)
    return {row.field: row.content for row in connection.execute(query)}


def wrong_publishing(connection: Connection, events: Rows) -> Iterator[str]:
    """Other words, and decisions whose words wait, are what the events tell."""
    worded, held = {}, {}
    for stream, seq in sorted(events):
        kind = events[stream, seq]["kind"]
        if kind not in ("worded", "decision_held", "decision_published"):
            continue
        body = body_of(events[stream, seq])
        if kind == "worded":
            worded[stream, body["about"], body["field"]] = {"seq": seq}
        elif kind == "decision_held":
            held[stream, body["about"]] = {"held_seq": seq, "published_seq": None}
        elif (stream, body["about"]) in held:
            held[stream, body["about"]]["published_seq"] = seq
    yield from _differing(connection, schema.public_wording, ("stream", "about", "field"), worded)
    yield from _differing(connection, schema.held_decision, ("stream", "about"), held)


def _differing(
    connection: Connection, table: Table, key: tuple[str, ...], wanted: Mapping[Any, Mapping[str, Any]]
) -> Iterator[str]:
    stored = {
        of: {name: value for name, value in row.items() if name not in key}
        for of, row in read(connection, table, *key).items()
    }
    for of in sorted(stored.keys() | wanted.keys()):
        if stored.get(of) != wanted.get(of):
            yield f"{name_of(table.name, of)}: not what the events say"
