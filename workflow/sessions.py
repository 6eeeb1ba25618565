"""Who is signed in: passwords (argon2), private links and sessions whose secrets are stored only as digests.
Decides nothing about what somebody may do beyond who they are."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, Row, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow import people
from workflow.answers import DemoPerson, Signed
from workflow.calendar_days import local_date
from workflow.columns import moment, read_moment
from workflow.refused import Refused
from workflow.schema import account, body, duty, link, mark, membership, person, proposal
from workflow.schema import session as stored

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
TOUCH = timedelta(minutes=5)  # how exactly the last visit is kept
PASSWORD_LENGTH = (12, 1000)
MOST_WAITING = 100  # means 99+
DEMO = "demo"

_hasher = PasswordHasher()


def create_account(connection: Connection, person_id: int, login: str, password: str) -> None:
    """Gives a person a login. Raises Refused when it is taken or empty, or the password too short or too long."""
    name = _login(login)
    taken = select(account.c.person_id).where((account.c.login == name) | (account.c.person_id == person_id))
    if not name or connection.execute(taken).first():
        raise Refused.because(RefusalKind.FIELD_INVALID, field="login")
    if not PASSWORD_LENGTH[0] <= len(password) <= PASSWORD_LENGTH[1]:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="password", least=PASSWORD_LENGTH[0])
    values = {"person_id": person_id, "login": name, "password_hash": _hasher.hash(password), "disabled_at": None}
    connection.execute(insert(account).values(values))


def sign_in(connection: Connection, login: str, password: str, at: datetime) -> str:
    """A token for the person with this login. An unknown login costs as much and is refused in the same words."""
    nobody = _nobody()
    c = account.c
    wanted = select(c.person_id, c.password_hash).where(c.login == _login(login), c.disabled_at.is_(None))
    known = connection.execute(wanted).one_or_none()
    right = _verified(known.password_hash if known else nobody, password[: PASSWORD_LENGTH[1] + 1])
    if known is None or not right:
        raise Refused.because(RefusalKind.NOT_PERMITTED, what="sign_in")
    if _hasher.check_needs_rehash(known.password_hash):
        renewed = update(account).where(c.person_id == known.person_id)
        connection.execute(renewed.values(password_hash=_hasher.hash(password)))
    return _new_session(connection, known.person_id, None, at)


def sign_in_as(connection: Connection, person_id: int, at: datetime) -> str:
    """A token without a password: only for members and only in a demonstration."""
    known = people.find_person(connection, person_id)
    if not is_demo(connection) or known is None or known.kind != "member":
        raise Refused.because(RefusalKind.NOT_PERMITTED, what="sign_in_as")
    return _new_session(connection, person_id, None, at)


def link_secret(key: str) -> str:
    """The secret of the private link that a hand-in with this key makes: the sender gets the same when the very same
    form arrives twice, and nothing that is stored (see :func:`stored_key`) tells it to whoever reads the database."""
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"skede link").hexdigest()


def stored_key(key: str) -> str:
    """A hand-in's key as it is stored: enough to know it again, not to work the link's secret out."""
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"skede key").hexdigest()


def new_link(connection: Connection, proposal_id: int, person_id: int, secret: str, at: datetime) -> None:
    """A private link to one proposal. Earlier links stop working and their sessions end.

    Raises Refused(KEY_REUSED) when somebody else's hand-in made this secret: two proposals never share a link.
    """
    now = moment(at)
    earlier = (link.c.proposal_id == proposal_id, link.c.person_id == person_id, link.c.revoked_at.is_(None))
    connection.execute(update(link).where(*earlier).values(revoked_at=now))
    open_ = (stored.c.proposal_id == proposal_id, stored.c.person_id == person_id, stored.c.ended_at.is_(None))
    connection.execute(update(stored).where(*open_).values(ended_at=now))
    values = {"secret_hash": _digest(secret), "proposal_id": proposal_id, "person_id": person_id, "created_at": now}
    new = upsert(link).values({**values, "revoked_at": None}).on_conflict_do_nothing(index_elements=["secret_hash"])
    if connection.execute(new.returning(link.c.secret_hash)).first() is None:
        raise Refused.because(RefusalKind.KEY_REUSED)


def open_link(connection: Connection, secret: str, at: datetime) -> str:
    """A token for the proposer of one proposal. Raises Refused for an unknown or revoked link."""
    wanted = select(link.c.person_id, link.c.proposal_id)
    held = wanted.where(link.c.secret_hash == _digest(secret), link.c.revoked_at.is_(None))
    found = connection.execute(held).one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="link")
    return _new_session(connection, found.person_id, found.proposal_id, at)


def session(connection: Connection, token: str, at: datetime) -> Signed | None:
    """Who holds this token now, with the capacities of today; None when it is over. Reads only, see ``touch``."""
    found = _open(connection, token, at)
    known = people.find_person(connection, found.person_id) if found else None
    if found is None or known is None:
        return None
    today = local_date(at)
    held = people.capacities(connection, known.id, today, found.number)
    if found.number is not None:  # by private link: the proposer of this proposal and nothing else
        held = tuple(each for each in held if each.role == "proposer")
    employed = found.number is None and people.is_employee(connection, known.id, today)
    return Signed(known.id, known.name, known.title, held, found.number, employed)


def needs_touch(connection: Connection, token: str, at: datetime) -> bool:
    """Whether the last visit is so long ago that it should be noted; lets most requests do without a write."""
    found = _open(connection, token, at)
    return found is not None and read_moment(found.seen_at) + TOUCH <= at


def touch(connection: Connection, token: str, at: datetime) -> None:
    """Notes a visit, so that the idle time starts anew. Never revives a session that is over."""
    if _open(connection, token, at) is not None:
        connection.execute(update(stored).where(stored.c.token_hash == _digest(token)).values(seen_at=moment(at)))


def sign_out(connection: Connection, token: str, at: datetime) -> None:
    """Ends the session; of no consequence when it is over already."""
    open_ = (stored.c.token_hash == _digest(token), stored.c.ended_at.is_(None))
    connection.execute(update(stored).where(*open_).values(ended_at=moment(at)))


def is_demo(connection: Connection) -> bool:
    return connection.execute(select(mark.c.value).where(mark.c.name == DEMO)).first() is not None


def mark_demo(connection: Connection) -> None:
    """Opens sign-in without passwords, for ever. Raises Refused where accounts or real proposals exist."""
    real = select(proposal.c.id).where(proposal.c.is_example == 0).limit(1)
    if any(connection.execute(each).first() for each in (select(account.c.person_id).limit(1), real)):
        raise Refused.because(RefusalKind.NOT_PERMITTED, what="mark_demo")
    noted = text("INSERT INTO mark (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
    connection.execute(noted, {"name": DEMO, "value": "1"})


def demo_people(connection: Connection, on: date) -> tuple[DemoPerson, ...]:
    """Whom a visitor of the demonstration may be, in the order of the configuration; nobody elsewhere."""
    if not is_demo(connection):
        return ()
    seated = (
        select(person.c.id, func.min(membership.c.id).label("first"))
        .join_from(person, membership)
        .where(person.c.kind == "member")
        .group_by(person.c.id)
        .order_by(person.c.id)
    )
    titles = {row.code: row.title for row in connection.execute(select(body.c.code, body.c.title))}
    shown = []
    for row in connection.execute(seated):
        known = people.find_person(connection, row.id)
        held = people.capacities(connection, row.id, on)
        if known and held:
            waiting = _waiting(connection, {each.holder for each in held})
            shown.append(DemoPerson(known.id, known.name, titles.get(held[0].body or "", ""), waiting))
    return tuple(shown)


def people_called(connection: Connection, name: str | None) -> tuple[int, ...]:
    """Those who may sit somewhere, by login or name, whatever the case; all of them without one."""
    query = select(person.c.id, person.c.name, account.c.login).select_from(person.outerjoin(account))
    rows = connection.execute(query.where(person.c.kind == "member").order_by(person.c.id))
    wanted = name.casefold() if name is not None else None
    return tuple(
        row.id for row in rows if wanted is None or wanted in (row.name.casefold(), (row.login or "").casefold())
    )


def _waiting(connection: Connection, holders: set[str]) -> int:
    some = select(duty.c.id).where(duty.c.answered_at.is_(None), duty.c.holder.in_(holders)).limit(MOST_WAITING)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def _open(connection: Connection, token: str, at: datetime) -> Row[int, str, str | None] | None:
    """The session of a token, if it has not ended in any way."""
    c = stored.c
    return connection.execute(
        select(c.person_id, c.seen_at, proposal.c.number)
        .select_from(
            stored.outerjoin(proposal, proposal.c.id == c.proposal_id).outerjoin(
                account, account.c.person_id == c.person_id
            )
        )
        .where(
            c.token_hash == _digest(token),
            c.ended_at.is_(None),
            c.expires_at > moment(at),
            c.seen_at > moment(at - IDLE),
            account.c.disabled_at.is_(None),
        )
    ).one_or_none()


def _new_session(connection: Connection, person_id: int, proposal_id: int | None, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    now = moment(at)
    connection.execute(
        insert(stored).values(
            token_hash=_digest(token), person_id=person_id, proposal_id=proposal_id, created_at=now, seen_at=now,
            expires_at=moment(at + ABSOLUTE), ended_at=None,
        )
    )  # fmt: skip
    return token


def _digest(secret: str) -> str:
    """Tokens are 256 random bits: a plain SHA-256 keeps them, and is looked up by index."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _login(written: str) -> str:
    return written.strip().casefold()


@cache
def _nobody() -> str:
    """A hash that no password has, to spend the same time on an unknown login."""
    return _hasher.hash(secrets.token_urlsafe(32))


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False
