"""How somebody wants their mail: each at once, one letter a week, or for a private person none; in which language; to
which address. A choice is an event of the person's own stream; the address itself stands in no event."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.mail.views_mail import MailChoice, Pace
from workflow.people import people
from workflow.people.people import Person
from workflow.records import claims, streams
from workflow.records.refused import Refused
from workflow.settings.configuration_values import MAIL_ADDRESS
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

PACES: tuple[Pace, ...] = ("each", "weekly", "none")
LANGUAGES = ("sv", "en")
CHOSE = "chose_mail"
_C, _M = schema.mail_choice.c, schema.mail.c


def stream_of(ref: str) -> str:
    return f"person/{ref}"


def choice_of(connection: Connection, person: int, language: str) -> MailChoice | None:
    """As chosen, or each at once in the municipality's language; None for nobody we know."""
    known = people.find_person(connection, person)
    if known is None:
        return None
    row = connection.execute(select(_C.pace, _C.language).where(_C.person_id == person)).one_or_none()
    pace: Pace = row.pace if row else "each"
    chosen = row.language if row else language
    follow, proposal = schema.follow.c, schema.proposal.c
    query = select(proposal.number).join_from(schema.follow, schema.proposal).where(follow.person_id == person)
    follows = connection.execute(query).scalar_one_or_none() if known.kind == "follower" else None
    return MailChoice(person, pace, chosen, known.email, known.kind == "member", known.kind == "follower", follows)


def choose(
    connection: Connection,
    person: int,
    *,
    key: str,
    pace: str,
    language: str,
    address: str | None,
    at: datetime,
) -> str:
    """Keeps the choice; an ``address`` of None stays as it is and an empty one is erased. Returns the stored answer.

    Raises Refused: NOT_PERMITTED for nobody we know, FIELD_INVALID for what is no pace, language or address, and for
    a member who would have none: whose move it is must be told.
    """
    known = people.find_person(connection, person)
    if known is None or known.kind not in ("member", "proposer", "follower"):
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    asked = {"pace": pace, "language": language, "address": address}
    before = claims.claim(connection, known.ref, key, asked, moment(at))
    if before is not None:
        return before
    _require(known, pace, language, address)
    batch = Batch()
    seq = keep(connection, batch, known.id, known.ref, pace, language, at, address)
    answer = streams.answer(batch, known.ref, key, stream_of(known.ref), seq)
    batch.run(connection)
    return answer


def keep(
    connection: Connection,
    batch: Batch,
    person: int,
    ref: str,
    pace: str,
    language: str,
    at: datetime,
    address: str | None = None,
) -> int:
    """Writes a choice that may be made and adds its event to the batch; returns its place in the person's stream."""
    if address is not None:
        connection.execute(update(schema.person).where(schema.person.c.id == person).values(email=address))
    values = {"person_id": person, "pace": pace, "language": language, "changed_at": moment(at)}
    new = upsert(schema.mail_choice).values(values)
    chosen = {name: new.excluded[name] for name in ("pace", "language", "changed_at")}
    connection.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=chosen))
    _let_go(connection, person, pace, at)
    facts: dict[str, Any] = {"pace": pace, "language": language, "address": _change(address)}
    return streams.append(connection, batch, stream_of(ref), CHOSE, actor=ref, at=at, facts=facts, words={})


def _let_go(connection: Connection, person: int, pace: str, at: datetime) -> None:
    """What was kept for a weekly letter that will not be written goes by itself, or not at all."""
    kept = update(schema.mail).where(_M.person_id == person, _M.state == "kept")
    if pace == "each":
        connection.execute(kept.values(state="waiting", next_at=moment(at)))
    if pace == "none":
        connection.execute(kept.values(state="lapsed", ended_at=moment(at)))


def _change(address: str | None) -> str:
    if address is None:
        return "as before"
    return "given" if address else "erased"


def _require(known: Person, pace: str, language: str, address: str | None) -> None:
    if pace not in PACES or (pace == "none" and known.kind == "member"):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="pace")
    if language not in LANGUAGES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="language")
    if address and not re.fullmatch(MAIL_ADDRESS, address):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="email")
