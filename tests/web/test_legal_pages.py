"""What a town must tell everybody: honest where nothing is stated, as configured where it is, found from every page."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.web.test_language import extracted
from tests.workflow import cast
from tests.workflow.cast import CONFIG, ROOT, person
from web.app import create_app
from web.words.glossary_words import GLOSSARY
from web.words.words import BUCKETS
from workflow import ConfigurationError, Engine
from workflow.settings import configuration

PAGES = ("/personuppgifter", "/tillganglighet", "/ordlista")
TOLD = {
    'controller = "ej angivet"': 'controller = "Kommunstyrelsen"', 'status = "ej angivet"': 'status = "partial"',
    "known = []": 'known = ["Kartan går inte att läsa upp."]', 'assessed_on = "ej angivet"': "assessed_on = 2026-10-01",
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the shipped configuration, to be written in."""
    shutil.copytree(ROOT / "states" / "processes", tmp_path / "states" / "processes")
    return Path(shutil.copy(CONFIG, tmp_path / "config.toml"))


@pytest.fixture
def app(config: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Flask, Engine]]:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with cast.opened(f"sqlite:///{config.parent / 'skede.sqlite3'}", config=config) as engine:
        engine.mark_demo()
        yield create_app(engine), engine


def read(app: Flask, path: str) -> str:
    return app.test_client().get(path).get_data(as_text=True)


def test_what_is_not_stated_is_told_so(app: tuple[Flask, Engine]) -> None:
    pages = {path: read(app[0], path) for path in PAGES}
    assert "ej angivet" in pages["/personuppgifter"]
    assert "inte bedömt webbplatsen än." in pages["/tillganglighet"]
    assert "förenlig med lagen" not in pages["/tillganglighet"], "nothing is claimed"
    for path in PAGES:
        assert f'href="{path}"' in read(app[0], "/"), "found from the front page"
        assert pages[path].count("<h1>") == 1


def test_what_is_stated_is_told(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = config.read_text(encoding="utf-8")
    for before, after in TOLD.items():
        assert before in written
        written = written.replace(before, after)
    config.write_text(written, encoding="utf-8")
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with cast.opened(f"sqlite:///{config.parent / 'skede.sqlite3'}", config=config) as engine:
        app = create_app(engine)
        assert "<dd>Kommunstyrelsen</dd>" in read(app, "/personuppgifter")
        shown = read(app, "/tillganglighet")
        for told in ("delvis förenlig", "Kartan går inte att läsa upp.", "oktober"):
            assert told in shown, told


@pytest.mark.parametrize("wrong", ['status = "perfect"', "assessed_on = 7", 'unknown = "x"'])
def test_what_is_miswritten_is_refused(config: Path, wrong: str) -> None:
    written = re.sub(r'^status = "ej angivet".*$', wrong, config.read_text(encoding="utf-8"), flags=re.MULTILINE)
    config.write_text(written.replace('assessed_on = "ej angivet"', ""), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        configuration.read(config)
    assert [each for each in caught.value.faults if "accessibility" in each]


def test_a_report_of_what_does_not_work_reaches_the_queue(app: tuple[Flask, Engine]) -> None:
    client = app[0].test_client()
    page = client.get("/tillganglighet").get_data(as_text=True)
    form = page[page.index('action="/kommentar"') :].split("</form>")[0]
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert client.post("/kommentar", data=kept | {"comment": "Knappen läses inte upp."}).status_code == 303
    (row,) = app[1].comments(person(app[1], "Handläggare")).rows
    assert (row.kind, row.page, row.text) == ("accessibility", "/tillganglighet", "Knappen läses inte upp.")
    assert "Din rapport om tillgänglighet har kommit in" in client.get("/kommentar/tack").get_data(as_text=True)


def test_each_word_of_the_list_stands_on_some_page() -> None:
    """A word that no page uses explains nothing."""
    own = {str(text) for each in GLOSSARY for text in each}
    texts = [text for text in extracted() if text not in own]
    texts += [str(title) for title in BUCKETS.values()]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "states" / "processes").glob("*.toml")]
    everything = "\n".join(texts).lower()
    stems = [re.sub(r"(era|a|e|ing)$", "", str(term).lower()) for term, _ in GLOSSARY]
    assert [stem for stem in stems if stem not in everything] == []


def test_the_list_is_in_the_order_of_the_alphabet(app: tuple[Flask, Engine]) -> None:
    terms = re.findall(r"<dt[^>]*>([^<]+)</dt>", read(app[0], "/ordlista"))
    assert terms[0] == "Allmän handling"
    assert terms[-2:] == ["Återremiss", "Överskridande"]
    assert len(terms) == len(set(terms)) == len(GLOSSARY)
