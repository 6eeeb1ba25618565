"""Which fields of what pages are given everybody may see: a whitelist. A field that is not here is nobody's yet, and a
test says so; one that is internal holds nothing in what a visitor is given, and a test looks."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

# By view: what everybody sees, and after it what only officials do.
PUBLIC: Mapping[str, str] = {
    "Answered": "duty holder title due version answered_on stance",
    "Awaits": "name is_role",
    "Choices": "pots years",
    "Classified": "",
    "Coming": "title begins usual_days",
    "Contact": "title telephone email",
    "Content": (
        "revision title what where why criteria plan_row outside_plan_reason own_contribution lines funding "
        "changed_at is_example point worded_on erased"
    ),
    "CostLineView": "n what kind amount life_years owner classification details",
    "Decision": (
        "body kind outcome decided_on paragraph delegation_point registry_no wording financing adjusted_on "
        "seq immediately post_by posted_on taken_down_on appeal_until legal_force_on reservation sent_on held "
        "reported_on worded_on"
    ),
    "Entitlement": "",
    "Entry": "kind amount from_ to on recorded_on year pot_title proposal proposal_title why",
    "Found": "rows after instead unsaid",
    "FundingView": "n line source pot pot_title year amount standing held spent holds",
    "LatestStep": "number title what to_title on who who_is_role seq recorded_at",
    "LineDetails": "care_ore power_ore winter_ore",
    "ListRow": "number title process_title state_title awaits since is_example",
    "MoneyRow": (
        "number title process_title state_title awaits since due payers cost reserved committed ordered spent "
        "is_example"
    ),
    "Now": (
        "state title public awaits since waited_days due may_wait next_meeting papers_due until ended advice usual_days"
    ),
    "OpinionRound": "asked_at asked_on due question closed_on reason answers",
    "Overview": "processes pots latest counted_at",
    "PotYear": (
        "pot title kind year decided budget overrun available reserved committed ordered spent closed decision proposal"
    ),
    "ProcessCount": "process title track side ended completed",
    "Proposed": "",
    "Rate": "id name value unit from_on to_on source set_by entered_on entered_as applies replaced",
    "RunningCost": "number title what care power winter total from_year to_year",
    "Ruled": "body decided_on paragraph",
    "Stage": "state title count side end",
    "Stages": "process title count stages counted_at",
    "Station": "n state title status on reason count times left",
    "Step": (
        "seq kind title from_title to_title decided_on recorded_at who who_is_role position decision words "
        "money backward corrected_by given worded_on ruling came_on"
    ),
    "Timeline": (
        "number title process process_title registry_no is_example now track next_titles content steps coming "
        "pots cost spent contact viewer hides opinions"
    ),
    "Track": "stations side",
}
INTERNAL: Mapping[str, str] = {
    "Answered": "wording",
    "Classified": "n what proposed to why",
    "CostLineView": "classification_reason",
    "Decision": "sent_to",
    "Entitlement": "role body since source",
    "Entry": "supplier voucher",
    "LineDetails": "project_no responsibility activity account purpose programme participants",
    "Proposed": "to because facts",
    "Step": "person classified in_place_of entitled about",
    "Timeline": "proposer_contact",
}


def internal_told(view: Any, where: str = "") -> Iterator[str]:
    """The places of internal fields that hold something, in what a visitor was given; fields that nobody has
    classified too. Values that are empty tell nothing."""
    if isinstance(view, tuple | list):
        for n, each in enumerate(view):
            yield from internal_told(each, f"{where}[{n}]")
    elif isinstance(view, Mapping):
        for name, each in view.items():
            yield from internal_told(each, f"{where}[{name}]")
    elif is_dataclass(view):
        yield from _of_fields(view, where)


def _of_fields(view: Any, where: str) -> Iterator[str]:
    name = type(view).__name__
    public, internal = PUBLIC.get(name, "").split(), INTERNAL.get(name, "").split()
    for each in fields(view):
        value, place = getattr(view, each.name), f"{where}{name}.{each.name} "
        if each.name in internal and value:
            yield place
        elif each.name not in (*public, *internal):
            yield f"{place}(nobody's)"
        else:
            yield from internal_told(value, place)
