"""Workers of the post that are killed at random and replaced, on a clock that runs so fast that leases and pauses are
over in seconds. What they send goes to whatever server their configuration names."""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from signal import SIGKILL

from states import load
from tests.torture.own_process import ended, forked
from tests.workflow.cast import ROOT
from web.app import create_app
from web.commands import worker
from web.request import language
from workflow import Engine
from workflow.records.calendar_days import add_working_days

PROCESSES = ROOT / "states" / "processes"
WORKERS = 2
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
FASTER = 120  # a lease is five seconds, the first pause one
EVERY_S = 0.4
LONGEST_LIFE_S = 1.5


@dataclass(frozen=True, slots=True)
class FastClock:
    """The same in every process of the machine."""

    begun: float  # of the monotonic clock

    def __call__(self) -> datetime:
        return START + timedelta(seconds=(time.monotonic() - self.begun) * FASTER)


@contextmanager
def opened(url: str, config: Path, begun: float) -> Iterator[Engine]:
    os.environ |= {"SKEDE_DATABASE_URL": url, "SKEDE_SECRET_KEY": "for tests"}
    try:
        with Engine.open(config, clock=FastClock(begun)) as engine:
            yield engine
    finally:
        del os.environ["SKEDE_DATABASE_URL"], os.environ["SKEDE_SECRET_KEY"]


def killed_and_replaced(url: str, config: Path, begun: float, seed: str, kills: int, until: Path) -> int:
    """Kills so many workers, then lets the last ones work until the file is there; how many were killed.

    Runs in a process of its own, which forks those that die.
    """
    chance = random.Random(seed)
    warm()
    living = [forked(partial(_work, url, config, begun)) for _ in range(WORKERS)]
    for n in range(kills):
        time.sleep(chance.uniform(0.2, LONGEST_LIFE_S))
        _kill(living.pop(0))
        if until.exists():
            kills = n + 1
            break
        living.append(forked(partial(_work, url, config, begun)))
    while not until.exists():
        time.sleep(0.05)
    for each in living:
        _kill(each)
    return kills + len(living)


def warm() -> None:
    """What a process works out once, so that those it forks spend their short lives on something else."""
    load(PROCESSES)
    add_working_days(START.date(), 1)
    for each in language.LANGUAGES:
        language.catalogue(each)


def _kill(child: int) -> None:
    os.kill(child, SIGKILL)
    code = ended(child)
    assert code == -SIGKILL, f"a worker ended by itself: {code}"


def _work(url: str, config: Path, begun: float) -> None:
    with opened(url, config, begun) as engine:
        worker.run(engine, create_app(engine), threading.Event(), EVERY_S)
