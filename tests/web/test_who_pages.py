"""The pages of who may act, as a browser without scripts uses them: the words, the forms, and what the door answers."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.workflow import cast
from tests.workflow.absences import ADMINISTRATOR, seat, stand_in
from tests.workflow.cast import Case, person
from web.app import create_app
from workflow import Engine

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
OFFICER = "Handläggare"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("who") / "skede.sqlite3"
    cast.seed(f"sqlite:///{path}")
    return path


@pytest.fixture
def engine(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    path = tmp_path / "skede.sqlite3"
    shutil.copy(seeded, path)
    with cast.opened(f"sqlite:///{path}") as engine:
        yield engine


@cache
def app_of(engine: Engine) -> Flask:
    return create_app(engine)


class Visitor:
    """One person's browser."""

    def __init__(self, engine: Engine, title: str) -> None:
        self.client: FlaskClient = app_of(engine).test_client()
        self.send("/logga-in", person=str(person(engine, title)))

    def read(self, path: str, status: int = 200) -> str:
        found = self.client.get(path)
        assert found.status_code == status, (path, found.status_code)
        return found.get_data(as_text=True)

    def send(self, path: str, status: int = 303, from_page: str = "", **form: str) -> str:
        page = self.client.get(from_page or path).get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        found = self.client.post(path, data={"csrf_token": token[1] if token else "", "key": cast.key(), **form})
        assert found.status_code == status, (path, found.status_code, found.get_data(as_text=True)[:600])
        return found.get_data(as_text=True)


