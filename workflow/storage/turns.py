"""Whose turn it is to write to an SQLite file: first among the threads of this process, then among the processes of
this machine. Protects nothing that SQLite does not; knows nothing of what is written.

SQLite lets whoever waits look again ever more seldom, and whoever looks at the right moment wins: of sixteen processes
some wait ten seconds. The operating system wakes those who wait, and frees the turn when its holder dies.
"""

import fcntl
import threading
from pathlib import Path
from typing import IO

from sqlalchemy import exc


class Turns:
    """One for each writer of a file."""

    def __init__(self, database: str | None, patience_s: float) -> None:
        self._mine = threading.Lock()
        self._patience_s = patience_s
        self._file = _opened(f"{database}-turn") if database and database != ":memory:" else None
        self._waiting: threading.Thread | None = None

    def take(self) -> None:
        """Waits. Raises TimeoutError of SQLAlchemy when others have kept their turn for too long."""
        if not self._mine.acquire(timeout=self._patience_s):
            raise exc.TimeoutError(f"another thread of this process has been writing for {self._patience_s} s")
        try:
            self._take_from_other_processes()
        except BaseException:
            self._mine.release()
            raise

    def give_back(self) -> None:
        if self._file is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._mine.release()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _take_from_other_processes(self) -> None:
        if self._file is None or (self._waiting is None and _is_free(self._file)):
            return
        if self._waiting is None:
            told = (self._file, fcntl.LOCK_EX)
            self._waiting = threading.Thread(target=fcntl.lockf, args=told, daemon=True)
            self._waiting.start()
        self._waiting.join(self._patience_s)
        if self._waiting.is_alive():  # it waits on, for the next thread that asks
            raise exc.TimeoutError(f"another process has been writing for {self._patience_s} s")
        self._waiting = None


def _opened(path: str) -> IO[str] | None:
    """Where no such file can be made, the processes do without turns."""
    try:
        return Path(path).open("a", encoding="ascii")
    except OSError:
        return None


def _is_free(file: IO[str]) -> bool:
    """And if so, taken."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
