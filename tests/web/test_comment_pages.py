"""The form at the foot of the public pages: works empty, keeps what was typed, tells nobody else what was written."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.workflow import cast
from tests.workflow.cast import Case, person
from web.app import create_app
from web.publishing.comment_pages import COMMENTED
from workflow.publishing.commenting import LONGEST, NETWORK

CANARY = "kanariefågel i lönnen"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("comments") / "seeded.sqlite3"
    cast.seed(f"sqlite:///{path}")
    return path


@pytest.fixture
def world(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Flask, Case]]:
    url = f"sqlite:///{shutil.copy(seeded, tmp_path / 'skede.sqlite3')}"
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with cast.opened(url) as engine:
        yield create_app(engine), Case(engine, "purchase", 20_000).submit()


def read(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def send(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    """Fills in the form at the foot of a page."""
    page = read(client, path)
    form = page[page.index('action="/kommentar"') :] if 'action="/kommentar"' in page else page
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.split("</form>")[0]))
    answer = client.post("/kommentar", data=kept | fields, environ_base={"REMOTE_ADDR": "203.0.113.5"})
    return answer.status_code, answer.location or answer.get_data(as_text=True)


def member(app: Flask, case: Case, who: str) -> FlaskClient:
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', read(client, "/logga-in"))
    assert token
    client.post("/logga-in", data={"csrf_token": token[1], "person": str(person(case.engine, who))})
    return client


def test_every_public_page_ends_with_the_words_of_the_source_page(world: tuple[Flask, Case]) -> None:
    app, case = world
    client = app.test_client()
    values = {"number": case.number, "pot": "investment", "year": 2026, "process_id": "purchase"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in COMMENTED:
            continue
        with app.test_request_context():
            built = rule.build({name: values[name] for name in rule.arguments})
        assert built is not None
        page = read(client, built[1])
        assert "Tack! Om du vill skriva en kommentar kan du göra det här. Tryck annars bara på" in page, rule.endpoint
        assert "blir en allmän handling" in page
    assert 'action="/kommentar"' not in read(client, "/lamna-forslag"), "one form is enough"


def test_empty_is_thanked_for_and_nothing_is_received(world: tuple[Flask, Case]) -> None:
    app, case = world
    client = app.test_client()
    assert send(client, "/potter") == (303, "/kommentar/tack")
    page = read(client, "/kommentar/tack")
    assert "Tack!" in page
    assert 'href="/potter"' in page
    assert case.engine.comments(person(case.engine, "Handläggare")).rows == ()


def test_a_comment_reaches_the_queue_and_the_case_and_no_public_page(world: tuple[Flask, Case]) -> None:
    app, case = world
    client = app.test_client()
    assert send(client, f"/forslag/{case.number}", comment=CANARY) == (303, "/kommentar/tack")
    assert "SP-2026-001" in read(client, "/kommentar/tack")
    officer = member(app, case, "Handläggare")
    for path in ("/att-gora", "/kommentarer", "/kommentarer/SP-2026-001", f"/arenden/{case.number}"):
        assert CANARY in read(officer, path), path
    for path in (
        "/",
        "/forslag",
        f"/forslag/{case.number}",
        "/forslag?q=kanariefågel",
        "/kommentar/tack",
    ):
        assert CANARY not in read(app.test_client(), path), path
    for who in ("Revisor", "Administratör", "Ekonom"):
        assert CANARY not in read(member(app, case, who), "/att-gora"), who
    group = read(member(app, case, "Ledamot från Näringslivssamverkan"), "/att-gora")
    assert ("att ta hand om" in group, "till arbetsgruppen" in group) == (False, True), "who cannot answer reads"
    assert "visas aldrig på webben" in read(officer, "/kommentarer/SP-2026-001")
    owner = member(app, case, "Fastighetsägare")
    assert owner.get("/kommentarer").status_code == 403
    assert CANARY not in read(owner, "/att-gora") + read(owner, f"/arenden/{case.number}")


def test_it_is_answered_on_its_page(world: tuple[Flask, Case]) -> None:
    app, case = world
    send(app.test_client(), "/", comment=CANARY)
    officer = member(app, case, "Handläggare")
    path = "/kommentarer/SP-2026-001"
    kept = dict(re.findall(r'<input type="hidden" name="(csrf_token|key)" value="([^"]*)"', read(officer, path)))
    missing = officer.post(path, data=kept | {"outcome": "noted"})
    assert missing.status_code == 422
    answer = officer.post(path, data=kept | {"outcome": "noted", "remarks": "Läst i gruppen."})
    assert answer.status_code == 303
    assert "är besvarad" not in read(officer, "/kommentarer"), "it is noted"
    assert CANARY not in read(officer, "/att-gora")
    assert "Läst i gruppen." in read(officer, path)
    assert CANARY in read(officer, "/kommentarer?besvarade=1")


def test_what_cannot_be_received_is_said_and_kept(world: tuple[Flask, Case]) -> None:
    app, _ = world
    client = app.test_client()
    status, page = send(client, "/", comment=CANARY, webbplats="https://exempel.se")
    assert status == 422
    assert CANARY in page
    status, page = send(client, "/", comment="å" * (LONGEST + 1))
    assert (status, "för lång" in page) == (422, True)
    for _n in range(NETWORK.free + 1):
        assert send(client, "/", comment="Hej")[0] == 303
    status, page = send(client, "/", comment=CANARY)
    assert (status, CANARY in page, "samma nätverk" in page) == (429, True, True)


@pytest.mark.parametrize(
    "page", ["//exempel.se", "https://exempel.se/", "/att-gora", "/forslag/CG-1999-001", "\\", "/x"]
)
def test_only_our_own_public_pages_are_led_back_to(world: tuple[Flask, Case], page: str) -> None:
    app, case = world
    client = app.test_client()
    assert send(client, "/", comment="Hej", page=page)[0] == 303
    assert f'href="{page}"' not in read(client, "/kommentar/tack").split("<main")[1].split("</main>")[0]
    (row,) = case.engine.comments(person(case.engine, "Handläggare")).rows
    assert (row.page, row.proposal) == ("/", None)


def test_a_form_that_has_grown_old_is_drawn_again_with_what_was_typed(world: tuple[Flask, Case]) -> None:
    app, _ = world
    answer = app.test_client().post("/kommentar", data={"comment": CANARY, "page": "/potter"})
    assert answer.status_code == 400
    assert CANARY in answer.get_data(as_text=True)
