"""Facts about an ärende: an invoice or a credit note, and the correction of the latest step. Decides nothing."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from states import Ore
from web.forms.fields import HELP, AmountField, DayField, NotAfter, choice, required, text_field
from web.pages.content_pages import attempt, case_of, refuse, show
from web.pages.errors import UNPROCESSABLE, again, words_of
from web.request.current import engine, my, posted_key, posted_number, signed_in
from web.request.figures import kr
from web.request.language import gettext
from web.words.field_words import FIELDS
from web.words.words import BUCKETS, msg, running
from workflow import Invoice
from workflow.books.cofinancing import Noted
from workflow.records.answers import Done
from workflow.views.views import FundingView
from workflow.views.views_work import Case

facts = Blueprint("facts", __name__)

COFINANCING = {
    "": _("Inte utlovad än"),
    "promised": _("Utlovad"),
    "agreed": _("Avtalad"),
    "received": _("Mottagen"),
}
KINDS = (("invoice", _("Faktura")), ("credit", _("Kreditfaktura")))


@facts.get("/arenden/<number>/faktura")
@signed_in
def book(number: str) -> ResponseReturnValue:
    shown = case_of(number)
    refuse(shown.may_book)
    return show("book.html", number, shown=shown, form=_invoice_form(shown)())


@facts.post("/arenden/<number>/faktura")
@signed_in
def booked(number: str) -> ResponseReturnValue:
    who, shown = my(number), case_of(number)
    form = _invoice_form(shown)(request.form)
    if not form.validate():
        return show("book.html", number, shown=shown, form=form), UNPROCESSABLE

    def work() -> Done:
        return engine().book(number, _invoice(form), by=who.person, key=posted_key())

    what = gettext("Kreditfakturan är bokförd.") if form.data["kind"] == "credit" else gettext("Fakturan är bokförd.")
    return attempt(work, what, lambda *told: show("book.html", number, *told, form=form))


def _invoice_form(shown: Case) -> type[Form]:
    said = shown.timeline.content
    lines = {line.n: line.what for line in said.lines}
    rows = [(str(row.n), _payer(row, lines.get(row.line, ""))) for row in said.funding]
    day = _("Bokföringsdag")
    fields: dict[str, Any] = {
        "kind": choice(_("Vad ska bokföras?"), KINDS, radio=True),
        "funding": choice(_("Vad betalar?"), rows),
        "amount": AmountField(
            str(_("Belopp, exklusive moms")), [required(_("Belopp"))], description=str(_("Till exempel 12 345,50.")),
        ),
        "accounting_on": DayField(str(day), [required(day)]),
        "supplier": text_field(FIELDS["supplier"], must=True),
        "voucher": text_field(_("Verifikationsnummer"), must=True),
    }  # fmt: skip
    return type("InvoiceForm", (Form,), fields)


def _payer(row: FundingView, line: str) -> str:
    """ "Bänkar: investeringspotten 2026, 120 000 kr, beslutat"."""
    held = running(str(BUCKETS.get(row.held, row.held)))
    return f"{line}: {running(msg(row.pot_title))} {row.year}, {kr(row.amount)}, {held}"


def _invoice(form: Form) -> Invoice:
    said: dict[str, Any] = {field.short_name: field for field in form}
    return Invoice(
        said["kind"].data, int(said["funding"].data), Ore(said["amount"].value or 0), said["accounting_on"].value,
        said["supplier"].data.strip(), said["voucher"].data.strip(),
    )  # fmt: skip


# --- how sure the money from outside is ---------------------------------------------------------------------------


@facts.get("/arenden/<number>/medfinansiering")
@signed_in
def cofinance(number: str) -> ResponseReturnValue:
    shown = case_of(number)
    refuse(shown.may_cofinance)
    return show("cofinance.html", number, shown=shown, form=_cofinancing_form(shown)())


@facts.post("/arenden/<number>/medfinansiering")
@signed_in
def cofinanced(number: str) -> ResponseReturnValue:
    who, shown = my(number), case_of(number)
    form = _cofinancing_form(shown)(request.form)
    if not form.validate():
        return show("cofinance.html", number, shown=shown, form=form), UNPROCESSABLE
    said: dict[str, Any] = {field.short_name: field for field in form}
    told = Noted(
        said["financier"].data, said["standing"].data, said["decided_on"].value, (said["remarks"].data or "").strip()
    )

    def work() -> Done:
        return engine().note_cofinancing(number, told, by=who.person, key=posted_key())

    what = gettext("Medfinansieringen är antecknad.")
    return attempt(work, what, lambda *messages: show("cofinance.html", number, *messages, form=form))


def _cofinancing_form(shown: Case) -> type[Form]:
    rows = {row.pot_title: row for row in shown.timeline.content.funding if row.source == "outside"}
    standings = [(name, words) for name, words in COFINANCING.items() if name]
    day = _("Dag")
    fields: dict[str, Any] = {
        "financier": choice(FIELDS["financier"], [(title, title) for title in rows]),
        "standing": choice(_("Hur säkert är det?"), standings, radio=True),
        "decided_on": DayField(str(day), [required(day), NotAfter(engine().today())]),
        "remarks": text_field(FIELDS["remarks"], must=False, long=True, help_text=HELP["remarks"]),
    }
    return type("CofinancingForm", (Form,), fields)


# --- the correction of the latest step ----------------------------------------------------------------------------


@facts.get("/arenden/<number>/ratta")
@signed_in
def correct(number: str) -> ResponseReturnValue:
    return _correct(number, _reason_form()())


@facts.post("/arenden/<number>/ratta")
@signed_in
def corrected(number: str) -> ResponseReturnValue:
    who, form = my(number), _reason_form()(request.form)
    if not form.validate():
        return _correct(number, form), UNPROCESSABLE

    def work() -> Done:
        seen, reason = posted_number("seen_version"), str(form.data["reason"]).strip()
        return engine().correct(number, by=who.person, key=posted_key(), seen_version=seen, reason=reason)

    return attempt(work, gettext("Steget är rättat."), lambda *told: _correct(number, form, *told))


def _correct(number: str, form: Form, *messages: object) -> str:
    shown = case_of(number)
    moved = [each for each in shown.timeline.steps if each.kind in ("moved", "merged")]
    return show("correct.html", number, *messages, shown=shown, form=form, latest=moved[-1] if moved else None,
                why_not=words_of(shown.may_correct or ()))  # fmt: skip


def _reason_form() -> type[Form]:
    told = _("Vad blev fel? Det här läses av tjänstepersonerna, och det rättade steget står kvar i historiken.")
    return type("ReasonForm", (Form,), {"reason": text_field(FIELDS["reason"], must=True, long=True, help_text=told)})


# --- when a form's token had grown old ----------------------------------------------------------------------------


def _book_again(message: str, number: str) -> ResponseReturnValue:
    shown = case_of(number)
    return show("book.html", number, message, shown=shown, form=_invoice_form(shown)(request.form)), 400


def _cofinance_again(message: str, number: str) -> ResponseReturnValue:
    shown = case_of(number)
    return show("cofinance.html", number, message, shown=shown, form=_cofinancing_form(shown)(request.form)), 400


def _correct_again(message: str, number: str) -> ResponseReturnValue:
    return _correct(number, _reason_form()(request.form), message), 400


@facts.record_once
def _register(state: Any) -> None:
    again(state.app, "facts.booked", _book_again)
    again(state.app, "facts.cofinanced", _cofinance_again)
    again(state.app, "facts.corrected", _correct_again)
