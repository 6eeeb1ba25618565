"""Handing in an idea: only *vad* and *var* must be told, everything typed is kept, the receipt says what follows."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form
from wtforms.validators import Optional, Regexp

from states import CostLine, Process
from web.forms.fields import AmountField, choice, text_field
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, posted_key, signed
from web.request.language import current, gettext
from web.words.words import msg
from workflow import Refused, Rows, Text
from workflow.records.answers import Receipt
from workflow.settings.configuration_values import MAIL_ADDRESS

submission = Blueprint("submission", __name__)

TITLE_LENGTH = 80
KEPT_MINUTES = 30  # how long a receipt with its private link stays in the sender's own cookie
TRAP = "webbplats"  # filled in by programmes only
NOT_KNOWN = "?"


@submission.get("/lamna-forslag")
def write() -> ResponseReturnValue:
    return _page(_form_class()())


@submission.post("/lamna-forslag")
def send() -> ResponseReturnValue:
    form = _form_class()(request.form)
    if request.form.get(TRAP):
        return _page(form, gettext("Ett fält som ska vara tomt var ifyllt. Töm det och skicka igen.")), UNPROCESSABLE
    if not form.validate():
        return _page(form), UNPROCESSABLE
    who = signed()
    by = who.person if who and who.proposal is None else None
    try:
        receipt = engine().submit(
            process=_process(form.data["about"]), by=by, key=posted_key(), text=_text(form), rows=_rows(form),
            contact={} if by else _contact(form),
            is_example=engine().is_demo,
        )  # fmt: skip
    except Refused as refused:
        return _page(form, *words_of(refused.refusals)), status_of(refused)
    _keep(receipt, by)
    return redirect(url_for("submission.receipt"), 303)


def _contact(form: Form) -> dict[str, str]:
    """With the language that the sender wrote the form in, where mail would be in another."""
    given = {name: (form[name].data or "").strip() for name in ("name", "email", "telephone")}
    here = current()
    return given | ({"language": here} if given["email"] and here != engine().config.server.language else {})


@submission.get("/lamna-forslag/kvitto")
def receipt() -> ResponseReturnValue:
    """What the sender gets, from the sender's own cookie: the database knows the link only as a digest."""
    g.personal = True
    kept = session.get("receipt")
    if not kept or datetime.now(UTC).timestamp() > kept["until"]:
        return redirect(url_for("submission.write"), 303)
    first = datetime.fromisoformat(kept["first"]).date() if kept["first"] else None
    link = url_for("people.link", secret=kept["secret"], _external=True) if kept["secret"] else None
    return render_template("receipt.html", number=kept["number"], link=link, first_answer_by=first)


def _keep(given: Receipt, by: int | None) -> None:
    """Somebody who signs in with a role finds the proposal that way, and a link would carry their other roles."""
    session["receipt"] = {
        "number": given.number,
        "secret": None if by else given.secret,
        "first": given.first_answer_by.isoformat() if given.first_answer_by else None,
        "until": datetime.now(UTC).timestamp() + KEPT_MINUTES * 60,
    }


def _page(form: Form, *messages: object) -> str:
    return render_template(
        "submit.html", form=form, messages=messages, trap=TRAP, trapped=bool(request.form.get(TRAP)),
        is_member=(who := signed()) is not None and who.proposal is None,
    )  # fmt: skip


def _once_more(message: str) -> ResponseReturnValue:
    return _page(_form_class()(request.form), message), 400


def _form_class() -> type[Form]:
    """Made for each request, so that it speaks the visitor's language and offers the processes there are."""
    kinds = [(each.id, msg(each.description or each.title)) for each in _processes()]
    fields: dict[str, Any] = {
        "what": text_field(_("Vad är din idé?"), must=True, long=True, help_text=_("Berätta med egna ord."),
                           missing=_("Berätta vad din idé är.")),
        "where": text_field(_("Var?"), must=True, help_text=_("En gata, ett torg eller en plats i stadskärnan."),
                            missing=_("Berätta var det är.")),
        "why": text_field(_("Varför behövs det?"), must=False, long=True),
        "about": choice(_("Vad handlar det om?"), [(NOT_KNOWN, _("Vet inte")), *kinds], must=False, radio=True),
        "cost": AmountField(
            str(_("Vad tror du att det kostar?")), [Optional()],
            description=str(_('Till exempel 12 000 eller 12 tkr. Vet du inte, lämna tomt eller skriv "vet inte".')),
            filters=[_unknown],
        ),
        "own_contribution": text_field(_("Vill du bidra med något själv?"), must=False, long=True,
                                       help_text=_("Till exempel arbete, material eller pengar.")),
        "name": text_field(_("Namn"), must=False),
        "email": text_field(_("E-post"), must=False, checks=[Regexp(MAIL_ADDRESS, message=_like_an_address())]),
        "telephone": text_field(_("Telefon"), must=False, most=40),
    }  # fmt: skip
    return type("IdeaForm", (Form,), fields)


def _like_an_address() -> str:
    return gettext("E-postadressen ska se ut så här: namn@exempel.se.")


def _unknown(written: str | None) -> str:
    """ "Vet inte" is an answer."""
    said = written or ""
    return "" if said.strip().lower().rstrip(".!") in ("vet inte", "vet ej", "don't know", "?") else said


def _processes() -> list[Process]:
    """The newest version of each."""
    known = dict.fromkeys(each.id for each in engine().library.processes)
    return [engine().library.latest(each) for each in known]


def _process(chosen: str | None) -> str:
    """Who does not know gets the fullest way, which leaves nothing out."""
    known = {each.id: each for each in _processes()}
    return chosen if chosen in known else max(known.values(), key=lambda each: len(each.track)).id


def _text(form: Form) -> Text:
    what, where, why, own = ((form[name].data or "").strip() for name in ("what", "where", "why", "own_contribution"))
    return Text(title_of(what), what, where, why, own)


def _rows(form: Form) -> Rows:
    """A cost that the sender guessed is one line, for the working group to part into what it consists of."""
    amount = form["cost"].value  # type: ignore[attr-defined]
    if amount is None:
        return Rows()
    return Rows((CostLine(1, gettext("Uppskattad kostnad"), "other", amount, None, "unknown"),))


def title_of(what: str) -> str:
    """A heading from what was told: its first line or sentence, shortened at a word. The officer may write a better."""
    first = what.strip().split("\n", 1)[0].split(". ", 1)[0].strip().rstrip(".")
    if len(first) <= TITLE_LENGTH:
        return first
    return first[: TITLE_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


@submission.record_once
def _register(state: Any) -> None:
    again(state.app, "submission.send", _once_more)
