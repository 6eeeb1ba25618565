"""`/bemanning` and `skede staffing`: what is missing is told in words, also what if somebody is away."""

import logging
import re
import sqlite3
from pathlib import Path

import pytest

from tests.web.commands import DONE, FAULTY
from web.app import create_app
from web.cli import main
from web.commands.worker import new_day
from workflow import Engine

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
Printed = pytest.CaptureFixture[str]


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


def test_the_page_tells_who_is_missing_and_what_if_somebody_is_away(
    examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with Engine.open(Path(__file__).parents[2] / "config.toml") as engine:
        app = create_app(engine)
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        people = {each.title: each.person for each in engine.demo_people()}
        client.post("/logga-in", data={"person": str(people["Administratör"])})
        page = said(client.get("/bemanning").text)
        assert re.search(r"Budgetansvarig från \d+ \w+ \d{4} Ingen innehar rollen de dagarna", page)
        assert re.search(r"\d+ förslag stannar", page)
        assert "Bemanning: någon kommer att saknas" in said(client.get("/att-gora").text)
        first, last = engine.today().isoformat(), engine.today().replace(year=engine.today().year + 1).isoformat()
        asked = f"/bemanning?person={people['Handläggare']}&from_on={first}&to_on={last}"
        assert "Om handläggare är borta" in said(client.get(asked).text)
        for wrong in (f"{asked[:-10]}2020-01-01", "/bemanning?person=x&from_on=&to_on="):
            assert client.get(wrong).status_code == 422
        client.post("/logga-in", data={"person": str(people["Fastighetsägare"])})
        assert client.get("/bemanning").status_code == 403


def test_the_command_tells_it_a_line_each(examples: Path, capsys: Printed) -> None:
    assert main(["staffing"]) == FAULTY
    (line,) = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"Budgetansvarig: från .+ Ingen innehar rollen de dagarna\. \d+ förslag stannar\.", line)
    assert main(["staffing", "--until", "2026-01-01"]) == DONE
    assert "någon kan alltid göra nästa steg" in capsys.readouterr().out
    with sqlite3.connect(examples) as connection:
        connection.execute("DELETE FROM mark WHERE name = 'demo'")
    assert main(["tick"]) == DONE
    assert "Har uppdrag men ingen inloggning" in capsys.readouterr().out


def test_the_worker_tells_it_in_the_log_on_a_new_day(
    examples: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with Engine.open(Path(__file__).parents[2] / "config.toml") as engine:
        assert [each.needs for each in engine.staffing().gaps] == ["budget_holder"]
        with caplog.at_level(logging.WARNING, "skede"):
            new_day(engine, create_app(engine))
    assert [each.message[:30] for each in caplog.records] == ["staffing: Budgetansvarig: från"]
