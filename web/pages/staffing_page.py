"""Bemanning: where nobody may act, from which day, what stops, and what if somebody is away. Decides nothing."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from web.forms.fields import DayField, choice, required
from web.pages.errors import UNPROCESSABLE
from web.request.current import engine, member, signed_in
from web.words.staffing_words import FILTERS
from workflow.staffing.views_staffing import Away

staffing = Blueprint("staffing", __name__)
ASKED = ("person", "from_on", "to_on")


@staffing.get("/bemanning")
@signed_in
def page() -> ResponseReturnValue:
    """With a person and two days in the address also what only that absence would bring."""
    who, asked = member(), any(request.args.get(name) for name in ASKED)
    form = _form()(request.args if asked else None)
    away = None
    if asked and form.validate() and form.from_on.value <= form.to_on.value:
        away = Away(int(form.person.data), form.from_on.value, form.to_on.value)
    found = engine().staffing_for(who.person, None, away)
    name = dict(form.person.choices).get(form.person.data, "") if away else ""
    backwards = asked and not form.errors and away is None
    status = UNPROCESSABLE if form.errors or backwards else 200
    return render_template("staffing.html", found=found, form=form, away=away, name=name, backwards=backwards), status


def _form() -> Any:
    people = [(str(each), name) for each, name in engine().colleagues_seated()]
    first, last = _("Borta från och med"), _("Borta till och med")
    fields = {
        "person": choice(_("Vem"), people),
        "from_on": DayField(str(first), [required(first)]),
        "to_on": DayField(str(last), [required(last)]),
    }
    return type("AwayForm", (Form,), fields)


@staffing.record_once
def _register(state: Any) -> None:
    state.app.jinja_env.filters.update(FILTERS)
