"""What a rule may look at when it says yes or no: plain values that the caller gathered.
A guard that needs more needs another field here, so that every input of every rule is listed in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from states.money import Ore


class Capacity(NamedTuple):
    """As what somebody may act: a role held in a body, as proposer, or the clock; one's own, or as the deputy of
    somebody who is away."""

    role: str
    body: str | None = None  # the body's code: "ks", "centrumgruppen"
    body_kind: str | None = None  # forum, working_group, department, board, executive, council
    membership: int | None = None  # why entitled: the row, one's own or that of the principal
    principal: str | None = None  # on behalf of whom, by reference; None: in one's own name
    deputy: int | None = None  # why entitled to that: the row that names the deputy

    @property
    def holder(self) -> str:
        """The key under which duties of this capacity are stored: ``officer``, ``registrar:ks``."""
        return f"{self.role}:{self.body}" if self.role == "registrar" else self.role


class Awaited(NamedTuple):
    """Whose move it is: a role, or a body by code."""

    role: str | None = None
    body: str | None = None
    body_kind: str | None = None


class CostLine(NamedTuple):
    n: int
    what: str
    kind: str  # sketch, programme, furniture, ground, lighting, planting, play, other, study_visit, conference, event
    amount: Ore
    life_years: int | None  # useful life; None: not stated
    owner: str  # municipality, other, unknown: who owns the place
    classification: str | None = None  # investment, operating; None: not yet classified by the attestant


class FundingRow(NamedTuple):
    n: int
    line: int  # n of the cost line it pays
    source: str  # investment, operating, appropriation, outside
    pot: int  # id of the pot: what pays
    year: int  # budget year
    amount: Ore


class Cofinancing(NamedTuple):
    """An outside financier and how sure the money is."""

    financier: str
    standing: str  # promised, agreed, received; "" where nobody has noted anything


class Ballot(NamedTuple):
    """How a group's vote about this revision stands. ``needed``: how many must be for it, frozen at its start."""

    of: int
    cast: int
    in_favour: int
    needed: int
    is_open: bool

    @property
    def carried(self) -> bool:
        return self.in_favour >= self.needed


class Holding(NamedTuple):
    """What one funding row has open or spent, in öre: a sum of ledger entries."""

    binding: str
    funding: int  # n of the funding row
    pot_year: int
    reserved: Ore
    committed: Ore
    ordered: Ore
    spent: Ore


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a guard may know. ``decider`` is whom the dated decision rights require for the whole sum now."""

    today: date
    actor: str
    capacities: tuple[Capacity, ...]
    awaited: Awaited | None = None
    decider: Awaited | None = None
    lines: tuple[CostLine, ...] = ()
    funding: tuple[FundingRow, ...] = ()
    holdings: tuple[Holding, ...] = ()
    form: Mapping[str, object] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)  # name -> öre or days, in force today
    prepared_by: frozenset[str] = frozenset()
    merge_target_open: bool = False  # the proposal that the form would merge into has not ended
    levels: Mapping[str, int] = field(default_factory=dict)  # who may decide about anything -> level, highest last
    decided_by: Awaited | None = None  # whose decision the work rests on
    cofinancing: Mapping[int, Cofinancing] = field(default_factory=dict)  # by the pot of the financier
    ballot: Ballot | None = None  # the group's vote about this revision, in this step
    interest: date | None = None  # since when the actor takes no part in this proposal
    # By the role of a delegate who is away: the roles that the scheme of delegation lets decide in the meantime.
    substitutes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    opinions_asked: int = 0  # in the rounds of opinions that nobody has closed
    opinions_missing: tuple[str, ...] = ()  # who has not answered in them: a role's name, or a title
    pictures_after: int = 0  # that everybody may see, of how it turned out
