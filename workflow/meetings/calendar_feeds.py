"""The private address at which somebody's calendar asks for the meetings of their bodies. Whoever has the address reads
dates that are public anyway; only its digest is stored, and its holder may take it back."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from states import RefusalKind
from workflow.meetings import meetings
from workflow.meetings.views_meetings import MeetingRow
from workflow.records import loading
from workflow.records.calendar_days import local_date
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment

_F = schema.calendar_feed.c


def open_feed(connection: Connection, person: int, at: datetime) -> str:
    """The secret of a new address, told once; an older address of the same person is gone.

    Raises Refused(NOT_PERMITTED) for who sits in no body.
    """
    actor = loading.actor(connection, person, local_date(at))
    if actor is None or not any(each.body for each in actor.capacities):
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    close_feed(connection, person, at)
    secret = secrets.token_urlsafe(32)
    row = {"secret_hash": _digest(secret), "person_id": person, "created_at": moment(at), "revoked_at": None}
    connection.execute(insert(schema.calendar_feed).values(row))
    return secret


def close_feed(connection: Connection, person: int, at: datetime) -> None:
    """Takes the address back; of no consequence where there is none."""
    mine = (_F.person_id == person, _F.revoked_at.is_(None))
    connection.execute(update(schema.calendar_feed).where(*mine).values(revoked_at=moment(at)))


def has_feed(connection: Connection, person: int) -> bool:
    mine = select(_F.secret_hash).where(_F.person_id == person, _F.revoked_at.is_(None)).limit(1)
    return connection.execute(mine).first() is not None


def read_feed(connection: Connection, secret: str, at: datetime) -> tuple[MeetingRow, ...]:
    """The meetings of the bodies in which the holder sits today. Raises Refused(NOT_FOUND) for no such address, one
    that was taken back, and a holder whose account is closed."""
    closed = schema.account.c.disabled_at
    query = (
        select(_F.person_id)
        .select_from(schema.calendar_feed.outerjoin(schema.account, schema.account.c.person_id == _F.person_id))
        .where(_F.secret_hash == _digest(secret), _F.revoked_at.is_(None), closed.is_(None))
    )
    holder = connection.execute(query).scalar()
    today = local_date(at)
    actor = loading.actor(connection, holder, today) if holder is not None else None
    if actor is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="meeting")
    return tuple(each for each in meetings.rows(connection, actor.capacities, today) if each.mine)


def _digest(secret: str) -> str:
    """256 random bits: a plain SHA-256 keeps them, and is looked up by index."""
    return hashlib.sha256(b"calendar\x00" + secret.encode()).hexdigest()
