"""A group's vote: begun, answered by each member, closed. Decides nothing; what the group comes to is a step of the
proposal like any other."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from web.forms.fields import DayField, choice, required, text_field
from web.pages.content_pages import attempt, show
from web.pages.errors import UNPROCESSABLE, again, words_of
from web.request.current import engine, my, posted_key, posted_number, signed_in
from web.request.language import gettext
from workflow.opinions.voting import VOICES, Cast

votes = Blueprint("votes", __name__)

VOICE_WORDS = {"for": _("För"), "against": _("Emot"), "abstain": _("Avstår")}
HELP_DISSENT = _("Antecknas som avvikande mening i gruppens ställningstagande.")


@votes.get("/arenden/<number>/omrostning")
@signed_in
def page(number: str) -> ResponseReturnValue:
    return _page(number)


@votes.post("/arenden/<number>/omrostning")
@signed_in
def begin(number: str) -> ResponseReturnValue:
    form = _beginning(request.form)
    if not form.validate():
        return _page(number, beginning=form), UNPROCESSABLE
    said: dict[str, Any] = {field.short_name: field for field in form}
    who, seen = my(number), posted_number("seen_revision")

    def work() -> Any:
        return engine().begin_vote(
            number, by=who.person, key=posted_key(), seen_revision=seen, closes_on=said["closes_on"].value
        )

    return attempt(work, gettext("Gruppen är tillfrågad."), lambda *told: _page(number, *told, beginning=form))


@votes.post("/arenden/<number>/omrostning/rost")
@signed_in
def vote(number: str) -> ResponseReturnValue:
    form = _answer()(request.form)
    if not form.validate():
        return _page(number, answering=form), UNPROCESSABLE
    who, given = my(number), Cast(
        posted_number("duty"), posted_number("seen_duty"), form.data["voice"], str(form.data["dissent"] or "")
    )  # fmt: skip

    def work() -> Any:
        return engine().vote(number, given, by=who.person, key=posted_key())

    return attempt(work, gettext("Tack, din röst är med."), lambda *told: _page(number, *told, answering=form))


@votes.post("/arenden/<number>/omrostning/slut")
@signed_in
def close(number: str) -> ResponseReturnValue:
    who = my(number)

    def work() -> Any:
        return engine().close_vote(number, by=who.person, key=posted_key())

    return attempt(work, gettext("Omröstningen är avslutad."), lambda *told: _page(number, *told))


def _page(number: str, *messages: object, beginning: Form | None = None, answering: Form | None = None) -> str:
    found = engine().vote_page(number, my(number).person)
    said = found.mine.answer if found.mine and found.mine.answer in VOICES else None
    return show(
        "vote.html", number, *messages, vote=found, voices=VOICE_WORDS, said=said,
        beginning=beginning or _beginning(), answering=answering or _answer()(data={"voice": said}),
        why_not=words_of(found.why_not),
    )  # fmt: skip


def _beginning(given: Any = None) -> Form:
    day = _("Sista dag att svara")
    made: type[Form] = type("BeginningForm", (Form,), {"closes_on": DayField(str(day), [required(day)])})
    return made(given)


def _answer() -> type[Form]:
    fields: dict[str, Any] = {
        "voice": choice(_("Hur röstar du?"), tuple(VOICE_WORDS.items()), radio=True),
        "dissent": text_field(_("Avvikande mening"), must=False, long=True, help_text=HELP_DISSENT),
    }
    return type("VoteForm", (Form,), fields)


# --- when a form's token had grown old ----------------------------------------------------------------------------


def _begin_again(message: str, number: str) -> ResponseReturnValue:
    return _page(number, message, beginning=_beginning(request.form)), 400


def _vote_again(message: str, number: str) -> ResponseReturnValue:
    return _page(number, message, answering=_answer()(request.form)), 400


def _close_again(message: str, number: str) -> ResponseReturnValue:
    return _page(number, message), 400


@votes.record_once
def _register(state: Any) -> None:
    again(state.app, "votes.begin", _begin_again)
    again(state.app, "votes.vote", _vote_again)
    again(state.app, "votes.close", _close_again)
