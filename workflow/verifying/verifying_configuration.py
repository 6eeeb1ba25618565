"""Whether bodies, memberships, decision rights, meetings and quiet periods are what the events of the configuration
come to, told from the first one on. Rates are told in ``verifying_rates``."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of

STREAM = "configuration"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "body": ("code", "kind", "title", "level", "ended_on", "successor"),
    "membership": ("person", "body", "role", "category", "from_on", "to_on", "source"),
    "decision_right": ("holder", "level", "source", "up_to_ore", "point", "from_on", "to_on", "basis", "substitute"),
    "meeting": ("body", "held_on", "papers_due_on"),
    "quiet_period": ("from_on", "to_on", "title"),
    "member_property": ("person", "place", "from_on", "to_on", "source"),
}
Told = tuple[Any, ...]


def wrong_configuration(connection: Connection, events: Rows) -> Iterator[str]:
    """Rows that no event tells, or that an event tells and nothing holds."""
    wanted: dict[str, Counter[Told]] = {what: Counter() for what in COLUMNS}
    for key in sorted(key for key in events if key[0] == STREAM):
        body = body_of(events[key])
        what = body.get("what", "")
        if what in COLUMNS:
            wanted[what].subtract(_told(what, row) for row in body.get("before", ()))
            wanted[what].update(_told(what, row) for row in body.get("rows", ()))
    for what, told in wanted.items():
        told.subtract(_stored(connection, what))
        for row, n in sorted(told.items(), key=str):
            if n:
                yield f"{what} ({', '.join(map(str, row))}): {'missing' if n > 0 else 'no event knows it'}"


def _told(what: str, row: Mapping[str, Any]) -> Told:
    return tuple(row.get(column) for column in COLUMNS[what])


def _stored(connection: Connection, what: str) -> list[Told]:
    body, heir = schema.body, schema.body.alias()
    of_body = {"membership": schema.membership, "meeting": schema.meeting}
    if what == "body":
        c = body.c
        query = select(c.code, c.kind, c.title, c.level, c.ended_on, heir.c.code.label("successor")).select_from(
            body.outerjoin(heir, heir.c.id == c.successor_id)
        )
    elif what in of_body:
        table = of_body[what]
        named = [body.c.code.label("body"), *([schema.person.c.ref.label("person")] if what == "membership" else [])]
        joined = table.join(body, body.c.id == table.c.body_id)
        if what == "membership":
            joined = joined.join(schema.person, schema.person.c.id == table.c.person_id)
        query = select(*named, *(table.c[name] for name in COLUMNS[what] if name in table.c)).select_from(joined)
    elif what == "member_property":
        owned = schema.member_property
        columns = (owned.c[name] for name in COLUMNS[what] if name in owned.c)
        query = select(schema.person.c.ref.label("person"), *columns).join_from(owned, schema.person)
    else:
        table = schema.metadata.tables[what]
        query = select(*(table.c[name] for name in COLUMNS[what]))
    return [_told(what, row) for row in connection.execute(query).mappings()]  # type: ignore[arg-type]
