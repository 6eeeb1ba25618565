"""What is shown of money: a pot in one budget year, and the entries behind each of its figures. Amounts are öre."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class PotYear:
    """One pot in one budget year. budget + overrun = available + reserved + committed + ordered + spent."""

    pot: str  # code; with year the address of its page
    title: str
    kind: Literal["investment", "operating", "appropriation", "outside"]
    year: int
    decided: bool  # False: "Budget 2027 är inte beslutad"
    budget: int
    overrun: int
    available: int
    reserved: int
    committed: int
    ordered: int
    spent: int
    closed: bool
    decision: str | None  # "KF § 61 2025-06-17"
    proposal: str | None  # number, for an appropriation or an outside financier of one proposal

    @property
    def given(self) -> bool:
        """A yearly pot is there every year; an appropriation, or money from outside, from the day it is decided."""
        return self.kind in ("investment", "operating") or bool(self.budget or self.overrun)


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry as shown behind a figure."""

    kind: Literal["budget", "reserve", "commit", "order", "spend", "release", "cover", "correct", "carry"]
    amount: int  # signed as it moves the figure it is listed under; see ``from_`` and ``to``
    from_: str
    to: str
    on: date  # accounting date
    recorded_on: date
    year: int
    pot_title: str
    proposal: str | None
    proposal_title: str | None
    supplier: str | None
    voucher: str | None
    why: str  # transition title, or the decision it rests on


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One funding row with something left in a year, in öre."""

    number: str
    title: str
    ended: bool
    what: str  # the cost line
    funding: int
    pot: str
    pot_title: str
    year: int
    reserved: int
    open: int  # committed and ordered, not paid: what can be carried
    spent: int


@dataclass(frozen=True, slots=True)
class RunningCost:
    """What a decided investment costs operations a year, in öre; None for a part that is not stated."""

    number: str
    title: str
    what: str
    care: int | None
    power: int | None
    winter: int | None
    total: int
    from_year: int
    to_year: int | None  # the last year of its life; None: its life is not stated

    def runs_in(self, year: int) -> bool:
        return self.from_year <= year <= (self.to_year or year)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate or a limit for some days, with its source and who set it."""

    id: int
    name: str
    value: int | None  # None: ej angivet
    unit: str  # ore, basis_points, years, working_days
    from_on: date
    to_on: date | None
    source: str
    set_by: str
    entered_on: date | None
    entered_as: str | None  # the role in which it was registered; None: with the configuration
    applies: bool  # today
    replaced: bool  # another was registered for the very same days

    @property
    def year(self) -> int | None:
        """The one year that it is for; None for any other days."""
        days = (self.from_on, self.to_on)
        return self.from_on.year if days == (date(self.from_on.year, 1, 1), date(self.from_on.year, 12, 31)) else None
