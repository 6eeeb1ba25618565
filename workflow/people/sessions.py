"""Who is signed in: private links and sessions whose secrets are stored only as digests. Decides nothing about what
somebody may do beyond who they are, and knows no password."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.people import people
from workflow.records.answers import DemoPerson, OwnSession, Signed
from workflow.records.calendar_days import local_date
from workflow.records.history import digest_of
from workflow.records.refused import Refused
from workflow.storage.columns import moment, read_moment
from workflow.storage.schema import account, body, link, mark, membership, person, proposal, session_browser
from workflow.storage.schema import session as stored

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
TOUCH = timedelta(minutes=5)  # how exactly the last visit is kept
DEMO = "demo"
MOST_AGENT = 300


def sign_in_as(connection: Connection, person_id: int, at: datetime, agent: str = "") -> str:
    """A token without a password: only for members and only in a demonstration."""
    known = people.find_person(connection, person_id)
    if not is_demo(connection) or known is None or known.kind != "member":
        raise Refused.because(RefusalKind.NOT_PERMITTED, what="sign_in_as")
    return begin(connection, person_id, None, at, agent)


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
    values = {"secret_hash": digest_of(secret), "proposal_id": proposal_id, "person_id": person_id, "created_at": now}
    new = upsert(link).values({**values, "revoked_at": None}).on_conflict_do_nothing(index_elements=["secret_hash"])
    if connection.execute(new.returning(link.c.secret_hash)).first() is None:
        raise Refused.because(RefusalKind.KEY_REUSED)


def open_link(connection: Connection, secret: str, at: datetime) -> str:
    """A token for the proposer of one proposal. Raises Refused for an unknown or revoked link."""
    wanted = select(link.c.person_id, link.c.proposal_id)
    held = wanted.where(link.c.secret_hash == digest_of(secret), link.c.revoked_at.is_(None))
    found = connection.execute(held).one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="link")
    return begin(connection, found.person_id, found.proposal_id, at)


def link_digest(connection: Connection, person_id: int, number: str) -> str | None:
    """What is stored of the private link that somebody holds to a proposal: what a mail of ours may rest on, signed."""
    held = (link.c.person_id == person_id, proposal.c.number == number, link.c.revoked_at.is_(None))
    query = select(link.c.secret_hash).join_from(link, proposal, proposal.c.id == link.c.proposal_id).where(*held)
    return connection.execute(query).scalars().first()


def open_mailed_link(connection: Connection, digest: str, at: datetime) -> str:
    """A token as by ``open_link``, for whoever shows that we have written this digest to the sender."""
    wanted = select(link.c.person_id, link.c.proposal_id)
    found = connection.execute(wanted.where(link.c.secret_hash == digest, link.c.revoked_at.is_(None))).one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="link")
    return begin(connection, found.person_id, found.proposal_id, at)


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
        connection.execute(update(stored).where(stored.c.token_hash == digest_of(token)).values(seen_at=moment(at)))


def sign_out(connection: Connection, token: str, at: datetime) -> None:
    """Ends the session; of no consequence when it is over already."""
    open_ = (stored.c.token_hash == digest_of(token), stored.c.ended_at.is_(None))
    connection.execute(update(stored).where(*open_).values(ended_at=moment(at)))


def own(connection: Connection, person_id: int, token: str, at: datetime) -> tuple[OwnSession, ...]:
    """A person's sessions that have not ended, the latest visit first; never those of private links."""
    c = stored.c
    open_ = (
        select(c.token_hash, c.created_at, c.seen_at, session_browser.c.agent)
        .select_from(stored.outerjoin(session_browser))
        .where(*_open_of(person_id, at))
    )
    rows = connection.execute(open_.order_by(c.seen_at.desc(), c.token_hash))
    mine = digest_of(token)
    return tuple(
        OwnSession(
            _named(row.token_hash), read_moment(row.created_at), read_moment(row.seen_at), row.agent or "",
            row.token_hash == mine,
        )
        for row in rows
    )  # fmt: skip


def end_own(connection: Connection, person_id: int, ref: str | None, at: datetime, keep: str = "") -> int:
    """Ends the one of the person's sessions that is called this, or without a name all but the one kept; how many."""
    hashes = connection.execute(select(stored.c.token_hash).where(*_open_of(person_id, at))).scalars()
    kept = digest_of(keep) if keep else ""
    ended = [each for each in hashes if (_named(each) == ref if ref is not None else each != kept)]
    connection.execute(update(stored).where(stored.c.token_hash.in_(ended)).values(ended_at=moment(at)))
    return len(ended)


def _open_of(person_id: int, at: datetime) -> tuple[ColumnElement[bool], ...]:
    c = stored.c
    alive = (c.ended_at.is_(None), c.expires_at > moment(at), c.seen_at > moment(at - IDLE))
    return (c.person_id == person_id, c.proposal_id.is_(None), *alive)


def _named(token_hash: str) -> str:
    """What a page may call a session: tells nothing of the token, nor of what is stored of it."""
    return hashlib.blake2b(token_hash.encode(), digest_size=8, person=b"skede session").hexdigest()


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
            shown.append(DemoPerson(known.id, known.name, titles.get(held[0].body or "", "")))
    return tuple(shown)


def people_called(connection: Connection, name: str | None) -> tuple[int, ...]:
    """Those who may sit somewhere, by login or name, whatever the case; all of them without one."""
    query = select(person.c.id, person.c.name, account.c.login).select_from(person.outerjoin(account))
    rows = connection.execute(query.where(person.c.kind == "member").order_by(person.c.id))
    wanted = name.casefold() if name is not None else None
    return tuple(
        row.id for row in rows if wanted is None or wanted in (row.name.casefold(), (row.login or "").casefold())
    )


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
            c.token_hash == digest_of(token),
            c.ended_at.is_(None),
            c.expires_at > moment(at),
            c.seen_at > moment(at - IDLE),
            account.c.disabled_at.is_(None),
        )
    ).one_or_none()


def begin(connection: Connection, person_id: int, proposal_id: int | None, at: datetime, agent: str = "") -> str:
    """A token that nobody has had before. ``agent`` is what the browser calls itself, for its owner to know it by."""
    token = secrets.token_urlsafe(32)
    now = moment(at)
    connection.execute(
        insert(stored).values(
            token_hash=digest_of(token), person_id=person_id, proposal_id=proposal_id, created_at=now, seen_at=now,
            expires_at=moment(at + ABSOLUTE), ended_at=None,
        )
    )  # fmt: skip
    if agent:
        connection.execute(insert(session_browser).values(token_hash=digest_of(token), agent=agent[:MOST_AGENT]))
    return token
