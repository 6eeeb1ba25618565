"""A browser that an account was signed in with before: a signed cookie, by which its guesses are counted alone, so that
whoever guesses at somebody's password from elsewhere keeps nobody out. Opens nothing."""

import hashlib
import secrets
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from web.request import security
from workflow.people.passwords import login_of
from workflow.people.throttling import SeenFrom

A_YEAR_S = 365 * 24 * 3600
MOST_ACCOUNTS = 8


def seen_from(login: str) -> SeenFrom:
    """Where this request comes from, and whether this browser is known to the account of this login."""
    browser, accounts = _read()
    known = browser if _digest(login) in accounts else ""
    return SeenFrom(request.remote_addr or "", request.headers.get("User-Agent", ""), known)


def remember(answer: Response, login: str) -> None:
    """From now on the browser is known to this account."""
    browser, accounts = _read()
    latest = [_digest(login), *(each for each in accounts if each != _digest(login))][:MOST_ACCOUNTS]
    value = _signer().dumps([browser or secrets.token_urlsafe(24), latest])
    https = current_app.config["SKEDE_HTTPS"]
    answer.set_cookie(_cookie(), value, max_age=A_YEAR_S, httponly=True, samesite="Lax", secure=https, path="/")


def _read() -> tuple[str, list[str]]:
    """Nothing for a cookie that is not ours."""
    try:
        found: Any = _signer().loads(request.cookies.get(_cookie(), ""))
    except BadSignature:
        return "", []
    browser, accounts = found
    return browser, accounts


def _cookie() -> str:
    return security.cookie_name("skede_known", https=current_app.config["SKEDE_HTTPS"])


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known browser")


def _digest(login: str) -> str:
    return hashlib.blake2b(login_of(login).encode(), digest_size=12).hexdigest()
