"""What the post is given and shows: one letter with everything its words are made of, how somebody wants their mail,
and how the post office stands. Frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflow.mail.outbox import Taken
from workflow.views.views import Step
from workflow.views.views_timeline import Timeline
from workflow.views.views_work import QueueRow

Pace = Literal["each", "weekly", "none"]


@dataclass(frozen=True, slots=True)
class News:
    """One step of a proposal as its reader may see it."""

    timeline: Timeline
    step: Step


@dataclass(frozen=True, slots=True)
class Own:
    """The sender's own way in, and what it is good for just now."""

    link: str  # digest of the private link; opens nothing by itself
    may_revise: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person, before it has words. What it does not tell of is None or empty."""

    taken: Taken
    message_id: str
    kind: str  # duty, before, due, after, step, told, followed, confirm, digest
    created_at: datetime
    person: int
    name: str
    address: str
    language: str
    is_member: bool
    duty: QueueRow | None = None  # what waits for the reader, and why it is theirs
    news: News | None = None
    own: Own | None = None  # of whoever handed it in
    follows: str | None = None  # the number of a proposal that somebody has asked to follow
    waiting: tuple[QueueRow, ...] = ()  # of a weekly letter, nearest day first
    waiting_count: int = 0  # 100 means 99+
    steps: tuple[News, ...] = ()  # of a weekly letter, oldest first


@dataclass(frozen=True, slots=True)
class MailChoice:
    """How somebody wants their mail; ``address`` is empty where none is known."""

    person: int
    pace: Pace
    language: str
    address: str
    is_member: bool
    is_follower: bool = False  # of one proposal; without an address they have left
    follows: str | None = None  # the number of that proposal


@dataclass(frozen=True, slots=True)
class DeadLetter:
    mail: int
    kind: str
    number: str  # of the proposal; empty for a weekly letter
    name: str  # of a member; empty for a private person
    address: str
    attempts: int
    error: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Why nothing is sent (None: it is), what waits, what was sent of late, and what cannot be delivered."""

    problem: Literal["not_given", "password_missing"] | None
    waiting: int  # 1 000 means as many or more
    waiting_since: datetime | None
    sent: int  # in the last seven days; 1 000 as above
    retried: int  # of those that wait: refused at least once
    last_error: str  # of them, the latest
    dead: tuple[DeadLetter, ...]
    without_address: tuple[str, ...]  # members who hold a role and cannot be written to
    worker_seen: datetime | None
