"""Which errors say "not now", what has become of what was asked, and that a server which came back is used at once."""

import sqlite3

import psycopg
import pytest
from sqlalchemy import exc

from workflow.records.outages import outcome_of
from workflow.storage.database import Database


def sqlite_error(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("as asked")
    error.sqlite_errorcode = code
    return error


def server_error(state: str) -> psycopg.Error:
    return psycopg.errors.lookup(state)("as asked")


NEVER_ASKED = exc.DBAPIError(None, None, psycopg.OperationalError("connection refused"))
ERRORS = [
    (sqlite_error(sqlite3.SQLITE_FULL), "nothing"),
    (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), "nothing"),
    (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), "unknown"),
    (exc.DBAPIError("SELECT 1", None, sqlite_error(sqlite3.SQLITE_BUSY)), "nothing"),
    (sqlite_error(sqlite3.SQLITE_ERROR), None),  # no such table: it will be gone tomorrow too
    (sqlite_error(sqlite3.SQLITE_CORRUPT, sqlite3.DatabaseError), None),
    (sqlite_error(sqlite3.SQLITE_CONSTRAINT, sqlite3.IntegrityError), None),
    (server_error("53100"), "nothing"),
    (server_error("58030"), "nothing"),
    (server_error("25006"), "nothing"),
    (server_error("40001"), "nothing"),
    (server_error("57P01"), "unknown"),
    (server_error("23505"), None),
    (server_error("42P01"), None),
    (psycopg.OperationalError("the connection is lost"), "unknown"),
    (NEVER_ASKED, "nothing"),
    (exc.TimeoutError("nobody gave way"), "nothing"),
    (ZeroDivisionError(), None),
]


@pytest.mark.parametrize(("error", "outcome"), ERRORS, ids=lambda each: str(getattr(each, "sqlstate", each))[:40])
def test_what_has_become_of_what_was_asked(error: Exception, outcome: str | None) -> None:
    assert outcome_of(error) == outcome


def test_a_server_that_has_closed_every_connection_fails_nobody(prepared_url: str) -> None:
    with Database(prepared_url) as database:
        if database.is_sqlite:
            return
        for lane in (database.reading, database.writing):
            with lane() as connection:
                connection.exec_driver_sql("SELECT 1")
        with Database(prepared_url) as other, other.reading() as connection:
            mine = "datname = current_database() AND pid <> pg_backend_pid()"
            connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {mine}")
        for lane in (database.reading, database.writing):
            with lane() as connection:
                assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
