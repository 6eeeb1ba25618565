"""What the list of proposals is asked and what it answers: frozen values."""

from dataclasses import dataclass
from datetime import datetime

from workflow.proposals.views_overview import ListRow


@dataclass(frozen=True, slots=True)
class Sought:
    """All of it must hold. ``text`` and ``place`` are as typed; ``pot`` is a pot's code, or a kind of payer; a process
    is named by its id, a state and a criterion by their codes; ``year`` is the one in which it came in."""

    text: str = ""
    process: str | None = None
    state: str | None = None
    pot: str | None = None
    criterion: str | None = None
    place: str = ""
    year: int | None = None

    @property
    def is_all(self) -> bool:
        return self == Sought()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list, newest first. ``after`` is the number to go on from, None on the last page. ``instead``:
    words that nobody says, for which those a letter from it were taken; ``unsaid``: words that led to nothing."""

    rows: tuple[ListRow, ...]
    after: str | None
    instead: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """How many proposals of a process stand in a state, its side roads from anywhere together."""

    state: str
    title: str
    count: int
    side: bool
    end: bool


@dataclass(frozen=True, slots=True)
class Stages:
    """Of one process, in the order of the track, then side roads and ends."""

    process: str
    title: str
    count: int
    stages: tuple[Stage, ...]
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters may be set to."""

    pots: tuple[tuple[str, str], ...]  # (code, title)
    years: tuple[int, ...]  # the latest first
