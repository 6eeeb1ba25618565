"""Every Swedish word that a page may show has an English one, and the visitor gets the language asked for."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Blueprint, Flask

from web.request import language

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@cache
def extracted() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Message -> (a file that says it, all its forms) of everything that web/babel.cfg finds."""
    with (ROOT / "web/babel.cfg").open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream, "web/babel.cfg")
    found = {}
    for path, _, message, _, _ in extract_from_dir(ROOT, methods, options, KEYWORDS):
        forms = forms_of(message)
        found[forms[0]] = (path, forms)
    return found


@cache
def catalogue() -> dict[str, Message]:
    with (ROOT / "web/translations/en/LC_MESSAGES/messages.po").open("rb") as stream:
        return {forms_of(message.id)[0]: message for message in read_po(stream, locale="en") if message.id}


def forms_of(message: str | tuple[str, ...]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


def places(text: str) -> set[str]:
    return set(PLACES.findall(text))


@pytest.fixture
def app() -> Flask:
    """Only what the languages need: one page that says its language and a Swedish word."""
    app = Flask("web", root_path=str(ROOT / "web"))
    app.secret_key = "for tests"
    language.init_app(app)
    public = Blueprint("public", __name__)
    public.add_url_rule("/", "overview", lambda: f"{language.current()} {language.gettext('Potterna')}")
    app.register_blueprint(public)
    return app


def test_every_message_has_an_english_one() -> None:
    assert len(extracted()) > 200
    english = catalogue()
    missing = {
        text: path
        for text, (path, forms) in extracted().items()
        if text not in english
        or len(forms_of(english[text].string)) != len(forms)
        or not all(forms_of(english[text].string))
    }
    assert missing == {}


def test_babel_finds_every_text_of_the_code() -> None:
    """One within an f-string it does not find, and nobody would miss the English one."""
    found = {
        node.args[0].value: path.name
        for path in (ROOT / "web").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("gettext", "ngettext", "lazy_gettext")
        and node.args and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    assert {text: path for text, path in found.items() if text not in extracted()} == {}


def test_the_english_ones_have_the_same_places_to_fill() -> None:
    for text, message in catalogue().items():
        wanted = set().union(*(places(form) for form in forms_of(message.id)))
        given = set().union(*(places(form) for form in forms_of(message.string)))
        assert given == wanted, text


def test_nothing_is_guessed_and_nothing_is_left_over() -> None:
    assert [text for text, message in catalogue().items() if message.fuzzy] == []
    assert set(catalogue()) - set(extracted()) == set()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("sv-SE,sv;q=0.9", "sv Potterna"),
        ("en-GB,en;q=0.9", "en The pots"),
        ("fi,en;q=0.5", "en The pots"),
        ("fi", "sv Potterna"),
        ("", "sv Potterna"),
    ],
)
def test_the_browser_says_which_language(app: Flask, asked: str, answer: str) -> None:
    assert app.test_client().get("/", headers={"Accept-Language": asked}).text == answer


def test_a_link_may_say_the_language(app: Flask) -> None:
    """For the page that it leads to alone, and the buttons are still obeyed."""
    client = app.test_client()
    assert client.get("/?lang=en", headers={"Accept-Language": "sv"}).text == "en The pots"
    assert client.get("/?lang=xx", headers={"Accept-Language": "sv"}).text == "sv Potterna"
    assert client.get("/", headers={"Accept-Language": "sv"}).text == "sv Potterna"
    for shown, back in (("/x?lang=en", "/x"), ("/x?q=1&lang=en&y=2", "/x?q=1&y=2"), ("/x?slang=en", "/x?slang=en")):
        assert client.post("/sprak", data={"language": "sv", "next": shown}).location == back


def test_the_configuration_says_for_those_who_ask_for_neither() -> None:
    app = Flask("web", root_path=str(ROOT / "web"))
    language.init_app(app, default="en")
    app.add_url_rule("/", "page", language.current)
    assert app.test_client().get("/", headers={"Accept-Language": "fi"}).text == "en"


def test_the_button_is_stronger_than_the_browser(app: Flask) -> None:
    visitor = app.test_client()
    answer = visitor.post("/sprak", data={"language": "en", "next": "/potter?x=1"})
    assert (answer.status_code, answer.location) == (303, "/potter?x=1")
    assert visitor.get("/", headers={"Accept-Language": "sv"}).text == "en The pots"
    visitor.post("/sprak", data={"language": "sv"})
    assert visitor.get("/", headers={"Accept-Language": "en"}).text == "sv Potterna"


def test_an_unknown_language_is_not_kept(app: Flask) -> None:
    assert app.test_client().post("/sprak", data={"language": "xx"}).headers.get("Set-Cookie") is None


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "", "potter"]
)
def test_the_button_leads_nowhere_else(app: Flask, elsewhere: str) -> None:
    assert app.test_client().post("/sprak", data={"language": "en", "next": elsewhere}).location == "/"


def test_getting_a_page_changes_no_language(app: Flask) -> None:
    assert app.test_client().get("/sprak?language=en").status_code == 405
