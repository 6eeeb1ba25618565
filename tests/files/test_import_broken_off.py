"""Whole processes: two that book the same file at once, and one that is killed in the midst of it."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.files.importing import invoice, invoices
from tests.workflow import at_once
from tests.workflow.cast import DAY, Case, opened
from workflow import Engine
from workflow.imports import importing

ROOT = Path(__file__).parents[2]
ROWS = 30
MANY = 200  # more than a process books before it is killed
BOOKERS = 3


def rows_of(case: Case, count: int = ROWS) -> bytes:
    return invoices(*(invoice(case, Verifikationsnummer=f"K {n}", Belopp=1) for n in range(count)))


def booked(engine: Engine, case: Case) -> int:
    query = text("SELECT count(*) FROM event WHERE stream = :number AND kind = 'booked'")
    with engine.database.reading() as connection:
        return int(connection.execute(query, {"number": case.number}).scalar_one())


def book_at_once(url: str, start: Barrier, batch: int, by: int, day: str, naive: bool) -> str:
    with opened(url, DAY.fromisoformat(day)) as engine, pytest.MonkeyPatch.context() as patch:
        if naive:  # who has looked before the start books what was not booked then
            seen = {n: engine.import_batch(batch, by=by, after=n - 1, limit=1).rows[0].said for n in range(2, ROWS + 2)}
            patch.setattr("workflow.imports.import_batches.take", lambda _connection, _batch, n: seen[n])
            patch.setattr("workflow.imports.import_lookups.Known.booked", lambda *_: None)
            patch.setattr(importing, "row_key", lambda told: f"{told} {os.getpid()}")
        start.wait(at_once.START_SECONDS)
        engine.book_import(batch, by=by)
    return "done"


@pytest.mark.parametrize("naive", [False, True], ids=["as it is", "the naive twin"])
def test_several_book_the_same_file_at_once(
    engine: Engine, seeded_url: str, bought: Case, controller: int, naive: bool
) -> None:
    batch = engine.keep_import(rows_of(bought), "fil.csv", by=controller)
    asks = [(batch, controller, bought.day.isoformat(), naive)] * BOOKERS
    assert at_once.answers_of(book_at_once, seeded_url, asks) == ["done"] * BOOKERS
    if naive:
        assert booked(engine, bought) > ROWS
        return
    assert booked(engine, bought) == ROWS
    assert engine.import_batch(batch, by=controller).counts["booked"] == ROWS
    assert bought.pots()["investment"]["spent"] == 100 * ROWS
    assert engine.verify() == ()


def test_a_process_that_is_killed_loses_and_doubles_nothing(
    engine: Engine, seeded_url: str, bought: Case, controller: int, tmp_path: Path
) -> None:
    """The command, killed with SIGKILL in a booking of which some rows are done; then given once more."""
    file = tmp_path / "fil.csv"
    file.write_bytes(rows_of(bought, MANY))
    command = [sys.executable, "-m", "web.cli", "import", str(file), "--really"]
    environment = os.environ | {"SKEDE_CONFIG": str(ROOT / "config.toml"), "SKEDE_DATABASE_URL": seeded_url}
    first = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    while booked(engine, bought) < 3 and first.poll() is None:
        time.sleep(0.005)
    first.send_signal(signal.SIGKILL)
    first.wait()
    done = booked(engine, bought)
    assert done >= 3
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("finns redan: Hämtad från en fil tidigare.") == done
    assert booked(engine, bought) == MANY
    assert bought.pots()["investment"]["spent"] == 100 * MANY
    assert engine.verify() == ()
