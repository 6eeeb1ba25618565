"""Processes that do something at the same moment, and the naive way to take money, which overspends when they do.

Apart from the tests and without the engine, because every process that is started reads this file anew.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import create_engine, text

START_SECONDS = 120  # until the slowest process has imported everything and stands at the line
RACE_SECONDS = 60  # from there until the last one has its answer
WHICH = "FROM pot_year WHERE year = 2026 AND pot_id = (SELECT id FROM pot WHERE code = 'investment')"

Racer = Callable[..., str]


def answers_of(racer: Racer, url: str, asks: Sequence[tuple[Any, ...]]) -> list[str]:
    """What each process answers, sorted. All stand at one line before any of them runs; none outlives its time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.workflow.cast"])  # imported once, before anything is open
    line, answers = context.Barrier(len(asks)), context.Queue()
    processes = [context.Process(target=_run, args=(racer, url, ask, line, answers), daemon=True) for ask in asks]
    try:
        for each in processes:
            each.start()
        found = sorted(answers.get(timeout=START_SECONDS + RACE_SECONDS) for _ in processes)
        for each in processes:
            each.join(RACE_SECONDS)
        assert [each.exitcode for each in processes] == [0] * len(processes)
        return found
    finally:
        for each in processes:
            if each.is_alive():
                each.kill()
        answers.close()


def _run(racer: Racer, url: str, ask: tuple[Any, ...], line: Barrier, answers: "Queue[str]") -> None:
    try:
        answers.put(racer(url, line, *ask))
    except BaseException as error:
        answers.put(f"{type(error).__name__}: {error}"[:300])
        raise


def get_check_set(url: str, line: Barrier, amount: int) -> str:
    """Read what is available, compare in Python, write the new figure. Everybody has read before anybody writes."""
    options = {"timeout": 30} if url.startswith("sqlite") else {}
    plain = create_engine(url, connect_args=options)
    try:
        with plain.connect() as connection:
            found, available, reserved = connection.execute(
                text(f"SELECT id, available_ore, reserved_ore {WHICH}")
            ).one()
        line.wait(START_SECONDS)
        if available < amount:
            return "POT_SHORT"
        write = "UPDATE pot_year SET available_ore = :available, reserved_ore = :reserved WHERE id = :id"
        with plain.begin() as connection:
            new = {"id": found, "available": available - amount, "reserved": reserved + amount}
            connection.execute(text(write), new)
        return "accepted"
    finally:
        plain.dispose()
