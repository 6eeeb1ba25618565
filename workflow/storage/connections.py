"""Connections, and what each must vouch for before it is used: what is acknowledged survives a power cut.

Makes the readers and the writers of a database and knows nothing of its tables. On SQLite all threads of a process
share one writer, which stays open.
"""

import random
import select
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import QueuePool

from workflow.storage.turns import Turns

BUSY_TIMEOUT_MS = 15_000
POOL_TIMEOUT_S = 30.0
THREADS = 16

LONGEST_PAUSE_S = 0.05
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"

SQLITE_PROMISES = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: NORMAL loses acknowledged decisions on a power cut
    "foreign_keys": 1,
    "recursive_triggers": 1,  # without them INSERT OR REPLACE slips past triggers on DELETE
    "busy_timeout": BUSY_TIMEOUT_MS,
    "secure_delete": 1,  # what is erased is overwritten, not only forgotten
}
POSTGRESQL_PROMISES = ("fsync", "full_page_writes", "synchronous_commit")


class UnfitDatabaseError(Exception):
    """The database does not keep what Skede promises, or is not Skede's. Says which setting or table."""


class Lane(Protocol):
    """Where transactions are begun: committed at the end of the block, rolled back on any exception."""

    def begin(self) -> AbstractContextManager[Connection]: ...
    def dispose(self) -> None: ...


def asks_for_another_try(error: BaseException) -> bool:
    """Whether the same work may well succeed when done again: a conflict with others, not a fault of its own."""
    cause = error.orig if isinstance(error, exc.StatementError) else error
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate in {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}
    if isinstance(cause, sqlite3.Error):
        # The low byte says BUSY, the rest which kind of it.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return False


def opened(address: URL, threads: int) -> tuple[Lane, Lane]:
    """Readers and writers for so many threads of this process; none is connected yet."""
    backend = address.get_backend_name()
    if backend == "sqlite":
        make_folder(address)
        return sqlite_readers(address, threads), SqliteWriter(address)
    if backend == "postgresql":
        return postgresql_lanes(address, threads)
    raise UnfitDatabaseError(f"{backend} is neither sqlite nor postgresql")


# --- SQLite --------------------------------------------------------------------------------------------------------

# None keeps the driver from beginning transactions; ours begin themselves, and say of which kind.
SQLITE_DRIVER = {"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000}


def make_folder(address: URL) -> None:
    """The file is made by whoever opens it first; its folder by us."""
    if address.database and address.database != ":memory:":
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnfitDatabaseError(f"mappen till {address.database} kan inte skapas: {error.strerror}") from error


def sqlite_readers(address: URL, threads: int) -> Engine:
    readers = pooled(address, threads, connect_args=SQLITE_DRIVER)
    event.listen(readers, "connect", promise_on_sqlite)
    event.listen(readers, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON").close())
    event.listen(readers, "begin", lambda connection: sqlite_driver(connection).execute("BEGIN").close())
    return readers


def sqlite_driver(connection: Connection) -> sqlite3.Connection:
    """Past SQLAlchemy, which would take four times as long over a short statement as the driver."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


class SqliteWriter:
    """The one write transaction of a process: its threads take turns at a connection that stays open.

    A pool would open and close nothing either, but check, begin, reset and return it each time: a tenth of a decision.
    """

    def __init__(self, address: URL) -> None:
        self._engine = pooled(address, 1, connect_args=SQLITE_DRIVER)
        event.listen(self._engine, "connect", promise_on_sqlite)
        self._turns = Turns(address.database, POOL_TIMEOUT_S)
        self._connection: Connection | None = None
        self._driver: sqlite3.Connection | None = None

    def begin(self) -> "SqliteWriter":
        return self

    def __enter__(self) -> Connection:
        self._turns.take()
        try:
            if self._connection is None or self._driver is None:
                self._connection = self._engine.connect()
                self._driver = sqlite_driver(self._connection)
            self._driver.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._turns.give_back()
            raise
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        assert self._connection is not None
        assert self._driver is not None
        try:
            if kind is None:
                self._driver.commit()
        except BaseException:
            self._undo(self._connection, self._driver)
            raise
        else:
            if kind is not None or self._connection.in_transaction():
                self._undo(self._connection, self._driver)
        finally:
            self._turns.give_back()

    def _undo(self, connection: Connection, driver: sqlite3.Connection) -> None:
        """Rolls back what is open, and what SQLAlchemy believes to be. A connection that cannot is replaced."""
        try:
            driver.rollback()
            connection.rollback()
        except Exception:
            self._connection = self._driver = None
            connection.invalidate()
            connection.close()
            raise

    def dispose(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._driver = None
        self._engine.dispose()
        self._turns.close()


def promise_on_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Sets what SQLite must keep on a new connection, and believes only what it reads back."""
    for name, wanted in SQLITE_PROMISES.items():
        if pragma(connection, name) != wanted:
            set_pragma(connection, name, wanted)
    kept = {name: pragma(connection, name) for name in SQLITE_PROMISES}
    if kept != SQLITE_PROMISES:
        connection.close()
        raise UnfitDatabaseError(f"SQLite keeps {kept}, not {SQLITE_PROMISES}")


def set_pragma(connection: sqlite3.Connection, name: str, wanted: object) -> None:
    """Tries again while busy: the change to WAL wants the file for itself and does not heed the busy timeout."""
    end = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute(f"PRAGMA {name} = {wanted}").close()
        except sqlite3.OperationalError as error:
            if not asks_for_another_try(error) or time.monotonic() > end:
                raise
            time.sleep(random.uniform(0, LONGEST_PAUSE_S))
        else:
            return


def pragma(connection: sqlite3.Connection, name: str) -> object:
    with cursor_of(connection) as cursor:
        (value,) = cursor.execute(f"PRAGMA {name}").fetchone()
    return value


# --- PostgreSQL ----------------------------------------------------------------------------------------------------


def postgresql_lanes(address: URL, threads: int) -> tuple[Engine, Engine]:
    readers, writers = pooled(address, threads), pooled(address, threads)
    event.listen(readers, "connect", see_one_moment)
    event.listen(writers, "connect", promise_on_postgresql)
    for each in (readers, writers):
        event.listen(each, "checkout", refuse_a_lost_server)
    return readers, writers


def refuse_a_lost_server(connection: Any, *_: object) -> None:
    """A server that ends says so on every line it leaves: where something waits to be read on an idle connection, it
    is replaced before anybody's work fails on it, and so are all that are as old. Costs no question to the server."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise exc.InvalidatePoolError("the server has closed this connection")


def see_one_moment(connection: Any, _: object) -> None:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True


def promise_on_postgresql(connection: Any, _: object) -> None:
    """Reads what the server keeps for this connection. Its settings are its owner's: Skede changes none."""
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    with cursor_of(connection) as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in POSTGRESQL_PROMISES))
        kept = dict(zip(POSTGRESQL_PROMISES, cursor.fetchone(), strict=True))
    connection.rollback()
    if off := [name for name, value in kept.items() if value == "off"]:
        connection.close()
        raise UnfitDatabaseError(f"PostgreSQL runs with {', '.join(off)} = off and would lose acknowledged decisions")


def pooled(address: URL, size: int, **options: Any) -> Engine:
    return create_engine(
        address, poolclass=QueuePool, pool_size=size, max_overflow=0, pool_timeout=POOL_TIMEOUT_S, **options
    )


@contextmanager
def cursor_of(connection: Any) -> Iterator[Any]:
    cursor = connection.cursor()
    try:
        yield cursor
    finally:
        cursor.close()
