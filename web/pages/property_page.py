"""Fastigheter: what members own or represent, as the street or square that it adjoins. An administrator keeps it; it
asks a member about an interest and excludes nobody. Decides nothing."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from states import RefusalKind
from web.forms.fields import DayField, choice, required, text_field
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed_in
from web.request.language import gettext
from workflow import Refused

properties = Blueprint("properties", __name__)
KEEPERS = ("administrator",)
WHAT = "member_property"


@properties.get("/fastigheter")
@signed_in
def page() -> ResponseReturnValue:
    return _page()


@properties.post("/fastigheter")
@signed_in
def add() -> ResponseReturnValue:
    who, form = member(), _form()(request.form)
    if not form.validate():
        return _page(form=form), UNPROCESSABLE
    said: dict[str, Any] = {field.short_name: field for field in form}
    row = {
        "person_id": int(said["person"].data), "place": said["place"].data, "from_on": said["from_on"].value,
        "source": said["source"].data,
    }  # fmt: skip
    return _configured(row, who.person, gettext("Fastigheten är antecknad."), form)


@properties.post("/fastigheter/<int:row>/avsluta")
@signed_in
def end(row: int) -> ResponseReturnValue:
    """From today on it is nobody's question any more."""
    last = engine().today() - timedelta(days=1)
    first = next((each.from_on for each in engine().properties() if each.id == row), last)
    told = {"id": row, "to_on": max(first, last)}
    return _configured(told, member().person, gettext("Fastigheten är borttagen."))


def _configured(row: dict[str, Any], by: int, what: str, form: Form | None = None) -> ResponseReturnValue:
    try:
        engine().configure(WHAT, row, by=by, key=posted_key())
    except Refused as refused:
        return _page(*words_of(refused.refusals), form=form), status_of(refused)
    flash(what)
    return redirect(url_for("properties.page"), 303)


def _page(*messages: object, form: Form | None = None) -> str:
    """Raises Refused(NOT_PERMITTED)."""
    if not any(each.role in KEEPERS for each in member().capacities):
        raise Refused.because(RefusalKind.NOT_PERMITTED, KEEPERS, needs=KEEPERS[0])
    made = form or _form()()
    return render_template(
        "properties.html", messages=messages, form=made, faulty=[made] if made.errors else [],
        rows=engine().properties(),
    )  # fmt: skip


def _form() -> type[Form]:
    day = _("Från och med")
    people = [("", _("Välj")), *((str(each.person), each.name) for each in engine().colleagues())]
    told = _("Gatan eller torget, så som det brukar stå i förslagen. Till exempel Kungsgatan.")
    fields: dict[str, Any] = {
        "person": choice(_("Vems fastighet?"), people),
        "place": text_field(_("Vid vilken plats?"), must=True, help_text=told),
        "from_on": DayField(str(day), [required(day)]),
        "source": text_field(_("Källa"), must=True, help_text=_("Till exempel fastighetsregistret, eller ägaren.")),
    }
    return type("PropertyForm", (Form,), fields)


def _add_again(message: str) -> ResponseReturnValue:
    return _page(message, form=_form()(request.form)), 400


def _end_again(message: str, row: int) -> ResponseReturnValue:
    del row
    return _page(message), 400


@properties.record_once
def _register(state: Any) -> None:
    again(state.app, "properties.add", _add_again)
    again(state.app, "properties.end", _end_again)
