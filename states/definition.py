"""A process as frozen values: what a process file becomes once it is read and expanded.
Knows no file format, no person, no database and no money that exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Effect = Literal["release", "grant", "reserve", "commit", "raise", "order"]
EFFECT_ORDER: tuple[Effect, ...] = ("release", "grant", "reserve", "commit", "raise", "order")
# What a page says of a proposal whose row names a node that its process lacks.
LOST_TITLES = {"title": "Okänt läge", "public": "att förslagets läge rättas"}
OPEN = "open"  # as the binding of a release: everything that is still open


@dataclass(frozen=True, slots=True)
class Rule:
    """A name from the closed registry and its argument: ``{within_decision_right = "total"}``."""

    name: str
    argument: str | int | tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a state is due. ``value`` is working days, a body reference, a field name or the reason nobody is late."""

    kind: Literal["working_days", "next_meeting_of", "papers_due_for", "date", "may_wait"]
    value: int | str
    otherwise: "Deadline | None" = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A named part of the money: which kinds of cost line it holds and which kinds of source may pay it."""

    id: str
    lines: tuple[str, ...]  # kinds of cost line; ("rest",) takes what no other binding names, ("all",) every line
    sources: tuple[str, ...]  # investment, operating, appropriation, outside


@dataclass(frozen=True, slots=True)
class MoneyEffect:
    effect: Effect
    binding: str  # a binding's id, or OPEN with release


@dataclass(frozen=True, slots=True)
class Transition:
    """One way out of a node, resolved: the target is a node id. One id means one thing."""

    id: str  # "approve", "refer_back.preparation"; unique among the ways out of one node
    title: str  # the button, in Swedish
    target: str  # node id
    role: Rule | None  # None only for the clock
    guards: tuple[Rule, ...] = ()
    money: tuple[MoneyEffect, ...] = ()  # already in EFFECT_ORDER
    asks: tuple[str, ...] = ()  # names of fields; the registry gives type and whether they are required
    decision: str | None = None  # outcome that a body or delegate decided: approved, rejected, tabled ...
    position: str | None = None  # what a mixed group recommends: never a decision
    restates: tuple[str, ...] = ()  # bindings whose cost lines and funding rows this transition rewrites
    skips: tuple[str, ...] = ()  # states passed over, with the reason asked
    clock: Rule | None = None  # fires by time: {date = "parked_until"}
    public: str | None = None  # what the public timeline says of this step; None: the title
    together: bool = False  # may be taken with several proposals at once, each its own event


@dataclass(frozen=True, slots=True)
class DutyRule:
    """Something else awaited while in a state: the attestant's classification, an opinion."""

    kind: str
    role: Rule
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class State:
    id: str
    title: str
    public: str  # completes "Nu väntar vi på ..."; may hold {awaits} and {until}
    awaits: Rule | None = None  # whose move it is, shown to everyone; None where nobody's (ends)
    deadline: Deadline | None = None
    side: bool = False
    end: bool = False
    spends: tuple[str, ...] = ()  # bindings whose invoices are expected here
    builds: bool = False
    hides: tuple[str, ...] = ()  # public fields that wait
    produces: tuple[str, ...] = ()  # documents, in words, shown on the process page
    duties: tuple[DutyRule, ...] = ()
    advice: str | None = None  # "Så kan du gå vidare", for ends that close a proposal unbuilt
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A state, or a side state together with the state it was entered from."""

    id: str  # "review", "parked@review"
    state: State
    origin: str | None  # id of the main state, for side states
    transitions: tuple[Transition, ...]

    def transition(self, transition_id: str) -> Transition | None:
        """The way out with this id, or None."""
        return next((each for each in self.transitions if each.id == transition_id), None)


@dataclass(frozen=True, slots=True)
class Process:
    """One process and version, expanded. ``digest`` is SHA-256 (hex) of the expansion, wording left out;
    ``body`` is the stored text from which :func:`states.restore` makes the same value again."""

    id: str
    version: int
    title: str
    digest: str
    body: str
    bindings: Mapping[str, Binding]
    nodes: Mapping[str, Node]
    initial: str
    track: tuple[str, ...]  # ids of main, non-ending states in file order
    description: str = ""

    def at(self, node_id: str) -> Node:
        """The node with this id. A row that was damaged may name one that is not there: no way leads out of it."""
        lost = State(node_id, LOST_TITLES["title"], LOST_TITLES["public"])
        return self.nodes.get(node_id) or Node(node_id, lost, None, ())

    def binding_of(self, line_kind: str) -> str | None:
        """Which binding holds a cost line of this kind: a named one before the rest, None if no binding does."""
        for binding in self.bindings.values():
            if line_kind in binding.lines:
                return binding.id
        for binding in self.bindings.values():
            if "rest" in binding.lines or "all" in binding.lines:
                return binding.id
        return None
