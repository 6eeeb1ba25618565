"""The town's own colours and picture: served under the strict rules, seen in a browser, readable in light and dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.web.commands import ROOT
from tests.web.site import Site, serving
from web.app import create_app
from workflow import Engine

GREEN, PALE = "#0b6b3a", "#8fe0b0"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5"/></svg>'


@pytest.fixture
def own_face(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with colours and a picture of its own."""
    shipped = (ROOT / "config.toml").read_text(encoding="utf-8")
    told = shipped.replace('"states/processes"', f'"{ROOT / "states/processes"}"')
    for key, value in {"colour": GREEN, "colour_dark": PALE, "logo": "vapen.svg"}.items():
        assert f'\n{key} = "ej angivet"' in told
        told = told.replace(f'\n{key} = "ej angivet"', f'\n{key} = "{value}"')
    (tmp_path / "vapen.svg").write_text(PICTURE, encoding="utf-8")
    (tmp_path / "config.toml").write_text(told, encoding="utf-8")
    monkeypatch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{tmp_path}/skede.sqlite3")
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    return tmp_path / "config.toml"


@pytest.fixture
def faced(own_face: Path) -> Iterator[Flask]:
    with Engine.open(own_face) as engine:
        yield create_app(engine)


def test_colours_and_picture_are_served_with_every_header(faced: Flask) -> None:
    browser = faced.test_client()
    page, colours, logo = (browser.get(path) for path in ("/", "/farger.css", "/logotyp"))
    assert 'href="/farger.css"' in page.text
    assert 'src="/logotyp"' in page.text
    assert (colours.mimetype, logo.mimetype) == ("text/css", "image/svg+xml")
    assert f"--mine: {GREEN};" in colours.text
    assert "--on-mine: #ffffff;" in colours.text
    assert logo.text == PICTURE
    logo.close()
    for answer in (colours, logo):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], "a picture runs nothing"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_face_of_its_own_a_town_has_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{tmp_path}/skede.sqlite3")
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with Engine.open(ROOT / "config.toml") as engine:
        browser = create_app(engine).test_client()
        assert "/farger.css" not in browser.get("/").text
        assert browser.get("/logotyp").status_code == 404


def test_it_is_seen_and_can_be_read_in_light_and_dark(
    own_face: Path, played_examples: Path, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.web.site.CONFIG", own_face)
    with serving(played_examples, tmp_path, browser) as site:
        page = _open(site)
        for scheme, mine in (("light", "rgb(11, 107, 58)"), ("dark", "rgb(143, 224, 176)")):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            expect(page.locator(".btn-primary").first).to_have_css("background-color", mine)
            assert page.evaluate(CONTRAST) == []


def _open(site: Site) -> Page:
    page = site.open("visitor", "/lamna-forslag")
    page.evaluate(AXE_SCRIPT)
    return page


CONTRAST = """async () => (await axe.run({runOnly: {type: 'rule', values: ['color-contrast']}})).violations
    .flatMap(each => each.nodes.map(node => node.failureSummary))"""
