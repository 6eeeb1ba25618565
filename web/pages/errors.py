"""The one place where a refusal or a fault becomes a status and a page that helps. Decides nothing."""

import logging
import secrets
from collections.abc import Callable, Iterable

from flask import Flask, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from states import Refusal, RefusalKind
from web.open_data import api
from web.request.current import SignedOut
from web.request.language import gettext
from web.request.security import came_from_us
from web.words.refusal_words import Worded, worded
from workflow import Refused, outcome_of

log = logging.getLogger("skede")

UNPROCESSABLE = 422
_STATUS = {
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.NOT_SHOWN: 404,
    RefusalKind.NOT_PERMITTED: 403,
    RefusalKind.INTERESTED: 403,
    RefusalKind.PREPARED_IT: 403,
    RefusalKind.TOO_MANY_TRIES: 429,
    RefusalKind.NO_SUBSTITUTE: 403,
    RefusalKind.CONFLICTING: UNPROCESSABLE,
    RefusalKind.FIELD_MISSING: UNPROCESSABLE,
    RefusalKind.FIELD_INVALID: UNPROCESSABLE,
    RefusalKind.SOURCE_NOT_ALLOWED: UNPROCESSABLE,
    RefusalKind.MERGE_TARGET_ENDED: UNPROCESSABLE,
}
_HEADINGS = {
    400: (_("Det gick inte att läsa"), _("Gå tillbaka, ladda om sidan och försök igen.")),
    401: (_("Logga in först"), _("Du är inte inloggad, eller så har det gått för lång tid. Inget är ändrat.")),
    403: (_("Du har inte tillgång till sidan"), _("Logga in med rätt roll, eller fråga oss.")),
    404: (_("Sidan finns inte"), _("Kontrollera adressen eller numret. Du kan söka på nummer eller ord här.")),
    405: (_("Så går det inte att göra"), _("Gå tillbaka och använd knapparna på sidan. Inget är ändrat.")),
    413: (_("Det är för stort"), _("Korta texten, eller dela filen, och skicka igen. Inget är ändrat.")),
}
_OUT = {
    "nothing": (
        _("Det går inte att spara just nu"),
        _("Inget är sparat. Vänta en stund, gå tillbaka och skicka igen. Det du skrev finns kvar."),
    ),
    "unknown": (
        _("Vi fick inget svar när det skulle sparas"),
        _(
            "Vi vet inte om det blev sparat. Vänta en stund, gå tillbaka och skicka samma formulär igen:"
            " det räknas bara en gång."
        ),
    ),
}
_OUT_OF_SIGHT = (_("Sidan kan inte visas just nu"), _("Försök igen om en stund. Inget är ändrat."))
_LATER_S = 30
_OLD_FORM = _("Formuläret var för gammalt, så inget är skickat. Det du skrev finns kvar: läs igenom och skicka igen.")
_FORGED = _("Det som skickades kom inte från ett formulär som vi känner igen. Inget är ändrat.")

Again = Callable[..., ResponseReturnValue]


def status_of(refused: Refused) -> int:
    """404 for what is not there, 403 for who may not, 422 for what was written, 409 for everything else that stops."""
    return _STATUS.get(refused.first.kind, 409)


def words_of(refusals: Iterable[Refusal]) -> tuple[Worded, ...]:
    return tuple(worded(each) for each in refusals)


def again(app: Flask, endpoint: str, view: Again) -> None:
    """How a form is drawn once more when its token had grown old: ``view(message, **address)`` changes nothing."""
    app.extensions.setdefault("skede_again", {})[endpoint] = view


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _page(status: int, heading: object, *paragraphs: object, **more: object) -> tuple[str, int]:
    told = [str(each) for each in paragraphs]
    return render_template("error.html", heading=str(heading), paragraphs=told, **more), status


def _refused(refused: Refused) -> ResponseReturnValue:
    status, (first, *others) = status_of(refused), words_of(refused.refusals)
    return _page(status, first.stopped, first.why, first.remedy, refusals=[str(each) for each in others])


def _signed_out(_: SignedOut) -> ResponseReturnValue:
    """Somebody's session ended while they wrote: what they wrote stands on the page, to be copied."""
    heading, words = _HEADINGS[401]
    return _page(401, heading, words, typed=typed(), back=url_for("people.sign_in"))


def typed() -> list[str]:
    """The texts that were sent, without what forms carry beside them and without anything secret."""
    hidden = ("csrf_token", "key", "seen_version", "seen_revision", "next")
    sent = ((name, text) for name, text in request.form.items() if not name.startswith("password"))
    return [text for name, text in sent if name not in hidden and len(text.strip()) > 2]


def _old_form(error: CSRFError) -> ResponseReturnValue:
    """Drawn again with what was typed where it came from our own page; refused where it did not."""
    log.info("form token refused: %s", error.description)
    view: Again | None = current_app.extensions.get("skede_again", {}).get(request.endpoint)
    if view is not None and came_from_us():
        try:
            return view(str(_OLD_FORM), **(request.view_args or {}))
        except Exception as another:  # noqa: BLE001 - nobody else looks after an error's error
            return current_app.handle_user_exception(another)
    return _page(400, _HEADINGS[400][0], _FORGED, _HEADINGS[400][1])


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    if request.path.startswith(api.ROOT):
        return api.problem(code, error.name)
    heading, words = _HEADINGS.get(code, (_("Det gick inte"), _("Gå tillbaka och försök igen. Inget är ändrat.")))
    return _page(code, heading, words)


def _broken(error: Exception) -> ResponseReturnValue:
    """Something that should not happen: there is a number to tell, by which the log can be searched."""
    outcome = outcome_of(error)
    if outcome is not None:
        return _out_of_order(error, outcome)
    reference = secrets.token_hex(4)
    log.error("broken %s at %s", reference, request.path, exc_info=error)
    words = gettext("Försök igen om en stund. Uppge numret %(reference)s om du ringer.", reference=reference)
    try:
        return _page(500, gettext("Något gick fel hos oss"), words)
    except Exception:  # noqa: BLE001 - the page itself may be what is broken, and somebody waits for an answer
        return Response(f"{gettext('Något gick fel hos oss')}. {words}", 500, mimetype="text/plain")


def _out_of_order(error: Exception, outcome: str) -> ResponseReturnValue:
    """The database is away or full: what became of what was sent, what was typed, and that it is worth trying again."""
    log.error("database out of order at %s: %s", request.path, error)
    heading, words = _OUT_OF_SIGHT if request.method in ("GET", "HEAD") else _OUT[outcome]
    try:
        answer = current_app.make_response(_page(503, heading, words, typed=typed()))
    except Exception:  # noqa: BLE001 - the frame of the page asks the database too
        told = "\n\n".join((str(heading), str(words), *typed()))
        answer = Response(told, 503, mimetype="text/plain")
    answer.headers["Retry-After"] = str(_LATER_S)
    return answer
