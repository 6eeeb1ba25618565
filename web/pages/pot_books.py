"""The books of a pot: decisions on its budget registered, the end of a year, ombudgetering. Decides nothing itself."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from states import Ore
from web.forms.fields import AmountField, DayField, NotAfter, choice, required, text_field
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed, signed_in
from web.request.figures import kr
from web.request.language import gettext
from web.words.field_words import FIELDS
from web.words.words import msg
from workflow import Refused, Registered
from workflow.acts.registering import REGISTRARS
from workflow.books.carrying import Carry, CarryRow
from workflow.money.views_money import LeftRow, PotYear
from workflow.records.answers import Done

books = Blueprint("books", __name__)

YEARLY = ("investment", "operating")
KINDS = (
    ("budget", _("Årets budget: summan ersätter den som gällde")),
    ("supplement", _("Tilläggsanslag: summan läggs till")),
    ("cover", _("Täcka ett överskridande med det som är kvar i potten")),
)
DONE = {
    "budget": _("Budgeten är registrerad."),
    "supplement": _("Tilläggsanslaget är registrerat."),
    "cover": _("Överskridandet är täckt."),
}


def keeps_books() -> bool:
    """Whether the page should offer it; whether it may be done the engine says."""
    viewer = signed()
    return viewer is not None and any(each.role in REGISTRARS for each in viewer.capacities)


@books.get("/potter/<path:pot>/<int:year>/beslut")
@signed_in
def decide(pot: str, year: int) -> ResponseReturnValue:
    return _decide(_pot(pot, year), _decision_form()())


@books.post("/potter/<path:pot>/<int:year>/beslut")
@signed_in
def decided(pot: str, year: int) -> ResponseReturnValue:
    who, shown, form = member(), _pot(pot, year), _decision_form()(request.form)
    if not form.validate():
        return _decide(shown, form), UNPROCESSABLE
    said = _said(form)
    told = Registered(
        said["kind"], said["body"], said["decided_on"], said["paragraph"], said["wording"], pot, year,
        Ore(said["amount"] or 0), said["registry_no"] or None,
    )  # fmt: skip
    return _attempt(
        shown,
        lambda: engine().register(told, by=who.person, key=posted_key()),
        str(DONE[told.kind]),
        lambda *messages: _decide(shown, form, *messages),
    )


def _decide(shown: PotYear, form: Form, *messages: object) -> str:
    _refuse_readers()
    return render_template("pot_decision.html", pot=shown, form=form, messages=messages)


def _decision_form() -> type[Form]:
    fields = {
        "kind": choice(_("Vad beslutet gäller"), KINDS, radio=True),
        "amount": AmountField(str(_("Belopp, exklusive moms")), [required(_("Belopp"))]),
        **_decision_fields(),
    }
    return type("PotDecisionForm", (Form,), fields)


def _decision_fields() -> dict[str, Any]:
    """What is asked of every decision that stands alone."""
    day = FIELDS["decided_on"]
    bodies = [(name, msg(title)) for name, title in reversed(engine().instances().items()) if title]
    return {
        "body": choice(_("Instans"), bodies),
        "decided_on": DayField(str(day), [required(day), NotAfter(engine().today())]),
        "paragraph": text_field(FIELDS["paragraph"], must=True),
        "wording": text_field(FIELDS["wording"], must=True, long=True),
        "registry_no": text_field(FIELDS["registry_no"], must=False),
    }


# --- the end of the year -----------------------------------------------------------------------------------------


@books.get("/potter/<path:pot>/<int:year>/arsslut")
@signed_in
def year_end(pot: str, year: int) -> ResponseReturnValue:
    shown = _pot(pot, year)
    left = engine().to_carry(pot, year)
    return _year_end(shown, left, _carry_form()())


@books.post("/potter/<path:pot>/<int:year>/arsslut")
@signed_in
def carried(pot: str, year: int) -> ResponseReturnValue:
    who, shown, left = member(), _pot(pot, year), engine().to_carry(pot, year)
    form = _carry_form()(request.form)
    rows = tuple(filter(None, map(_row, request.form.getlist("rows"))))
    if not form.validate():
        return _year_end(shown, left, form), UNPROCESSABLE
    said = _said(form)
    asked = Carry(
        said["body"], said["decided_on"], said["paragraph"], said["wording"], pot, year, rows,
        said["registry_no"] or None,
    )  # fmt: skip
    return _attempt(
        shown,
        lambda: engine().carry(asked, by=who.person, key=posted_key()),
        gettext("%(amount)s är ombudgeterat till %(year)s.", amount=kr(asked.total), year=year + 1),
        lambda *messages: _year_end(shown, left, form, *messages),
    )


@books.post("/potter/<path:pot>/<int:year>/stangning")
@signed_in
def close(pot: str, year: int) -> ResponseReturnValue:
    who, shown = member(), _pot(pot, year)
    left = engine().to_carry(pot, year)
    opens = request.form.get("again") == "1"
    told = gettext("Året är öppet igen.") if opens else gettext("Året är stängt för nya beslut.")
    return _attempt(
        shown,
        lambda: engine().close_year(pot, year, by=who.person, key=posted_key(), again=opens),
        told,
        lambda *messages: _year_end(shown, left, _carry_form()(), *messages),
    )


def _year_end(shown: PotYear, left: tuple[LeftRow, ...], form: Form, *messages: object) -> str:
    _refuse_readers()
    chosen = request.form.getlist("rows") if request.method == "POST" and "rows" in request.form else None
    rows = [(f"{row.number} {row.funding} {row.open}", row) for row in left]
    return render_template(
        "year_end.html", pot=shown, rows=rows, chosen=chosen, form=form, messages=messages,
        total=sum(row.open for row in left), ended=shown.year < engine().today().year,
    )  # fmt: skip


def _carry_form() -> type[Form]:
    return type("CarryForm", (Form,), _decision_fields())


def _row(written: str) -> CarryRow | None:
    """A ticked row as it was shown, so that the engine can say whether it still is so."""
    parts = written.split(" ")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in parts[1:]):
        return None
    return CarryRow(parts[0], int(parts[1]), Ore(int(parts[2])))


# --- shared ------------------------------------------------------------------------------------------------------


def _pot(pot: str, year: int) -> PotYear:
    found = next((each for each in engine().pots(year) if each.pot == pot and each.kind in YEARLY), None)
    return found or abort(404)


def _refuse_readers() -> None:
    """A form that this person could not send anyway is refused with the engine's own words. Raises Refused."""
    why = engine().may_keep_books(member().person)
    if why:
        raise Refused(why)


def _said(form: Form) -> dict[str, Any]:
    said = {field.short_name: getattr(field, "value", field.data) for field in form}
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


def _attempt(shown: PotYear, work: Callable[[], Done], told: str, redraw: Callable[..., str]) -> ResponseReturnValue:
    try:
        work()
    except Refused as refused:
        return redraw(*words_of(refused.refusals)), status_of(refused)
    flash(f"{msg(shown.title)} {shown.year}: {told}")
    return redirect(url_for("public.pot", pot=shown.pot, year=shown.year), 303)


def _decide_again(message: str, pot: str, year: int) -> ResponseReturnValue:
    return _decide(_pot(pot, year), _decision_form()(request.form), message), 400


def _year_end_again(message: str, pot: str, year: int) -> ResponseReturnValue:
    left = engine().to_carry(pot, year)
    return _year_end(_pot(pot, year), left, _carry_form()(request.form), message), 400


@books.record_once
def _register(state: Any) -> None:
    again(state.app, "books.decided", _decide_again)
    again(state.app, "books.carried", _year_end_again)
    again(state.app, "books.close", _year_end_again)
