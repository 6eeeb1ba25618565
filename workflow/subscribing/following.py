"""Following a proposal by mail, twice said: asked for on a page, confirmed from the mail. What nobody confirms is
erased after some days, and whoever leaves is forgotten. Answers nobody whether an address is known.

The events of the person's own stream say what was asked, confirmed and ended, and never the address.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from states import RefusalKind
from workflow.acts.holders import Reader
from workflow.mail import addressing, choosing
from workflow.mail.addressing import CONFIRM
from workflow.people import people, throttling
from workflow.people.people import new_ref
from workflow.people.throttling import Limit
from workflow.privacy import public_text
from workflow.records import claims, streams
from workflow.records.history import canonical
from workflow.records.refused import Refused
from workflow.settings.configuration_values import MAIL_ADDRESS
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

FOLLOWER = "follower"
ASKED, CONFIRMED, ENDED = "asked", "confirmed", "ended"
KINDS = {ASKED: "follow_asked", CONFIRMED: "follow_confirmed", ENDED: "follow_ended"}
UNCONFIRMED_FOR = timedelta(days=3)
LONGEST_ADDRESS = 254  # by RFC 5321
AT_ONCE = 100
FIRST = 1  # in a follower's stream: that it was asked for
Change = Callable[[Connection, int, datetime], str]
NETWORK = Limit(20, timedelta(minutes=5), timedelta(hours=1))
# However many networks ask: three letters to an address, and then one in each four hours.
ADDRESS = Limit(3, timedelta(hours=4), timedelta(hours=8), step=timedelta(hours=2))

_F, _P = schema.follow.c, schema.person.c


def may_ask(connection: Connection, network: str, at: datetime) -> None:
    """Counts the question under the network that it comes from. Raises Refused(TOO_MANY_TRIES)."""
    throttling.count(connection, {f"follow/{throttling.network_of(network)}": NETWORK}, at, "follow")


def ask(connection: Connection, number: str, address: str, *, language: str, key: str, at: datetime, host: str) -> str:
    """Writes the letter that asks for a click, unless the address follows already or has been asked too often: the
    answer is the same. Returns the stored answer.

    Raises Refused: NOT_FOUND for no proposal, NOT_SHOWN for one that is unpublished, FIELD_INVALID for what is no
    address or language.
    """
    given = address.strip()
    if len(given) > LONGEST_ADDRESS or not re.fullmatch(MAIL_ADDRESS, given):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="email")
    if language not in choosing.LANGUAGES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="language")
    proposal = _shown(connection, number)
    asked = {"number": number, "whom": _digest(f"{key} {given.lower()}"), "language": language}
    before = claims.claim(connection, "visitor", key, asked, moment(at))
    if before is not None:
        return before
    if not _is_asked_too_often(connection, given, at):
        _write_to(connection, proposal, number, given, language, at, host)
    batch, answer = Batch(), canonical({"number": number, "seq": 0, "version": 1, "node": "", "to_title": ""})
    batch.add(claims.ANSWER, of_actor="visitor", of_key=key, given=answer)
    batch.run(connection)
    return answer


def _shown(connection: Connection, number: str) -> int:
    """The id of a proposal that everybody may see. Raises Refused: NOT_FOUND, NOT_SHOWN."""
    query = select(schema.proposal.c.id, public_text.IN_SIGHT.label("in_sight"))
    query = query.select_from(public_text.faced(schema.proposal)).where(schema.proposal.c.number == number)
    row = connection.execute(query).one_or_none()
    if row is None or not row.in_sight:
        raise Refused.because(RefusalKind.NOT_SHOWN if row else RefusalKind.NOT_FOUND, number=number)
    return int(row.id)


def _is_asked_too_often(connection: Connection, address: str, at: datetime) -> bool:
    try:
        throttling.count(connection, {f"follower/{_digest(address.lower())}": ADDRESS}, at, "follow")
    except Refused:
        return True
    return False


def _write_to(
    connection: Connection, proposal: int, number: str, address: str, language: str, at: datetime,
    host: str,
) -> None:  # fmt: skip
    known = connection.execute(
        select(_P.id, _P.ref, _F.state)
        .join_from(schema.follow, schema.person)
        .where(_F.proposal_id == proposal, func.lower(_P.email) == address.lower(), _F.state.in_((ASKED, CONFIRMED)))
    ).first()
    if known is not None and known.state == CONFIRMED:
        return
    person, ref = (known.id, known.ref) if known else _new_follower(connection, address, proposal, number, language, at)
    connection.execute(update(schema.follow).where(_F.person_id == person).values(asked_at=moment(at)))
    reader, stream = Reader(person, ref, FOLLOWER, "each"), choosing.stream_of(ref)
    addressing.post(connection, reader, CONFIRM, stream, FIRST, at, host, day=moment(at))


def _new_follower(
    connection: Connection, address: str, proposal: int, number: str, language: str, at: datetime
) -> tuple[int, str]:
    now, ref = moment(at), new_ref()
    values = {
        "ref": ref,
        "kind": FOLLOWER,
        "name": "",
        "title": "",
        "email": address,
        "telephone": "",
        "created_at": now,
    }
    person = int(connection.execute(insert(schema.person).values(values).returning(_P.id)).scalar_one())
    row = {"person_id": person, "proposal_id": proposal, "state": ASKED, "asked_at": now, "changed_at": now}
    connection.execute(insert(schema.follow).values(row))
    _tell(connection, ref, ASKED, number, at)
    batch = Batch()
    choosing.keep(connection, batch, person, ref, "each", language, at)
    batch.run(connection)
    return person, ref


def confirm(connection: Connection, person: int, at: datetime) -> str:
    """From now on the address is told; returns the proposal's number. A second click changes nothing.

    Raises Refused(NOT_FOUND) where the question has been erased, or whoever it was has left."""
    number, ref, state = _found(connection, person)
    if state == ASKED:
        _to(connection, person, ref, CONFIRMED, number, at)
    return number


def leave(connection: Connection, person: int, at: datetime) -> str:
    """Erases the address; returns the proposal's number. Raises Refused(NOT_FOUND) where that has been done."""
    number, ref, _ = _found(connection, person)
    _to(connection, person, ref, ENDED, number, at)
    return number


