"""What somebody wants to see of a queue and in which order, as conditions, sort keys and cursors of SQL.
Knows neither whose duties they are nor what a row looks like."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Integer,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
)

from workflow.proposals.finding import AnySelect
from workflow.records.loading import NEVER
from workflow.storage import schema
from workflow.storage.columns import WHOLE

Due = Literal["", "passed", "week", "month", "none"]
Sort = Literal["due", "amount", "waited", "stage", "pot", "place"]
SORTS: tuple[Sort, ...] = ("due", "amount", "waited", "stage", "pot", "place")
DUES: tuple[Due, ...] = ("", "passed", "week", "month", "none")
DAYS: Mapping[str, int] = {"week": 7, "month": 31}
NUMBERS = frozenset({"amount", "stage"})  # sorts whose keys are whole numbers
NEVER_TEXT: ColumnElement[str] = literal_column(
    f"'{NEVER}'"
)  # as written in the index, which a parameter would not meet
_CURSOR = re.compile(r"(.{0,400}) ([0-9]{1,18})", re.DOTALL)
_WHOLE = re.compile(r"-?[0-9]{1,18}")

_D, _P, _R, _F = schema.duty.c, schema.proposal.c, schema.revision.c, schema.funding.c


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for: nothing set is everything, nearest day first. Amounts are öre, words are sought as written."""

    text: str = ""
    stage: str = ""  # a state's id
    pot: str = ""  # a pot's code, or a kind of pot
    place: str = ""
    due: Due = ""
    least: int | None = None
    most: int | None = None
    sort: Sort = "due"

    @property
    def everything(self) -> bool:
        """Whether nothing is left out, whatever the order."""
        return replace(self, sort="due") == Filter()


ALL = Filter()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the rows of a section lie: the columns by which they are sorted nearest day first, and told apart."""

    due: ColumnElement[Any]
    since: ColumnElement[Any]
    id: ColumnElement[Any]


DUTIES = Shelf(_D.due_on, _D.since, _D.id)
PROPOSALS = Shelf(func.coalesce(_P.due_on, NEVER_TEXT), _P.since, _P.id)


class Asked:
    """A filter as SQL, on the tables ``proposal`` and, where :attr:`joins_revision`, ``revision``.

    ``stages`` gives the place of each state on its track, for sorting.
    """

    def __init__(self, connection: Connection, asked: Filter, today: date, stages: Mapping[str, int]) -> None:
        self.filter = asked
        self._sqlite = connection.dialect.name == "sqlite"
        self._today, self._stages = today, stages
        self.joins_revision = bool(asked.text or asked.place) or asked.sort == "place"

    def joined(self, query: AnySelect) -> AnySelect:
        """The query with the latest revision beside its proposal, where anything asks for it."""
        if not self.joins_revision:
            return query
        return query.join(schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision))

    def conditions(self, shelf: Shelf) -> list[ColumnElement[bool]]:
        asked, found = self.filter, list[ColumnElement[bool]]()
        if asked.text:
            found.append(_holding(asked.text))
        if asked.stage:
            found.append(_P.state == asked.stage)
        if asked.pot:
            found.append(_paid_by(asked.pot))
        if asked.place:
            found.append(and_(*(_within(self._place(), word) for word in asked.place.split())))
        if asked.due:
            found.append(self._due(shelf))
        if asked.least is not None:
            found.append(_amount() >= asked.least)
        if asked.most is not None:
            found.append(_amount() <= asked.most)
        return found

    def key(self, shelf: Shelf) -> ColumnElement[Any]:
        """What rows are sorted by, the least first; never NULL."""
        if self.filter.sort == "amount":
            return -_amount()
        if self.filter.sort == "stage":
            return cast(case(self._stages, value=_P.state, else_=len(self._stages)), Integer)
        if self.filter.sort == "pot":
            return func.coalesce(_first_pot(), "")
        if self.filter.sort == "place":
            return func.coalesce(self._place(), "")
        return shelf.since if self.filter.sort == "waited" else shelf.due

    def position(self, after: str | None) -> tuple[Any, int] | None:
        """Where the page before ended; None begins anew, as does anything that is no cursor of ours."""
        match = _CURSOR.fullmatch(after or "")
        if match is None:
            return None
        if self.filter.sort not in NUMBERS:
            return match[1], int(match[2])
        return (int(match[1]), int(match[2])) if _WHOLE.fullmatch(match[1]) else None

    def walk(
        self, query: AnySelect, shelf: Shelf, at: tuple[Any, int] | None, limit: int, *, back: bool = False
    ) -> AnySelect:
        """The query, which selects nothing yet, as (id, sort_key) of what is asked for beyond a position."""
        key = self.key(shelf)
        query = self.joined(query).add_columns(shelf.id.label("id"), key.label("sort_key"))
        query = query.where(*self.conditions(shelf))
        if at is not None:
            here, there = tuple_(key, shelf.id), tuple_(*at)
            query = query.where(here < there if back else here > there)
        order = (key.desc(), shelf.id.desc()) if back else (key, shelf.id)
        return query.order_by(*order).limit(limit)

    def _due(self, shelf: Shelf) -> ColumnElement[bool]:
        if self.filter.due == "passed":
            return shelf.due < self._today.isoformat()
        if self.filter.due == "none":
            return shelf.due == NEVER
        return shelf.due <= (self._today + timedelta(days=DAYS[self.filter.due])).isoformat()

    def _place(self) -> ColumnElement[str]:
        """Where a proposal is about, from its latest revision."""
        content = type_coerce(_R.content, JSON) if self._sqlite else cast(_R.content, JSON)
        place: ColumnElement[str] = content["where"].as_string()
        return place


def cursor(key: object, row_id: int) -> str:
    return f"{key} {row_id}"


def _amount() -> ColumnElement[int]:
    """What a proposal costs in öre by its latest revision; 0 while nothing is known."""
    line = schema.cost_line.c
    mine = (line.proposal_id == _P.id) & (line.revision == _P.revision)
    total = select(func.coalesce(func.sum(line.amount_ore), 0)).where(mine).correlate(schema.proposal)
    return cast(total.scalar_subquery(), WHOLE)


def _paid_by(pot: str) -> ColumnElement[bool]:
    named = (schema.pot.c.code == pot) | (schema.pot.c.kind == pot)
    mine = (_F.proposal_id == _P.id) & (_F.revision == _P.revision) & (_F.pot_id == schema.pot.c.id)
    return select(_F.n).where(mine, named).correlate(schema.proposal).exists()


def _first_pot() -> ColumnElement[Any]:
    """Of the pots that pay, the first by its title."""
    mine = (_F.proposal_id == _P.id) & (_F.revision == _P.revision) & (_F.pot_id == schema.pot.c.id)
    return select(func.min(schema.pot.c.title)).where(mine).correlate(schema.proposal).scalar_subquery()


def _within(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whatever the case: SQLite knows upper and lower only for a to z."""
    cases: Sequence[str] = sorted({word, word.lower(), word.upper(), word.capitalize()})
    return or_(*(column.icontains(each, autoescape=True) for each in cases))


def _holding(text: str) -> ColumnElement[bool]:
    """Every word, in number, title or text."""
    return and_(_P.id.is_not(None), *(_holds(word) for word in text.split()))


def _holds(word: str) -> ColumnElement[bool]:
    """Whatever the case: SQLite knows upper and lower only for a to z, so å, ä and ö are asked for in each."""
    cases = sorted({word, word.lower(), word.upper(), word.capitalize()})
    columns = (_P.number, _R.title, _R.content)
    return or_(*(column.icontains(each, autoescape=True) for column in columns for each in cases))
