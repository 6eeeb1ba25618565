"""Forms from the fields that a step asks for: labels, help, and what people write read into values.
What may be asked for and of what type is in ``states.vocabulary``; amounts are read by ``states.parse_amount``."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from babel.dates import get_month_names
from flask_babel import lazy_gettext as _
from wtforms import Field, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, StopValidation
from wtforms.widgets import DateInput

from states import AmountError, Ore, parse_amount, vocabulary
from web.request.language import gettext
from web.words.field_words import FIELDS
from web.words.words import running

SHORT, LONG = 200, 5000
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SPOKEN = re.compile(r"(?:den )?([0-9]{1,2})[. ] ?([a-zåäö]{3,9})\.? ([0-9]{4})")

HELP: Mapping[str, Any] = {
    "decided_on": _("Dagen då beslutet fattades, inte dagen då det förs in."),
    "paragraph": _("Till exempel 112. Vid delegationsbeslut: numret i delegationslistan."),
    "delegation_point": _("Bara vid delegationsbeslut."),
    "wording": _("Ord för ord, som det står i beslutet."),
    "financing": _("Vad som betalar, som det står i beslutet."),
    "adjusted_on": _("Kan fyllas i senare. Till dess står det att protokollet inte är justerat."),
    "reason": _("Visas för alla. Skriv så att förslagsställaren förstår."),
    "question": _("Visas för alla. Skriv vad som behöver svaras på."),
    "position_wording": _("Vad gruppen kom fram till. Gruppen tar ställning, den beslutar inte."),
    "dissent": _("Om någon inte delade gruppens mening."),
    "parked_until": _("Då tas förslaget upp igen."),
    "contract_amount": _("Till exempel 112 000 eller 112 tkr."),
    "ready_by": _("Dagen som står i avtalet eller programmet."),
    "merged_with": _("Numret på det andra förslaget, till exempel CG-2026-014."),
    "assessment": _("Visas för gruppen och tjänstepersonerna, inte för allmänheten."),
    "remarks": _("Visas bara för tjänstepersonerna."),
    "document": _("Namnet på handlingen och var den finns."),
    "final_cost": _("Till exempel 112 000 eller 112 tkr. Det som är bokfört, om inget annat sägs."),
    "cost_reason": _("Bara om det kostade något annat än det som är bokfört. Visas för alla."),
    "report": _("Visas för alla: vad det blev, vad det kostade och vad vi lärde oss."),
    "no_picture": _("Bara om ingen bild visar hur det blev. Visas för alla."),
}
AMOUNT_WORDS: Mapping[str, Any] = {
    "empty": _("Skriv ett belopp, till exempel 12 000 kr."),
    "grammar": _(
        "Beloppet går inte att förstå. Skriv det med vanliga siffror, till exempel 12 000 eller 1 000,50,"
        " utan minustecken."
    ),
    "unit": _("Enheten går inte att förstå. Skriv kr, tkr eller mnkr efter beloppet, eller ingenting."),
    "zero": _("Beloppet är noll. Skriv ett belopp som är större, eller lämna fältet tomt om det är frivilligt."),
    "too_large": _("Beloppet är för stort. Kontrollera antalet siffror och enheten."),
}


def clean(text: str | None) -> str:
    """What was typed, with one kind of line break and without signs that are no text."""
    return NOT_TEXT.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n"))


class AmountField(StringField):
    """``data`` is what was typed, which is kept; ``value`` is öre, or None when nothing was."""

    value: Ore | None = None

    def pre_validate(self, form: Any) -> None:
        del form
        self.value = None
        if not (self.data or "").strip():
            return
        try:
            self.value = parse_amount(self.data or "")
        except AmountError as error:
            raise StopValidation(str(AMOUNT_WORDS[error.reason])) from error


class DayField(StringField):
    """A date, by the browser's calendar or in words; ``value`` is the date, or None when nothing was typed."""

    widget = DateInput()
    value: date | None = None

    def pre_validate(self, form: Any) -> None:
        del form
        self.value = None
        written = (self.data or "").strip()
        if not written:
            return
        self.value = parse_day(written)
        if self.value is None:
            raise StopValidation(gettext("Datumet går inte att förstå. Skriv det så här: 2026-11-23."))


