"""What somebody does beside the steps of a case: an internal note among officials, and following it. Holds no rule."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web.forms import queue_filter
from web.forms.beside_forms import note_form
from web.pages.case_page import draw
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed_in
from web.request.language import gettext
from workflow import Refused

notes = Blueprint("notes", __name__)


@notes.post("/arenden/<number>/anteckning")
@signed_in
def write(number: str) -> ResponseReturnValue:
    who, form = member(), note_form(request.form)
    if not form.validate():
        return draw(number, forms={"note": form}), UNPROCESSABLE
    try:
        engine().note(number, str(form.data["text"]), by=who.person, key=posted_key())
    except Refused as refused:
        return draw(number, *words_of(refused.refusals), forms={"note": form}), status_of(refused)
    flash(gettext("Anteckningen är sparad."))
    return _back(number, "anteckningar")


@notes.post("/arenden/<number>/folj")
@signed_in
def follow(number: str) -> ResponseReturnValue:
    follows = request.form.get("follows") == "1"
    engine().follow(number, by=member().person, follows=follows)
    told = gettext("Du följer ärendet. Det står under Följer jag i Att göra.")
    flash(told if follows else gettext("Du följer inte ärendet längre."))
    return _back(number)


def _back(number: str, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("case.page", number=number, _anchor=anchor, **queue_filter.carried()), 303)


def _write_again(message: str, number: str) -> ResponseReturnValue:
    return draw(number, message, forms={"note": note_form(request.form)}), 400


def _follow_again(message: str, number: str) -> ResponseReturnValue:
    return draw(number, message), 400


@notes.record_once
def _register(state: Any) -> None:
    again(state.app, "notes.write", _write_again)
    again(state.app, "notes.follow", _follow_again)
