"""What is shown of many proposals at once: how many stand where, what happened last, and the rows of a list."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.money.views_money import PotYear
from workflow.views.views import Awaits, Track


@dataclass(frozen=True, slots=True)
class LatestStep:
    number: str
    title: str
    what: str  # Swedish message text
    to_title: str
    on: date
    who: str
    who_is_role: bool
    seq: int  # of its event
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ProcessCount:
    process: str
    title: str
    track: Track  # stations with counts
    side: tuple[tuple[str, int], ...]  # (state title, count) for proposals on side roads
    ended: int
    completed: int


@dataclass(frozen=True, slots=True)
class Overview:
    processes: tuple[ProcessCount, ...]
    pots: tuple[PotYear, ...]
    latest: tuple[LatestStep, ...]
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class ListRow:
    number: str
    title: str
    process_title: str
    state_title: str
    awaits: Awaits | None
    since: date
    is_example: bool


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A proposal with where it stands and its money in öre, for a table."""

    number: str
    title: str
    process_title: str
    state_title: str
    awaits: Awaits | None
    since: date
    due: date | None
    payers: tuple[str, ...]  # titles of pots
    cost: int | None  # None: not known yet
    reserved: int
    committed: int
    ordered: int
    spent: int
    is_example: bool
