"""The addresses that a mail carries: of pages, and of the page where its reader chooses how to get mail. Whoever has
that address may choose for this one person and do nothing else; it is signed and does not grow old."""

from typing import Any

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

SALT, TO_FOLLOW, PRIVATE = "skede mail choice", "skede follow", "skede private link"


def page(endpoint: str, **values: Any) -> str:
    """The whole address of a page, under the configured base URL."""
    return url_for(endpoint, _external=True, **values)


def choice(person: int) -> str:
    return page("mail.chosen_by_link", token=_signer().dumps(person))


def leave(person: int) -> str:
    """Where a mail programme sends one click (RFC 8058)."""
    return page("mail.leave", token=_signer().dumps(person))


def confirm(person: int) -> str:
    """Where somebody says that they want to follow."""
    return page("follow.before_confirming", token=_signer(TO_FOLLOW).dumps(person))


def private(digest: str) -> str:
    """The private link as a mail carries it: the secret itself is stored nowhere. Good for as long as the link is."""
    return page("people.link", secret=_signer(PRIVATE).dumps(digest))


def private_digest(token: str) -> str | None:
    """What a mailed link stands for; None for one that we did not make, and for a secret itself."""
    try:
        digest = _signer(PRIVATE).loads(token)
    except BadSignature:
        return None
    return digest if isinstance(digest, str) else None


def person_of(token: str, salt: str = SALT) -> int | None:
    """Whose address this is; None for one that we did not make."""
    try:
        person = _signer(salt).loads(token)
    except BadSignature:
        return None
    return person if isinstance(person, int) else None


def _signer(salt: str = SALT) -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt=salt)
