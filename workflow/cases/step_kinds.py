"""What kind of step each kind of event is, and who is told of it. An event that is not named here is no step."""

from collections.abc import Mapping
from typing import Any, Literal

from workflow.privacy.public_text import CONTACT
from workflow.views.views import StepKind

Viewer = Literal["public", "proposer", "external", "official"]
KINDS: Mapping[str, StepKind] = {
    "submitted": "submitted", "revised": "revised", "moved": "moved", "classified": "classified", "booked": "booked",
    "succeeded": "succeeded", "redated": "redated", "redirected": "redirected",
    "corrected": "corrected", "attended": "attended", "carried": "carried", "cofinanced": "cofinanced",
    "recorded": "recorded",
    "vote_begun": "vote_begun", "voted": "voted", "vote_closed": "vote_closed",
    "interest_declared": "between_colleagues", "interest_withdrawn": "between_colleagues",
    "task_handed": "between_colleagues", "task_returned": "between_colleagues",
    "text_reviewed": "between_colleagues", "unpublished": "between_colleagues", "republished": "between_colleagues",
    "worded": "between_colleagues", "decision_held": "between_colleagues", "decision_published": "between_colleagues",
    "erased": "erased", "file_added": "between_colleagues", "file_looked_at": "between_colleagues",
    "file_sent": "between_colleagues",
    "opinions_asked": "opinions", "opinion_given": "opinions", "opinions_extended": "opinions",
    "opinions_closed": "opinions",
}  # fmt: skip
BETWEEN_COLLEAGUES = ("attended", "recorded", "voted", "between_colleagues")


def is_told(facts: Mapping[str, Any], viewer: Viewer) -> bool:
    """What is between colleagues is no step of the proposal's for others; that words are gone is told to everybody,
    that a sender's details are is not: nobody else knew them."""
    kind = KINDS.get(facts["kind"])
    if kind is None:
        return False
    if kind in BETWEEN_COLLEAGUES or (kind == "erased" and facts.get("scope") == CONTACT):
        return viewer == "official"
    return kind not in ("vote_begun", "vote_closed") or viewer in ("official", "external")
