"""What every table is made of: two column types that mean the same on SQLite (STRICT) and PostgreSQL.

Moments are text in UTC with fixed width, dates are ISO text: both sort as they read and give the same bytes in the
hash chain on either database.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
STRICT: dict[str, Any] = {"sqlite_strict": True}

# SQLite takes INTEGER for a rowid key; both read it as a signed 64-bit number.
WHOLE: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")


def key(name: str = "id") -> Column[Any]:
    """A surrogate key that the database counts up."""
    return Column(name, WHOLE, primary_key=True, autoincrement=True)


def whole(name: str, *more: Any, null: bool = False, **options: Any) -> Column[Any]:
    return Column(name, WHOLE, *more, nullable=null, **options)


def text(name: str, *more: Any, null: bool = False, **options: Any) -> Column[Any]:
    return Column(name, Text(), *more, nullable=null, **options)


def reference(name: str, target: str, null: bool = False, **options: Any) -> Column[Any]:
    """A foreign key to a surrogate key: ``reference("body_id", "body.id")``."""
    return Column(name, WHOLE, ForeignKey(target), nullable=null, **options)


@lru_cache(maxsize=64)  # one decision writes the same moment into many rows
def moment(at: datetime) -> str:
    """``2026-11-24T08:30:00.000000Z``. Raises ValueError for a naive time: a moment without a zone is nobody's."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(stored: str) -> datetime:
    return datetime.strptime(stored, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def read_date(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
