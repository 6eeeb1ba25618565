"""The årslista as shown: open proposals in order of preference, what they ask of a coming year's pots, and the line
where the money ends. Amounts are öre."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from states import Refusal
from workflow.views.views import Awaits


@dataclass(frozen=True, slots=True)
class ListPot:
    """What a pot has to share among the list: what nobody has decided about yet."""

    code: str
    title: str
    decided: bool  # False: the year's budget is not decided
    to_share: int


@dataclass(frozen=True, slots=True)
class YearListRow:
    """One open proposal. ``left`` is what each pot would have after it and all above it; below zero is too much."""

    number: str
    title: str
    state_title: str
    awaits: Awaits | None
    instance: str  # whose decision is awaited: a body's code or a role
    asks: Mapping[str, int]  # by the code of the pot
    decidable: bool  # a bifall can be registered now
    version: int
    revision: int
    is_example: bool
    left: Mapping[str, int]

    @property
    def fits(self) -> bool:
        """Above the line: nothing that it asks for is more than what is left."""
        return all(self.left[pot] >= 0 for pot in self.asks)


@dataclass(frozen=True, slots=True)
class YearList:
    year: int
    pots: tuple[ListPot, ...]
    rows: tuple[YearListRow, ...]
    ranked_on: date | None  # when the order was last saved; None: in the order they came in

    def ordered(self, numbers: Sequence[str]) -> "YearList":
        """The same list as it would be in this order; who is not named comes last, as before."""
        place = {number: n for n, number in enumerate(numbers)}
        rows = sorted(self.rows, key=lambda row: place.get(row.number, len(place)))
        return replace(self, rows=laid_out(rows, self.pots))


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """What became of one proposal of a list that was decided: the state it reached, or why not."""

    number: str
    to_title: str
    refusals: tuple[Refusal, ...] = ()


def laid_out(rows: Sequence[YearListRow], pots: Sequence[ListPot]) -> tuple[YearListRow, ...]:
    """Each row with what is left after it."""
    left = {pot.code: pot.to_share for pot in pots}
    found = []
    for row in rows:
        left = {code: ore - row.asks.get(code, 0) for code, ore in left.items()}
        found.append(replace(row, left=left))
    return tuple(found)