def test_somebody_names_a_deputy_who_then_sees_the_work_and_for_whom(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    officer, other = Visitor(engine, OFFICER), Visitor(engine, "Ekonom")
    assert "Utse ersättaren" in officer.read("/ersattare")
    wrong = officer.send(
        "/ersattare", 422, deputy=str(person(engine, "Ekonom")), from_on="2026-03-05", to_on="", reason="Semester"
    )
    assert "2026-03-05" in wrong, "what was typed is kept"
    told = {"deputy": str(person(engine, "Ekonom")), "from_on": "2026-03-02", "reason": "Semester"}
    refused = officer.send("/ersattare", 422, **{**told, "from_on": "2026-03-20"}, to_on="2026-03-10")
    assert "Sista dagen ligger före den första" in refused
    officer.send("/ersattare", **told, to_on="2026-03-10")
    assert "Ekonom är din ersättare till och med 10" in officer.read("/att-gora")
    mine = other.read("/att-gora")
    assert "Du är ersättare för Handläggare" in mine
    assert "Hos dig som ersättare för Handläggare." in mine
    other.send(f"/arenden/{case.number}/steg/accept", from_page=f"/arenden/{case.number}", seen_version="1",
               seen_revision="1")  # fmt: skip
    assert "I stället för Handläggare" in other.read(f"/arenden/{case.number}")
    (row,) = engine.deputies(person(engine, OFFICER))
    officer.send(f"/ersattare/{row.id}/avsluta", from_page="/ersattare")
    assert "ersättare för" not in other.read("/att-gora")


def test_who_takes_no_part_reads_when_that_was_said_in_place_of_buttons(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    keeper, who = Visitor(engine, ADMINISTRATOR), str(person(engine, OFFICER))
    told = {"person": who, "place": "torget", "from_on": "2020-01-01", "source": "fastighetsregistret"}
    assert "2020-01-01" in keeper.send("/fastigheter", 422, **{**told, "place": ""})
    keeper.send("/fastigheter", **told)
    Visitor(engine, "Ekonom").read("/fastigheter", 403)
    officer, address = Visitor(engine, OFFICER), f"/arenden/{case.number}"
    page = officer.read(address)
    assert "Du har en fastighet vid torget" in page
    assert f"{address}/steg/accept" in page, "a suggestion excludes nobody"
    assert "Fyll i" in officer.send(f"{address}/intresse", 422, ground="own", person=str(person(engine, OFFICER)))
    officer.send(f"{address}/intresse", ground="own", basis="Äger huset.", person=str(person(engine, OFFICER)))
    page = officer.read(address)
    assert "Du deltar inte: intresseanmälan 2 mars 2026." in page.replace("\u00a0", " ")
    assert "/steg/" not in page
    assert "Äger huset" in page, "an official reads why in the history"
    assert "Du har en fastighet" not in page
    told = officer.send(f"{address}/steg/accept", 403, from_page=address, seen_version="1", seen_revision="1")
    assert "Du deltar inte" in told
    outside = Visitor(engine, "Ledamot från Näringslivssamverkan").read(address)
    assert "Äger huset" not in outside
    assert "Deltar inte:" not in outside
    where = f"{address}/intresse/{person(engine, OFFICER)}/ta-tillbaka"
    who = person(engine, OFFICER)
    officer.send(where, 422, from_page=f"{address}/intresse", **{f"person-{who}-reason": ""})
    officer.send(where, from_page=f"{address}/intresse", **{f"person-{who}-reason": "Huset är sålt."})
    assert f"{address}/steg/accept" in officer.read(address)
    assert "Du har en fastighet" in officer.read(address), "and is asked again"
    (row,) = engine.properties()
    keeper.send(f"/fastigheter/{row.id}/avsluta", from_page="/fastigheter")
    assert "Du har en fastighet" not in officer.read(address)
    assert engine.verify() == ()


def test_nobody_left_is_told_to_who_can_appoint_somebody(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    who, before, moves = person(engine, OFFICER), case.stands(), ("awaits_role", "awaits_body", "version", "due_on")
    Visitor(engine, OFFICER).send(f"/arenden/{case.number}/intresse", ground="own", basis="Äger.", person=str(who))
    assert "Ingen får ta nästa steg: utse någon" in Visitor(engine, ADMINISTRATOR).read("/att-gora")
    now = case.stands()
    assert [now[each] for each in moves] == [before[each] for each in moves], "a notice moves nobody's power"
    stand_in(engine, OFFICER, "Ekonom")
    engine.tick()
    assert "Ingen får ta nästa steg" not in Visitor(engine, ADMINISTRATOR).read("/att-gora")
    assert engine.verify() == ()


def test_a_task_is_put_in_a_colleagues_hands_and_stands_first(engine: Engine) -> None:
    other = person(engine, "Ekonom")
    seat(engine, other, "officer")
    first, second = Case(engine, "purchase", 20_000).submit(), Case(engine, "purchase", 20_000).submit()
    officer, colleague = Visitor(engine, OFFICER), Visitor(engine, "Ekonom")
    (row,) = [each for each in engine.queue(other).waiting if each.number == second.number]
    address = f"/arenden/{second.number}/uppgift/{row.duty}"
    assert address in officer.read(f"/arenden/{second.number}")
    officer.send(address, 422)
    officer.send(address, colleague=str(other), remarks="Du kan torget bättre.")
    assert engine.badge(person(engine, OFFICER)) == 1
    waiting = engine.queue(other).waiting
    assert [each.number for each in waiting] == [second.number, first.number]
    assert "Lämnat till dig av Handläggare." in colleague.read("/att-gora")
    mine = engine.queue(person(engine, OFFICER))
    assert [each.number for each in mine.waiting] == [first.number]
    assert [each.handed_to for each in mine.others] == ["Ekonom"]
    assert "Du har lämnat det till Ekonom." in officer.read("/att-gora")
    colleague.send(f"{address}/tillbaka", from_page=address)
    assert [each.handed_to for each in engine.queue(person(engine, OFFICER)).others] == []
    assert len(engine.queue(person(engine, OFFICER)).waiting) == 2


def test_an_auditor_takes_the_whole_case_file_and_nobody_else(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    auditor = Visitor(engine, "Revisor")
    assert f"/arenden/{case.number}/akt.zip" in auditor.read(f"/arenden/{case.number}")
    taken = [auditor.client.get(f"/arenden/{case.number}/akt.zip").data for _ in range(2)]
    assert taken[0] == taken[1]
    with zipfile.ZipFile(io.BytesIO(taken[0])) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        assert {"event.json", "passage.json", "revision.json", "ledger_entry.json", "akt.html", "SHA256SUMS"} <= names
        events = archive.read(f"{case.number}/event.json").decode()
        assert case.stands()["head"] in events
        assert "Om assessment." in archive.read(f"{case.number}/akt.html").decode()
    officer = Visitor(engine, OFFICER)
    officer.read(f"/arenden/{case.number}/akt.zip", 403)
    assert "akt.zip" not in officer.read(f"/arenden/{case.number}")
