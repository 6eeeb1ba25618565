"""What the page of a vote is given. Frozen values, no wording."""

from dataclasses import dataclass
from datetime import date

from states import Ballot, Refusal
from workflow.proposals.ballots import VoteDuty


@dataclass(frozen=True, slots=True)
class VotePage:
    """The vote about a proposal's revision, as one person sees it."""

    number: str
    revision: int
    ballot: Ballot | None  # None: there is none
    closes_on: date | None
    mine: VoteDuty | None  # the own duty, answered or not; None for who is not asked
    dissents: tuple[str, ...]  # dissenting opinions as they stand, to be noted with the position
    keeps: bool  # may begin a vote and close it
    why_not: tuple[Refusal, ...]  # why none can be begun now; empty when one can
