"""The register of decision rights: who decides about money of each kind, to what amount, under which point, on what
basis. A right is added or ended, never edited. What may be decided with it is judged in ``states``."""

from datetime import date, datetime
from typing import get_args

from sqlalchemy import Connection, insert, select, update

from states import RefusalKind
from states.money import MOST_ORE
from workflow.bodies.administering import (
    Change,
    Row,
    by_id,
    conflicting,
    day_of,
    in_order,
    iso,
    may_end,
    must_day,
    one_of,
    overlaps,
    require,
    the_body,
)
from workflow.records.refused import Refused
from workflow.settings.configuration_faults import DELEGATES, EMPLOYEE_ROLES
from workflow.settings.configuration_values import SourceKind
from workflow.storage import schema

_D = schema.decision_right.c
LEVEL_OF_ROLES = 10  # below every body


def decision_right(connection: Connection, row: Row, today: date, _: datetime) -> list[Change]:
    """Adds a right, or ends one with ``{"id", "to_on"}``. ``holder`` is a role or a body's code; no ``up_to_ore`` is no
    limit. Raises Refused."""
    if "id" in row:
        return [_end(connection, row, today)]
    require(row, "holder", "basis")
    one_of(row, "source", get_args(SourceKind))
    level = _level(connection, row)
    amount = row.get("up_to_ore")
    if amount is not None and (isinstance(amount, bool) or not isinstance(amount, int) or not 0 < amount <= MOST_ORE):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="up_to_ore")
    first, last = must_day(row, "from_on"), day_of(row, "to_on")
    in_order(first, last)
    held = select(schema.decision_right).where(_D.holder == row["holder"], _D.source == row["source"])
    for each in connection.execute(held.order_by(_D.id)).mappings():
        if overlaps(each, first, last):
            raise conflicting("right_already", from_on=date.fromisoformat(each["from_on"]))
    substitute = row.get("substitute") or None
    if substitute is not None and (row["holder"] not in DELEGATES or substitute not in EMPLOYEE_ROLES):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="substitute")
    values = {
        "holder": row["holder"], "level": level, "source": row["source"],
        "up_to_ore": None if amount is None else int(amount),
        "point": (row.get("point") or "").strip() or None, "from_on": iso(first), "to_on": iso(last),
        "basis": row["basis"].strip(), "substitute": substitute,
    }  # fmt: skip
    made = connection.execute(insert(schema.decision_right).values(values).returning(_D.id)).scalar_one()
    return [Change("decision_right", "added", [dict(by_id(connection, schema.decision_right, made))])]


def _end(connection: Connection, row: Row, today: date) -> Change:
    stored, last = dict(by_id(connection, schema.decision_right, row["id"])), must_day(row, "to_on")
    may_end(stored, last, today)
    connection.execute(update(schema.decision_right).where(_D.id == stored["id"]).values(to_on=iso(last)))
    return Change("decision_right", "ended", [{**stored, "to_on": iso(last)}], [stored])


def _level(connection: Connection, row: Row) -> int:
    """Where in the order of deciding: a body has its own, roles stand below every body. Raises Refused."""
    if row["holder"] in DELEGATES:
        given = row.get("level")
        return int(given) if given is not None else LEVEL_OF_ROLES
    body = the_body(connection, {"body": row["holder"]})
    if body["level"] == 0:
        raise conflicting("decides_nothing")
    if body["ended_on"] is not None:
        raise conflicting("body_has_ended", to_on=date.fromisoformat(body["ended_on"]))
    return int(body["level"])
