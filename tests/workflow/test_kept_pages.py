"""A public page is drawn once for all visitors, and anew as soon as anything at all has been written."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from tests.workflow.cast import DAY, Case, clock_of, key, person
from web.app import create_app
from web.request import kept_pages
from workflow import Engine

# How often a page is drawn is counted here: a PostgreSQL that serves other databases too makes pages old for them all.
ALONE = pytest.mark.parametrize("seeded_url", ["sqlite"], indirect=True)
TOKEN, KEY = r'name="csrf_token" value="([^"]+)"', r'name="key" value="([^"]+)"'


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    return create_app(engine)


@pytest.fixture
def drawn(app: Flask) -> Iterator[list[str | None]]:
    """The name of each template as it is drawn."""
    names: list[str | None] = []

    def note(_: Flask, template: object, **_more: object) -> None:
        names.append(getattr(template, "name", None))

    with template_rendered.connected_to(note, app):
        yield names


def plain(page: str) -> str:
    """Without what is each visitor's own."""
    return re.sub(f"{TOKEN}|{KEY}", "", page)


@ALONE
def test_it_is_drawn_once_and_each_visitor_has_tokens_and_keys_of_their_own(
    app: Flask, engine: Engine, drawn: list[str | None]
) -> None:
    path = f"/forslag/{Case(engine, 'purchase').submit().number}"
    first, second = (app.test_client().get(path) for _ in range(2))
    assert drawn == ["timeline.html"]
    assert plain(first.text) == plain(second.text)
    for pattern in (TOKEN, KEY):
        own = [set(re.findall(pattern, answer.text)) for answer in (first, second)]
        assert all(own), pattern
        assert not own[0] & own[1], pattern
    assert first.headers["Content-Security-Policy"] == second.headers["Content-Security-Policy"]
    assert second.headers["Cache-Control"] == "private, no-cache"
    assert "token-" not in first.text + second.text


def test_who_comes_again_keeps_a_token_of_their_own_that_is_taken(app: Flask) -> None:
    browsers = [app.test_client() for _ in range(2)]
    for browser in browsers:
        browser.get("/potter")
    tokens = [re.findall(TOKEN, browser.get("/potter").text)[0] for browser in browsers]
    assert tokens[0] != tokens[1]
    for browser, token in zip(browsers, tokens, strict=True):
        sent = {"csrf_token": token, "language": "en", "next": "/"}
        assert browser.post("/sprak", data=sent).status_code == 303


def test_its_form_can_be_sent(app: Flask, engine: Engine) -> None:
    Case(engine, "purchase").submit()
    for _ in range(2):  # as drawn, and as kept
        browser = app.test_client()
        page = browser.get("/").text
        sent = {"csrf_token": re.findall(TOKEN, page)[0], "language": "en", "next": "/"}
        assert browser.post("/sprak", data=sent).status_code == 303
        assert '<html lang="en">' in browser.get("/").text, "another language is another page"


def test_whatever_is_written_by_whomever_makes_it_old(app: Flask, engine: Engine, seeded_url: str) -> None:
    case = Case(engine, "purchase").submit()
    path, browser = f"/forslag/{case.number}", app.test_client()
    assert "Idén togs emot" not in browser.get(path).text
    case.act("accept")
    assert "Idén togs emot" in browser.get(path).text
    with Engine.open(engine.config.folder / "config.toml", clock=clock_of(engine)) as another:  # as in another process
        officer = person(another, "Handläggare")
        version = case.stands()["version"]
        another.correct(case.number, by=officer, key=key(), seen_version=version, reason="Fel förslag.")
    assert "Rättades senare" in browser.get(path).text


@ALONE
def test_who_is_signed_in_is_given_no_page_of_anothers_and_leaves_none(
    app: Flask, engine: Engine, drawn: list[str | None]
) -> None:
    case = Case(engine, "purchase").submit()
    officer, path = signed(app, engine), f"/forslag/{case.number}"
    drawn.clear()
    pages = [browser.get(path).text for browser in (officer, app.test_client(), officer, app.test_client())]
    assert drawn == ["timeline.html"] * 3
    assert ["Logga ut" in page for page in pages] == [True, False, True, False]


def test_what_is_said_to_one_is_said_to_nobody_else(app: Flask, engine: Engine) -> None:
    browser = signed(app, engine)
    token = re.findall(TOKEN, browser.get("/").text)[0]
    browser.post("/logga-ut", data={"csrf_token": token})
    assert "Du är utloggad." in browser.get("/").text
    assert "Du är utloggad." not in browser.get("/").text + app.test_client().get("/").text


@ALONE
def test_it_is_drawn_anew_after_a_while_and_on_another_day(
    app: Flask, engine: Engine, drawn: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = app.test_client()
    for _ in range(2):
        browser.get("/potter")
    clock_of(engine).to(DAY + timedelta(days=1))
    browser.get("/potter")
    assert len(drawn) == 2
    monkeypatch.setattr(kept_pages, "LASTS_S", 0.0)
    for _ in range(2):
        browser.get("/processer")
    assert len(drawn) == 4


@ALONE
def test_no_more_are_kept_than_there_is_room_for(
    app: Flask, drawn: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_pages, "MOST_PAGES", 2)
    browser = app.test_client()
    for path in ("/potter", "/processer", "/potter", "/", "/potter", "/processer"):
        browser.get(path)
    assert drawn == ["pots.html", "processes.html", "overview.html", "processes.html"]


def test_the_stamp_says_whether_anything_was_committed(engine: Engine) -> None:
    case = Case(engine, "purchase").submit()
    before = engine.stamp()
    if engine.database.is_sqlite:
        engine.timeline(case.number)
        assert engine.stamp() == before, "reading changes nothing"
    Case(engine, "purchase").submit()
    assert engine.stamp() != before


def signed(app: Flask, engine: Engine) -> FlaskClient:
    browser = app.test_client()
    token = re.findall(TOKEN, browser.get("/logga-in").text)[0]
    browser.post("/logga-in", data={"csrf_token": token, "person": str(person(engine, "Handläggare"))})
    return browser
