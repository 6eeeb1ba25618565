"""Who is let in: a login, and a link by which its owner chooses a password. Events of the configuration say who was
invited and by whom, never the link."""

from datetime import datetime

from sqlalchemy import Connection, select

from states import RefusalKind
from workflow.people import passwords, people, sessions
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

STREAM = "configuration"
ADMINISTRATOR = "administrator"


def invite(connection: Connection, person_id: int, login: str, *, by: int | None, key: str, at: datetime) -> str:
    """The secret of a link by which the person chooses a password; the same for the same key. A person without a login
    gets this one. ``by`` is an administrator; None is whoever stands at the machine itself.

    Raises Refused: NOT_PERMITTED, NOT_FOUND (no member), FIELD_INVALID (the login is taken, empty or disabled).
    """
    actor = _actor(connection, by, at)
    found = people.find_person(connection, person_id)
    if found is None or found.kind != "member":
        raise Refused.because(RefusalKind.NOT_FOUND, number=person_id)
    asked = {"invite": found.ref, "login": passwords.login_of(login)}
    secret, kept = passwords.invitation_secret(key), sessions.stored_key(key)
    if claims.claim(connection, actor.ref, kept, asked, moment(at)) is not None:
        return secret
    has = passwords.login_of_person(connection, person_id)
    if has is None:
        passwords.create_account(connection, person_id, login)
    elif passwords.known(connection, has) is None:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="disabled")
    passwords.invite(connection, person_id, secret, at)
    batch = Batch()
    capacity = next((capacity_facts(each) for each in actor.capacities if each.role == ADMINISTRATOR), None)
    facts = {"what": "invitation", "rows": [{"person": found.ref}], "capacity": capacity}
    words = {"login": passwords.login_of(login)} if has is None else {}
    seq = streams.append(connection, batch, STREAM, "configured", actor=actor.ref, at=at, facts=facts, words=words)
    streams.answer(batch, actor.ref, kept, STREAM, seq)
    batch.run(connection)
    return secret


def _actor(connection: Connection, by: int | None, at: datetime) -> loading.Actor:
    """Raises Refused(NOT_PERMITTED)."""
    if by is None:
        clock = select(schema.person.c.id).where(schema.person.c.ref == loading.CLOCK)
        by = connection.execute(clock).scalar_one()
        needed = loading.CLOCK
    else:
        needed = ADMINISTRATOR
    actor = loading.actor(connection, by, local_date(at))
    if actor is None or not any(each.role == needed for each in actor.capacities):
        raise Refused.because(RefusalKind.NOT_PERMITTED, (ADMINISTRATOR,), needs=ADMINISTRATOR)
    return actor
