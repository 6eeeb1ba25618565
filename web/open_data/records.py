"""What open data consists of, once: these definitions serialise the answers and describe them in the OpenAPI document.
Amounts are öre without VAT, days are dates in Europe/Stockholm, texts are Swedish."""

from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Record(BaseModel):
    """Closed, so that nothing gets out by accident."""

    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T")
Ore = Annotated[int, Field(description="Öre, exklusive moms")]


class Decision(Record):
    """A decision as registered."""

    body: str = Field(description="Whose decision: a body, or the role of a delegate")
    kind: str = Field(description="board, delegated or execution")
    outcome: str
    decided_on: date
    paragraph: str | None
    delegation_point: str | None
    registry_no: str | None
    wording: str | None
    financing: str | None
    adjusted_on: date | None
    posted_on: date | None
    appeal_until: date | None
    legal_force_on: date | None = Field(description="If nobody appeals")


class Moved(Record):
    """An amount that one step moved in a pot."""

    kind: str
    from_bucket: str
    to_bucket: str
    amount_ore: Ore
    pot: str = Field(description="The title of the pot")
    year: int
    on: date


class Word(Record):
    """What was said in public with a step."""

    name: str
    label: str
    text: str


class Event(Record):
    """One step of a proposal, in its public words."""

    seq: int
    kind: str
    title: str
    from_state: str | None = Field(description="The title of the state that was left")
    to_state: str | None
    decided_on: date | None
    recorded_at: AwareDatetime
    who: str = Field(description="A role or a body, never a person's name")
    position: str | None
    decision: Decision | None
    words: tuple[Word, ...]
    money: tuple[Moved, ...]
    is_loop_back: bool
    corrected_by: int | None = Field(description="The seq of the event that corrected this one")
    url: str


class Cost(Record):
    n: int
    what: str
    kind: str
    amount_ore: int | None = Field(description="Öre, exklusive moms; null: not known")
    classification: str | None


class Funding(Record):
    line: int = Field(description="The n of the cost that it pays")
    pot: str
    pot_title: str
    year: int
    amount_ore: Ore
    held: str = Field(description="How far the money has come: open, reserved, committed, ordered, spent, released")
    spent_ore: Ore = Field(description="How much of it is booked")


class Station(Record):
    """One station of the track that the process has."""

    n: int
    state: str
    title: str
    status: str = Field(description="done, here, ahead or skipped")
    on: date | None = Field(description="When it was last entered")
    left: date | None = Field(description="When it was last done with: the day of the decision where one led on")


class ProposalRow(Record):
    """A proposal in the list."""

    number: str
    title: str
    process_title: str
    state_title: str
    awaits: str | None = Field(description="Whose move it is")
    since: date
    is_example: bool
    url: str
    record_url: str


class Proposal(Record):
    """One proposal with everything that has happened in public."""

    number: str
    title: str
    process: str
    process_title: str
    registry_no: str | None
    is_example: bool
    now: str = Field(description="Where it stands, in one sentence")
    state: str
    state_title: str
    awaits: str | None
    since: date
    due: date | None
    next_meeting: date | None
    is_ended: bool
    what: str
    where: str
    why: str
    own_contribution: str
    criteria: tuple[str, ...]
    costs: tuple[Cost, ...]
    funding: tuple[Funding, ...]
    cost_ore: int | None
    spent_ore: Ore
    hides: tuple[str, ...] = Field(description="Fields that wait to become public where the proposal stands now")
    track: tuple[Station, ...]
    events: tuple[Event, ...] = Field(description="Oldest first")
    url: str


class PotYear(Record):
    """A pot in one budget year: budget + overrun = available + reserved + committed + ordered + spent."""

    pot: str
    title: str
    kind: str
    year: int
    is_decided: bool
    is_closed: bool
    decision: str | None
    proposal: str | None
    budget_ore: Ore
    overrun_ore: Ore
    available_ore: Ore
    reserved_ore: Ore
    committed_ore: Ore
    ordered_ore: Ore
    spent_ore: Ore
    entries_url: str


class Entry(Record):
    """One ledger entry behind a pot's figures."""

    kind: str
    from_bucket: str
    to_bucket: str
    amount_ore: Ore
    on: date
    recorded_on: date
    year: int
    proposal: str | None
    why: str


class Way(Record):
    """A way out of a state."""

    id: str
    title: str
    to: str


class State(Record):
    id: str
    title: str
    is_side: bool
    is_end: bool
    ways: tuple[Way, ...]


class ProcessRow(Record):
    id: str
    version: int
    title: str
    description: str
    digest: str = Field(description="SHA-256 of the definition, wording left out")
    record_url: str


class Process(ProcessRow):
    """The newest version of a process."""

    track: tuple[str, ...]
    states: tuple[State, ...]


class Page(Record, Generic[T]):
    """A page of records. ``next`` is the address of the next page, null on the last one."""

    licence: str
    items: tuple[T, ...]
    next: str | None = None


class Problem(Record):
    """Why a question was not answered (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
