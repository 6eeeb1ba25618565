"""How often a password may be guessed, or an idea handed in: counters by account and by network, kept in the database
so that they hold for all processes together. Knows no password and no account; who waits long enough may try again.

A guess is counted before it is made, so that many at the same moment are not all the first one.
"""

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.records.refused import Refused
from workflow.storage.columns import moment, read_moment
from workflow.storage.schema import attempt

FORGOTTEN = timedelta(days=2)
_A = attempt.c


@dataclass(frozen=True, slots=True)
class Limit:
    """So many guesses are free; each one more doubles the wait, which begins at two ``step`` and is never
    longer than ``longest``. One guess is
    forgotten for each ``leak`` that passes."""

    free: int
    leak: timedelta
    longest: timedelta
    step: timedelta = timedelta(seconds=1)

    def wait(self, tries: int) -> timedelta:
        """After so many tries, how long until the next."""
        if tries <= self.free:
            return timedelta()
        return min(self.longest, timedelta(seconds=self.step.total_seconds() * 2 ** min(tries - self.free, 30)))


ACCOUNT = Limit(5, timedelta(minutes=30), timedelta(minutes=15))
NETWORK = Limit(30, timedelta(minutes=1), timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class SeenFrom:
    """Where somebody signs in: the network address, what the browser calls itself, and ``known``, which only a
    browser has that this account was signed in with before: it is counted alone, so that others who guess keep
    nobody out."""

    address: str = ""
    agent: str = ""
    known: str = ""


def by_network(what: str, address: str, limit: Limit) -> Mapping[str, Limit]:
    """What a visitor does, counted under the network that it comes from; nothing where none is known."""
    return {f"{what}/{network_of(address)}": limit} if address else {}


def counters(login: str, seen: SeenFrom) -> Mapping[str, Limit]:
    """What a guess is counted under. A login is no account before somebody has proved it, so all are alike."""
    whose = f"browser/{_digest(f'{seen.known} {login}')}" if seen.known else f"account/{_digest(login)}"
    return {whose: ACCOUNT, f"network/{network_of(seen.address)}": NETWORK}


def network_of(address: str) -> str:
    """Neighbours count as one: a provider gives a customer many addresses, and changes them."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    mapped = getattr(read, "ipv4_mapped", None) or read
    return str(ipaddress.ip_network(f"{mapped}/{24 if mapped.version == 4 else 64}", strict=False))


def refuse_waiting(connection: Connection, limits: Mapping[str, Limit], at: datetime, what: str = "sign_in") -> None:
    """Reads only: a guess that has to wait costs no write. Raises Refused(TOO_MANY_TRIES)."""
    rows = connection.execute(select(attempt).where(_A.counter.in_(sorted(limits)))).all()
    _refuse(rows, at, what)


def count(connection: Connection, limits: Mapping[str, Limit], at: datetime, what: str = "sign_in") -> None:
    """Counts a try about to be made under each of its counters, or raises Refused(TOO_MANY_TRIES) and counts none."""
    now = moment(at)
    rows = []
    for counter in sorted(limits):  # always in the same order: two guesses never wait for each other
        new = upsert(attempt).values(counter=counter, tries=0, counted_at=now, free_at=now)
        connection.execute(new.on_conflict_do_nothing(index_elements=["counter"]))
        rows.append(connection.execute(select(attempt).where(_A.counter == counter).with_for_update()).one())
    _refuse(rows, at, what)
    for row in rows:
        limit, since = limits[row.counter], read_moment(row.counted_at)
        forgotten = min(row.tries, max(0, (at - since) // limit.leak))
        tries = row.tries - forgotten + 1
        leaks_from = since + forgotten * limit.leak if tries > 1 else at
        values = {"tries": tries, "counted_at": moment(leaks_from), "free_at": moment(at + limit.wait(tries))}
        connection.execute(update(attempt).where(_A.counter == row.counter).values(values))


def forgive(connection: Connection, limits: Mapping[str, Limit], at: datetime) -> None:
    """The guess was right: the account's are forgotten, and of the network's this one."""
    for counter, limit in limits.items():
        mine = _A.counter == counter
        if limit is ACCOUNT:
            connection.execute(delete(attempt).where(mine))
            continue
        row = connection.execute(select(attempt).where(mine).with_for_update()).one_or_none()
        if row is not None:
            tries = max(0, row.tries - 1)
            free_at = row.free_at if limit.wait(tries) else moment(at)
            connection.execute(update(attempt).where(mine).values(tries=tries, free_at=free_at))


def forget(connection: Connection, at: datetime) -> None:
    """Counters that nobody has touched for long are of no consequence any more."""
    connection.execute(delete(attempt).where(_A.counted_at < moment(at - FORGOTTEN)))


def _refuse(rows: Sequence[Row[*tuple[Any, ...]]], at: datetime, what: str = "sign_in") -> None:
    free_at = max((read_moment(row.free_at) for row in rows), default=at)
    if free_at > at:
        seconds = -(-(free_at - at).total_seconds() // 1)
        raise Refused.because(RefusalKind.TOO_MANY_TRIES, what=what, seconds=int(seconds))


def _digest(text: str) -> str:
    """People write a password in the wrong field: no login is stored that belongs to nobody."""
    return hashlib.blake2b(text.encode(), digest_size=20, person=b"skede counter").hexdigest()
