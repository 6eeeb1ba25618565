"""Whether it can be staffed: where nobody may act, from which day, and how many proposals stop there. Frozen values."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

# vacant: nobody holds what is needed. prepared: who does has prepared it. left: who does takes no part, or prepared it,
# in these proposals. right: nobody may decide about money of a kind.
Why = Literal["vacant", "prepared", "left", "right"]


@dataclass(frozen=True, slots=True)
class Away:
    """What if: somebody is away from one day until another, both included."""

    person: int
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class Stops:
    """A proposal that stands still while nobody may act."""

    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which nobody may act. ``needs`` is a holder of duties (``officer``, ``registrar:ks``) or a kind of money;
    ``last`` are the names of those who may until the day before; ``to_on`` is None where it lasts past the horizon."""

    needs: str
    why: Why
    from_on: date
    to_on: date | None
    steps: tuple[tuple[str, str], ...]  # title of the process, title of the state
    stops: tuple[Stops, ...]
    last: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Staffing:
    today: date
    until: date
    gaps: tuple[Gap, ...]
    cannot_sign_in: tuple[str, ...]  # hold something and have no open sign-in; empty in a demonstration
    only_away: tuple[Gap, ...] = ()  # what only the absence asked about brings

    @property
    def stopped(self) -> int:
        """How many proposals stand still on some day."""
        return len({each.number for gap in self.gaps for each in gap.stops})
