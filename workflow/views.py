"""What the pages are given: frozen values with facts and untranslated Swedish message texts, never HTML.
Amounts are öre, days are working days, dates are dates in Europe/Stockholm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from states import Capacity, Offer, Refusal, Transition


@dataclass(frozen=True, slots=True)
class Awaits:
    """Whose move it is. ``name`` is a body's title, or a role's name with ``is_role`` for the page to word."""

    name: str
    is_role: bool


@dataclass(frozen=True, slots=True)
class Now:
    """Completes "Nu väntar vi på ...": ``public`` may hold {awaits} and {until}. Ends have ``ended`` and no awaits."""

    state: str
    title: str
    public: str
    awaits: Awaits | None
    since: date
    waited_days: int
    due: date | None
    may_wait: str | None  # why nobody is late, where the process says so
    next_meeting: date | None
    papers_due: date | None
    until: date | None  # parked until
    ended: bool
    advice: str | None  # "Så kan du gå vidare"


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the stage track."""

    n: int
    state: str
    title: str
    status: Literal["done", "here", "ahead", "skipped"]
    on: date | None = None  # when it was last entered
    reason: str | None = None  # why skipped
    count: int = 0  # on the overview: proposals standing here
    times: int = 1  # how often entered: loops back are shown as they happened


@dataclass(frozen=True, slots=True)
class Track:
    stations: tuple[Station, ...]
    side: Station | None  # a side road taken now, branching off where ``here`` stands


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry as shown behind a figure."""

    kind: Literal["budget", "reserve", "commit", "order", "spend", "release", "cover", "correct"]
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
class Decision:
    """A registered decision: whose, when, which paragraph and the words as decided."""

    body: str  # title of the body, or of the delegate's role
    kind: Literal["board", "delegated", "execution"]
    outcome: str
    decided_on: date
    paragraph: str | None
    delegation_point: str | None
    registry_no: str | None
    wording: str | None
    financing: str | None
    adjusted_on: date | None  # None for a board: "Beslutat, protokollet är inte justerat"


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a proposal as the viewer may see it."""

    seq: int
    kind: Literal["submitted", "revised", "moved", "classified", "booked", "corrected", "merged", "clock", "attended"]
    title: str  # Swedish message text: the transition's title or public words
    from_title: str | None
    to_title: str | None
    decided_on: date | None
    recorded_at: datetime
    who: str  # role name or body title: never a private person's name
    who_is_role: bool
    person: str | None  # name, for officials only
    position: str | None
    decision: Decision | None
    words: tuple[tuple[str, str], ...]  # (field name, text) in the order asked
    money: tuple[Entry, ...]
    backward: bool  # a loop back
    corrected_by: int | None  # seq of the event that corrected this one


@dataclass(frozen=True, slots=True)
class CostLineView:
    n: int
    what: str
    kind: str
    amount: int | None  # None: "Vet inte"
    life_years: int | None
    owner: str
    classification: str | None
    classification_reason: str | None


@dataclass(frozen=True, slots=True)
class FundingView:
    n: int
    line: int
    source: str
    pot: str
    pot_title: str
    year: int
    amount: int
    held: str  # open, reserved, committed, ordered, spent, released: the furthest bucket
    spent: int


@dataclass(frozen=True, slots=True)
class Content:
    """A revision of a proposal."""

    revision: int
    title: str
    what: str
    where: str
    why: str
    criteria: tuple[str, ...]
    plan_row: str | None  # row of the action plan, or None with the reason beside it
    outside_plan_reason: str | None
    own_contribution: str
    lines: tuple[CostLineView, ...]
    funding: tuple[FundingView, ...]
    changed_at: datetime
    is_example: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask: the officer's role and department, telephone and address from the configuration."""

    title: str
    telephone: str | None
    email: str | None


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
    coming: tuple[Station, ...]
    pots: tuple[PotYear, ...]  # what pays
    cost: int | None  # sum of cost lines, None while not known
    spent: int
    contact: Contact
    viewer: Literal["public", "proposer", "external", "official"]
    proposer_contact: Mapping[str, str] | None  # officials only
    hides: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class DoneRow:
    number: str
    title: str
    what: str  # transition title
    at: datetime
    to_title: str


@dataclass(frozen=True, slots=True)
class MeetingDate:
    body: str
    held_on: date
    papers_due: date | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    waiting: tuple[QueueRow, ...]
    others: tuple[QueueRow, ...]  # what I handed on and still waits for somebody else
    done: tuple[DoneRow, ...]
    meetings: tuple[MeetingDate, ...]  # the next one of each body I am concerned with
    overruns: tuple[PotYear, ...]  # överskridande: åtgärd krävs, for those who answer for the pots
    unexpected: tuple["Notice", ...]  # invoices on proposals where none was expected, dates nobody gave
    after: str | None  # cursor of the next page, None on the last
    count: int  # 100 means 99+


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that no step foresaw; ``duty`` is what :meth:`Engine.attend` answers."""

    number: str
    kind: str
    since: date
    duty: int
    title: str


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
class Case:
    """The decision page: the timeline as an official sees it and what can be done now."""

    timeline: Timeline
    version: int
    revision: int
    options: tuple[Option, ...]
    duties: tuple[QueueRow, ...]  # everything awaited on this proposal, whoever holds it
    may_classify: bool
    may_revise: tuple[Refusal, ...] | None  # None: yes; else why not
    may_book: bool
    may_correct: tuple[Refusal, ...] | None
    since_seen: tuple[Step, ...]  # who else has acted since the version in the question


@dataclass(frozen=True, slots=True)
class LatestStep:
    number: str
    title: str
    what: str  # Swedish message text
    to_title: str
    on: date
    who: str
    who_is_role: bool


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
    waiting: int  # duties in the queue now, 100 means 99+


__all__ = ["Capacity", "Offer", "Refusal", "Transition"]
