"""Pictures and documents of a draft or a proposal: what is known of each file, who has looked at it, and who may see
it. A file is public when an official has said so, and only then. The files themselves lie in ``file_storing``."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from states import RefusalKind
from workflow.acts import acting
from workflow.acts.changing import for_change, touch
from workflow.cases.step_kinds import Viewer
from workflow.cases.timeline import viewer_of
from workflow.people.throttling import Limit
from workflow.records import claims
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor, Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.schema_submission import draft, upload
from workflow.storage.statements import Batch
from workflow.submission.file_reading import Sound

MOST_FILES, MOST_BYTES = 6, 24_000_000  # of one draft
MOST_OF_PROPOSAL = 60
FILES = Limit(40, timedelta(minutes=2), timedelta(hours=1))  # of one network: what a draft throws away counts too
ADDED, LOOKED_AT = "file_added", "file_looked_at"
WAITING, SHOWN, HIDDEN = "waiting", "shown", "hidden"
PHASES = ("", "before", "after")
READS_ONLY = "auditor"

_U, _P = upload.c, schema.proposal.c


@dataclass(frozen=True, slots=True)
class Upload:
    """A file. ``phase`` is before, after or nothing; ``standing`` is waiting, shown or hidden."""

    id: int
    name: str  # random: what it lies under
    kind: str  # picture, document
    title: str  # the name that its sender gave it
    alt: str
    phase: str
    size: int
    width: int
    height: int
    standing: str
    by_official: bool
    erased: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a file."""

    title: str
    alt: str
    phase: str = ""


def of_draft(connection: Connection, draft_id: int) -> tuple[Upload, ...]:
    rows = connection.execute(select(upload).where(_U.draft_id == draft_id).order_by(_U.id))
    return tuple(map(_upload, rows))


def add_to_draft(connection: Connection, draft_id: int, name: str, sound: Sound, said: Said, at: datetime) -> None:
    """Raises Refused(FIELD_INVALID, field="file", why="many") beyond six files or 24 MB; what came twice is once."""
    connection.execute(select(draft.c.id).where(draft.c.id == draft_id).with_for_update())
    count, size = connection.execute(
        select(func.count(), func.coalesce(func.sum(_U.size), 0)).where(_U.draft_id == draft_id)
    ).one()
    if count >= MOST_FILES or size + len(sound.data) > MOST_BYTES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="file", why="many")
    connection.execute(insert(upload).values(draft_id=draft_id, **values_of(name, sound, said, at)))


def describe(connection: Connection, draft_id: int, alts: Mapping[int, str]) -> None:
    """The sender's own words for each picture, by id."""
    for id_, alt in alts.items():
        connection.execute(update(upload).where(_U.id == id_, _U.draft_id == draft_id).values(alt=alt[:300]))


def remove_from_draft(connection: Connection, draft_id: int, upload_id: int | None = None) -> list[str]:
    """One file of a draft, or all: the names to take away once this is committed."""
    gone = delete(upload).where(_U.draft_id == draft_id)
    if upload_id is not None:
        gone = gone.where(_U.id == upload_id)
    return list(connection.execute(gone.returning(_U.name)).scalars())


def remove_of_old_drafts(connection: Connection, before: str) -> list[str]:
    """Of drafts that nobody has written in since: the names, as above."""
    old = select(draft.c.id).where(draft.c.changed_at <= before)
    return list(connection.execute(delete(upload).where(_U.draft_id.in_(old)).returning(_U.name)).scalars())


def hand_in(connection: Connection, draft_id: int, number: str) -> None:
    """What was a draft's is the proposal's, and came in with its first event."""
    proposal = select(_P.id).where(_P.number == number).scalar_subquery()
    moved = update(upload).where(_U.draft_id == draft_id)
    connection.execute(moved.values(draft_id=None, proposal_id=proposal, seq=1))


def digests_of_draft(connection: Connection, draft_id: int) -> list[str]:
    query = select(_U.digest).where(_U.draft_id == draft_id).order_by(_U.id)
    return list(connection.execute(query).scalars())


# --- of a proposal -----------------------------------------------------------------------------------------------


def of_proposal(connection: Connection, number: str, viewer: Viewer) -> tuple[Upload, ...]:
    """In the order they came; for others than officials and the sender, those that were shown."""
    query = select(upload).join(schema.proposal, _P.id == _U.proposal_id).where(_P.number == number)
    if viewer not in ("official", "proposer"):
        query = query.where(_U.standing == SHOWN)
    if viewer == "public":  # a proposal that is taken out of sight takes its pictures along
        face = schema.public_face
        query = query.outerjoin(face, face.c.proposal_id == _P.id).where(face.c.hidden_seq.is_(None))
    if viewer != "official":
        query = query.where(_U.erased_at.is_(None))
    return tuple(map(_upload, connection.execute(query.order_by(_U.id))))


def named(connection: Connection, name: str) -> tuple[Upload, str | None] | None:
    """A file by its random name, and the number of the proposal that it belongs to; None while it is a draft's."""
    query = select(upload, _P.number).outerjoin(schema.proposal, _P.id == _U.proposal_id).where(_U.name == name)
    row = connection.execute(query).one_or_none()
    return (_upload(row), row.number) if row else None


