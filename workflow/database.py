"""Opens the database and vouches for how it stores: what is acknowledged survives a power cut, or no connection.

Readers and writers have an engine each. On SQLite a writer takes the only write lock as it begins (BEGIN IMMEDIATE),
so that it never finds halfway that what it read has changed; readers go on beside it. On PostgreSQL writers run READ
COMMITTED and guard their updates themselves. A reader sees one moment of the database and can write nothing.
"""

import itertools
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.pool import QueuePool

from workflow import triggers
from workflow.schema import metadata

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"

BUSY_TIMEOUT_MS = 15_000
POOL_TIMEOUT_S = 30.0
THREADS = 16

ATTEMPTS = 8
PATIENCE_S = 20.0
LONGEST_PAUSE_S = 0.05
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"

# Any number, the same for every node: who makes or migrates the tables does it alone.
MIGRATION_LOCK = 5_735_363

SQLITE_PROMISES = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: NORMAL loses acknowledged decisions on a power cut
    "foreign_keys": 1,
    "recursive_triggers": 1,  # without them INSERT OR REPLACE slips past triggers on DELETE
    "busy_timeout": BUSY_TIMEOUT_MS,
}
POSTGRESQL_PROMISES = ("fsync", "full_page_writes", "synchronous_commit")

T = TypeVar("T")


class UnfitDatabaseError(Exception):
    """The database does not keep what Skede promises, or is not Skede's. Says which setting or table."""


class Database:
    """One process's connections. Make it in every process anew: a connection must never pass through a fork."""

    def __init__(self, url: str, threads: int = THREADS) -> None:
        """`threads` is how many threads of this process use the database at once.

        Raises UnfitDatabaseError when the database would not keep what it acknowledges.
        """
        address = make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self._process = os.getpid()
        if self.is_sqlite:
            self._readers, self._writers = sqlite_engines(address, threads)
        elif address.get_backend_name() == "postgresql":
            self._readers, self._writers = postgresql_engines(address, threads)
        else:
            raise UnfitDatabaseError(f"{address.get_backend_name()} is neither sqlite nor postgresql")
        try:
            for engine in (self._writers, self._readers):
                engine.connect().close()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees one moment of the database and cannot write."""
        self._refuse_other_process()
        return self._readers.begin()

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection in a write transaction: committed at the end of the block, rolled back on any exception.

        A thread that holds one must not ask for another: on SQLite it would wait for itself.
        """
        self._refuse_other_process()
        return self._writers.begin()

    def retrying(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, run in a write transaction; anew when the database asks for that and only then.

        `work` may run several times, so it must do nothing that the rollback does not undo.
        """
        end = time.monotonic() + PATIENCE_S
        for attempt in itertools.count(1):
            try:
                with self.writing() as connection:
                    return work(connection)
            except (DBAPIError, psycopg.Error, sqlite3.Error) as error:
                last = attempt == ATTEMPTS or time.monotonic() > end
                if last or not asks_for_another_try(error):
                    raise
            time.sleep(random.uniform(0, LONGEST_PAUSE_S))
        raise AssertionError("counting ends")

    def create(self) -> None:
        """Makes tables and triggers in an empty database and migrates an older one; all of it or nothing.

        Raises UnfitDatabaseError for tables that are not Skede's or newer than this Skede.
        """
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            tables = inspect(connection).get_table_names()
            if not tables:
                metadata.create_all(connection, checkfirst=False)
                triggers.install(connection)
                command.stamp(migrations(connection), "head")
            elif VERSION_TABLE in tables:
                refuse_newer(connection)
                migrate(connection)
            else:
                raise UnfitDatabaseError(f"the database holds tables of something else: {', '.join(sorted(tables))}")

    def close(self) -> None:
        self._readers.dispose()
        self._writers.dispose()

    def _refuse_other_process(self) -> None:
        if os.getpid() != self._process:
            raise RuntimeError("this Database was made in another process; make one in each, after the fork")


def asks_for_another_try(error: BaseException) -> bool:
    """Whether the same work may well succeed when done again: a conflict with others, not a fault of its own."""
    cause = error.orig if isinstance(error, StatementError) else error
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate in {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}
    if isinstance(cause, sqlite3.Error):
        # The low byte says BUSY, the rest which kind of it.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return False


def migrations(connection: Connection) -> Config:
    """What Alembic must know to work on this connection, inside the transaction that is open on it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection, to: str = "head") -> None:
    command.upgrade(migrations(connection), to)


def refuse_newer(connection: Connection) -> None:
    script = ScriptDirectory.from_config(migrations(connection))
    known = {revision.revision for revision in script.walk_revisions()}
    present = set(connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalars())
    if not present <= known:
        raise UnfitDatabaseError(f"the database is newer than this Skede: {', '.join(sorted(present - known))}")


def sqlite_engines(address: URL, threads: int) -> tuple[Engine, Engine]:
    """Readers and the one writer, for which the threads of this process queue up."""
    # isolation_level None keeps the driver from beginning transactions; begin_with does, and says which.
    driver = {"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000}
    readers, writers = (pooled(address, size, connect_args=driver) for size in (threads, 1))
    for engine, begin in ((readers, "BEGIN"), (writers, "BEGIN IMMEDIATE")):
        event.listen(engine, "connect", promise_on_sqlite)
        event.listen(engine, "begin", begin_with(begin))
    event.listen(readers, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON").close())
    return readers, writers


def pooled(address: URL, size: int, **options: Any) -> Engine:
    return create_engine(
        address, poolclass=QueuePool, pool_size=size, max_overflow=0, pool_timeout=POOL_TIMEOUT_S, **options
    )


def begin_with(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        # Past SQLAlchemy, which would take four times as long over it as the driver.
        driver_connection = connection.connection.driver_connection
        assert isinstance(driver_connection, sqlite3.Connection)
        driver_connection.execute(statement).close()

    return begin


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


def postgresql_engines(address: URL, threads: int) -> tuple[Engine, Engine]:
    """A connection that a fail-over broke fails once; SQLAlchemy then replaces the whole pool."""
    readers, writers = pooled(address, threads), pooled(address, threads)
    event.listen(readers, "connect", see_one_moment)
    event.listen(writers, "connect", promise_on_postgresql)
    return readers, writers


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


@contextmanager
def cursor_of(connection: Any) -> Iterator[Any]:
    cursor = connection.cursor()
    try:
        yield cursor
    finally:
        cursor.close()
