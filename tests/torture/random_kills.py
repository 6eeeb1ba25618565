"""Two processes work on one database until both are killed, again and again; the next two first repeat what the former
were never answered. Afterwards their histories are held against what the database holds."""

import os
import random
import time
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from signal import SIGKILL

from tests.torture import histories, stored
from tests.torture.deeds import Deed
from tests.torture.histories import History
from tests.torture.own_process import ended, forked
from tests.torture.walker import Walker
from tests.workflow.cast import DAY, opened
from workflow.records.calendar_days import is_working_day

WORKERS = 2
PATIENCE_S = 60.0
LONGEST_WORK_S = 0.15
EARLY = 0.1  # the share of rounds that are killed while the processes still start


@dataclass(frozen=True, slots=True)
class Survived:
    kills: int
    answered: int
    open: int  # asked when the kill came
    unacknowledged: int  # of them there all the same
    faults: tuple[str, ...]


def killed_at_random(url: str, seed: str, kills: int, folder: Path) -> Survived:
    """Runs in a process of its own, which forks those that die."""
    chance, seeded, paths = random.Random(seed), stored.events(url), []
    unanswered: list[list[Deed]] = [[] for _ in range(WORKERS)]
    warm()
    for n in range(kills // WORKERS):
        paths += (now := [folder / f"{n}-{worker}" for worker in range(WORKERS)])
        chances = [random.Random(f"{seed} {n} {worker}") for worker in range(WORKERS)]
        children = [
            forked(partial(_work, url, History(path), *both))
            for path, *both in zip(now, chances, unanswered, strict=True)
        ]
        if chance.random() > EARLY:
            _wait_for(now)
        time.sleep(chance.uniform(0, LONGEST_WORK_S))
        for child in children:
            os.kill(child, SIGKILL)
        codes = [ended(child) for child in children]
        assert codes == [-SIGKILL] * WORKERS, f"round {n}: {codes}"
        unanswered = [histories.read([path]).open for path in now]
    return _held_against(url, seeded, paths)


def warm() -> None:
    """What a process works out once, so that those it forks spend their short lives on something else."""
    for year in range(DAY.year - 1, DAY.year + 3):
        is_working_day(DAY.replace(year=year))


def _work(url: str, history: History, chance: random.Random, unanswered: list[Deed]) -> None:
    with opened(url) as engine:
        walker = Walker(engine, chance)
        history.say("open")
        for deed in unanswered:
            history.do(engine, deed)
        for _ in count():
            history.do(engine, walker.next())


def _wait_for(paths: list[Path]) -> None:
    """Until each has begun to work."""
    end = time.monotonic() + PATIENCE_S
    while not all(path.exists() for path in paths) and time.monotonic() < end:
        time.sleep(0.002)


def _held_against(url: str, seeded: set[tuple[str, int]], paths: list[Path]) -> Survived:
    stored.settle(url)
    told = histories.read(paths)
    faults = [*told.errors, *histories.wrong(told, url, seeded)]
    with opened(url) as engine:
        faults += engine.verify()
    return Survived(len(paths), len(told.ok), len(told.open), histories.unacknowledged(told, url), tuple(faults))
