"""Rates and limits by name and date: which are known and in what unit, what applies on a day, and their history.
A new row follows an old one; nothing is edited. Knows neither what a rate is used for nor who may change one."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from states import RefusalKind
from states.money import MOST_ORE
from workflow.money.views_money import Rate
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import read_date, read_moment

STREAM = "configuration"
UNITS: Mapping[str, str] = {
    "price_base_amount": "ore",
    "capitalisation_share": "basis_points",
    "capitalisation_years": "years",
    "internal_interest": "basis_points",
    "review_limit": "ore",
    "board_limit": "ore",
    "direct_award_limit": "ore",
    "direct_award_documentation_limit": "ore",
    "year_end_days": "working_days",
    "reminder_before_days": "working_days",
    "reminder_after_days": "working_days",
    "opinion_days": "working_days",
}
MOST = {"ore": MOST_ORE, "basis_points": 100_000, "years": 200, "working_days": 5_000}
TEXTS = ("source", "set_by")
_R, _E = schema.rate.c, schema.event.c
Told = tuple[Any, ...]
Entered = tuple[date | None, str | None]
NEVER: Entered = (None, None)


def in_force(connection: Connection, on: date) -> dict[str, int | None]:
    """Every value that applies that day, by name; None is *ej angivet*. Of several the one that began last applies,
    and of those from the same day the one registered last."""
    begun = select(_R.name, _R.value).where(
        _R.from_on <= on.isoformat(), _R.to_on.is_(None) | (_R.to_on >= on.isoformat())
    )
    return {row.name: row.value for row in connection.execute(begun.order_by(_R.from_on, _R.id))}


def rates(connection: Connection, today: date) -> tuple[Rate, ...]:
    """Every row: by name in the order of ``UNITS``, the latest days first, and of the same days the latest row."""
    place = {name: n for n, name in enumerate(UNITS)}
    entered = _entered(connection)
    found = connection.execute(select(schema.rate).order_by(_R.from_on.desc(), _R.id.desc())).all()
    applies = {row.name: row.id for row in reversed(found) if row.from_on <= today.isoformat() <= (row.to_on or "9")}
    replaced = _replaced(found)
    rows = [
        Rate(
            row.id, row.name, row.value, row.unit, date.fromisoformat(row.from_on), read_date(row.to_on), row.source,
            row.set_by, *entered.get(row_of(row._asdict()), NEVER), applies.get(row.name) == row.id, row.id in replaced,
        )
        for row in found
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda each: (place.get(each.name, len(place)), each.name)))


def _replaced(found: Any) -> set[int]:
    """Rows after which another was registered for the very same days; the latest comes first."""
    seen: set[tuple[Any, ...]] = set()
    gone: set[int] = set()
    for row in found:
        days = (row.name, row.from_on, row.to_on)
        gone |= {row.id} if days in seen else set()
        seen.add(days)
    return gone


def require(connection: Connection, row: Mapping[str, Any]) -> None:
    """Raises Refused(FIELD_MISSING or FIELD_INVALID) for what is no rate: an unknown name, another unit than it has,
    a value that cannot be, days that end before they begin, no source."""
    for name in ("name", "unit", "from_on", *TEXTS):
        if not str(row.get(name) or "").strip():
            raise Refused.because(RefusalKind.FIELD_MISSING, field=name)
    value, to_on = row.get("value"), row.get("to_on")
    if row["unit"] != units(connection).get(row["name"]):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="name")
    if value is not None and (type(value) is not int or not 0 <= value <= MOST[row["unit"]]):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="value")
    if to_on is not None and to_on < row["from_on"]:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="to_on")


def units(connection: Connection) -> dict[str, str]:
    """The unit of every rate that is known, or that the municipality has given before."""
    given = connection.execute(select(_R.name, _R.unit).order_by(_R.id))
    return {**{row.name: row.unit for row in given}, **UNITS}


def row_of(row: Mapping[str, Any]) -> Told:
    """A row as its event tells it, but for when it ends: that a later event may tell."""
    return tuple(row.get(name) for name in ("name", "value", "unit", "from_on", *TEXTS))


def told(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of rates that an event of the configuration tells."""
    return list(body.get("rows", ())) if body.get("what") == "rate" else []


def _entered(connection: Connection) -> dict[Told, Entered]:
    """When a row was registered, and in which role; in none where it came with the configuration."""
    events = select(_E.recorded_at, _E.body).where(_E.stream == STREAM, _E.kind == "configured").order_by(_E.seq)
    found: dict[Told, Entered] = {}
    for at, text in connection.execute(events):
        body = json.loads(text)
        for row in told(body):
            found[row_of(row)] = (read_moment(at).date(), (body.get("capacity") or {}).get("role"))
    return found
