"""Ersättare: who stands in while somebody is away, named by whoever is away or by an administrator. Decides nothing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from web.forms.fields import DayField, NotBefore, choice, required, text_field
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed_in
from web.request.language import gettext
from workflow import Refused
from workflow.people.deputies import Absence

absences = Blueprint("absences", __name__)
ADMINISTRATOR = "administrator"


@absences.get("/ersattare")
@signed_in
def page() -> ResponseReturnValue:
    return _page()


@absences.post("/ersattare")
@signed_in
def name() -> ResponseReturnValue:
    who, form = member(), _form()(request.form)
    if not form.validate():
        return _page(form=form), UNPROCESSABLE
    said: dict[str, Any] = {field.short_name: field for field in form}
    away = int(said["principal"].data) if "principal" in said else who.person
    told = Absence(
        away, int(said["deputy"].data), said["from_on"].value, said["to_on"].value, said["reason"].data.strip()
    )
    try:
        engine().name_deputy(told, by=who.person, key=posted_key())
    except Refused as refused:
        return _page(*words_of(refused.refusals), form=form), status_of(refused)
    flash(gettext("Ersättaren är utsedd."))
    return redirect(url_for("absences.page"), 303)


@absences.post("/ersattare/<int:deputy>/avsluta")
@signed_in
def end(deputy: int) -> ResponseReturnValue:
    try:
        engine().end_deputy(deputy, by=member().person, key=posted_key())
    except Refused as refused:
        return _page(*words_of(refused.refusals)), status_of(refused)
    flash(gettext("Ersättningen är avslutad."))
    return redirect(url_for("absences.page"), 303)


def _page(*messages: object, form: Form | None = None) -> str:
    who = member()
    mine = engine().deputies(who.person)
    others = [each for each in engine().all_deputies() if each not in mine] if _is_administrator() else []
    made = form or _form()()
    return render_template(
        "absence.html", messages=messages, form=made, faulty=[made] if made.errors else [], mine=mine, others=others,
        me=who.person, today=engine().today(),
    )  # fmt: skip


def _is_administrator() -> bool:
    return any(each.role == ADMINISTRATOR for each in member().capacities)


def _form() -> type[Form]:
    """An administrator says who is away; everybody else speaks for themselves."""
    who, first, last = member(), _("Första dagen"), _("Sista dagen")
    people = [("", _("Välj")), *((str(each.person), each.name) for each in engine().colleagues())]
    told = _("Till exempel semester. Skriv inget om hälsa: frånvarande räcker.")
    fields: dict[str, Any] = {}
    if _is_administrator():
        fields["principal"] = choice(_("Vem är borta?"), people)
    else:
        people = [each for each in people if each[0] != str(who.person)]
    fields |= {
        "deputy": choice(_("Vem är ersättare?"), people),
        "from_on": DayField(str(first), [required(first)]),
        "to_on": DayField(str(last), [required(last), NotBefore(engine().today())]),
        "reason": text_field(_("Varför?"), must=True, help_text=told, most=500),
    }
    return type("AbsenceForm", (Form,), fields)


def _name_again(message: str) -> ResponseReturnValue:
    return _page(message, form=_form()(request.form)), 400


def _end_again(message: str, deputy: int) -> ResponseReturnValue:
    del deputy
    return _page(message), 400


@absences.record_once
def _register(state: Any) -> None:
    again(state.app, "absences.name", _name_again)
    again(state.app, "absences.end", _end_again)
