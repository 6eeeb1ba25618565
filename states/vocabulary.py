"""The closed registry of names that a process file may use. A released name keeps its meaning for ever;
a changed meaning is a new name. Holds no wording: labels are in ``web/words/words.py`` and ``web/forms/fields.py``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FieldKind = Literal["date", "future_date", "past_date", "text", "long_text", "amount", "proposal", "instance", "lines"]


@dataclass(frozen=True, slots=True)
class Role:
    """``employee``: held by municipal employees only, and so allowed to bind money and to register decisions."""

    employee: bool
    description: str


@dataclass(frozen=True, slots=True)
class Field:
    """What a transition may ask for; the value in a form is a date, öre, str, or restated rows."""

    kind: FieldKind
    required: bool = True


ROLES: Mapping[str, Role] = {
    "proposer": Role(False, "who handed the proposal in"),
    "working_group": Role(False, "any member of a working group"),
    "forum": Role(False, "any member of the mixed group that recommends"),
    "chair": Role(False, "who chairs the forum"),
    "organiser": Role(False, "who arranges an activity"),
    "auditor": Role(False, "sees everything, changes nothing"),
    "clock": Role(False, "fires by time; never decides or moves money"),
    "officer": Role(True, "handläggare: prepares, and performs what is decided"),
    "budget_holder": Role(True, "budgetansvarig: decides within the delegated right"),
    "attestant": Role(True, "beslutsattestant: says which pot a cost belongs to"),
    "controller": Role(True, "ekonom: books invoices, keeps the pots"),
    "registrar": Role(True, "a body's secretary: registers its decisions"),
    "technical": Role(True, "the technical department: designs, procures and builds"),
    "buyer": Role(True, "procurement"),
    "site_manager": Role(True, "byggledare: follows the construction"),
    "administrator": Role(True, "keeps bodies, memberships and rights"),
}
BODY_KINDS = ("forum", "working_group", "department", "board", "executive", "council")
SOURCES = ("investment", "operating", "appropriation", "outside")
CLASSIFICATIONS = ("investment", "operating")
LINE_KINDS = (
    "sketch", "programme", "furniture", "ground", "lighting", "planting", "play", "art", "other",
    "study_visit", "conference", "knowledge_evening", "event", "maintenance",
)  # fmt: skip
# What buys nothing that stays: operating by its kind, whatever it costs.
OPERATING_KINDS = (
    "sketch", "programme", "study_visit", "conference", "knowledge_evening", "event", "maintenance",
)  # fmt: skip
EVERY_LINE = ("rest", "all")
ROLE_RULES = ("registrar_of",)
REGISTRARS_OF = ("awaits", "decided")  # of whose decision is awaited; of whose decision the work rests on
AWAITS_RULES = ("decider_for",)
DEADLINES = ("working_days", "next_meeting_of", "papers_due_for", "date", "may_wait")
DUTIES = ("classify",)
COFINANCING = ("promised", "agreed", "received")  # how sure the money from outside is, least first
LIMITS = ("review_limit", "board_limit")
OUTCOMES = (
    "approved", "approved_with_change", "rejected", "referred_back", "tabled", "dropped", "handed_over", "noted",
)  # fmt: skip
POSITIONS = ("recommends", "advises_against", "noted")

FIELDS: Mapping[str, Field] = {
    "decided_on": Field("past_date"),
    "paragraph": Field("text"),
    "delegation_point": Field("text", required=False),
    "wording": Field("long_text"),
    "financing": Field("text"),
    "registry_no": Field("text", required=False),
    "adjusted_on": Field("date", required=False),
    "reason": Field("long_text"),
    "question": Field("long_text"),
    "position_wording": Field("long_text"),
    "dissent": Field("long_text", required=False),
    "held_on": Field("past_date"),
    "parked_until": Field("future_date"),
    "supplier": Field("text"),
    "contract_amount": Field("amount"),
    "ready_by": Field("date"),
    "merged_with": Field("proposal"),
    "awaits_next": Field("instance"),
    "result": Field("long_text"),
    "assessment": Field("long_text"),
    "remarks": Field("long_text", required=False),
    "document": Field("text", required=False),
    "inspected_on": Field("past_date"),
    "handed_over_on": Field("date", required=False),
    "warranty_until": Field("date", required=False),
    "final_cost": Field("amount", required=False),
    "report": Field("long_text"),
    "cost_reason": Field("text", required=False),
    "no_picture": Field("text", required=False),
    "lines": Field("lines"),
}

# Guard -> what its argument names: nothing, a binding, a limit, or a binding or "total".
GUARDS: Mapping[str, Literal["none", "binding", "limit", "part"]] = {
    "lines_exist": "part",
    "lines_are_classified": "part",
    "funding_is_complete": "part",
    "sources_fit_classification": "part",
    "owner_is_known": "none",
    "within_decision_right": "part",
    "total_at_most": "limit",
    "total_above": "limit",
    "within_commitment": "binding",
    "cofinancing_is_agreed": "binding",
    "cofinancing_is_received": "binding",
    "is_committed": "binding",
    "is_ordered": "binding",
    "nothing_is_spent": "none",
    "nothing_is_open": "none",
    "not_the_preparer": "none",
    "merge_target_is_open": "none",
    "next_instance_may_decide": "none",
    "opinions_are_in": "none",
    "outcome_is_pictured": "none",
    "outcome_is_accounted_for": "none",
}
