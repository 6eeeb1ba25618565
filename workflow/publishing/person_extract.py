"""Registerutdrag (dataskyddsförordningen, artikel 15): everything that is kept about one person, row by row, in every
table that points to them; their own words; and where a text of somebody else names them. Secrets are left
out. Changes nothing."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, String, Table, Text, func, or_, select

from workflow.privacy.columns import SECRET, class_of
from workflow.records.history import canonical
from workflow.storage import schema

_N, _P, _E, _W = schema.person.c, schema.proposal.c, schema.event.c, schema.passage.c
DETAILS = ("name", "email", "telephone")
SHORTEST = 5  # signs of a detail that is looked for in other people's texts
AROUND = 80  # signs shown before and after it
# Not looked through: who a person is stands under ``persons``; a draft is its sender's alone; the rest is kept for the
# machine, or says what a revision says.
PASSED_BY = frozenset(
    {
        "attempt", "definition", "draft", "event", "mark", "notice", "person", "public_face", "request", "search_form",
        "search_word", "session", "session_browser", "stream",
    }
)  # fmt: skip


def extract(connection: Connection, about: str) -> dict[str, Any]:
    """By person, under ``persons``, values as they are stored; and under ``mentioned`` where a text holds what was
    asked for, also where nobody is known by it. Both empty where nothing is kept."""
    rows = connection.execute(select(schema.person).where(_meant(about)).order_by(_N.id)).mappings().all()
    persons = [_everything(connection, dict(row)) for row in rows]
    return {"about": about, "persons": persons, "mentioned": [] if persons else list(_holding(connection, [about]))}


def _meant(about: str) -> ColumnElement[bool]:
    sender = select(_P.proposer_id).where(_P.number == about)
    named = or_(*(_N[name] == about for name in ("ref", *DETAILS)), func.lower(_N.email) == about.lower())
    return or_(_N.id.in_(sender), named) if about.strip() else _N.id.is_(None)


def _everything(connection: Connection, person: dict[str, Any]) -> dict[str, Any]:
    tables = {table.name: _rows(connection, table, person["id"]) for table in pointing()}
    numbers = [row["number"] for row in tables.get("proposal", ())]
    ids = [row["id"] for row in tables.get("proposal", ())]
    files = schema.upload.c
    sent = _read(connection, schema.upload, files.proposal_id.in_(ids) & files.by_person.is_(None))
    tables["upload"] = [*tables.get("upload", ()), *sent]
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


def pointing() -> Iterator[Table]:
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
    for each in _holding(connection, [person[name] for name in DETAILS]):
        if not (each["table"] == "revision" and each["number"] in own):
            yield each


def _holding(connection: Connection, details: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every text that anybody may have written, in any table, that holds one of the details: where, and the words
    around it."""
    wanted = [each.strip().lower() for each in details if len(each.strip()) >= SHORTEST]
    for table in schema.metadata.sorted_tables if wanted else ():
        columns = [each for each in table.columns if _is_text(table, each)]
        if table.name in PASSED_BY or not columns:
            continue
        held = or_(*(func.lower(column).contains(each, autoescape=True) for each in wanted for column in columns))
        numbered = table.outerjoin(schema.proposal) if "proposal_id" in table.columns else table
        number = [_P.number.label("of_number")] if "proposal_id" in table.columns else []
        query = select(*table.columns, *number).select_from(numbered).where(held)
        for row in connection.execute(query.order_by(*table.primary_key.columns)).mappings():
            yield from _places(table, dict(row), columns, wanted)


def _is_text(table: Table, column: Column[Any]) -> bool:
    plain = isinstance(column.type, (Text, String)) and not column.foreign_keys
    return plain and class_of(table.name, column.name) != SECRET


def _places(
    table: Table, row: dict[str, Any], columns: Sequence[Column[Any]], wanted: Sequence[str]
) -> Iterator[dict[str, Any]]:
    where = {column.name: row[column.name] for column in table.primary_key.columns if column.name in row}
    number = {"number": row["of_number"]} if "of_number" in row else {}
    for column in columns:
        said = str(row[column.name] or "")
        at = min((said.lower().find(each) for each in wanted if each in said.lower()), default=None)
        if at is not None:
            around = said[max(0, at - AROUND) : at + AROUND]
            yield {**where, **number, "table": table.name, "column": column.name, "said": around}


def as_text(found: dict[str, Any]) -> str:
    """One JSON document, the same for the same database."""
    return canonical(found)
