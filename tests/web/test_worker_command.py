"""`skede worker` as an official starts it: one round from cron, or beside the server until that ends."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.web.commands import DONE, ROOT, WRONG
from web import serving
from web.cli import main

PATIENCE_S = 60.0


def seen(database: Path) -> str | None:
    connection = sqlite3.connect(database)
    row = connection.execute("SELECT value FROM mark WHERE name = 'worker seen'").fetchone()
    connection.close()
    return row[0] if row else None


def wait_until_seen(database: Path, after: str | None = None) -> None:
    end = time.monotonic() + PATIENCE_S
    while seen(database) in (None, after):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_one_round_tells_what_it_did_and_why_nothing_is_sent(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["worker", "--once"]) == DONE
    printed = capsys.readouterr().out
    assert "Skickade: 0. Skickas igen senare: 0. Kunde inte levereras: 0." in printed
    assert "Inga mejl skickas: ingen e-postserver är angiven" in printed
    assert seen(examples)


@pytest.mark.parametrize("seconds", ["0", "x", "3601"])
def test_a_worker_rests_a_sensible_time(command_database: Path, seconds: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["worker", "--every", seconds])
    assert ended.value.code == WRONG
    assert not command_database.exists()


def test_a_worker_beside_the_server_works_and_ends_with_it(examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with serving.worker_beside() as worker:
        wait_until_seen(examples)
        assert worker.poll() is None
    assert worker.returncode == DONE


def test_a_worker_whose_server_is_gone_ends_by_itself(examples: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "web.cli", "worker", "--beside", "1"], cwd=ROOT, env=os.environ)
    assert worker.wait(PATIENCE_S) == DONE
