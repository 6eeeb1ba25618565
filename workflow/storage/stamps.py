"""Whether anything was committed since: a stamp of the database, equal only while nothing was. Knows no table, so that
no change can forget to tell it."""

import sqlite3
import threading
from typing import Protocol

from sqlalchemy import URL

from workflow.storage.connections import Lane


class Stamps(Protocol):
    """Two stamps of one process that are equal say that nothing was committed between them, by whomever."""

    def now(self) -> str: ...
    def close(self) -> None: ...


def stamps_of(address: URL, readers: Lane) -> Stamps:
    return SqliteStamps(str(address.database)) if address.get_backend_name() == "sqlite" else PostgresqlStamps(readers)


class SqliteStamps:
    """``data_version`` is one connection's own count of what others have committed, so one is kept for it."""

    def __init__(self, path: str) -> None:
        self._path, self._turn = path, threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def now(self) -> str:
        with self._turn:
            if self._connection is None:
                self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return str(version)

    def close(self) -> None:
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


class PostgresqlStamps:
    """A snapshot names every transaction that is not finished: one more that is, and it reads otherwise."""

    def __init__(self, readers: Lane) -> None:
        self._readers = readers

    def now(self) -> str:
        with self._readers.begin() as connection:
            return str(connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one())

    def close(self) -> None:
        """Its connections are the readers'."""
