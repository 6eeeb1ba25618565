"""A registered decision: its protocol, the notice, to whom it was sent, and the days that follow. Decides nothing."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Form
from wtforms.validators import Optional

from web.forms.fields import DayField, NotAfter, text_field, value_of
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed_in
from web.request.language import gettext
from web.words.field_words import FIELDS
from web.words.protocol_words import PROTOCOL_HELP
from workflow import Refused
from workflow.meetings.decision_records import Told
from workflow.meetings.views_meetings import DecisionPage

decisions = Blueprint("decisions", __name__)
DAYS = ("adjusted_on", "posted_on", "taken_down_on", "sent_on")
OF_PROTOCOLS = ("adjusted_on", "immediately", "reservation")  # a delegate keeps none


@decisions.get("/beslut/<path:stream>/<int:seq>")
@signed_in
def page(stream: str, seq: int) -> ResponseReturnValue:
    return _page(stream, seq)


@decisions.post("/beslut/<path:stream>/<int:seq>")
@signed_in
def record(stream: str, seq: int) -> ResponseReturnValue:
    who, shown = member(), _shown(stream, seq)
    form = _form(shown)(request.form)
    if not form.validate():
        return _page(stream, seq, form=form), UNPROCESSABLE
    told = _told(form, shown)
    if told == Told():
        return _page(stream, seq, gettext("Inget nytt är ifyllt, så inget är registrerat."), form=form), UNPROCESSABLE
    try:
        engine().record(stream, seq, told, by=who.person, key=posted_key())
    except Refused as refused:
        return _page(stream, seq, *words_of(refused.refusals), form=form), status_of(refused)
    flash(gettext("Uppgifterna om beslutet är registrerade."))
    return redirect(url_for("decisions.page", stream=stream, seq=seq), 303)


def _shown(stream: str, seq: int) -> DecisionPage:
    return engine().decision(stream, seq, member().person)


def _page(stream: str, seq: int, *messages: object, form: Form | None = None) -> str:
    shown = _shown(stream, seq)
    return render_template(
        "decision.html", page=shown, decision=shown.decision, messages=messages, today=engine().today(),
        form=form or _form(shown)(data=_known(shown)), why_not=words_of(shown.may_record or ()),
    )  # fmt: skip


def _form(shown: DecisionPage) -> type[Form]:
    """In the order in which it happens; what only a protocol has is not asked of a delegate."""
    today = engine().today()
    fields: dict[str, Any] = {
        "adjusted_on": _day("adjusted_on", today),
        "immediately": BooleanField(gettext("Omedelbart justerad, vid sammanträdet")),
        "reservation": text_field(FIELDS["reservation"], must=False, long=True, help_text=PROTOCOL_HELP["reservation"]),
        "posted_on": _day("posted_on", today),
        "taken_down_on": _day("taken_down_on", today),
        "sent_on": _day("sent_on", today),
        "sent_to": text_field(FIELDS["sent_to"], must=False, help_text=PROTOCOL_HELP["sent_to"]),
    }
    asked = {name: each for name, each in fields.items() if shown.decision.kind == "board" or name not in OF_PROTOCOLS}
    return type("RecordForm", (Form,), asked)


def protocol_form() -> type[Form]:
    """What is told of a whole protocol at once."""
    today = engine().today()
    fields: dict[str, Any] = {
        "adjusted_on": _day("adjusted_on", today),
        "immediately": BooleanField(gettext("Omedelbart justerad, vid sammanträdet")),
        "posted_on": _day("posted_on", today),
        "taken_down_on": _day("taken_down_on", today),
    }
    return type("ProtocolForm", (Form,), fields)


def told_of(form: Form) -> Told:
    """What a valid form says, without what was left empty."""
    return Told(**{name: said for name, field in form._fields.items() if (said := value_of(field))})  # type: ignore[arg-type]


def _day(name: str, today: date) -> Any:
    return DayField(str(FIELDS[name]), [Optional(), NotAfter(today)], description=str(PROTOCOL_HELP[name]))


def _known(shown: DecisionPage) -> dict[str, Any]:
    names = (*DAYS, "immediately", "reservation", "sent_to")
    said = {name: getattr(shown.decision, name) for name in names}
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in said.items()}


def _told(form: Form, shown: DecisionPage) -> Told:
    """Only what is new; whom it was sent to goes with the day."""
    known = shown.decision
    given: dict[str, Any] = {}
    for name, field in form._fields.items():
        said = value_of(field)
        if said and said != getattr(known, name):
            given[name] = said
    if "sent_on" in given and form.data["sent_to"]:
        given["sent_to"] = form.data["sent_to"].strip()
    return Told(**given)


def _again(message: str, stream: str, seq: int) -> ResponseReturnValue:
    return _page(stream, seq, message, form=_form(_shown(stream, seq))(request.form)), 400


@decisions.record_once
def _register(state: Any) -> None:
    again(state.app, "decisions.record", _again)
