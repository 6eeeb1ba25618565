"""What the secretary of a body is given: a decision with its protocol, a meeting with its agenda. Frozen values with
facts and untranslated Swedish message texts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from states import Refusal
from workflow.money.views_money import PotYear
from workflow.views.views import Decision, Step
from workflow.views.views_work import QueueRow


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A decision and what it is about: a proposal by number and title, or what stands alone: a pot's year, or an
    årslista, whose title is empty and whose year is told."""

    stream: str
    title: str
    year: int | None
    number: str | None
    decision: Decision
    may_record: tuple[Refusal, ...] | None  # None: yes


@dataclass(frozen=True, slots=True)
class Alone:
    """A decision about no single proposal: a pot's year by its title, or an årslista without one."""

    stream: str
    title: str
    year: int | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list. ``kept``: somebody has written its agenda, notes or decisions."""

    body: str
    title: str
    kind: str
    held_on: date
    papers_due: date | None
    mine: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Aside:
    """Who takes no part in a point, by an interest declared on that day."""

    name: str
    since: date


PointKind = Literal["decide", "moved", "pots", "year_list", "delegated", "added"]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an agenda. ``key`` names it: "decide CG-2026-014", "pots", "added 3"."""

    key: str
    kind: PointKind
    title: str  # of a proposal, or what was added; empty for the others, which the page words
    number: str | None = None
    row: QueueRow | None = None  # what waits, while it waits
    late: bool = False  # came after the last day for papers
    dealt: tuple[Step, ...] = ()  # the steps registered at this meeting
    notes: str = ""
    aside: tuple[Aside, ...] = ()  # told to officials and the body's own members


@dataclass(frozen=True, slots=True)
class MovedRow:
    """What happened to a proposal since the body's last meeting: the latest step."""

    number: str
    title: str
    what: str  # Swedish message text
    on: date
    state_title: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class DelegatedRow:
    """A decision by a delegate, to be reported or reported."""

    stream: str
    seq: int
    number: str | None
    title: str
    role: str
    point: str | None  # of the scheme of delegation; None: ej angivet
    decided_on: date
    paragraph: str | None
    registry_no: str | None
    outcome: str
    amount: int | None  # öre decided
    is_example: bool
    reported: bool  # at this meeting


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of that day. ``present`` is None while nobody has noted who came."""

    membership: int
    name: str
    role: str
    category: str
    present: bool | None


@dataclass(frozen=True, slots=True)
class Guest:
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything about one meeting, for its agenda, its notes and the form that registers it."""

    body: str
    title: str
    kind: str
    held_on: date
    papers_due: date | None
    before: date | None  # the body's last meeting before this one
    points: tuple[Point, ...]
    left_out: tuple[Point, ...]  # taken off the agenda
    moved: tuple[MovedRow, ...]
    pots: tuple[PotYear, ...]
    list_year: int
    listed: int  # proposals on the årslista
    delegated: tuple[DelegatedRow, ...]
    alone: tuple[Alone, ...]  # the body's other decisions of that day
    seats: tuple[Seat, ...]
    guests: tuple[Guest, ...]
    arranged: int  # how often the agenda was arranged: what an editor saw
    minuted: bool
    is_past: bool  # held, or being held today
    may_keep: tuple[Refusal, ...] | None  # None: yes
    reads_notes: bool

    @property
    def is_mixed(self) -> bool:
        return self.kind in ("forum", "working_group")

    @property
    def attendance(self) -> Mapping[str, int]:
        """How many came, by category."""
        came = [each.category for each in self.seats if each.present] + [each.category for each in self.guests]
        return dict(sorted(Counter(came).items()))


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What became of one point of a meeting: the state it reached, or why not."""

    number: str
    to_title: str
    refusals: tuple[Refusal, ...] = ()
