"""Whether the files of proposals are there, are what their events say, and are shown only as an official has said."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from workflow.storage import schema
from workflow.storage.stored_rows import name_of

_U, _P, _E = schema.upload.c, schema.proposal.c, schema.event.c
KINDS = ("submitted", "file_added", "file_sent", "file_looked_at")


def wrong_files(connection: Connection, folder: Path) -> Iterator[str]:
    """Each has come with an event that names its digest; what stands of it is what the latest look has said."""
    columns = (_U.id, _U.seq, _U.digest, _U.name, _U.erased_at, _U.looked_seq, _U.standing, _P.number)
    rows = connection.execute(select(*columns).join_from(schema.upload, schema.proposal).order_by(_U.id)).all()
    told = _told(connection, sorted({row.number for row in rows}))
    for row in rows:
        place = name_of("upload", (row.id,))
        if row.digest not in told.get((row.number, row.seq), {}).get("files", ()):
            yield f"{place}: digest is not in the event that it came with"
        if row.erased_at is not None:
            continue
        if row.standing != _standing(told, row):
            yield f"{place}: standing is not what the latest look says"
        if _digest(folder / row.name) != row.digest:
            yield f"{place}: the file is not there, or is another"


def _told(connection: Connection, numbers: list[str]) -> dict[tuple[str, int], dict[str, Any]]:
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for n in range(0, len(numbers), 200):
        some = numbers[n : n + 200]
        query = select(_E.stream, _E.seq, _E.body).where(_E.stream.in_(some), _E.kind.in_(KINDS))
        found |= {(row.stream, row.seq): json.loads(row.body) for row in connection.execute(query)}
    return found


def _standing(told: dict[tuple[str, int], dict[str, Any]], row: Any) -> str:
    body = told.get((row.number, row.looked_seq), {}) if row.looked_seq is not None else None
    if body is None:
        return "waiting"
    if body.get("kind") == "file_looked_at" and body.get("file") == row.digest:
        return str(body.get("standing"))
    return "shown" if body.get("kind") == "file_added" and row.digest in body.get("files", ()) else ""


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
