"""Signing in and out: by password, by private link, and in a demo by one click. Who may do what is the engine's."""

import logging
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from states import RefusalKind
from web.mail import mail_links
from web.pages.errors import status_of, words_of
from web.request import known_browser, security
from web.request.current import engine, is_ours
from web.request.language import gettext
from workflow import Refused

people = Blueprint("people", __name__)
log = logging.getLogger("skede")

DOES: Mapping[str, Any] = {
    "officer": _("Tar emot idéer, bereder dem och lämnar dem till beslut."),
    "budget_holder": _("Beställer skisser och beslutar inom sin delegation."),
    "attestant": _("Avgör om en kostnad är drift eller investering."),
    "controller": _("Bokför fakturor och svarar för pottens siffror."),
    "registrar": _("För in instansens beslut, med paragraf och ordalydelse."),
    "technical": _("Tar fram handlingar, upphandlar och låter bygga."),
    "buyer": _("Upphandlar och avropar."),
    "site_manager": _("Leder bygget på plats."),
    "organiser": _("Håller i aktiviteter och kvällar."),
    "chair": _("Leder gruppens möten."),
    "member": _("Bereder förslag i gruppen."),
    "external": _("Bedömer förslag i gruppen, från handelns, näringslivets eller fastighetsägarnas sida."),
    "auditor": _("Ser allt och ändrar inget."),
    "administrator": _("Håller reda på uppdrag, beslutanderätt och sammanträden."),
}


def token_cookie() -> str:
    return security.cookie_name("skede", https=current_app.config["SKEDE_HTTPS"])


@people.get("/logga-in")
def sign_in() -> ResponseReturnValue:
    return _page()


@people.post("/logga-in")
def sign_in_now() -> ResponseReturnValue:
    """By password, or in a demo as one of its people."""
    chosen = request.form.get("person", "")
    try:
        if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10:
            token = engine().sign_in_as(int(chosen), request.headers.get("User-Agent", ""))
            return begin(token, _next() or url_for("queue.mine"))
        return _with_password(request.form.get("login", "")[:200], request.form.get("password", "")[:1001])
    except Refused as refused:
        log.info("sign-in refused: %s from %s", refused.first.kind.name, request.remote_addr)
        return _page(words_of(refused.refusals)[0]), status_of(refused)


def _with_password(login: str, password: str) -> Response:
    token = engine().sign_in(login, password, known_browser.seen_from(login))
    answer = begin(token, _next() or url_for("queue.mine"))
    known_browser.remember(answer, login)
    return answer


def _page(error: object = None) -> str:
    login = request.form.get("login", "")[:200]
    return render_template("sign_in.html", people=_demo_people(), error=error, next=_next() or "", login=login)


def _demo_people() -> list[dict[str, Any]]:
    """Everybody a visitor of the demo may be, with what they do in plain words."""
    roles = {row.name: row.membership[0].role for row in engine().config.person if row.membership}
    return [
        {"who": each, "does": DOES.get(roles.get(each.title, ""), ""), "waiting": engine().badge(each.person)}
        for each in engine().demo_people()
    ]


def _next() -> str | None:
    """Where the visitor was going, if that is a page of ours."""
    address = request.values.get("next", "")
    return address if is_ours(address) else None


@people.post("/logga-ut")
def sign_out() -> ResponseReturnValue:
    token = request.cookies.get(token_cookie())
    if token:
        engine().sign_out(token)
    session.clear()
    flash(gettext("Du är utloggad."))
    answer = redirect(url_for("public.overview"), 303)
    answer.delete_cookie(token_cookie(), secure=current_app.config["SKEDE_HTTPS"], httponly=True, samesite="Lax")
    return answer


@people.get("/mitt/<secret>")
def link(secret: str) -> ResponseReturnValue:
    """The private link: opening it changes nothing; the button signs in as the proposer of that proposal."""
    g.personal = True
    return render_template("link.html", secret=secret)


@people.post("/mitt/<secret>")
def open_link(secret: str) -> ResponseReturnValue:
    g.personal = True
    digest = mail_links.private_digest(secret)
    token = engine().open_mailed_link(digest) if digest else engine().open_link(secret)
    signed = engine().session(token)
    if signed is None or signed.proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="link")
    return begin(token, url_for("own_idea.page", number=signed.proposal))


def begin(token: str, address: str) -> Response:
    """A new session; whatever the visitor had before is left behind."""
    before = request.cookies.get(token_cookie())
    if before:
        engine().sign_out(before)
    session.clear()
    answer = redirect(address, 303)
    https = current_app.config["SKEDE_HTTPS"]
    answer.set_cookie(token_cookie(), token, httponly=True, samesite="Lax", secure=https, path="/")
    return answer
