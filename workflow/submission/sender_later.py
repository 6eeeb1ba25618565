"""What the sender of an idea adds after it was handed in: a picture or a document, which nobody sees before an official
has looked at it, and contact details as they are now. The text itself is changed in ``acts.changing``."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from states import Capacity, RefusalKind
from workflow.acts.changing import for_change, touch
from workflow.mail.choosing import stream_of
from workflow.people import people
from workflow.records import claims, streams
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor, Loaded
from workflow.records.refused import Refused
from workflow.settings.configuration_values import MAIL_ADDRESS
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.schema_submission import upload
from workflow.storage.statements import Batch
from workflow.submission.file_reading import Sound
from workflow.submission.uploads import MOST_BYTES, MOST_FILES, MOST_OF_PROPOSAL, WAITING, Said, values_of

SENT, MENDED = "file_sent", "contact_mended"
LONGEST: Mapping[str, int] = {"name": 200, "email": 254, "telephone": 40}
SENDER = "proposer"

_U, _P = upload.c, schema.person.c


def send_file(
    connection: Connection, number: str, name: str, sound: Sound, said: Said, *, by: int, key: str, at: datetime
) -> str:
    """A file that waits for an official's look. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_PERMITTED for anybody but the sender, ENDED, and FIELD_INVALID (field="file",
    why="waiting") for more than six files or more bytes than a draft may have that nobody has looked at yet.
    """
    proposal, actor = for_change(connection, number, by, at)
    capacity = _as_sender(proposal, actor)
    digest = hashlib.sha256(sound.data).hexdigest()
    before = claims.claim(connection, actor.ref, key, {"send_file": [number, digest, said.title, said.alt]}, moment(at))
    if before is not None:
        return before
    _require_room(connection, proposal.id, len(sound.data))
    row = values_of(name, sound, said, at)
    connection.execute(insert(upload).values(proposal_id=proposal.id, seq=proposal.seq + 1, **row))
    facts = {"capacity": capacity_facts(capacity), "entries": [], "files": [digest], "kind_of_file": sound.kind}
    batch = Batch()
    answer = touch(batch, proposal, actor, SENT, facts, {}, at, key, "")
    batch.run(connection)
    return answer


def _as_sender(proposal: Loaded, actor: Actor) -> Capacity:
    capacity = next((each for each in actor.capacities if each.role == SENDER), None)
    if capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, (SENDER,), needs=SENDER)
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=proposal.number)
    return capacity


def _require_room(connection: Connection, proposal: int, size: int) -> None:
    mine = (_U.proposal_id == proposal, _U.erased_at.is_(None))
    all_ = connection.execute(select(func.count()).where(*mine)).scalar_one()
    waits = (*mine, _U.standing == WAITING, _U.by_person.is_(None))
    count, held = connection.execute(select(func.count(), func.coalesce(func.sum(_U.size), 0)).where(*waits)).one()
    if count >= MOST_FILES or held + size > MOST_BYTES or all_ >= MOST_OF_PROPOSAL:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="file", why="waiting")


def contact_of(connection: Connection, person: int) -> Mapping[str, str] | None:
    """Name, e-mail and telephone as a sender gave them; None for somebody with a role, whose they are not to change."""
    known = people.find_person(connection, person)
    if known is None or known.kind != SENDER:
        return None
    return {name: str(getattr(known, name)) for name in LONGEST}


def mend_contact(connection: Connection, person: int, given: Mapping[str, str], *, key: str, at: datetime) -> str:
    """Keeps how the sender is reached from now on; the event tells which of it was changed, and none of it. Returns the
    stored answer. Raises Refused: NOT_PERMITTED for who is no sender, FIELD_INVALID for what is too long or no address.
    """
    before = contact_of(connection, person)
    if before is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, (SENDER,), needs=SENDER)
    now = {name: given.get(name, "").strip() for name in LONGEST}
    for name, longest in LONGEST.items():
        if len(now[name]) > longest:
            raise Refused.because(RefusalKind.FIELD_INVALID, field=name)
    if now["email"] and not re.fullmatch(MAIL_ADDRESS, now["email"]):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="email")
    ref = connection.execute(select(_P.ref).where(_P.id == person)).scalar_one()
    answered = claims.claim(connection, ref, key, {"contact": now}, moment(at))
    if answered is not None:
        return answered
    connection.execute(update(schema.person).where(_P.id == person).values(now))
    batch, facts = Batch(), {"changed": sorted(name for name in now if now[name] != before[name])}
    seq = streams.append(connection, batch, stream_of(ref), MENDED, actor=ref, at=at, facts=facts, words={})
    answer = streams.answer(batch, ref, key, stream_of(ref), seq)
    batch.run(connection)
    return answer
