"""What the changes of an administrator share: what a change tells its event, and how a row is read, checked and found.
What may be done to bodies, people, rights and days stands in modules of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from states import RefusalKind
from workflow.records.refused import Refused
from workflow.storage import schema

Row = Mapping[str, Any] | RowMapping
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to rows of one kind: as they are and as they were, people by reference and bodies by code.
    ``words`` are free text and personal data, kept beside the event."""

    what: str
    did: str  # added, ended, changed, moved, removed, renewed
    rows: Sequence[Row]
    before: Sequence[Row] = ()
    words: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Connection, Row, date, datetime], list[Change]]


def conflicting(why: str, **facts: object) -> Refused:
    """What was asked does not go together with what there is; ``why`` names which."""
    return Refused.because(RefusalKind.CONFLICTING, (ADMINISTRATOR,), why=why, **facts)


def require(row: Row, *names: str) -> None:
    """Raises Refused(FIELD_MISSING)."""
    for name in names:
        if not str(row.get(name) if row.get(name) is not None else "").strip():
            raise Refused.because(RefusalKind.FIELD_MISSING, field=name)


def one_of(row: Row, name: str, known: Sequence[str]) -> None:
    """Raises Refused(FIELD_INVALID)."""
    if row.get(name) not in known:
        raise Refused.because(RefusalKind.FIELD_INVALID, field=name)


def day_of(row: Row, name: str) -> date | None:
    """Raises Refused(FIELD_INVALID) for what is no day."""
    value = row.get(name)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Refused.because(RefusalKind.FIELD_INVALID, field=name) from None


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def must_day(row: Row, name: str) -> date:
    require(row, name)
    found = day_of(row, name)
    assert found is not None
    return found


def in_order(first: date, last: date | None) -> None:
    """Raises Refused(CONFLICTING)."""
    if last is not None and last < first:
        raise conflicting("ends_before_it_begins", from_on=first, to_on=last)


def may_end(row: Row, last: date, today: date) -> None:
    """An end rewrites nothing that has been done: yesterday at the earliest, and never what has ended already."""
    stored = row["to_on"]
    if stored is not None and stored < today.isoformat():
        raise conflicting("has_ended", to_on=date.fromisoformat(stored))
    in_order(date.fromisoformat(row["from_on"]), last)
    if last < today - timedelta(days=1):
        raise conflicting("in_the_past", to_on=last)


def overlaps(row: Row, first: date, last: date | None) -> bool:
    """Whether a stored row with ``from_on`` and ``to_on`` has a day in common with the period."""
    begins, ends = str(row["from_on"]), row["to_on"]
    return (last is None or begins <= last.isoformat()) and (ends is None or ends >= first.isoformat())


def by_id(connection: Connection, table: Table, row_id: object) -> RowMapping:
    """Raises Refused(NOT_FOUND)."""
    found = connection.execute(select(table).where(table.c.id == row_id)).mappings().one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="row", number=row_id)
    return found


def the_body(connection: Connection, row: Row, name: str = "body") -> RowMapping:
    """By code, or by ``<name>_id``. Raises Refused(FIELD_INVALID)."""
    c = schema.body.c
    which = c.code == row[name] if row.get(name) else c.id == row.get(f"{name}_id")
    found = connection.execute(select(schema.body).where(which)).mappings().one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.FIELD_INVALID, field=name)
    return found


def the_person(connection: Connection, row: Row) -> RowMapping:
    """A member, by ``person_id``. Raises Refused(FIELD_INVALID)."""
    c = schema.person.c
    which = select(schema.person).where(c.id == row.get("person_id"), c.kind == "member")
    found = connection.execute(which).mappings().one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="person")
    return found
