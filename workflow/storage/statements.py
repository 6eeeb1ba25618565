"""Core statements compiled once to SQL text and run on the DBAPI cursor: the fast lane that a decision takes.

SQLite gets one statement after the other. PostgreSQL gets a whole batch of writes as one statement with common table
expressions, since there the round trips are what costs.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable

_DIALECTS = {"sqlite": sqlite.dialect(paramstyle="qmark"), "postgresql": postgresql.dialect(paramstyle="pyformat")}  # type: ignore[no-untyped-call]
_PARAMETER = re.compile(r"%\((\w+)\)s")


class Contested(Exception):
    """A guarded write met no row: somebody else was first, or the pot cannot carry it. ``name`` says which write."""

    def __init__(self, name: str, parameters: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.name, self.parameters = name, parameters


class Statement:
    """One statement and its text in both dialects. ``guarded`` writes must meet exactly one row."""

    def __init__(
        self, name: str, core: Executable, *, columns: Sequence[str] | None = None, guarded: bool = False
    ) -> None:
        self.name, self.guarded = name, guarded
        if isinstance(core, Insert):
            core = core.inline()  # no key is wanted back: the batch counts rows instead
        compiled = {
            dialect: core.compile(dialect=made, column_keys=list(columns) if columns else None)  # type: ignore[attr-defined]
            for dialect, made in _DIALECTS.items()
        }
        self.text = {dialect: str(each) for dialect, each in compiled.items()}
        self.constants = {name: value for name, value in compiled["sqlite"].params.items() if value is not None}
        self._order: tuple[str, ...] = tuple(compiled["sqlite"].positiontup or ())

    def execute(self, driver: Any, parameters: Mapping[str, Any]) -> Any:
        """A cursor of the driver's own connection (sqlite3 or psycopg) after the statement."""
        if isinstance(driver, sqlite3.Connection):
            return driver.execute(self.text["sqlite"], [parameters[name] for name in self._order])
        return driver.execute(self.text["postgresql"], parameters)

    def rows(self, connection: Connection, **parameters: Any) -> list[Any]:
        """All rows of a read, as tuples in the order of the columns selected."""
        return list(self.execute(driver_of(connection), self.constants | parameters).fetchall())

    def run(self, connection: Connection, **parameters: Any) -> int:
        """The number of rows written."""
        return int(self.execute(driver_of(connection), self.constants | parameters).rowcount)


def driver_of(connection: Connection) -> Any:
    """The driver's own connection, in the transaction that is open on it."""
    return connection.connection.driver_connection


class Batch:
    """Writes that belong together. Nothing reads between them, so their order matters to nobody but the reader."""

    def __init__(self) -> None:
        self._writes: list[tuple[Statement, dict[str, Any]]] = []

    def add(self, statement: Statement, **parameters: Any) -> None:
        self._writes.append((statement, statement.constants | parameters if statement.constants else parameters))

    def run(self, connection: Connection) -> None:
        """Raises Contested when a guarded write does not meet exactly one row; the caller's transaction rolls back."""
        if not self._writes:
            return
        driver = driver_of(connection)
        counts = self._run_each(driver) if isinstance(driver, sqlite3.Connection) else self._run_as_one(driver)
        for (statement, parameters), count in zip(self._writes, counts, strict=True):
            if statement.guarded and count != 1:
                raise Contested(statement.name, parameters)

    def _run_each(self, driver: sqlite3.Connection) -> list[int]:
        return [statement.execute(driver, parameters).rowcount for statement, parameters in self._writes]

    def _run_as_one(self, driver: Any) -> list[int]:
        text = _combined(tuple(statement.text["postgresql"] for statement, _ in self._writes))
        parameters = {
            f"w{i}_{name}": value for i, (_, given) in enumerate(self._writes) for name, value in given.items()
        }
        row = driver.execute(text, parameters).fetchone()
        return [int(count) for count in row] if row else []


@lru_cache(maxsize=512)
def _combined(texts: tuple[str, ...]) -> str:
    parts, counts = [], []
    for i, each in enumerate(texts):
        renamed = _PARAMETER.sub(lambda found, i=i: f"%(w{i}_{found[1]})s", each)  # type: ignore[misc]
        parts.append(f"w{i} AS ({renamed} RETURNING 1)")
        counts.append(f"(SELECT count(*) FROM w{i})")
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts)}"
