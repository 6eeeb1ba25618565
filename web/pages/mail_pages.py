"""Mina utskick: how somebody wants their mail, signed in or by the address in a mail. Utskick: how the post stands, for
whoever looks after it. Holds no rule."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFProtect
from wtforms import Form
from wtforms.validators import Regexp

from states import RefusalKind
from web.forms.fields import choice, text_field
from web.mail import mail_links
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, me, member, new_key, posted_key, posted_number, signed_in
from web.request.language import gettext
from workflow import Refused
from workflow.mail.views_mail import MailChoice
from workflow.settings.configuration_values import MAIL_ADDRESS

mail = Blueprint("mail", __name__)

LANGUAGES = (("sv", "Svenska"), ("en", "English"))
EACH, WEEKLY, NONE = (
    ("each", _("Varje gång något händer")), ("weekly", _("Samlat i ett brev i veckan")), ("none", _("Inte alls")),
)  # fmt: skip
LOOKED_AFTER_BY = ("administrator",)


# --- signed in ---------------------------------------------------------------------------------------------------


@mail.get("/mina-utskick")
@signed_in
def mine() -> ResponseReturnValue:
    return _page(engine().mail_choice(me().person), by_link=False)


@mail.post("/mina-utskick")
@signed_in
def choose() -> ResponseReturnValue:
    found = engine().mail_choice(me().person)
    return _choose(found, by_link=False, back=url_for("mail.mine"))


def _choose_again(message: str) -> ResponseReturnValue:
    found = engine().mail_choice(me().person)
    return _page(found, message, by_link=False, form=_form(found, by_link=False)(request.form)), 400


# --- by the address in a mail ------------------------------------------------------------------------------------


@mail.get("/mejl/<token>")
def chosen_by_link(token: str) -> ResponseReturnValue:
    """Opening it changes nothing: mail programmes open every address that they see."""
    return _page(_found(token), by_link=True)


@mail.post("/mejl/<token>")
def choose_by_link(token: str) -> ResponseReturnValue:
    return _choose(_found(token), by_link=True, back=url_for("mail.chosen_by_link", token=token))


def _choose_by_link_again(message: str, token: str) -> ResponseReturnValue:
    found = _found(token)
    return _page(found, message, by_link=True, form=_form(found, by_link=True)(request.form)), 400


@mail.get("/mejl/<token>/av")
def before_leaving(token: str) -> ResponseReturnValue:
    """Mail programmes that know no one-click show the address as a link."""
    return redirect(url_for("mail.chosen_by_link", token=token), 303)


@mail.post("/mejl/<token>/av")
def leave(token: str) -> ResponseReturnValue:
    """One click in a mail programme (RFC 8058), which has neither cookie nor form token: the address is signed."""
    found = _found(token)
    pace = "weekly" if found.is_member else "none"
    engine().choose_mail(found.person, key=new_key(), pace=pace, language=found.language)
    return gettext("Klart. Ditt val är sparat."), 200, {"Content-Type": "text/plain; charset=utf-8"}


def _found(token: str) -> MailChoice:
    """Raises Refused(NOT_FOUND) for an address that no mail of ours carries."""
    g.personal = True
    person = mail_links.person_of(token)
    if person is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="link")
    return engine().mail_choice(person)


# --- both --------------------------------------------------------------------------------------------------------


def _choose(found: MailChoice, *, by_link: bool, back: str) -> ResponseReturnValue:
    form = _form(found, by_link=by_link)(request.form)
    if not form.validate():
        return _page(found, by_link=by_link, form=form), UNPROCESSABLE
    address = None if by_link else str(form.data["email"] or "").strip()
    try:
        engine().choose_mail(
            found.person, key=posted_key(), pace=form.data["pace"], language=form.data["language"], address=address
        )
    except Refused as refused:
        return _page(found, *words_of(refused.refusals), by_link=by_link, form=form), status_of(refused)
    flash(gettext("Ditt val är sparat."))
    return redirect(back, 303)


def _page(found: MailChoice, *messages: object, by_link: bool, form: Form | None = None) -> str:
    data = {"pace": found.pace, "language": found.language, "email": found.address}
    shown = form or _form(found, by_link=by_link)(data=data)
    return render_template(
        "mail_choice.html", form=shown, messages=messages, choice=found, by_link=by_link,
        followed=_title(found.follows) if found.follows else "",
    )  # fmt: skip


def _title(number: str) -> str:
    """What everybody reads of a proposal's name; its number where it is out of sight."""
    try:
        return engine().timeline(number).title
    except Refused:
        return number


def _form(found: MailChoice, *, by_link: bool) -> type[Form]:
    """Whose move it is cannot leave; who has only the address in a mail cannot send the mail elsewhere."""
    paces = (EACH, WEEKLY) if found.is_member else (EACH, WEEKLY, NONE)
    fields: dict[str, Any] = {
        "pace": choice(_("Hur ofta vill du få mejl?"), paces, radio=True),
        "language": choice(_("På vilket språk?"), LANGUAGES, radio=True),
    }
    if not by_link:
        like = Regexp(MAIL_ADDRESS, message=gettext("E-postadressen ska se ut så här: namn@exempel.se."))
        told = _("Lämna tomt om du inte vill få mejl.") if not found.is_member else _(
            "Utan adress får du inga mejl. Det som väntar på dig står ändå under Att göra.")  # fmt: skip
        fields = {"email": text_field(_("E-post"), must=False, checks=[like], help_text=told), **fields}
    return type("MailChoiceForm", (Form,), fields)


# --- the post office ---------------------------------------------------------------------------------------------


@mail.get("/utskick")
@signed_in
def office() -> ResponseReturnValue:
    return _office()


def _office(*messages: object) -> str:
    who = member()
    shown = engine().post_office(who.person)
    may = any(each.role in LOOKED_AFTER_BY for each in who.capacities)
    return render_template("post_office.html", office=shown, may_try_again=may, messages=messages)


@mail.post("/utskick")
@signed_in
def try_again() -> ResponseReturnValue:
    """One of those that could not be delivered, or all."""
    who = member()
    try:
        engine().try_mail_again(posted_number("mail") or None, by=who.person, key=posted_key())
    except Refused as refused:
        return _office(*words_of(refused.refusals)), status_of(refused)
    flash(gettext("Det skickas igen så snart e-postservern tar emot."))
    return redirect(url_for("mail.office"), 303)


def _office_again(message: str) -> ResponseReturnValue:
    return _office(message), 400


@mail.record_once
def _register(state: Any) -> None:
    again(state.app, "mail.choose", _choose_again)
    again(state.app, "mail.choose_by_link", _choose_by_link_again)
    again(state.app, "mail.try_again", _office_again)


def exempt_one_click(csrf: CSRFProtect) -> None:
    """The only address that takes what no form of ours sends; what it does is in its signature."""
    csrf.exempt(leave)
