"""What officials are given of comments and of what the public is shown: frozen values, never HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

CommentKind = Literal["comment", "accessibility"]
Outcome = Literal["noted", "answered", "forwarded", "junk"]


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote at the foot of a page: received as of its moment, answered by an officer's remarks."""

    number: str
    kind: CommentKind
    page: str  # the address it was written on
    proposal: str | None  # the number of the one it is about
    received_at: datetime
    text: str  # masked for who is not employed; "" once it is erased
    closed_at: datetime | None
    outcome: Outcome | None
    remarks: str
    closed_by: str  # a name; "" while open


@dataclass(frozen=True, slots=True)
class Comments:
    """One page of comments, and the number to go on after; None on the last."""

    rows: tuple[Comment, ...]
    after: str | None
    open: int  # all that wait for an answer; 100 means more than 99
    may_close: bool


@dataclass(frozen=True, slots=True)
class TextToReview:
    """What is written in a proposal beside what everybody reads: title, what, where, why, own_contribution."""

    number: str
    revision: int
    state: str  # as_written, masked, kept, shown, corrected
    found: tuple[str, ...]  # kinds of details: personal_number, telephone, email
    hidden: bool
    written: Mapping[str, str]
    public: Mapping[str, str]
    erased: bool  # nothing of what was written is left


@dataclass(frozen=True, slots=True)
class WaitingFiles:
    """A proposal with pictures or documents that nobody has looked at, and how many."""

    number: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class HeldDecision:
    """A decision whose words everybody waits for."""

    number: str
    about: int  # its event
    title: str
    body: str
    decided_on: date
    held_on: datetime
    written: str  # its words as decided
    public: str  # its words as everybody will read them


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A proposal that is out of everybody's sight, and since when."""

    number: str
    title: str
    since: datetime
