"""Whose request this is, which engine answers it, and what a form carries beside its fields. Decides nothing."""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from flask import current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from states import RefusalKind
from workflow import Engine, Refused
from workflow.records.answers import Signed

P = ParamSpec("P")
_WHOLE = re.compile(r"[0-9]{1,9}")


class SignedOut(Exception):
    """Something was sent by nobody we know, most often because the session has ended."""


def engine() -> Engine:
    found: Engine = current_app.extensions["skede"]
    return found


def signed() -> Signed | None:
    """Who is signed in; set once for each request."""
    found: Signed | None = g.get("signed")
    return found


def me() -> Signed:
    """Raises SignedOut."""
    found = signed()
    if found is None:
        raise SignedOut
    return found


def member() -> Signed:
    """Somebody with a role, not the holder of a private link. Raises SignedOut and Refused(NOT_PERMITTED)."""
    found = me()
    if found.proposal is not None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    return found


def my(number: str) -> Signed:
    """Who is signed in, if this proposal is any concern of theirs: a private link opens one proposal and no other."""
    found = me()
    if found.proposal not in (None, number):
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    return found


def signed_in(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Asks visitors to sign in first, and brings them back. What a visitor sends is kept from being lost."""

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if signed() is not None:
            return view(*args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return ask_to_sign_in()
        raise SignedOut

    return asked


def ask_to_sign_in() -> ResponseReturnValue:
    """And back again."""
    return redirect(url_for("people.sign_in", next=request.full_path.removesuffix("?")), 303)


def new_key() -> str:
    """For a form: what makes a repeated click give the same answer."""
    return str(uuid4())


def posted_key() -> str:
    """The key of the form that was sent; one of ours where it is none."""
    given = request.form.get("key", "")
    try:
        return str(UUID(given))
    except ValueError:
        return new_key()


def posted_number(name: str) -> int:
    """A whole number from a hidden field; 0, which nothing has, where it is none."""
    given = request.form.get(name, "")
    return int(given) if _WHOLE.fullmatch(given) else 0


def is_ours(address: str) -> bool:
    """Whether the address is a path of this site, so that nobody is sent elsewhere from here."""
    try:
        parts = urlsplit(address)
    except ValueError:  # "http://[" begins an address of a kind that it is not
        return False
    plain = address.isprintable() and "\\" not in address
    return plain and address.startswith("/") and not address.startswith("//") and not parts.netloc
