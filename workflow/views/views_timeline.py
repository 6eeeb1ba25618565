"""What the page of one proposal is given as a whole, and what can be read out of it. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflow.money.views_money import PotYear
from workflow.views.views import Content, Decision, Now, Step, Track
from workflow.views.views_opinions import OpinionRound


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask: the officer's role and department, telephone and address from the configuration."""

    title: str
    telephone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that remains: roughly when it begins, and how many working days it usually takes."""

    title: str
    begins: date | None
    usual_days: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported back when all was done. Amounts as said then; None where it was not."""

    on: date
    text: str
    final_cost: int | None
    warranty_until: date | None
    no_picture: str | None  # why nothing shows how it turned out


@dataclass(frozen=True, slots=True)
class Timeline:
    """The public status page of one proposal, or the fuller one for officials."""

    number: str
    title: str
    process: str  # id
    process_title: str
    registry_no: str | None
    is_example: bool
    now: Now
    track: Track
    next_titles: tuple[str, ...]  # titles of the states that follow in order
    content: Content
    steps: tuple[Step, ...]  # oldest first
    coming: tuple[Coming, ...]
    pots: tuple[PotYear, ...]  # what pays
    cost: int | None  # sum of cost lines, None while not known
    spent: int
    contact: Contact
    viewer: Literal["public", "proposer", "external", "official"]
    proposer_contact: Mapping[str, str] | None  # officials only
    hides: tuple[str, ...]
    opinions: tuple[OpinionRound, ...]  # asked for in parallel, the latest round first

    @property
    def report(self) -> Report | None:
        """What was reported back, once all is done."""
        told = (each for each in reversed(self.steps) if "report" in dict(each.words) and not each.corrected_by)
        step = next(told, None) if self.now.ended else None
        if step is None:
            return None
        given = {name: value for each in self.steps if not each.corrected_by for name, value in each.given}
        cost, until = given.get("final_cost"), given.get("warranty_until")
        return Report(
            step.recorded_at.date(), dict(step.words)["report"], cost if isinstance(cost, int) else None,
            until if isinstance(until, date) else None, dict(step.words).get("no_picture"),
        )  # fmt: skip

    @property
    def because(self) -> str | None:
        """Why it does not go on, in the words of who ended it; None where all was done."""
        last = next((each for each in reversed(self.steps) if each.to_title and not each.corrected_by), None)
        return dict(last.words).get("reason") if last and self.now.ended and self.report is None else None

    @property
    def decided(self) -> Decision | None:
        """The latest decision that stands."""
        standing = (each.decision for each in reversed(self.steps) if each.decision and not each.corrected_by)
        return next(standing, None)
