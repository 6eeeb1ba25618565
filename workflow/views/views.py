"""What the page of one proposal is given: frozen values with facts and untranslated Swedish message texts, never HTML.
Amounts are öre, days are working days, dates are dates in Europe/Stockholm."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from workflow.money.classifying import Proposed
from workflow.money.line_details import LineDetails
from workflow.money.views_money import Entry

StepKind = Literal[
    "submitted", "revised", "moved", "classified", "booked", "corrected", "merged", "clock", "attended", "carried",
    "cofinanced", "recorded", "vote_begun", "voted", "vote_closed", "between_colleagues", "opinions", "succeeded",
    "redated", "redirected", "erased",
]  # fmt: skip


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
    usual_days: int | None = None  # how many working days others have stood here, where enough have


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
    left: date | None = None  # when it was last done with; None unless it is


@dataclass(frozen=True, slots=True)
class Track:
    stations: tuple[Station, ...]
    side: Station | None  # a side road taken now, branching off where ``here`` stands


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
    seq: int = 0  # of its event: with the stream, how it is named
    immediately: bool = False  # adjusted at the meeting itself
    post_by: date | None = None  # the last day for the notice
    posted_on: date | None = None
    taken_down_on: date | None = None
    appeal_until: date | None = None
    legal_force_on: date | None = None  # when nobody has appealed
    reservation: str | None = None
    sent_on: date | None = None
    sent_to: str | None = None  # officials only
    held: bool = False  # its words wait to be published
    reported_on: date | None = None  # a delegated decision: the meeting that it was reported to
    worded_on: date | None = None  # when everybody was last given other words than were decided

    @property
    def unadjusted(self) -> bool:
        """A body's decision whose protocol is not adjusted yet."""
        return self.kind == "board" and self.adjusted_on is None

    def in_force(self, today: date) -> bool:
        """Whether the days to appeal are over."""
        return self.legal_force_on is not None and self.legal_force_on <= today


@dataclass(frozen=True, slots=True)
class Classified:
    """What was said of a cost line, beside what the rule proposed then; ``why`` stands where the two differ."""

    n: int
    what: str
    proposed: Proposed | None  # None: said before anything was proposed
    to: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Why somebody might: a seat in a body, from when, and the decision or contract that it rests on."""

    role: str
    body: str  # title
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a proposal as the viewer may see it."""

    seq: int
    kind: StepKind
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
    classified: tuple[Classified, ...]  # officials only
    backward: bool  # a loop back
    corrected_by: int | None  # seq of the event that corrected this one
    in_place_of: str | None = None  # who was away, for officials only
    entitled: Entitlement | None = None  # of whoever acted, or of whom a deputy acted for; for officials only
    about: str | None = None  # whose interest, or whose hands a task was put in, for officials only
    given: tuple[tuple[str, date | int], ...] = ()  # typed fields that everybody may read: a day, or an amount in öre
    worded_on: date | None = None  # when everybody was last given other words than were written
    came_on: date | None = None  # the day an idea came in that an official wrote down later
    ruling: "Ruled | None" = None  # the decision that something was erased under


@dataclass(frozen=True, slots=True)
class Ruled:
    """A decision to erase: which body, when, which paragraph."""

    body: str
    decided_on: date
    paragraph: str


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
    details: LineDetails  # for others than officials only what it costs to run


@dataclass(frozen=True, slots=True)
class FundingView:
    n: int
    line: int
    source: str
    pot: str
    pot_title: str
    year: int
    amount: int
    standing: str  # of an outside financier: promised, agreed, received, or "" where nothing is noted
    held: str  # open, reserved, committed, ordered, spent, released: the furthest bucket
    spent: int
    holds: tuple[tuple[str, int], ...]  # the buckets that hold anything and how much, the nearest first


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
    point: str = ""  # degrees north and east, or nothing
    worded_on: date | None = None  # when an official gave everybody these words instead of those written
    erased: bool = False  # nothing of what was written is left

    @property
    def ordered(self) -> int:
        """Öre that are ordered and not booked."""
        return sum(ore for row in self.funding for bucket, ore in row.holds if bucket == "ordered")
