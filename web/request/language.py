"""Swedish and English: which one a visitor gets, and where the words come from.
Swedish stands in the code, the templates and the process files; English is one readable catalogue beside them."""

import re
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, current_app, has_request_context, redirect, request, url_for
from flask_babel import Babel, get_locale, get_translations
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from web.request.current import is_ours

SOURCE = "sv"
LANGUAGES = (SOURCE, "en")
COOKIE, ADDRESSED = "language", "lang"  # as chosen; as a link says
A_YEAR = 365 * 24 * 3600
_SAID_IN_ADDRESS = re.compile(rf"(?<=[?&]){ADDRESSED}=[^&#]*&?")

language = Blueprint("language", __name__)


def init_app(app: Flask, default: str = SOURCE) -> None:
    """Give the app its languages; ``default`` is for visitors who ask for neither."""
    app.config["SKEDE_LANGUAGE"] = default if default in LANGUAGES else SOURCE
    babel = Babel()
    babel.init_app(app, default_locale=SOURCE, default_timezone="Europe/Stockholm", locale_selector=chosen)
    with app.app_context():
        for each in LANGUAGES:
            babel.domain_instance.cache[each, "messages"] = catalogue(each)
    app.register_blueprint(language)
    app.context_processor(lambda: {"language": current()})


@cache
def catalogue(of: str) -> Translations:
    """The words of one language, compiled in memory once, so that the text catalogue is the only file to keep."""
    compiled = BytesIO()
    source = Path(__file__).parents[1] / "translations" / of / "LC_MESSAGES" / "messages.po"
    if not source.exists():
        return Translations()
    with source.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=of))
    compiled.seek(0)
    return Translations(compiled)


def chosen() -> str:
    """What the address says (``?lang=en``, so that a link can be shared), else what the visitor chose by the button,
    else what the browser asks for, else the configuration.

    Outside a request, as on the command line, nobody has chosen."""
    if not has_request_context():
        return str(current_app.config["SKEDE_LANGUAGE"])
    for kept in (request.args.get(ADDRESSED), request.cookies.get(COOKIE)):
        if kept in LANGUAGES:
            return str(kept)
    return _best_of(request.headers.get("Accept-Language", "")) or str(current_app.config["SKEDE_LANGUAGE"])


@lru_cache(maxsize=256)
def _best_of(accepts: str) -> str | None:
    """Browsers of one country mostly say the same."""
    return parse_accept_header(accepts, LanguageAccept).best_match(LANGUAGES)


def current() -> str:
    """The language of this answer, for the lang attribute; Swedish outside a request."""
    locale = get_locale()
    return str(locale.language) if locale else SOURCE


def gettext(message: str, **facts: object) -> str:
    """The message in the visitor's language, with the facts in their places."""
    found = _words().ugettext(message)
    return found % facts if facts else found


def ngettext(one: str, several: str, num: int) -> str:
    """The message for this many, with %(num)d in its place."""
    return _words().ungettext(one, several, num) % {"num": num}


def _words() -> NullTranslations:
    words: NullTranslations = get_translations()
    return words


@language.post("/sprak")
def choose() -> Response:
    """Keep the chosen language and go back to the page where the button stood."""
    address = _SAID_IN_ADDRESS.sub("", request.form.get("next", ""))
    answer = redirect(address.rstrip("?&") if is_ours(address) else url_for("public.overview"), 303)
    wanted = request.form.get("language")
    if wanted in LANGUAGES:
        answer.set_cookie(COOKIE, str(wanted), max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return answer
