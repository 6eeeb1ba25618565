"""What pages are given of opinions asked for in parallel: frozen values. Who is named is a role's name, a body's title
or a person's function; a person's name is never among them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Answered:
    """One who was asked. ``stance`` and ``wording`` only for those who may read them."""

    duty: int
    holder: str
    title: str
    due: date
    version: int
    answered_on: date | None  # None: not yet, or never
    stance: str | None
    wording: str


@dataclass(frozen=True, slots=True)
class OpinionRound:
    """One question to several. ``asked_at`` is the event that asked, by which the round is named."""

    asked_at: int
    asked_on: date
    due: date
    question: str
    closed_on: date | None
    reason: str  # why it was closed before all had answered
    answers: tuple[Answered, ...]

    @property
    def given(self) -> int:
        return sum(each.answered_on is not None for each in self.answers)

    @property
    def missing(self) -> tuple[Answered, ...]:
        return tuple(each for each in self.answers if each.answered_on is None)
