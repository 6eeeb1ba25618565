"""Logins and passwords (argon2): whose they are, how a new one is chosen, and invitations to choose one. Opens no
session and counts no guess."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.records.history import digest_of
from workflow.records.refused import Refused
from workflow.storage.columns import moment
from workflow.storage.schema import account, invitation, person

LENGTH = (12, 1000)
INVITED_FOR = timedelta(days=7)

_hasher = PasswordHasher()


class Account(NamedTuple):
    person: int
    password_hash: str


def login_of(written: str) -> str:
    """Without the sign that no database takes."""
    return written.replace("\0", "").strip().casefold()


def known(connection: Connection, login: str) -> Account | None:
    """Whose login this is, unless it is disabled."""
    c = account.c
    wanted = select(c.person_id, c.password_hash).where(c.login == login_of(login), c.disabled_at.is_(None))
    row = connection.execute(wanted).one_or_none()
    return Account(*row) if row else None


def login_of_person(connection: Connection, person_id: int) -> str | None:
    return connection.execute(select(account.c.login).where(account.c.person_id == person_id)).scalar_one_or_none()


def proved(found: Account | None, password: str) -> int:
    """Whose password it is. An unknown login, or one without a password, costs as much and is refused in the same
    words: NOT_PERMITTED. Takes a tenth of a second, so no transaction may be open."""
    right = verified((found and found.password_hash) or _nobody(), password[: LENGTH[1] + 1])
    if found is None or not right:
        raise Refused.because(RefusalKind.NOT_PERMITTED, what="sign_in")
    return found.person


def is_old(found: Account) -> bool:
    """Whether the hash should be made anew, with today's parameters."""
    return bool(_hasher.check_needs_rehash(found.password_hash))


def verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False


def hashed(password: str) -> str:
    """Raises Refused(FIELD_INVALID) for a password that is too short or too long. Takes as long as ``proved``."""
    if not LENGTH[0] <= len(password) <= LENGTH[1]:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="password", least=LENGTH[0])
    return _hasher.hash(password)


def create_account(connection: Connection, person_id: int, login: str, password_hash: str | None = None) -> None:
    """Gives a person a login; without a hash nobody can sign in before a password has been chosen.

    Raises Refused(FIELD_INVALID) when the login is taken or empty, or the person has one.
    """
    name = login_of(login)
    taken = select(account.c.person_id).where((account.c.login == name) | (account.c.person_id == person_id))
    if not name or connection.execute(taken).first():
        raise Refused.because(RefusalKind.FIELD_INVALID, field="login")
    values = {"person_id": person_id, "login": name, "password_hash": password_hash or "", "disabled_at": None}
    connection.execute(insert(account).values(values))


def set_password(connection: Connection, person_id: int, password_hash: str) -> None:
    connection.execute(update(account).where(account.c.person_id == person_id).values(password_hash=password_hash))


# --- invitations -------------------------------------------------------------------------------------------------


def invitation_secret(key: str) -> str:
    """The secret of the invitation that a form with this key makes: the same when the form arrives twice."""
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"skede invited").hexdigest()


def invite(connection: Connection, person_id: int, secret: str, at: datetime) -> None:
    """One link, for a week and for one use; earlier ones stop working."""
    c, now = invitation.c, moment(at)
    connection.execute(update(invitation).where(c.person_id == person_id, c.used_at.is_(None)).values(used_at=now))
    values = {"secret_hash": digest_of(secret), "person_id": person_id, "created_at": now, "used_at": None}
    new = upsert(invitation).values({**values, "expires_at": moment(at + INVITED_FOR)})
    connection.execute(new.on_conflict_do_nothing(index_elements=["secret_hash"]))


def invited(connection: Connection, secret: str, at: datetime) -> tuple[int, str, str] | None:
    """Id, name and login of whom the invitation is for, while it can be used."""
    c = invitation.c
    found = (
        select(person.c.id, person.c.name, account.c.login)
        .join_from(invitation, person)
        .join(account, account.c.person_id == person.c.id)
        .where(c.secret_hash == digest_of(secret), c.used_at.is_(None), c.expires_at > moment(at))
        .where(account.c.disabled_at.is_(None))
    )
    row = connection.execute(found).one_or_none()
    return (row.id, row.name, row.login) if row else None


def use(connection: Connection, secret: str, at: datetime) -> bool:
    """Whether the invitation was still unused: of two at once, one chooses the password."""
    c = invitation.c
    unused = (c.secret_hash == digest_of(secret), c.used_at.is_(None), c.expires_at > moment(at))
    return connection.execute(update(invitation).where(*unused).values(used_at=moment(at))).rowcount == 1


@cache
def _nobody() -> str:
    """A hash that no password has, to spend the same time on an unknown login."""
    return _hasher.hash(secrets.token_urlsafe(32))
