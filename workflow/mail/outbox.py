"""Mail on its way: taken under a lease by one worker at a time, ended once it is sent, tried again later and less
often when it is not, and put aside when it never will be. Speaks no SMTP and knows no words."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from workflow.mail.addressing import CONFIRM, FOLLOWED, STEP, is_corrected
from workflow.privacy import public_text
from workflow.storage import schema
from workflow.storage.columns import moment

LEASE = timedelta(minutes=10)  # longer than one mail can take to send, see ``sending.ANSWERS``
MOST_ATTEMPTS = 20  # some four days: an outage over a long week-end loses nothing
LONGEST_PAUSE = timedelta(hours=6)
ERROR_LENGTH = 300

_M, _D, _P = schema.mail.c, schema.duty.c, schema.person.c


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that is this worker's to send until the lease ends."""

    id: int
    lease: str


def take(connection: Connection, at: datetime) -> Taken | None:
    """The mail that has waited longest for its turn; None when none is due. What has become needless is ended."""
    now, lease = moment(at), secrets.token_hex(8)
    due = schema.mail.alias("due").c
    free = or_(due.leased_until.is_(None), due.leased_until <= now)
    first = (
        select(due.id)
        .where(due.state == "waiting", due.next_at <= now, free)
        .order_by(due.next_at, due.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    leased = {"leased_by": lease, "leased_until": moment(at + LEASE), "attempts": _M.attempts + 1}
    while True:
        mine = update(schema.mail).where(_M.id == first.scalar_subquery()).values(leased)
        found = connection.execute(mine.returning(_M.id)).scalar_one_or_none()
        if found is None:
            return None
        if not _is_needless(connection, found):
            return Taken(found, lease)
        _end(connection, Taken(found, lease), "lapsed", at)


def _is_needless(connection: Connection, mail: int) -> bool:
    """Answered, corrected, or to somebody who has left since it was written."""
    row = connection.execute(
        select(_M.kind, _M.stream, _M.seq, _M.person_id, _D.answered_at, _P.email, schema.mail_choice.c.pace,
               schema.account.c.disabled_at)
        .select_from(
            schema.mail.join(schema.person, _P.id == _M.person_id)
            .outerjoin(schema.duty, _D.id == _M.duty_id)
            .outerjoin(schema.mail_choice, schema.mail_choice.c.person_id == _M.person_id)
            .outerjoin(schema.account, schema.account.c.person_id == _M.person_id)
        )
        .where(_M.id == mail)
    ).one()  # fmt: skip
    if row.answered_at is not None or not row.email or row.disabled_at is not None or row.pace == "none":
        return True
    if row.kind == CONFIRM:
        asked = select(schema.follow.c.state).where(schema.follow.c.person_id == row.person_id)
        return connection.execute(asked).scalar_one_or_none() != "asked"
    if row.kind == FOLLOWED and _is_out_of_sight(connection, row.stream):
        return True
    return row.kind in (STEP, FOLLOWED) and is_corrected(connection, row.stream, row.seq)


def _is_out_of_sight(connection: Connection, number: str) -> bool:
    """Unpublished since: there is nothing to tell any more."""
    query = select(schema.proposal.c.id).select_from(public_text.faced(schema.proposal))
    shown = query.where(schema.proposal.c.number == number, public_text.IN_SIGHT)
    return connection.execute(shown).first() is None


def sent(connection: Connection, taken: Taken, at: datetime) -> bool:
    """Ends a mail that the server has taken; False when the lease had passed to somebody else."""
    return _end(connection, taken, "sent", at)


def failed(connection: Connection, taken: Taken, error: str, *, for_good: bool, at: datetime) -> bool:
    """Tries again later, or puts it aside where the server refuses it for good or it has been tried often enough.

    Returns whether it was put aside.
    """
    mine = (_M.id == taken.id, _M.leased_by == taken.lease, _M.state == "waiting")
    attempts = connection.execute(select(_M.attempts).where(*mine)).scalar_one_or_none()
    if attempts is None:
        return False
    told = {"error": " ".join(error.split())[:ERROR_LENGTH]}
    if for_good or attempts >= MOST_ATTEMPTS:
        connection.execute(update(schema.mail).where(*mine).values(told))
        return _end(connection, taken, "dead", at)
    later = {"next_at": moment(at + pause(attempts)), "leased_by": None, "leased_until": None}
    connection.execute(update(schema.mail).where(*mine).values(told | later))
    return False


def pause(attempts: int) -> timedelta:
    """Before the next attempt: two minutes, four, eight ... at most six hours."""
    return min(timedelta(minutes=2 ** min(attempts, 12)), LONGEST_PAUSE)


def try_again(connection: Connection, mails: tuple[int, ...] | None, at: datetime) -> int:
    """Lets what was put aside wait for its turn anew; without numbers all of it. How many."""
    dead = update(schema.mail).where(_M.state == "dead")
    if mails is not None:
        dead = dead.where(_M.id.in_(mails))
    anew = {"state": "waiting", "attempts": 0, "next_at": moment(at), "ended_at": None}
    return connection.execute(dead.values(anew)).rowcount


def _end(connection: Connection, taken: Taken, state: str, at: datetime) -> bool:
    ended = {"state": state, "ended_at": moment(at), "leased_by": None, "leased_until": None}
    mine = (_M.id == taken.id, _M.leased_by == taken.lease, _M.state == "waiting")
    return connection.execute(update(schema.mail).where(*mine).values(ended)).rowcount == 1
