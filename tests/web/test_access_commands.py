"""`skede invite`: the first administrator is let in from the machine itself, and one who has forgotten the password."""

import sqlite3
from pathlib import Path

import pytest

from tests.web.commands import DONE, FAULTY, WRONG
from web.cli import main
from workflow import Engine
from workflow.people.passwords import LENGTH

Printed = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("command_database")
PASSWORD = "en lång och fin mening"


def secret_of(printed: str) -> str:
    assert "Länken gäller en vecka och en gång." in printed
    return printed.split(maxsplit=1)[0].rpartition("/valj-losenord/")[2]


def test_an_administrator_chooses_a_password_by_the_link_and_signs_in(
    capsys: Printed, command_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["invite", "administratör", "--login", "admin@example.org"]) == DONE
    first = secret_of(capsys.readouterr().out)
    assert len(PASSWORD) > LENGTH[0]
    with Engine.open(Path(__file__).parents[2] / "config.toml") as engine:
        assert engine.invited(first) == ("Administratör", "admin@example.org")
        engine.choose_password(first, PASSWORD)
        token = engine.sign_in("ADMIN@example.org", PASSWORD)
        signed = engine.session(token)
        assert signed
        assert [each.role for each in signed.capacities] == ["administrator"]
        assert engine.verify() == ()
    assert main(["invite", "admin@example.org"]) == DONE
    assert secret_of(capsys.readouterr().out) != first
    told = sqlite3.connect(command_database).execute("SELECT body FROM event WHERE body LIKE '%invitation%'").fetchall()
    assert len(told) == 2
    assert "admin@example.org" not in str(told), "people stand in events by reference"


@pytest.mark.parametrize("name", ["ingen alls", "klockan"])
def test_nobody_of_that_name(name: str, capsys: Printed) -> None:
    assert main(["invite", name]) == WRONG
    assert "Ingen heter så." in capsys.readouterr().err


def test_a_login_that_is_taken_or_disabled_is_told(capsys: Printed, command_database: Path) -> None:
    assert main(["invite", "Ekonom", "--login", "ekonom"]) == DONE
    assert main(["invite", "Revisor", "--login", "EKONOM"]) == FAULTY
    assert "Användarnamnet är upptaget" in capsys.readouterr().err
    with sqlite3.connect(command_database) as connection:
        connection.execute("UPDATE account SET disabled_at = '2026-01-01T00:00:00.000000Z'")
    assert main(["invite", "Ekonom"]) == FAULTY
    assert "avstängd" in capsys.readouterr().err
