"""What members own or represent, as the street or square that it adjoins: dated, with its source. Asks a member whether
there is an interest, see ``interests``, and excludes nobody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from workflow.bodies.administering import (
    Change,
    Row,
    by_id,
    day_of,
    in_order,
    iso,
    may_end,
    must_day,
    require,
    the_person,
)
from workflow.storage import schema

WHAT = "member_property"
_M, _P = schema.member_property.c, schema.person.c


@dataclass(frozen=True, slots=True)
class Property:
    id: int
    person: int
    name: str
    place: str
    from_on: date
    to_on: date | None
    source: str


def member_property(connection: Connection, row: Row, today: date, at: datetime) -> list[Change]:
    """Adds one, or with ``id`` and ``to_on`` ends one. Raises Refused: FIELD_MISSING, FIELD_INVALID, NOT_FOUND,
    CONFLICTING."""
    del at
    if "id" in row:
        stored, last = by_id(connection, schema.member_property, row["id"]), must_day(row, "to_on")
        may_end(stored, last, today)
        before = _told(connection, stored["id"])
        connection.execute(update(schema.member_property).where(_M.id == stored["id"]).values(to_on=iso(last)))
        return [Change(WHAT, "ended", [_told(connection, stored["id"])], [before])]
    require(row, "place", "source")
    who, first, last_day = the_person(connection, row), must_day(row, "from_on"), day_of(row, "to_on")
    in_order(first, last_day)
    values = {
        "person_id": who["id"], "place": str(row["place"]).strip(), "from_on": iso(first), "to_on": iso(last_day),
        "source": str(row["source"]).strip(),
    }  # fmt: skip
    made = connection.execute(insert(schema.member_property).values(values).returning(_M.id)).scalar_one()
    return [Change(WHAT, "added", [_told(connection, made)])]


def _told(connection: Connection, row: int) -> dict[str, Any]:
    """As the event tells it: the person by reference."""
    query = select(_P.ref.label("person"), _M.place, _M.from_on, _M.to_on, _M.source).join_from(
        schema.member_property, schema.person
    )
    return dict(connection.execute(query.where(_M.id == row)).mappings().one())


def in_force(connection: Connection, today: date) -> tuple[Property, ...]:
    """Those that have not ended, by member and place."""
    query = (
        select(_M.id, _P.id, _P.name, _M.place, _M.from_on, _M.to_on, _M.source)
        .join_from(schema.member_property, schema.person)
        .where(_M.to_on.is_(None) | (_M.to_on >= today.isoformat()))
        .order_by(_P.name, _M.place, _M.id)
    )
    return tuple(
        Property(row[0], row[1], row[2], row[3], date.fromisoformat(row[4]), day_of({"to_on": row[5]}, "to_on"), row[6])
        for row in connection.execute(query)
    )
