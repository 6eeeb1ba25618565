"""What the door answers whoever did something or signed in: a receipt, what an act led to, who somebody is."""

from dataclasses import dataclass
from datetime import date, datetime

from states import Capacity


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets: the number and, once, the secret of the private link."""

    number: str
    secret: str
    first_answer_by: date | None


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to an accepted act; the same for every repeat of its key."""

    number: str
    seq: int
    version: int
    node: str
    to_title: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in: a person with today's capacities, or the proposer of one proposal by private link."""

    person: int
    name: str
    title: str
    capacities: tuple[Capacity, ...]
    proposal: str | None
    is_employee: bool


@dataclass(frozen=True, slots=True)
class DemoPerson:
    person: int
    title: str  # "Budgetansvarig"
    body: str


@dataclass(frozen=True, slots=True)
class OwnSession:
    """Where somebody is signed in. ``ref`` names it to its owner and opens nothing."""

    ref: str
    begun: datetime
    seen: datetime
    agent: str  # what the browser calls itself; "" where it said nothing
    is_this: bool
