"""Says what may happen: processes as data, guards, soundness and the state machine. Knows no database and no page."""

from states.definition import (
    EFFECT_ORDER,
    OPEN,
    Binding,
    Deadline,
    DutyRule,
    MoneyEffect,
    Node,
    Process,
    Rule,
    State,
    Transition,
)
from states.drawing import Exit, ListedStep, draw, steps
from states.facts import Awaited, Ballot, Capacity, Cofinancing, CostLine, Facts, FundingRow, Holding
from states.finding import Finding, ProcessError
from states.language import Library
from states.machine import Fired, Offer, entitled, fire, offers, queue_holder, role_names
from states.missing import gone
from states.money import AmountError, Ore, format_amount, parse_amount
from states.refusals import Refusal, RefusalKind
from states.soundness import check, draft, load
from states.stored import restore

__all__ = [
    "EFFECT_ORDER",
    "OPEN",
    "AmountError",
    "Awaited",
    "Ballot",
    "Binding",
    "Capacity",
    "Cofinancing",
    "CostLine",
    "Deadline",
    "DutyRule",
    "Exit",
    "Facts",
    "Finding",
    "Fired",
    "FundingRow",
    "Holding",
    "Library",
    "ListedStep",
    "MoneyEffect",
    "Node",
    "Offer",
    "Ore",
    "Process",
    "ProcessError",
    "Refusal",
    "RefusalKind",
    "Rule",
    "State",
    "Transition",
    "check",
    "draft",
    "draw",
    "entitled",
    "fire",
    "format_amount",
    "gone",
    "load",
    "offers",
    "parse_amount",
    "queue_holder",
    "restore",
    "role_names",
    "steps",
]
