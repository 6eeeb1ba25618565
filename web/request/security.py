"""What every answer carries and what every question must: headers, limits, trusted hosts, form tokens, cookies."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import SecurityError

from web.request.language import gettext

SECRET_VARIABLE = "SKEDE_SECRET_KEY"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
LOCAL = ("localhost", "127.0.0.1", "[::1]")
LARGEST_BODY = 300_000
LARGEST_NUMBER = 2**63 - 1  # that a database takes
LARGEST_FILE = 5_500_000  # a little more than is read, so that most who send too much are told so in words
LARGEST_PICTURE = 32_000_000  # far more than is kept, so that who sends a large one is told so and loses no words
# One in a request: of a draft, of the sender's later, or an official's.
TAKES_PICTURES = ("submission.go_on", "own_idea.send_file", "files.add", "case.act")
TAKES_FILES = {"imports.check": "controller"}  # endpoint -> the role that may send one
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TWO_YEARS = 2 * 365 * 24 * 3600


def init_app(app: Flask, base_url: str, secret: str) -> CSRFProtect:
    """Cookies, limits, hosts, headers and form tokens, which are returned. What loads the person must be registered
    before this."""
    https = base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_NAME=cookie_name("skede_visitor", https=https),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=1000,
        TRUSTED_HOSTS=trusted_hosts(base_url),
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=https,
        SKEDE_HTTPS=https,
    )
    app.before_request(refuse_strange_addresses)
    app.before_request(refuse_foreign_forms)
    app.before_request(take_files)
    app.after_request(add_headers)
    return CSRFProtect(app)


def cookie_name(name: str, *, https: bool) -> str:
    """With __Host- a cookie is bound to this very host and to https; browsers refuse it elsewhere."""
    return f"__Host-{name}" if https else name


def trusted_hosts(base_url: str) -> list[str]:
    host = urlsplit(base_url).hostname or ""
    return list(LOCAL) if is_local(base_url) else [host]


def is_local(base_url: str) -> bool:
    """Whether the address is this very machine's."""
    return (urlsplit(base_url).hostname or "") in ("localhost", "127.0.0.1", "::1")


def refuse_strange_addresses() -> Response | None:
    """Another site's name, or a byte or a number that no database takes."""
    if isinstance(request.routing_exception, SecurityError):  # no address can be built here, so no page either
        return Response(gettext("Adressen hör inte till den här webbplatsen."), 400, mimetype="text/plain")
    if any(isinstance(each, int) and each > LARGEST_NUMBER for each in (request.view_args or {}).values()):
        abort(404)
    if "\0" in request.path or "%00" in request.query_string.decode("ascii", "replace"):
        abort(404)
    return None


def take_files() -> None:
    """Files are larger than what anybody else may send. Before the form token is looked for, which reads it all."""
    if request.endpoint in TAKES_PICTURES:
        request.max_content_length = LARGEST_PICTURE
    needed = TAKES_FILES.get(request.endpoint or "")
    person = g.get("signed")
    if needed and person and any(each.role == needed for each in person.capacities):
        request.max_content_length = LARGEST_FILE


def add_headers(answer: Response) -> Response:
    """On every answer, errors and files included."""
    there = {name.lower() for name, _ in answer.headers}
    answer.headers.extend([(name, value) for name, value in HEADERS.items() if name.lower() not in there])
    if request.endpoint not in ("static", "stylesheet.bootstrap") or answer.status_code >= 400:
        personal = g.get("signed") is not None or g.get("personal", False) or g.get("draft", False)
        answer.headers["Cache-Control"] = "no-store" if personal else "private, no-cache"
    if g.get("personal", False):
        # The secret in the address goes nowhere; with no-referrer browsers would also hide from us that a form is ours.
        answer.headers["Referrer-Policy"] = "strict-origin"
    if current_app.config["SKEDE_HTTPS"]:
        answer.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    return answer


def refuse_foreign_forms() -> None:
    """What changes something is sent from our own pages, also where a form token has leaked (ASVS 3.5.1)."""
    if request.method not in SAFE and not came_from_us():
        raise CSRFError("sent from another site")


def came_from_us() -> bool:
    """Whether the browser says that a form was sent from one of our own pages; browsers that say nothing may.

    The host alone is compared: in front of Skede may stand a proxy that speaks https.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    try:
        return origin is None or urlsplit(origin).netloc == request.host
    except ValueError:  # "http://[" begins an address of a kind that it is not
        return False


def secret_key(folder: Path) -> str:
    """What signs the visitors' cookies: given, or made once and kept beside the database, the same for every worker."""
    given = os.environ.get(SECRET_VARIABLE)
    if given:
        return given
    kept = folder / "var" / "secret_key"
    kept.parent.mkdir(exist_ok=True)
    made = kept.with_name(f"secret_key.{secrets.token_hex(8)}")
    if not kept.exists():
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(made, kept)  # whole or not at all, and the first of several workers decides
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept.read_text(encoding="ascii")
