"""What a database holds, read past the engine on a connection of its own that is closed again at once."""

import json
import time
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from workflow.storage.schema import metadata

Tables = dict[str, list[str]]
_CLIENTS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
UNTOLD = ("refusal", "session")  # the log of refusals and who is signed in: nothing that was decided


def tables(url: str) -> Tables:
    """Every row of every table but the log of refusals and the sessions, sorted."""
    plain = create_engine(url, poolclass=NullPool)
    names = [name for name in metadata.tables if name not in UNTOLD]
    with plain.connect() as connection:
        return {name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")))) for name in names}


def counts(held: Tables) -> dict[str, int]:
    return {name: len(rows) for name, rows in held.items()}


def more(before: Tables, after: Tables) -> dict[str, int]:
    """How many rows each table has grown by; those that did not are left out."""
    first, then = counts(before), counts(after)
    return {name: then[name] - first[name] for name in first if then[name] != first[name]}


def events(url: str) -> set[tuple[str, int]]:
    return {(row[0], row[1]) for row in _rows(url, "SELECT stream, seq FROM event")}


def answers(url: str) -> dict[str, dict[str, Any]]:
    """What each key was answered with."""
    return {row[0]: json.loads(row[1]) for row in _rows(url, "SELECT key, answer FROM request") if row[1]}


def settle(url: str) -> None:
    """Waits until the server has noticed that its clients are dead: what they sent last it may still be doing."""
    while not url.startswith("sqlite") and _rows(url, _CLIENTS)[0][0]:
        time.sleep(0.01)


def _rows(url: str, query: str) -> list[Any]:
    plain = create_engine(url, poolclass=NullPool)
    with plain.connect() as connection:
        return list(connection.execute(text(query)))
