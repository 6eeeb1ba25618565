"""Följ: a proposal followed by mail, asked for on its page and confirmed by one click from the mail. The page answers
the same whoever asks and whatever is known. Holds no rule."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form
from wtforms.validators import Regexp

from states import RefusalKind
from web.forms.fields import text_field
from web.mail import mail_links
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, posted_key
from web.request.language import current, gettext
from workflow import Refused
from workflow.settings.configuration_values import MAIL_ADDRESS

follow = Blueprint("follow", __name__)
SENT = "skickat"


@follow.get("/forslag/<number>/folj")
def form(number: str) -> ResponseReturnValue:
    return _page(number, asked=SENT in request.args)


@follow.post("/forslag/<number>/folj")
def ask(number: str) -> ResponseReturnValue:
    made = _form()(request.form)
    if not made.validate():
        return _page(number, form=made), UNPROCESSABLE
    try:
        engine().ask_to_follow(
            number, made.data["email"].strip(), language=current(), key=posted_key(), network=request.remote_addr or ""
        )
    except Refused as refused:
        return _page(number, *words_of(refused.refusals), form=made), status_of(refused)
    return redirect(url_for("follow.form", number=number, skickat=1), 303)


def _ask_again(message: str, number: str) -> ResponseReturnValue:
    return _page(number, message, form=_form()(request.form)), 400


@follow.get("/folj/<token>")
def before_confirming(token: str) -> ResponseReturnValue:
    """Opening it changes nothing: mail programmes open every address that they see."""
    number, confirmed = engine().asked_to_follow(_person(token))
    return render_template("confirm_follow.html", timeline=engine().timeline(number), confirmed=confirmed)


@follow.post("/folj/<token>")
def confirm(token: str) -> ResponseReturnValue:
    number = engine().confirm_following(_person(token))
    flash(gettext("Du följer nu förslaget. Du får ett mejl varje gång något händer."))
    return redirect(url_for("public.timeline", number=number), 303)


def _confirm_again(message: str, token: str) -> ResponseReturnValue:
    number, confirmed = engine().asked_to_follow(_person(token))
    shown = engine().timeline(number)
    return render_template("confirm_follow.html", timeline=shown, confirmed=confirmed, messages=(message,)), 400


def _person(token: str) -> int:
    """Raises Refused(NOT_FOUND) for an address that no mail of ours carries."""
    g.personal = True
    person = mail_links.person_of(token, mail_links.TO_FOLLOW)
    if person is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="link")
    return person


def _page(number: str, *messages: object, form: Form | None = None, asked: bool = False) -> str:
    shown, problem = engine().timeline(number), engine().mail_problem
    return render_template(
        "follow.html", timeline=shown, form=form or _form()(), messages=messages, asked=asked, problem=problem
    )


def _form() -> type[Form]:
    like = Regexp(MAIL_ADDRESS, message=gettext("E-postadressen ska se ut så här: namn@exempel.se."))
    field = text_field(_("Din e-postadress"), must=True, checks=[like], most=254)
    return type("FollowForm", (Form,), {"email": field})


@follow.record_once
def _register(state: object) -> None:
    app = state.app  # type: ignore[attr-defined]
    again(app, "follow.ask", _ask_again)
    again(app, "follow.confirm", _confirm_again)