def add(
    connection: Connection, number: str, name: str, sound: Sound, said: Said, *, by: int, key: str, at: datetime
) -> str:
    """An official's own picture or document, shown at once: whoever sends it has looked at it.

    Raises Refused: NOT_FOUND, NOT_PERMITTED, INTERESTED, FIELD_INVALID.
    """
    if said.phase not in PHASES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="phase")
    proposal, actor = _for_files(connection, number, by, at)
    digest = hashlib.sha256(sound.data).hexdigest()
    asked = {"file": [number, digest, said.title, said.alt, said.phase]}
    before = claims.claim(connection, actor.ref, key, asked, moment(at))
    if before is not None:
        return before
    count = select(func.count()).where(_U.proposal_id == proposal.id, _U.erased_at.is_(None))
    if connection.execute(count).scalar_one() >= MOST_OF_PROPOSAL:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="file", why="many")
    standing = {"standing": SHOWN, "by_person": by, "looked_seq": proposal.seq + 1}
    values = values_of(name, sound, said, at) | standing
    connection.execute(insert(upload).values(proposal_id=proposal.id, seq=proposal.seq + 1, **values))
    facts = {"files": [digest], "kind_of_file": sound.kind, "phase": said.phase}
    return _touched(connection, proposal, actor, ADDED, facts, at, key)


def look_at(
    connection: Connection, number: str, upload_id: int, *, shows: bool, alt: str, phase: str, by: int, key: str,
    at: datetime,
) -> str:  # fmt: skip
    """An official has looked at a file: everybody may see it, or nobody but officials. The words for who cannot see a
    picture may be bettered at the same time.

    Raises Refused: NOT_FOUND, NOT_PERMITTED, INTERESTED, FIELD_INVALID, FIELD_MISSING (a picture without words).
    """
    proposal, actor = _for_files(connection, number, by, at)
    asked = {"look_at": [number, upload_id, shows, alt, phase]}
    before = claims.claim(connection, actor.ref, key, asked, moment(at))
    if before is not None:
        return before
    mine = (_U.id == upload_id, _U.proposal_id == proposal.id, _U.erased_at.is_(None))
    row = connection.execute(select(upload).where(*mine).with_for_update()).one_or_none()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="file")
    if phase not in PHASES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="phase")
    if shows and row.kind == "picture" and not alt.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="alt")
    standing = SHOWN if shows else HIDDEN
    said = {"standing": standing, "alt": alt.strip()[:300], "phase": phase, "looked_seq": proposal.seq + 1}
    connection.execute(update(upload).where(_U.id == upload_id).values(said))
    return _touched(connection, proposal, actor, LOOKED_AT, {"file": row.digest, "standing": standing}, at, key)


def erase(connection: Connection, upload_id: int, at: datetime) -> str | None:
    """For gallring: what is known of the file but that it was there. The name to take away once this is committed
    (``file_storing.remove``); None where it is gone already. Whoever asks writes the event."""
    gone = {"title": "", "alt": "", "erased_at": moment(at), "standing": HIDDEN}
    mine = update(upload).where(_U.id == upload_id, _U.erased_at.is_(None)).values(gone)
    return connection.execute(mine.returning(_U.name)).scalar_one_or_none()


def known_names(connection: Connection) -> frozenset[str]:
    """Of every file that should lie there."""
    return frozenset(connection.execute(select(_U.name).where(_U.erased_at.is_(None))).scalars())


def _for_files(connection: Connection, number: str, by: int, at: datetime) -> tuple[Loaded, Actor]:
    proposal, actor = for_change(connection, number, by, at)
    capacity = next((each for each in actor.capacities if each.role != READS_ONLY), None)
    if capacity is None or viewer_of(connection, actor.capacities) != "official":
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    acting.refuse_interest(actor, capacity)
    return proposal, actor


def _touched(
    connection: Connection, proposal: Loaded, actor: Actor, kind: str, more: Mapping[str, Any], at: datetime, key: str
) -> str:
    capacity = next(each for each in actor.capacities if each.role != READS_ONLY)
    batch, facts = Batch(), {"capacity": capacity_facts(capacity), "entries": [], **more}
    answer = touch(batch, proposal, actor, kind, facts, {}, at, key, "")
    batch.run(connection)
    return answer


def values_of(name: str, sound: Sound, said: Said, at: datetime) -> dict[str, Any]:
    return {
        "name": name, "kind": sound.kind, "title": said.title[:120], "alt": said.alt.strip()[:300],
        "phase": said.phase, "size": len(sound.data), "digest": hashlib.sha256(sound.data).hexdigest(),
        "width": sound.width, "height": sound.height, "standing": WAITING, "added_at": moment(at),
    }  # fmt: skip


def _upload(row: Row[Any]) -> Upload:
    return Upload(
        row.id, row.name, row.kind, row.title, row.alt, row.phase, row.size, row.width, row.height, row.standing,
        row.by_person is not None, row.erased_at is not None,
    )  # fmt: skip
