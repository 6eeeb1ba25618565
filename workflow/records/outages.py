"""Which errors say that the database cannot be reached or cannot keep anything just now, and what has then become of
what was asked. Knows neither who asked nor what; an error that will come again tomorrow is none of these."""

import sqlite3
from typing import Literal

import psycopg
from sqlalchemy import exc

Outcome = Literal["nothing", "unknown"]  # nothing was kept; nobody can say before the database answers again

_SQLITE = frozenset({
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL,
})  # fmt: skip
# By the class of the SQLSTATE: resources are gone, the system failed, others were in the way; it told us, so it undid.
_UNDONE = ("25", "40", "53", "58")
_LOST = ("08", "57")  # the connection or the server went away, perhaps while it kept what we sent


def outcome_of(error: BaseException) -> Outcome | None:
    """What has become of what was asked; None for an error of another kind."""
    if isinstance(error, exc.TimeoutError):
        return "nothing"  # it waited for its turn, and never got it
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError):
        return _on_sqlite(getattr(cause, "sqlite_errorcode", 0))
    if isinstance(cause, psycopg.OperationalError | psycopg.errors.ReadOnlySqlTransaction):
        never_asked = isinstance(error, exc.DBAPIError) and error.statement is None and cause.sqlstate is None
        return _on_postgresql(cause.sqlstate, never_asked=never_asked)
    return None


def _on_sqlite(code: int) -> Outcome | None:
    """Only a file that was written and then not synced may hold what was refused, should the machine stop now."""
    if code == sqlite3.SQLITE_IOERR_FSYNC:
        return "unknown"
    return "nothing" if code & 0xFF in _SQLITE else None


def _on_postgresql(state: str | None, *, never_asked: bool) -> Outcome | None:
    if state is None:
        return "nothing" if never_asked else "unknown"
    if state.startswith(_UNDONE):
        return "nothing"
    return "unknown" if state.startswith(_LOST) else None
