"""From an empty folder to a page, and when nothing starts: a definition that cannot be followed, a wrong port or
configuration, a database that cannot be opened, examples for others."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.web.commands import DONE, PROCESSES, ROOT, WRONG, stand_again
from tests.web.site import PATIENCE_S, free_port, wait_for
from web import cli
from web.cli import main

Printed = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("command_database", "never_serves")


@pytest.mark.parametrize("command", ["serve", "migrate", "verify", "seal"])
def test_nothing_starts_on_a_definition_that_names_something_gone(
    command: str, capsys: Printed, damaged: sqlite3.Connection
) -> None:
    """The open proposals of a process are pinned to an older version, whose guard nobody knows any longer."""
    number, body, definition = damaged.execute(
        "SELECT p.number, d.body, d.id FROM proposal p JOIN definition d ON d.id = p.definition_id"
        " WHERE d.process = 'purchase' AND p.ended_at IS NULL ORDER BY p.id"
    ).fetchone()
    damaged.execute(
        "UPDATE definition SET version = 9, digest = 'older', body = ? WHERE id = ?",
        (body.replace("owner_is_known", "owner_was_known"), definition),
    )
    damaged.commit()
    stand_again(damaged)
    assert main([command]) == WRONG
    printed = capsys.readouterr().err
    assert printed.startswith("Databasen kan inte användas:")
    assert f"  {number}" in printed
    assert 'purchase version 9, som nämner något som inte längre finns: "owner_was_known"' in printed
    assert "state.drafting.transition.propose.guards" in printed


def test_an_ended_proposal_may_rest_on_what_is_gone(damaged: sqlite3.Connection) -> None:
    damaged.execute(
        "UPDATE definition SET version = 9, digest = 'older', body = replace(body, 'owner_is_known', 'owner_was_known')"
        " WHERE process = 'purchase'"
    )
    damaged.execute("UPDATE proposal SET ended_at = since WHERE ended_at IS NULL")
    damaged.commit()
    stand_again(damaged)
    assert main(["seal"]) == DONE


def test_a_process_changed_without_a_new_version_does_not_start(
    capsys: Printed, examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(PROCESSES, tmp_path / "states" / "processes")
    shutil.copy(ROOT / "config.toml", tmp_path)
    monkeypatch.setenv("SKEDE_CONFIG", str(tmp_path / "config.toml"))
    assert main(["seal"]) == DONE
    path = tmp_path / "states" / "processes" / "purchase.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"owner_is_known", ', "", 1), encoding="utf-8")
    assert main(["migrate"]) == WRONG
    assert re.search(r"purchase version \d är ändrad utan ny version", capsys.readouterr().err)
    newer = re.sub(r"^version = \d$", "version = 9", text, count=1, flags=re.MULTILINE)
    path.write_text(newer.replace('"owner_is_known", ', "", 1), encoding="utf-8")
    assert main(["migrate"]) == DONE


# serve, as far as it refuses


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8 000", "åtta", "１２３４", "80_80", "1e3"])
def test_a_wrong_port_is_told(
    port: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch, command_database: Path
) -> None:
    monkeypatch.setenv("PORT", port)
    assert main(["serve"]) == WRONG
    assert capsys.readouterr().err == f"PORT kan inte användas:\n  {port} är ingen port\n"
    monkeypatch.delenv("PORT")
    with pytest.raises(SystemExit) as ended:
        main(["serve", f"--port={port}"])
    assert ended.value.code == WRONG
    assert not command_database.exists()


FAULTS = {
    'base_url = "http://localhost:8000"': 'base_url = "localhost"',
    'language = "sv"': 'language = "fi"',
    'kind = "forum"': 'kind = "klubb"',
}


@pytest.mark.parametrize("command", ["serve", "demo", "verify", "seal", "migrate"])
def test_a_wrong_configuration_tells_every_fault_at_once(
    command: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    for right, wrong in FAULTS.items():
        assert right in text
        text = text.replace(right, wrong, 1)
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SKEDE_CONFIG", str(tmp_path / "config.toml"))
    assert main([command]) == WRONG
    printed = capsys.readouterr().err.splitlines()
    assert printed[0] == "config.toml kan inte användas:"
    assert len(printed) == 1 + len(FAULTS), printed
    for name in ("base_url", "language", "kind"):
        assert any(name in line for line in printed[1:]), printed


def test_a_missing_configuration_is_told(capsys: Printed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SKEDE_CONFIG", str(tmp_path / "borta.toml"))
    for command in ("serve", "demo", "verify", "seal", "migrate"):
        assert main([command]) == WRONG
        assert capsys.readouterr().err.splitlines() == [
            "borta.toml kan inte användas:",
            "  borta.toml: filen finns inte",
        ]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org"])
def test_examples_without_passwords_are_never_shown_to_others(host: str, capsys: Printed, examples: Path) -> None:
    assert main(["serve", "--host", host]) == WRONG
    assert "provmiljö utan lösenord" in capsys.readouterr().err


@pytest.mark.parametrize(("host", "proposals"), [("0.0.0.0", False), ("127.0.0.1", True), ("::1", True)])
def test_an_empty_database_gets_examples_only_at_home(host: str, proposals: bool, command_database: Path) -> None:
    assert cli._prepare(host, with_demo=True) is None
    connection = sqlite3.connect(command_database)
    assert (connection.execute("SELECT count(*) FROM proposal").fetchone() > (0,)) == proposals
    connection.close()


def test_an_empty_database_stays_empty_when_asked_to(command_database: Path) -> None:
    assert cli._prepare("127.0.0.1", with_demo=False) is None
    connection = sqlite3.connect(command_database)
    assert connection.execute("SELECT count(*) FROM proposal").fetchone() == (0,)
    connection.close()


def test_examples_are_shown_at_home(examples: Path) -> None:
    assert cli._prepare("127.0.0.1", with_demo=True) is None


# serve, from nothing


def test_an_empty_folder_gets_a_database_with_examples_and_keeps_it(tmp_path: Path) -> None:
    """What `make run` does once everything is installed: served, stopped by Ctrl-C, served again on the same data."""
    shutil.copytree(PROCESSES, tmp_path / "states" / "processes")
    shutil.copy(ROOT / "config.toml", tmp_path)
    first = served_once(tmp_path)
    assert "Databasen är tom: lägger in exempel" in first
    assert "Logga in utan lösenord som:" in first
    assert (tmp_path / "var" / "skede.sqlite3").exists()
    assert "Databasen är tom" not in served_once(tmp_path)


def served_once(folder: Path) -> str:
    """Starts the server on a free port, reads a page with an example on it, presses Ctrl-C; what was printed."""
    port, log = free_port(), folder / "server.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKEDE_")}
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "web.cli", "serve"], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
            env=environment | {"PORT": str(port), "SKEDE_CONFIG": str(folder / "config.toml")},
        )  # fmt: skip
        try:
            wait_for(f"http://localhost:{port}", server, log)
            with urlopen(f"http://localhost:{port}/forslag", timeout=PATIENCE_S) as page:
                assert page.status == 200
                assert "Sittplatser vid Norrtull" in page.read().decode()
        finally:
            server.send_signal(signal.SIGINT)
            assert server.wait(PATIENCE_S) == DONE
    return log.read_text()


def test_a_folder_that_cannot_be_made_is_told(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch, command_database: Path
) -> None:
    (command_database.parent / "fil").write_text("")
    monkeypatch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{command_database.parent}/fil/skede.sqlite3")
    assert main(["serve"]) == WRONG
    assert "kan inte skapas" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["sqlite:///{folder}", "postgresql+psycopg://nobody@127.0.0.1:1/skede"])
def test_a_database_that_cannot_be_opened_is_told(
    url: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch, command_database: Path
) -> None:
    monkeypatch.setenv("SKEDE_DATABASE_URL", url.format(folder=command_database.parent))
    assert main(["serve"]) == WRONG
    printed = capsys.readouterr().err
    assert printed.startswith("Databasen kan inte användas:")
    assert "kan inte öppnas" in printed
