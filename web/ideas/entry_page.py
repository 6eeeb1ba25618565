"""An idea that somebody wrote, phoned or came with, written down by an official. One page: the official has it all."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from states import RefusalKind
from web.forms.fields import DayField, NotAfter, choice, required, text_field
from web.ideas.idea_forms import IDEA, MORE, PLACE, contact_of, fields_of, process_of, rows_of, text_of
from web.ideas.sending import kept_receipt
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, me, member, posted_key
from workflow import Refused
from workflow.submission.entering_for import Entry

entries = Blueprint("entries", __name__)

CHANNELS = {"letter": _("Brev"), "telephone": _("Telefon"), "e-mail": _("E-post"), "visit": _("Besök")}

OF_SENDER = {
    "cost": _("Vad tror avsändaren att det kostar?"),
    "own_contribution": _("Vill avsändaren bidra med något?"),
}


@entries.get("/skriv-in-forslag")
def write() -> ResponseReturnValue:
    return _page(_form(None))


@entries.post("/skriv-in-forslag")
def enter() -> ResponseReturnValue:
    form = _form(request.form)
    if not form.validate():
        return _page(form), UNPROCESSABLE
    said = {field.short_name: str(field.data or "") for field in form}
    entry = Entry(member().person, said["channel"], form["came_on"].value)  # type: ignore[attr-defined]
    try:
        given = engine().enter_for(
            entry, process=process_of(said), key=posted_key(), text=text_of(said), rows=rows_of(form["cost"]),
            contact=contact_of(said), is_example=engine().is_demo,
        )  # fmt: skip
    except Refused as refused:
        if refused.first.kind is RefusalKind.NOT_PERMITTED:
            raise
        return _page(form, *words_of(refused.refusals)), status_of(refused)
    session["receipt"] = kept_receipt(given, given.secret, contact_of(said)["email"]) | {"entered": True}
    return redirect(url_for("sending.receipt"), 303)


def _form(posted: Any) -> Form:
    fields: dict[str, Any] = {
        "channel": choice(_("Hur kom idén in?"), list(CHANNELS.items()), radio=True),
        "came_on": DayField(
            str(_("Vilken dag kom den in?")), [required(_("Vilken dag kom den in?")), NotAfter(engine().today())],
            description=str(_("Dagen då den kom till kommunen. Från den räknas det första svaret.")),
        ),
        **fields_of(IDEA), **fields_of(PLACE), **fields_of(MORE),
        "what": text_field(_("Vad gäller idén?"), must=True, long=True, missing=_("Skriv vad idén gäller."),
                           help_text=_("Med avsändarens egna ord.")),
    }  # fmt: skip
    made: Form = type("EntryForm", (Form,), fields)(posted)
    for name, words in OF_SENDER.items():
        made[name].label.text = str(words)
    return made


def _page(form: Form, *messages: object) -> str:
    """Raises Refused(NOT_PERMITTED) for who is no official."""
    if not me().is_employee:
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    return render_template("entry.html", form=form, messages=messages)


def _once_more(message: str) -> ResponseReturnValue:
    return _page(_form(request.form), message), 400


def channel_words(channel: str) -> str:
    return str(CHANNELS.get(channel, channel))


@entries.record_once
def _register(state: Any) -> None:
    state.app.jinja_env.filters["channel"] = channel_words
    again(state.app, "entries.enter", _once_more)
