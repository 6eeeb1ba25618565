"""Nothing closes without a report back: what it cost, a picture of how it turned out or why there is none, and a letter
to those who follow it."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from states.guards import GUARDS
from tests.files.reading import client
from tests.torture.hostile_files import picture
from tests.workflow import cast
from tests.workflow.cast import Case, person
from web.app import create_app
from web.words.outcome_words import around
from workflow import Engine

STEPS = ("accept", "write", "to_review", "recommend", "propose", "approve", "sign", "delivered")
REPORT, COST, BECAUSE, WHY = (f"complete_all-{name}" for name in ("report", "final_cost", "cost_reason", "no_picture"))
PICTURE, ALT = "complete_all-picture", "complete_all-picture_alt"


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path: Path = tmp_path_factory.mktemp("reporting") / "delivered.sqlite3"
    cast.seed(f"sqlite:///{path}")
    with cast.opened(f"sqlite:///{path}") as engine:
        return path, Case(engine, "purchase").submit().walk(*STEPS).number


World = tuple[Flask, Engine, FlaskClient, str]


@pytest.fixture
def world(delivered: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    path, number = delivered
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with cast.opened(
        f"sqlite:///{shutil.copy(path, tmp_path / 'skede.sqlite3')}", cast.DAY.replace(year=2027)
    ) as engine:
        app = create_app(engine)
        yield app, engine, client(app, engine, person(engine, "Handläggare")), number


def form_of(browser: FlaskClient, number: str, **said: object) -> dict[str, object]:
    page = browser.get(f"/arenden/{number}").text
    form = page.split('id="gor-complete_all"')[1].split("</form>")[0]
    assert 'enctype="multipart/form-data"' in form
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    empty = dict.fromkeys(re.findall(r'name="(complete_all-\w+)"', form), "")
    return hidden | empty | {"capacity": "officer", COST: "19 500", BECAUSE: "Bänkarna var billigare.", **said}


def send(browser: FlaskClient, number: str, form: dict[str, object]) -> tuple[int, str]:
    answer = browser.post(f"/arenden/{number}/steg/complete_all", data=form)
    return answer.status_code, answer.text


def shot(name: str = "Efter.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture("JPEG", (600, 400))), name


def test_without_a_picture_or_a_reason_it_stays_open_and_the_words_are_kept(world: World) -> None:
    _, engine, browser, number = world
    status, page = send(browser, number, form_of(browser, number, **{REPORT: "Bänkarna används."}))
    assert status == 409
    assert "Ingen bild visar hur det blev." in page
    assert "Det gör handläggaren" in page
    assert "Bänkarna används.</textarea>" in page
    assert not engine.timeline(number).now.ended


def test_a_guard_that_always_lets_pass_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _, engine, browser, number = world
    monkeypatch.setitem(GUARDS, "outcome_is_pictured", lambda *_: True)  # type: ignore[arg-type]
    assert send(browser, number, form_of(browser, number, **{REPORT: "Bänkarna används."}))[0] == 303
    assert engine.timeline(number).now.ended


def test_a_picture_goes_with_the_report(world: World) -> None:
    app, engine, browser, number = world
    form = form_of(browser, number, **{REPORT: "Bänkarna används.", ALT: "Fyra bänkar i sol"})
    assert send(browser, number, form | {PICTURE: shot()})[0] == 303
    assert send(browser, number, form | {PICTURE: shot()})[0] == 303, "a repeated click is answered as the first was"
    (file,) = engine.files(number)
    assert (file.phase, file.alt, file.standing) == ("after", "Fyra bänkar i sol", "shown")
    report = app.test_client().get(f"/forslag/{number}").text.split('id="aterrapport"')[1].split("</section>")[0]
    assert f"/filer/{file.name}/liten" in report
    assert "Efter" in report
    assert "Det kostade 19\xa0500\xa0kr" in report
    with app.test_request_context():
        letter = " ".join(around(engine.timeline(number), engine))
    assert "Det kostade 19\xa0500\xa0kr" in letter
    assert "mindre än beräknat" in letter
    assert "finns bilder på hur det blev" in letter
    assert engine.verify() == ()


def test_a_picture_is_kept_where_the_rest_must_be_mended(world: World) -> None:
    _, engine, browser, number = world
    status, page = send(browser, number, form_of(browser, number, **{ALT: "Fyra bänkar i sol", PICTURE: shot()}))
    (file,) = engine.files(number)
    assert status == 422
    assert f"/filer/{file.name}/liten" in page
    assert "visas redan för alla" in page
    assert send(browser, number, form_of(browser, number, **{REPORT: "Bänkarna används."}))[0] == 303


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({PICTURE: ("Efter.jpg", b"")}, "Beskriv bilden för den som inte ser den"),
        ({PICTURE: ("Efter.jpg", b"MZ no picture"), ALT: "Bänkar"}, "filen"),
    ],
    ids=["without words", "no picture"],
)  # fmt: skip
def test_a_picture_that_does_not_do_is_told_in_words(world: World, sent: dict[str, object], told: str) -> None:
    _, engine, browser, number = world
    name, data = sent[PICTURE]  # type: ignore[misc]
    form = form_of(browser, number, **{REPORT: "Bänkarna används."} | sent | {PICTURE: (io.BytesIO(data), name)})
    status, page = send(browser, number, form)
    assert status == 422
    assert told in page
    assert "Bänkarna används.</textarea>" in page
    assert engine.files(number) == ()
    assert not engine.timeline(number).now.ended


def test_why_there_is_no_picture_is_told_to_everybody(world: World) -> None:
    app, _, browser, number = world
    form = form_of(browser, number, **{REPORT: "Kvällen hölls.", WHY: "Ingen ville vara med på bild."})
    assert send(browser, number, form)[0] == 303
    page = app.test_client().get(f"/forslag/{number}").text
    assert "Ingen bild:" in page
    assert "Ingen ville vara med på bild." in page


def test_an_order_that_is_not_paid_and_a_cost_that_is_not_booked_are_asked_about(world: World) -> None:
    """Nobody closes with 20 000 kr ordered, nothing booked and a cost out of the air."""
    app, engine, browser, number = world
    said = {REPORT: "Bänkarna används.", WHY: "Ingen kamera.", BECAUSE: ""}
    for cost in ("", "300 000"):
        status, page = send(browser, number, form_of(browser, number, **said | {COST: cost}))
        assert status == 409
        assert "0\xa0kr är bokfört och 200\xa0000\xa0kr är beställt utan att vara bokfört." in page
    assert not engine.timeline(number).now.ended
    assert (
        send(browser, number, form_of(browser, number, **said | {COST: "300 000", BECAUSE: "Dyrare sten."}))[0] == 303
    )
    assert "Dyrare sten." in app.test_client().get(f"/forslag/{number}").text
