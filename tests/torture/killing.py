"""A process that counts what it sends to its database and ends itself, by SIGKILL, right before or after one of them.

What counts: every statement of a cursor and every commit, on both drivers. Nothing is flushed and nothing rolled back.
"""

import os
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from workflow.storage import connections


@dataclass(slots=True)
class Points:
    """Where the process dies: at the n-th statement once armed, before it is sent or after it was answered."""

    n: int
    after: bool
    armed: bool = False
    sent: int = 0

    def pass_through(self, send: Callable[[], Any]) -> Any:
        if not self.armed:
            return send()
        self.sent += 1
        if self.sent == self.n and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = send()
        if self.sent == self.n and self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def watch(points: Points) -> None:
    """Every connection that this process opens from now on passes through the points."""
    _watch_sqlite(points)
    _watch_psycopg(points)


def _watch_sqlite(points: Points) -> None:
    class Cursor(sqlite3.Cursor):
        def execute(self, *given: Any) -> Any:
            return points.pass_through(lambda: sqlite3.Cursor.execute(self, *given))

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

        def execute(self, *given: Any) -> Any:
            return self.cursor().execute(*given)

        def commit(self) -> None:
            points.pass_through(lambda: sqlite3.Connection.commit(self))

    connections.SQLITE_DRIVER["factory"] = Connection


def _watch_psycopg(points: Points) -> None:
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

    def executes(self: Any, *given: Any, **more: Any) -> Any:
        return points.pass_through(lambda: execute(self, *given, **more))

    def commits(self: Any) -> None:
        points.pass_through(lambda: commit(self))

    psycopg.Cursor.execute = executes  # type: ignore[method-assign]
    psycopg.Connection.commit = commits  # type: ignore[method-assign]