def parse_day(text: str) -> date | None:
    """2026-11-23 or 23 november 2026; None for anything else and for days that no calendar has."""
    plain = " ".join(text.replace("\u00a0", " ").lower().split())
    if match := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in match.groups())
    elif match := _SPOKEN.fullmatch(plain):
        day, year = int(match[1]), int(match[3])
        month = next((n for n, name in _months() if name.startswith(match[2].rstrip("."))), 0)
    else:
        return None
    try:
        return date(year, month, day) if 1990 <= year <= 2200 else None
    except ValueError:
        return None


def _months() -> list[tuple[int, str]]:
    return [(n, name.lower()) for each in ("sv", "en") for n, name in get_month_names("wide", locale=each).items()]


class NotAfter:
    """The day has come."""

    def __init__(self, today: date) -> None:
        self.today = today

    def __call__(self, _form: Any, field: Any) -> None:
        if field.value is not None and field.value > self.today:
            raise StopValidation(gettext("Dagen har inte varit än. Skriv en dag som varit, eller dagens datum."))


class NotBefore(NotAfter):
    """The day is still to come."""

    def __call__(self, _form: Any, field: Any) -> None:
        if field.value is not None and field.value <= self.today:
            raise StopValidation(gettext("Dagen har redan varit. Skriv en dag som kommer."))


def required(label: object, missing: object = None) -> DataRequired:
    """``missing`` says in words of its own what is not there."""
    return DataRequired(str(missing) if missing else gettext("Fyll i %(field)s.", field=running(str(label))))


def text_field(
    label: Any,
    *,
    must: bool,
    long: bool = False,
    help_text: Any = "",
    most: int = 0,
    checks: Iterable[Any] = (),
    missing: Any = None,
) -> Any:
    """A line or several, cleaned; what is optional says so."""
    limit = most or (LONG if long else SHORT)
    kind = TextAreaField if long else StringField
    too_long = gettext("Texten är för lång. Högst %(most)s tecken får plats.", most=limit)
    asked = [required(label, missing) if must else Optional(), Length(max=limit, message=too_long), *checks]
    return kind(str(label), asked, filters=[clean], description=str(help_text))


def ask_form(names: Iterable[str], today: date, instances: Iterable[tuple[str, Any]]) -> type[Form]:
    """A form class with one field for each name of the registry; restated rows are a form of their own.

    ``instances`` are those that may decide, by name, with their titles.
    """
    fields = {name: _field(name, today, instances) for name in names if vocabulary.FIELDS[name].kind != "lines"}
    return type("AskForm", (Form,), fields)


def _field(name: str, today: date, instances: Iterable[tuple[str, Any]]) -> Any:
    asked, label = vocabulary.FIELDS[name], FIELDS[name]
    must: list[Any] = [required(label) if asked.required else Optional()]
    told = str(HELP.get(name, ""))
    if asked.kind in ("date", "past_date", "future_date"):
        limit: dict[str, Any] = {"past_date": [NotAfter(today)], "future_date": [NotBefore(today)]}
        return DayField(str(label), must + limit.get(asked.kind, []), description=told)
    if asked.kind == "amount":
        return AmountField(str(label), must, description=told)
    if asked.kind == "instance":
        return choice(label, instances, must=asked.required, radio=True)
    if asked.kind == "proposal":
        return StringField(str(label), must, filters=[clean, lambda text: text.strip().upper()], description=told)
    return text_field(label, must=asked.required, long=asked.kind == "long_text", help_text=told)


def values(form: Form) -> dict[str, object]:
    """What a valid form says, typed: dates, öre and stripped text; what was left empty is left out."""
    found = {field.short_name: value_of(field) for field in form}
    return {name: value for name, value in found.items() if value not in (None, "")}


def value_of(field: Field) -> object:
    if isinstance(field, AmountField | DayField):
        return field.value
    return field.data.strip() if isinstance(field.data, str) else field.data


def choice(label: Any, choices: Iterable[tuple[str, Any]], *, must: bool = True, radio: bool = False) -> Any:
    """One of several, by radio buttons or in a list; a value that is none of them is refused in words."""
    given = {value: str(text) for value, text in choices}
    refused = gettext("Välj ett av alternativen.")
    checks: list[Any] = [DataRequired(refused) if must else Optional(), _OneOf({*given}, refused)]
    kind = RadioField if radio else SelectField
    return kind(str(label), checks, choices=given, validate_choice=False)


class _OneOf:
    def __init__(self, known: set[str], refused: str) -> None:
        self.known, self.refused = known, refused

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data not in self.known:
            raise StopValidation(self.refused)
