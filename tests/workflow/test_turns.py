"""The turn to write goes from process to process, and is free again when whoever held it is gone."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from workflow.storage.database import Database
from workflow.storage.turns import Turns

HOLDER = """
import fcntl, sys
held = open(sys.argv[1], "a")
fcntl.lockf(held, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> "subprocess.Popen[str]":
    """Another process, in the middle of writing to a.sqlite3."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "a.sqlite3-turn")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_turn_kept_too_long_is_told_and_comes_when_its_holder_dies(
    tmp_path: Path, holder: "subprocess.Popen[str]"
) -> None:
    turns = Turns(str(tmp_path / "a.sqlite3"), 0.1)
    for _ in range(2):
        with pytest.raises(exc.TimeoutError, match="another process"):
            turns.take()
    holder.kill()
    holder.communicate()
    turns._patience_s = 60
    turns.take()
    with pytest.raises(exc.TimeoutError, match="another thread"):
        again(turns)
    turns.give_back()
    turns.take()
    with pytest.raises(exc.TimeoutError):
        turns.take()  # among the threads of one process there still is one
    turns.give_back()
    turns.close()
    assert not (tmp_path / "no such folder").exists()


def again(turns: Turns) -> None:
    turns._patience_s = 0.1
    turns.take()


def test_a_database_waits_for_the_turn(tmp_path: Path, holder: "subprocess.Popen[str]") -> None:
    """Opening is writing too. The holder ends on its own when nobody speaks to it any more."""
    assert holder.stdin is not None
    holder.stdin.close()
    with Database(f"sqlite:///{tmp_path / 'a.sqlite3'}") as database, database.writing() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    holder.wait(60)
    assert holder.stdout is not None
    holder.stdout.close()


def test_where_no_turn_can_be_kept_there_is_none(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "no such folder" / "a.sqlite3"), 0.1)
    turns.take()
    turns.give_back()
    turns.close()
