"""Din inloggning: where one is signed in, ending it elsewhere, and choosing a password. Who may do what is the
engine's."""

import re
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form, PasswordField
from wtforms.validators import StopValidation

from web.forms.fields import required
from web.pages import people
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request import known_browser
from web.request.current import engine, me, member, signed_in
from web.request.language import gettext, ngettext
from workflow import Refused
from workflow.people.passwords import LENGTH

own = Blueprint("own", __name__)

BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


@own.get("/inloggning")
@signed_in
def page() -> ResponseReturnValue:
    return _page(_change_form())


@own.post("/inloggning/avsluta")
@signed_in
def end() -> ResponseReturnValue:
    """One session by its name, or without one all the others."""
    who, ref = member(), request.form.get("session", "")
    ended = engine().end_session(who.person, ref) if ref else engine().end_other_sessions(who.person, _token())
    flash(ngettext("%(num)d inloggning är avslutad.", "%(num)d inloggningar är avslutade.", ended))
    return redirect(url_for("own.page"), 303)


@own.post("/inloggning/losenord")
@signed_in
def change() -> ResponseReturnValue:
    who, form = member(), _change_form()
    login = engine().login_of(who.person) or ""
    if not form.validate():
        return _page(form), UNPROCESSABLE
    seen = known_browser.seen_from(login)
    try:
        engine().change_password(who.person, _token(), form.data["password_now"], form.data["password"], seen)
    except Refused as refused:
        return _page(form, *words_of(refused.refusals)), status_of(refused)
    flash(gettext("Lösenordet är bytt. Du är utloggad överallt utom här."))
    return redirect(url_for("own.page"), 303)


@own.get("/valj-losenord/<secret>")
def choose(secret: str) -> ResponseReturnValue:
    """By invitation; opening the page uses nothing up."""
    return _choosing(secret, _choose_form())


@own.post("/valj-losenord/<secret>")
def choose_now(secret: str) -> ResponseReturnValue:
    form = _choose_form()
    _name, login = engine().invited(secret)
    if not form.validate():
        return _choosing(secret, form), UNPROCESSABLE
    token = engine().choose_password(secret, form.data["password"], known_browser.seen_from(login))
    answer = people.begin(token, url_for("queue.mine"))
    known_browser.remember(answer, login)
    return answer


def _page(form: Form, *messages: object) -> str:
    who = member()
    mine = engine().own_sessions(me().person, _token())
    shown = form if engine().login_of(who.person) is not None else None
    return render_template(
        "own_sessions.html", sessions=mine, form=shown, login=engine().login_of(who.person), messages=messages
    )


def _choosing(secret: str, form: Form, *messages: object) -> str:
    g.personal = True
    name, login = engine().invited(secret)
    return render_template("choose_password.html", secret=secret, name=name, login=login, form=form, messages=messages)


def _token() -> str:
    return request.cookies.get(people.token_cookie(), "")


def _password_field(label: Any, complete: str, told: Any = "", checks: tuple[Any, ...] = ()) -> PasswordField:
    return PasswordField(
        str(label), [required(label), *checks], description=str(told), render_kw={"autocomplete": complete}
    )


def _chosen_fields() -> dict[str, Any]:
    told = _("Minst 12 tecken. En mening är lättare att minnas än ett krångligt ord.")
    return {
        "password": _password_field(_("Nytt lösenord"), "new-password", told, (_LongEnough(),)),
        "password_again": _password_field(_("Samma lösenord en gång till"), "new-password", checks=(_Same(),)),
    }


def _choose_form() -> Form:
    made: Form = type("ChooseForm", (Form,), _chosen_fields())(request.form)
    return made


def _change_form() -> Form:
    now = {"password_now": _password_field(_("Lösenordet du har nu"), "current-password")}
    made: Form = type("ChangeForm", (Form,), now | _chosen_fields())(request.form)
    return made


class _LongEnough:
    def __call__(self, _form: Any, field: Any) -> None:
        if not LENGTH[0] <= len(field.data) <= LENGTH[1]:
            raise StopValidation(gettext("Skriv minst %(least)s tecken, och högst %(most)s.", least=12, most=1000))


class _Same:
    def __call__(self, form: Any, field: Any) -> None:
        if field.data != form["password"].data:
            raise StopValidation(gettext("De två lösenorden är inte lika."))


def browser_words(agent: str) -> str:
    """What a browser calls itself, as people call it: "Firefox, Windows"."""
    browser = next((name for sign, name in BROWSERS if re.search(rf"\b{sign}", agent)), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return ", ".join(filter(None, (browser, system))) or gettext("Okänd webbläsare")


def _change_again(message: str) -> ResponseReturnValue:
    return _page(_change_form(), message), 400


def _end_again(message: str) -> ResponseReturnValue:
    return _page(_change_form(), message), 400


def _choose_again(message: str, secret: str) -> tuple[str, int] | Response:
    return _choosing(secret, _choose_form(), message), 400


@own.record_once
def _register(state: Any) -> None:
    state.app.jinja_env.filters["browser"] = browser_words
    again(state.app, "own.change", _change_again)
    again(state.app, "own.end", _end_again)
    again(state.app, "own.choose_now", _choose_again)
