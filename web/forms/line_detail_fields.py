"""What else can be said of a cost: where it is booked, what a conference is for, and what an investment costs to run.
All of it is optional; a row of the form carries these fields beside its own."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Form, StringField
from wtforms.validators import Length, Optional

from web.forms.fields import AmountField, clean
from workflow import LineDetails
from workflow.views.views import CostLineView

ACCOUNT = ("project_no", "responsibility", "activity", "account")
PURPOSE = ("purpose", "programme", "participants")
RUNNING = ("care_ore", "power_ore", "winter_ore")
LABELS = {
    "project_no": _("Projektnummer"),
    "responsibility": _("Ansvar"),
    "activity": _("Verksamhet"),
    "account": _("Konto"),
    "purpose": _("Syfte"),
    "programme": _("Program"),
    "participants": _("Deltagare"),
    "care_ore": _("Skötsel per år, kr"),
    "power_ore": _("El per år, kr"),
    "winter_ore": _("Vinter per år, kr"),
}


def _text(name: str, most: int = 60) -> Any:
    too_long = _("Texten är för lång. Högst %(most)s tecken får plats.", most=most)
    return StringField(LABELS[name], [Length(max=most, message=too_long)], filters=[clean, str.strip])


def _amount(name: str) -> Any:
    return AmountField(LABELS[name], [Optional()])


class DetailFields(Form):
    project_no = _text("project_no")
    responsibility = _text("responsibility")
    activity = _text("activity")
    account = _text("account")
    purpose = _text("purpose", 1000)
    programme = _text("programme", 1000)
    participants = _text("participants", 1000)
    care_ore = _amount("care_ore")
    power_ore = _amount("power_ore")
    winter_ore = _amount("winter_ore")


def details_of(row: DetailFields) -> LineDetails:
    """What a valid row says."""
    said: dict[str, Any] = {name: getattr(row, name).data or "" for name in (*ACCOUNT, *PURPOSE)}
    return LineDetails(**said, **{name: getattr(row, name).value for name in RUNNING})


def stated(line: CostLineView) -> dict[str, Any]:
    """What stands of a line, by field."""
    return {name: getattr(line.details, name) for name in (*ACCOUNT, *PURPOSE, *RUNNING)}


def account_words(details: LineDetails) -> list[tuple[str, str]]:
    """(label, text) of what is stated of where it is booked and what it is for."""
    return [(str(LABELS[name]), text) for name in (*ACCOUNT, *PURPOSE) if (text := getattr(details, name))]


def running_words(details: LineDetails) -> list[tuple[str, int]]:
    """(what for, öre a year) of what is stated."""
    names = {"care_ore": _("skötsel"), "power_ore": _("el"), "winter_ore": _("vinter")}
    return [(str(label), ore) for name, label in names.items() if (ore := getattr(details, name)) is not None]
