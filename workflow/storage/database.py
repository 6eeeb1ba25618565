"""The database of one process: who reads, who writes, what is done again, and its tables made or migrated.

Readers and writers have connections of their own, see ``connections``. On SQLite a writer takes the only write lock
as it begins (BEGIN IMMEDIATE), so that it never finds halfway that what it read has changed; readers go on beside it.
On PostgreSQL writers run READ COMMITTED and guard their updates themselves. A reader sees one moment of the database
and can write nothing.
"""

import itertools
import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self, TypeVar

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.exc import DBAPIError

from workflow.storage import connections, scrubbing, triggers
from workflow.storage.connections import LONGEST_PAUSE_S, THREADS, UnfitDatabaseError, asks_for_another_try
from workflow.storage.schema import metadata
from workflow.storage.stamps import stamps_of

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"

ATTEMPTS = 8
PATIENCE_S = 20.0

# Any number, the same for every node: who makes or migrates the tables does it alone.
MIGRATION_LOCK = 5_735_363

T = TypeVar("T")


class Database:
    """One process's connections. Make it in every process anew: a connection must never pass through a fork."""

    def __init__(self, url: str, threads: int = THREADS) -> None:
        """`threads` is how many threads of this process use the database at once.

        Raises UnfitDatabaseError when the database would not keep what it acknowledges.
        """
        address = make_url(url)
        self._address = address
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self._process = os.getpid()
        self._readers, self._writers = connections.opened(address, threads)
        self._stamps = stamps_of(address, self._readers)
        try:
            for lane in (self._writers, self._readers):
                with lane.begin():
                    pass  # each vouches for itself as it is made
        except BaseException as error:
            self.close()
            if isinstance(error, DBAPIError):  # nothing has been asked of it yet but to open
                raise UnfitDatabaseError(f"{address!r} kan inte öppnas: {error.orig}") from error
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

    def stamp(self) -> str:
        """Equal to an earlier one of this process only while nothing was committed, by this or any other."""
        self._refuse_other_process()
        return self._stamps.now()

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

    def scrub(self) -> None:
        """Writes the database anew, without anything that was deleted or overwritten; others wait meanwhile."""
        self._refuse_other_process()
        scrubbing.scrub(self._address)

    def close(self) -> None:
        self._stamps.close()
        self._readers.dispose()
        self._writers.dispose()

    def _refuse_other_process(self) -> None:
        if os.getpid() != self._process:
            raise RuntimeError("this Database was made in another process; make one in each, after the fork")


def migrations(connection: Connection) -> Config:
    """What Alembic must know to work on this connection, inside the transaction that is open on it."""
    if not connection.in_transaction():
        connection.begin()  # else Alembic begins one of its own, and commits it
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
