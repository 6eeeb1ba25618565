"""Registerutdrag (dataskyddsförordningen, artikel 15): everything that is kept about one person, row by row, in every
table that points to them; their own words; and where a text of somebody else names them. Secrets are left
out. Changes nothing."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from workflow.privacy.columns import SECRET, class_of
from workflow.records.history import canonical
from workflow.storage import schema

_N, _P, _E, _W = schema.person.c, schema.proposal.c, schema.event.c, schema.passage.c
DETAILS = ("name", "email", "telephone")
SHORTEST = 5  # signs of a detail that is looked for in other people's texts


def extract(connection: Connection, about: str) -> dict[str, Any]:
    """By person, under ``persons``; empty where nobody is meant. Values as they are stored."""
    rows = connection.execute(select(schema.person).where(_meant(about)).order_by(_N.id)).mappings().all()
    return {"about": about, "persons": [_everything(connection, dict(row)) for row in rows]}


def _meant(about: str) -> ColumnElement[bool]:
    sender = select(_P.proposer_id).where(_P.number == about)
    named = or_(*(_N[name] == about for name in ("ref", *DETAILS)))
    return or_(_N.id.in_(sender), named) if about.strip() else _N.id.is_(None)


def _everything(connection: Connection, person: dict[str, Any]) -> dict[str, Any]:
    tables = {table.name: _rows(connection, table, person["id"]) for table in _pointing()}
    numbers = [row["number"] for row in tables.get("proposal", ())]
    ids = [row["id"] for row in tables.get("proposal", ())]
    written = _read(connection, schema.revision, schema.revision.c.proposal_id.in_(ids))
    acted = _read(connection, schema.event, _E.actor == person["ref"])
    said = [
        row for each in acted
        for row in _read(connection, schema.passage, (_W.stream == each["stream"]) & (_W.seq == each["seq"]))
    ]  # fmt: skip
    return {
        "person": _open(schema.person, person), "tables": {name: rows for name, rows in tables.items() if rows},
        "revisions": written, "events": acted, "words": said,
        "mentioned": list(_mentions(connection, person, numbers)),
    }  # fmt: skip


def _pointing() -> Iterator[Table]:
    """Every table with a column that points to a person: a new one is in the extract without anybody thinking of it."""
    for table in schema.metadata.sorted_tables:
        if any(key.column.table is schema.person for key in table.foreign_keys):
            yield table


def _rows(connection: Connection, table: Table, person: int) -> list[dict[str, Any]]:
    columns = [key.parent for key in table.foreign_keys if key.column.table is schema.person]
    return _read(connection, table, or_(*(column == person for column in columns)))


def _read(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).where(which).order_by(*table.primary_key.columns)).mappings()
    return [_open(table, dict(row)) for row in rows]


def _open(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if class_of(table.name, name) != SECRET}


def _mentions(connection: Connection, person: dict[str, Any], own: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Where somebody else's words hold a detail of theirs."""
    details = [person[name] for name in DETAILS if len(person[name]) >= SHORTEST]
    if not details:
        return
    texts = or_(*(_W.content.contains(each, autoescape=True) for each in details))
    for row in connection.execute(select(_W.stream, _W.seq, _W.field).where(texts).order_by(_W.stream, _W.seq)):
        yield dict(row._mapping)
    revision = schema.revision.c
    said = (revision.title, revision.content)
    held = or_(*(column.contains(each, autoescape=True) for each in details for column in said))
    query = select(_P.number, revision.n).join_from(schema.revision, schema.proposal).where(held, _P.number.not_in(own))
    for each in connection.execute(query.order_by(_P.number, revision.n)):
        yield dict(each._mapping)


def as_text(found: dict[str, Any]) -> str:
    """One JSON document, the same for the same database."""
    return canonical(found)
