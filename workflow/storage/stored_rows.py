"""Tables read whole, as they are stored, and how a row that disagrees is named. Judges nothing itself."""

import json
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.sql.schema import Table

Rows = dict[tuple[Any, ...], dict[str, Any]]


def read(connection: Connection, table: Table, *keys: str) -> Rows:
    found = connection.execute(select(table)).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in found}


def name_of(table: str, key: tuple[Any, ...]) -> str:
    return f"{table} ({', '.join(str(part) for part in key)})"


def body_of(row: dict[str, Any]) -> dict[str, Any]:
    """The event's body; an empty one where the stored text is no longer JSON (the chain names that)."""
    try:
        found = json.loads(row["body"])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
