"""What officials are given: the queue of what waits, and one proposal with everything that may be done with it now.
Frozen values; what a holder or a role is called is the page's to word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from states import Capacity, Ore, Refusal, Transition
from workflow.money.capital_cost import CapitalYear
from workflow.money.classifying import Proposed
from workflow.money.line_details import LineDetails
from workflow.money.views_money import LeftRow, PotYear
from workflow.people.deputies import Deputy
from workflow.people.people import MeetingDate
from workflow.views.views import Awaits, Decision, Step, Track
from workflow.views.views_timeline import Timeline

View = Literal["", "mine", "bodies", "parked", "watched", "others", "done"]  # "": every section a little
Missing = Literal["amount", "life_years", "internal_interest"]


class SharedWay(NamedTuple):
    """A way out that may be taken with several proposals at once, and the fields that it asks for."""

    id: str
    title: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One duty that waits: what, where, since when, until when, how much, from which pot, and why it is mine."""

    duty: int
    number: str
    title: str
    process_title: str
    state_title: str
    kind: str  # "step", "classify", ...
    step: int | None
    steps: int
    since: date
    waited_days: int
    due: date | None
    overdue: bool
    amount: int | None
    pots: tuple[str, ...]  # titles of what pays
    holder: str  # "officer", "registrar:ks": why it is mine, for the page to word
    body: str | None  # the body's title, where the holder is bound to one
    awaits: Awaits | None
    is_example: bool
    track: Track
    parked_until: date | None
    version: int  # of the proposal, as seen
    revision: int
    together: tuple[SharedWay, ...]  # what may be done with several at once
    handed_by: str | None = None  # by which colleague it was put in this person's hands
    handed_to: str | None = None  # in which colleague's hands this person put it
    in_place_of: str | None = None  # who is away, where it is theirs


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another duty of mine, beside the one I am looking at."""

    duty: int
    number: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands before and after a duty in the queue as it was asked for; ``first`` where nothing comes after."""

    previous: Neighbour | None
    next: Neighbour | None
    first: Neighbour | None


@dataclass(frozen=True, slots=True)
class DoneRow:
    number: str
    title: str
    what: str  # transition title
    at: datetime
    to_title: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that no step foresaw; ``duty`` is what :meth:`Engine.attend` answers."""

    number: str
    kind: str
    since: date
    duty: int
    title: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Every section a little, or one of them a page at a time: then the others are empty but for their counts."""

    view: View
    waiting: tuple[QueueRow, ...]
    group: tuple[QueueRow, ...]  # waits for a body of mine, and somebody else registers what it comes to
    parked: tuple[QueueRow, ...]  # rests until a day, and I parked it or wake it
    watched: tuple[QueueRow, ...]  # what I follow; 0 as duty where nothing is awaited
    others: tuple[QueueRow, ...]  # what I handed on and still waits for somebody else
    done: tuple[DoneRow, ...]
    meetings: tuple[MeetingDate, ...]  # the next one of each body I am concerned with
    overruns: tuple[PotYear, ...]  # överskridande: åtgärd krävs, for those who answer for the pots
    stranded: tuple[LeftRow, ...]  # reservations on closed years, for officers: only their own step moves them
    unexpected: tuple[Notice, ...]  # invoices on proposals where none was expected, dates nobody gave
    after: str | None  # cursor of the next page of what the view shows, None on the last
    count: int  # of what waits for me; 100 means 99+
    counts: Mapping[str, int]  # of the other sections, by view; 100 means 99+
    absences: tuple[Deputy, ...] = ()  # where this person is away or stands in, now and to come


@dataclass(frozen=True, slots=True)
class Option:
    """One transition as it stands for this person now: possible in a capacity, or every reason why not."""

    transition: Transition
    to_title: str
    to_ends: bool
    capacities: tuple[Capacity, ...]
    blockers: tuple[Refusal, ...]
    before: tuple[PotYear, ...]  # what pays, now
    after: tuple[PotYear, ...]  # and if this is done; empty where no money moves

    @property
    def allowed(self) -> bool:
        return not self.blockers


@dataclass(frozen=True, slots=True)
class Expense:
    """What was booked as an investment on a project that ended unfinished, in öre: to be expensed in the accounts."""

    what: str
    pot_title: str
    year: int
    amount: int


@dataclass(frozen=True, slots=True)
class Investment:
    """A cost line that is an investment, or proposed as one. ``years`` is empty while something is ``missing``."""

    line: int
    what: str
    amount: Ore
    year: int  # whose internal interest is used
    interest: int | None  # hundredths of a per cent; None: ej angivet
    missing: tuple[Missing, ...]
    years: tuple[CapitalYear, ...]
    running: LineDetails

    @property
    def interest_in_all(self) -> int:
        return sum(each.interest for each in self.years)


@dataclass(frozen=True, slots=True)
class Note:
    """What an official wrote to the others."""

    seq: int
    at: datetime
    person: str
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """The decision page: the timeline as an official sees it and what can be done now."""

    timeline: Timeline
    version: int
    revision: int
    options: tuple[Option, ...]
    duties: tuple[QueueRow, ...]  # everything awaited on this proposal, whoever holds it
    proposed: Mapping[int, Proposed]  # by line: which pot the rule proposes, and why
    decided_cost: int | None  # öre that a decision has approved before, where another one is awaited now
    to_expense: tuple[Expense, ...]  # booked on what was never finished
    investments: tuple[Investment, ...]  # what they will cost every year
    may_classify: tuple[Refusal, ...] | None  # None: yes; else why not, here and below
    may_revise: tuple[Refusal, ...] | None
    may_redirect: tuple[Refusal, ...] | None
    may_book: tuple[Refusal, ...] | None
    may_cofinance: tuple[Refusal, ...] | None
    may_correct: tuple[Refusal, ...] | None
    early: Decision | None  # what was approved and has not gained legal force: work that starts now starts early
    notes: tuple[Note, ...]  # officials only, the latest first
    may_note: bool
    may_ask: bool  # for the opinion of others
    to_answer: frozenset[int]  # duties of opinions that this person may answer
    follows: bool
    since_seen: tuple[Step, ...]  # who else has acted since the version in the question
