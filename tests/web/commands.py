"""Fixtures for the command line: where its database is, the examples, and a prompt that gets past the triggers."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from granian import Granian

from web.cli import main
from workflow.storage import triggers

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "states" / "processes"
DONE, FAULTY, WRONG = 0, 1, 2


@pytest.fixture(scope="session")
def played_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the examples, laid in by the command itself; copied by whoever changes it."""
    path = tmp_path_factory.mktemp("demo") / "skede.sqlite3"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKEDE_CONFIG", str(ROOT / "config.toml"))
        patch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{path}")
        assert main(["demo"]) == DONE
    return path


@pytest.fixture
def command_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands of a test find their database: nothing is there yet."""
    path = tmp_path / "skede.sqlite3"
    monkeypatch.setenv("SKEDE_CONFIG", str(ROOT / "config.toml"))
    monkeypatch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.delenv("PORT", raising=False)
    return path


@pytest.fixture
def examples(played_examples: Path, command_database: Path) -> Path:
    """The examples, in a copy of this test's own."""
    copy_examples(played_examples, command_database)
    return command_database


def copy_examples(played: Path, to: Path) -> None:
    """The database, and its pictures beside it."""
    shutil.copy(played, to)
    shutil.copytree(played.with_suffix(".files"), to.with_suffix(".files"))


@pytest.fixture
def damaged(examples: Path) -> Iterator[sqlite3.Connection]:
    """A prompt on the examples without the triggers that keep history as it was written."""
    connection = sqlite3.connect(examples)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {name}")
    connection.commit()
    yield connection
    connection.close()


@pytest.fixture
def never_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that starts all the same would run for ever: the library's own start fails the test instead."""
    monkeypatch.setattr(Granian, "serve", lambda *_, **__: pytest.fail("the server started"))


def stand_again(connection: sqlite3.Connection) -> None:
    """The triggers, as somebody who covers a trace would see to."""
    for statement in triggers.statements("sqlite"):
        connection.execute(statement)
    connection.commit()