def erase_unconfirmed(connection: Connection, at: datetime) -> int:
    """What nobody has confirmed for three days; how many."""
    old = select(_F.person_id).where(_F.state == ASKED, _F.asked_at < moment(at - UNCONFIRMED_FOR)).limit(AT_ONCE)
    found = connection.execute(old.with_for_update(skip_locked=True)).scalars().all()
    for each in found:
        number, ref, _ = _found(connection, each)
        _to(connection, each, ref, ENDED, number, at)
    return len(found)


def is_follower(connection: Connection, person: int) -> bool:
    known = people.find_person(connection, person)
    return known is not None and known.kind == FOLLOWER


def asked_of(connection: Connection, person: int) -> tuple[str, bool]:
    """The proposal that somebody is asked to confirm, and whether they have. Raises Refused(NOT_FOUND)."""
    number, _, state = _found(connection, person)
    return number, state == CONFIRMED


def _found(connection: Connection, person: int) -> tuple[str, str, str]:
    """Number, reference and state, held until the end of the transaction. Raises Refused(NOT_FOUND)."""
    row = connection.execute(
        select(schema.proposal.c.number, _P.ref, _F.state)
        .join_from(schema.follow, schema.person)
        .join(schema.proposal, schema.proposal.c.id == _F.proposal_id)
        .where(_F.person_id == person, _F.state != ENDED)
        .with_for_update(of=schema.follow)
    ).one_or_none()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="link")
    return row.number, row.ref, row.state


def _to(connection: Connection, person: int, ref: str, state: str, number: str, at: datetime) -> None:
    values = {"state": state, "changed_at": moment(at)}
    connection.execute(update(schema.follow).where(_F.person_id == person).values(values))
    if state == ENDED:
        connection.execute(update(schema.person).where(_P.id == person).values(email=""))
        kept = update(schema.mail).where(
            schema.mail.c.person_id == person, schema.mail.c.state.in_(("waiting", "kept"))
        )
        connection.execute(kept.values(state="lapsed", ended_at=moment(at), leased_by=None, leased_until=None))
    _tell(connection, ref, state, number, at)


def _tell(connection: Connection, ref: str, state: str, number: str, at: datetime) -> None:
    batch, stream = Batch(), choosing.stream_of(ref)
    streams.append(connection, batch, stream, KINDS[state], actor=ref, at=at, facts={"proposal": number}, words={})
    batch.run(connection)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=20, person=b"skede follow").hexdigest()
