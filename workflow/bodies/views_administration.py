"""What pages of the administration are given: bodies, seats, people, rights, days, what was changed. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Seat:
    """A membership. ``lasts`` says whether it is held today or will be."""

    id: int
    person: int
    name: str
    body: str  # code
    body_title: str
    role: str
    category: str
    from_on: date
    to_on: date | None
    source: str
    lasts: bool
    begun: bool


@dataclass(frozen=True, slots=True)
class Body:
    code: str
    kind: str
    title: str
    level: int
    ended_on: date | None
    successor: str | None  # title
    seats: int  # held today
    stands: bool  # has not ended


@dataclass(frozen=True, slots=True)
class MeetingDay:
    id: int
    held_on: date
    papers_due_on: date | None


@dataclass(frozen=True, slots=True)
class Quiet:
    id: int
    title: str
    from_on: date
    to_on: date
    begun: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the organisation. ``login`` is None without one."""

    id: int
    name: str
    title: str
    email: str
    telephone: str
    login: str | None
    is_open: bool  # may sign in
    roles: tuple[tuple[str, str], ...]  # role, title of the body; held today


@dataclass(frozen=True, slots=True)
class Right:
    id: int
    holder: str  # a role or a body's code
    holder_title: str | None  # of a body
    level: int
    source: str
    up_to: int | None  # öre; None: no limit
    point: str | None
    substitute: str | None
    from_on: date
    to_on: date | None
    basis: str
    lasts: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One change of the configuration: who did what when, rows as they are and were, and what was written beside."""

    seq: int
    at: datetime
    who: str  # name, or "" for what came with the configuration
    role: str | None
    what: str
    did: str
    rows: tuple[Mapping[str, Any], ...]
    before: tuple[Mapping[str, Any], ...]
    words: Mapping[str, str]
    names: Mapping[str, str]  # of the people named by reference
    titles: Mapping[str, str]  # of bodies, by code
