"""The words for meetings: their points, who attends as what, and what their notes are called. Decides nothing."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from web.request.figures import datum
from web.request.language import gettext
from web.words.words import OUTCOMES, POSITIONS, msg, role, sentence
from workflow.meetings.views_meetings import Alone, DecisionPage, DelegatedRow, MeetingPage, MeetingRow, Point, Seat
from workflow.views.views import Step

CATEGORIES: Mapping[str, Any] = {
    "municipality": _("kommunen"),
    "property_owner": _("fastighetsägare"),
    "trade": _("handeln"),
    "business": _("näringslivet"),
    "elected": _("förtroendevalda"),
    "other": _("övriga"),
}
POINTS: Mapping[str, Any] = {
    "moved": _("Vad som har hänt sedan sist"),
    "pots": _("Potterna"),
    "delegated": _("Anmälan av delegationsbeslut"),
}


def category(name: str) -> str:
    return str(CATEGORIES.get(name, name))


def point_title(point: Point) -> str:
    """A proposal's or an added point's own title, or what such a point is called."""
    if point.kind == "year_list":
        return gettext("Årslistan %(year)s", year=point.key.rpartition(" ")[2])
    return str(POINTS.get(point.kind) or point.title)


def meeting_title(meeting: MeetingRow | MeetingPage) -> str:
    """Centrumgruppen 2 december 2026"""
    return f"{msg(meeting.title)} {datum(meeting.held_on)}"


def notes_title(meeting: MeetingPage) -> str:
    """A mixed group keeps minnesanteckningar, never a protocol; of a board only its registered decisions are kept."""
    return gettext("Minnesanteckningar") if meeting.is_mixed else gettext("Registrerade beslut")


def attendance(meeting: MeetingPage) -> str:
    """kommunen 3, handeln 1"""
    return ", ".join(f"{category(name)} {count}" for name, count in meeting.attendance.items())


def aside_words(point: Point) -> str:
    """ "Fastighetsägare (intresseanmälan 12 mars 2026)"."""
    told = [gettext("intresseanmälan %(date)s", date=datum(each.since)) for each in point.aside]
    return ", ".join(f"{each.name} ({said})" for each, said in zip(point.aside, told, strict=True))


def seat_words(seat: Seat) -> str:
    """ "Ledamot från handeln (handeln)"; the role only where the name does not say it."""
    return f"{seat.name} ({category(seat.category)})"


def came_to(step: Step) -> str:
    """What a point came to: a position, an outcome, or else the step that was taken."""
    if step.position:
        return str(POSITIONS[step.position])
    return str(OUTCOMES[step.decision.outcome]) if step.decision else sentence(msg(step.title))


def about(decided: DecisionPage | Alone) -> str:
    """What a decision is about: a proposal, a pot's year, or the årslista of a year."""
    if not decided.title:
        return gettext("Årslistan %(year)s", year=decided.year)
    return f"{msg(decided.title)} {decided.year}" if decided.year else msg(decided.title)


def delegate(row: DelegatedRow) -> str:
    """Who decided: a role, since names do not belong in the list."""
    return role(row.role)


def delegated_about(row: DelegatedRow) -> str:
    return f"{row.number}, {row.title}" if row.number else row.title


FILTERS = {
    "category": category, "point_title": point_title, "meeting_title": meeting_title, "notes_title": notes_title,
    "attendance": attendance, "seat": seat_words, "came_to": came_to, "about": about, "aside": aside_words,
}  # fmt: skip
