"""Belopp och gränser: every rate by name and year with its source, and a form for those who may give a new one.
Reads what people write into a row; whether it may stand is for the engine to say."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form
from wtforms.validators import StopValidation

from web.forms.fields import AMOUNT_WORDS, DayField, choice, required, text_field, value_of
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed, signed_in
from web.request.language import gettext
from web.words.rate_words import UNIT_WORDS, rate_name
from workflow import Refused
from workflow.bodies.configuring import CONFIGURERS
from workflow.settings.configuration_values import NOT_GIVEN, UNITS

rates = Blueprint("rates", __name__)

READERS: Mapping[str, Callable[[str], object]] = dict(UNITS.values())  # by unit as stored
MISWRITTEN = {
    "ore": AMOUNT_WORDS["grammar"],
    "basis_points": _("Skriv en procentsats, till exempel 2,5."),
    "years": _("Skriv ett helt antal, till exempel 3."),
    "working_days": _("Skriv ett helt antal, till exempel 3."),
}


@rates.get("/belopp")
def page() -> str:
    return _page(_form()(data=_asked()) if _may_change() else None)


@rates.post("/belopp")
@signed_in
def add() -> ResponseReturnValue:
    who, form = member(), _form()(request.form)
    if not form.validate():
        return _page(form), UNPROCESSABLE
    try:
        engine().configure("rate", _row(form), by=who.person, key=posted_key())
    except Refused as refused:
        return _page(form if _may_change() else None, *words_of(refused.refusals)), status_of(refused)
    flash(gettext("%(rate)s är sparat. Det tidigare värdet står kvar i historiken.", rate=rate_name(form.data["name"])))
    return redirect(url_for("rates.page"), 303)


def _page(form: Form | None, *messages: object) -> str:
    named = [(name, list(rows)) for name, rows in groupby(engine().rates(), key=lambda each: each.name)]
    return render_template("rates.html", named=named, form=form, messages=messages)


def _may_change() -> bool:
    """Whether the page should offer it; whether it may be done the engine says."""
    viewer = signed()
    return viewer is not None and any(each.role in CONFIGURERS["rate"] for each in viewer.capacities)


def _asked() -> dict[str, Any]:
    """What a link asks to have filled in: a rate, and a year."""
    name, year = request.args.get("name", ""), request.args.get("year", "")
    days = {"from_on": f"{year}-01-01", "to_on": f"{year}-12-31"} if year.isdigit() and len(year) == 4 else {}
    return {"name": name, **days}


def _form() -> type[Form]:
    units = engine().rate_units()
    names = [(name, f"{rate_name(name)} ({UNIT_WORDS[unit]})") for name, unit in units.items()]
    day, by = _("Gäller från och med"), _("Till exempel regeringen eller kommunfullmäktige.")
    examples = _("Till exempel 59 200, 2,5 eller 3. Skriv: ej angivet, om ingen har bestämt något.")
    fields: dict[str, Any] = {
        "name": choice(_("Vad"), names),
        "value": text_field(_("Värde"), must=True, help_text=examples, checks=[_Value(units)]),
        "from_on": DayField(str(day), [required(day)]),
        "to_on": DayField(str(_("Gäller till och med")), [_NotEarlier()],
                          description=str(_("Lämna tomt om det gäller tills vidare."))),
        "source": text_field(_("Källa"), must=True, help_text=_("Var värdet står, till exempel SFS 2025:872.")),
        "set_by": text_field(_("Bestämt av"), must=True, help_text=by),
    }  # fmt: skip
    return type("RateForm", (Form,), fields)


class _Value:
    """A value in the unit that the rate has, or that none is given: nothing is guessed from an empty field."""

    def __init__(self, units: Mapping[str, str]) -> None:
        self.units = units

    def __call__(self, form: Any, field: Any) -> None:
        unit = self.units.get(form["name"].data)
        if unit is None or _is_not_given(field.data):
            return
        try:
            READERS[unit](field.data.strip())
        except ValueError as error:
            raise StopValidation(str(MISWRITTEN[unit])) from error


def _is_not_given(text: str) -> bool:
    return text.strip().lower() in (NOT_GIVEN, gettext("ej angivet"))


class _NotEarlier:
    def __call__(self, form: Any, field: Any) -> None:
        first = form["from_on"].value
        if field.value is not None and first is not None and field.value < first:
            raise StopValidation(gettext("Sista dagen är före den första."))


def _row(form: Form) -> dict[str, Any]:
    said: dict[str, Any] = {field.short_name: value_of(field) for field in form}
    unit = engine().rate_units()[said["name"]]
    value = None if _is_not_given(said["value"]) else READERS[unit](said["value"])
    names = ("name", "from_on", "to_on", "source", "set_by")
    return {**{name: said[name] for name in names}, "unit": unit, "value": value}


def _add_again(message: str) -> ResponseReturnValue:
    return _page(_form()(request.form) if _may_change() else None, message), 400


@rates.record_once
def _register(state: Any) -> None:
    again(state.app, "rates.add", _add_again)
