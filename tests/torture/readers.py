"""Readers of other processes while others write: at every moment each pot-year adds up, and is what its entries say.

One snapshot holds both: the stored figures and the sums of the entries that made them.
"""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.torture import histories, stored, twins
from tests.torture.histories import History
from tests.torture.own_process import ended, forked
from tests.torture.random_kills import warm
from tests.torture.walker import Walker
from tests.workflow.cast import opened
from workflow import Engine

WRITERS, READERS = 2, 2
BEFORE = 120  # changes before anybody reads, so that there is money to move
EACH = 50  # reads of figures for each read of all entries
FIGURES = """SELECT id, budget_ore, overrun_ore, available_ore, reserved_ore, committed_ore, ordered_ore, spent_ore
    FROM pot_year ORDER BY id"""
ENTRIES = """SELECT pot_year_id, from_bucket, to_bucket, SUM(amount_ore) FROM ledger_entry
    GROUP BY pot_year_id, from_bucket, to_bucket"""
HELD = """SELECT h.pot_year_id, SUM(h.reserved_ore), SUM(h.committed_ore), SUM(h.ordered_ore), SUM(h.spent_ore)
    FROM holding h GROUP BY h.pot_year_id"""
Figures = dict[int, dict[str, int]]
NAMES = ("budget", "overrun", "available", "reserved", "committed", "ordered", "spent")


@dataclass(frozen=True, slots=True)
class Least:
    """How much must be done before it is over."""

    reads: int
    changes: int


@dataclass(frozen=True, slots=True)
class Seen:
    reads: int
    written: int
    faults: tuple[str, ...]


def busy(url: str, seed: str, least: Least, folder: Path, broken: bool) -> Seen:
    """Reads while others work, until there is enough of both. Runs in a process of its own, which forks the others."""
    warm()
    seeded, paths = stored.events(url), [folder / f"writer-{n}" for n in range(WRITERS)]
    first, told = folder / "first", [folder / f"reader-{n}" for n in range(READERS)]
    assert ended(forked(partial(_write, url, History(first), random.Random(seed), BEFORE, False))) == 0
    chances = [random.Random(f"{seed} {path.name}") for path in paths]
    children = [
        forked(partial(_read, url, path, least.reads // READERS, 1 if broken else EACH, paths)) for path in told
    ]
    children += [
        forked(partial(_write, url, History(path), chance, least.changes // WRITERS, broken, told))
        for path, chance in zip(paths, chances, strict=True)
    ]
    codes = [ended(child) for child in children]
    faults = [line for path in told for line in path.read_text().splitlines()]
    faults += [f"a process ended with {code}" for code in codes if code]
    done = histories.read([first, *paths])
    if not broken:
        faults += histories.wrong(done, url, seeded)
    return Seen(least.reads // READERS * READERS, len(done.ok), tuple(faults))


def _write(
    url: str, history: History, chance: random.Random, changes: int, broken: bool, readers: Sequence[Path] = ()
) -> None:
    """So many, and then on until every reader has read enough."""
    if broken:
        twins.commit_after("ledger entry")
    try:
        with opened(url) as engine:
            walker = Walker(engine, chance)
            while changes > 0 or not all(path.with_suffix(".enough").exists() for path in readers):
                changes -= 1
                if changes <= 0:
                    history.path.with_suffix(".done").touch()
                _change(engine, history, walker, broken)
    finally:
        history.path.with_suffix(".done").touch()


def _change(engine: Engine, history: History, walker: Walker, broken: bool) -> None:
    try:
        history.do(engine, walker.next())
    except (DatabaseError, sqlite3.DatabaseError, psycopg.Error):
        if not broken:  # a twin stumbles over what it has left half done
            raise


def _read(url: str, told: Path, reads: int, each: int, writers: Sequence[Path]) -> None:
    """So many, and then on until every writer has written enough."""
    with opened(url) as engine, told.open("w") as file:
        for n in count():
            if n >= reads:
                told.with_suffix(".enough").touch()
                if all(path.with_suffix(".done").exists() for path in writers):
                    return
            for fault in wrong(engine, entries=n % each == 0):
                print(f"read {n}: {fault}", file=file, flush=True)


def wrong(engine: Engine, *, entries: bool) -> list[str]:
    """What does not add up in one snapshot, in words."""
    with engine.database.reading() as connection:
        figures = {row[0]: dict(zip(NAMES, row[1:], strict=True)) for row in connection.execute(text(FIGURES))}
        moved = connection.execute(text(ENTRIES)).all() if entries else []
        held = connection.execute(text(HELD)).all() if entries else []
    faults = [
        f"pot-year {key} does not add up: {row}"
        for key, row in figures.items()
        if row["budget"] + row["overrun"] != sum(row[name] for name in NAMES[2:])
    ]
    return faults + (list(_not_their_entries(figures, moved, held)) if entries else [])


def _not_their_entries(figures: Figures, moved: Sequence[Any], held: Sequence[Any]) -> Iterator[str]:
    sums = {key: dict.fromkeys(NAMES, 0) for key in figures}
    for key, from_, to, ore in moved:
        sums[key][from_] += int(ore) if from_ in NAMES[:2] else -int(ore)
        sums[key][to] += -int(ore) if to in NAMES[:2] else int(ore)
    by_proposal = {key: dict(zip(NAMES[3:], map(int, amounts), strict=True)) for key, *amounts in held}
    for key, row in figures.items():
        if row != sums[key]:
            yield f"pot-year {key} is {row}, its entries say {sums[key]}"
        if any(row[name] != by_proposal.get(key, {}).get(name, 0) for name in NAMES[3:]):
            yield f"pot-year {key} is {row}, its proposals hold {by_proposal.get(key)}"
