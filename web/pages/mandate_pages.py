"""En ny mandatperiod: the seats of a body that end, who stays, who is new, and from which day; one form, one pass."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from web.forms.fields import DayField, choice, parse_day, required, text_field
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed_in
from web.request.figures import datum
from web.request.language import gettext
from web.words.administration_words import CATEGORIES
from web.words.words import ROLES, msg, role, running
from workflow import Refused
from workflow.bodies.views_administration import Seat

mandates = Blueprint("mandates", __name__)
NEW = 4  # rows for new members; more are added on the body's page
SEATED = ("chair", "member", "external", "registrar", "auditor")
ADDRESS = "/administration/organ/<code>/mandatperiod"


@mandates.get(ADDRESS)
@signed_in
def period(code: str) -> str:
    return _page(code, None)


@mandates.post(ADDRESS)
@signed_in
def renew(code: str) -> ResponseReturnValue:
    who = member()
    engine().may_administer(who.person)
    form = _form(code, request.form)
    if not form.validate():
        return _page(code, form), UNPROCESSABLE
    said: dict[str, Any] = {field.short_name: field for field in form}
    new = [
        {
            "person_id": int(said[f"person{n}"].data),
            "role": said[f"role{n}"].data,
            "category": said[f"category{n}"].data,
        }
        for n in range(1, NEW + 1)
        if said[f"person{n}"].data
    ]
    row = {
        "body": code, "from_on": said["from_on"].value, "to_on": said["to_on"].value,
        "source": said["source"].data.strip(), "stay": tuple(map(int, said["stay"].data)), "new": tuple(new),
    }  # fmt: skip
    try:
        engine().configure("mandate", row, by=who.person, key=posted_key())
    except Refused as refused:
        return _page(code, form, *words_of(refused.refusals)), status_of(refused)
    flash(gettext("Mandatperioden är införd."))
    return redirect(url_for("administration.body", code=code), 303)


def _page(code: str, form: Form | None, *messages: object) -> str:
    who = member()
    engine().may_read_administration(who.person)
    found = engine().body(code)
    may = any(each.role == "administrator" for each in who.capacities)
    return render_template(
        "mandate.html", body=found, form=form if form is not None else _form(code), may=may, messages=messages,
        rows=range(1, NEW + 1),
    )  # fmt: skip


def _first_day(posted: Any) -> date:
    """The day that is asked about: as written, or the first of the year after this one."""
    given = posted.get("from_on", "") if posted else request.args.get("from_on", "")
    return parse_day(given) or date(engine().today().year + 1, 1, 1)


def _form(code: str, posted: Any = None) -> Form:
    first = _first_day(posted)
    seats = engine().ending_seats(code, first)
    people = [("", _("Ingen")), *((str(each.id), f"{msg(each.name)}, {each.title}") for each in engine().members())]
    begins, ends = _("Från och med"), _("Till och med")
    whence = _("Beslutet som uppdragen vilar på, till exempel KF § 12 2026-12-09.")
    fields: dict[str, Any] = {
        "from_on": DayField(str(begins), [required(begins)]),
        "to_on": DayField(str(ends), [], description=str(_("Lämna tomt om det gäller tills vidare."))),
        "source": text_field(_("Källa"), must=True, help_text=whence),
        "stay": SelectMultipleField(
            str(_("Vilka är kvar")), choices=[(str(each.id), _seat_words(each)) for each in seats],
            widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
            description=str(_("De som inte är ikryssade slutar dagen före.")),
        ),
    }  # fmt: skip
    for n in range(1, NEW + 1):
        fields[f"person{n}"] = choice(_("Person"), people, must=False)
        fields[f"role{n}"] = choice(_("Roll"), [(each, ROLES[each][0]) for each in SEATED])
        fields[f"category{n}"] = choice(_("Kategori"), list(CATEGORIES.items()))
    data = {"from_on": first.isoformat(), "stay": [str(each.id) for each in seats]}
    data |= {f"role{n}": "member" for n in range(1, NEW + 1)} | {f"category{n}": "other" for n in range(1, NEW + 1)}
    made: Form = type("MandateForm", (Form,), fields)(posted, data=data)
    return made


def _seat_words(seat: Seat) -> str:
    until = gettext("till och med %(last)s", last=datum(seat.to_on)) if seat.to_on else gettext("tills vidare")
    return f"{msg(seat.name)}, {running(role(seat.role))} ({until})"


def _renew_again(message: str, code: str) -> ResponseReturnValue:
    return _page(code, _form(code, request.form), message), 400


@mandates.record_once
def _register(state: Any) -> None:
    again(state.app, "mandates.renew", _renew_again)
