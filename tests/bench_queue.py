"""How fast Att göra opens when very much waits, against the same queue when little does: the page of all sections, its
badge, the page in the browser's hands, and the orders and filters that no index knows. Part of `make bench`.

What waits is put in with the raw driver on top of the demonstration: proposals in preparation, each with its revision,
its cost and the officer's open duty. They have no events; nothing but a queue is asked of them.
"""

import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import bulk
from tests.bench_scale import OFFICER, _cookie, _getting
from web.app import create_app
from workflow import Engine
from workflow.demo.staging import Clock
from workflow.proposals.queue_filter import Filter

LITTLE, MUCH = 200, 200_000
TIMES = 25
BASE = 300  # proposals of the demonstration, copied with all their events
TEMPLATE = "SELECT * FROM proposal WHERE state = 'preparation' AND origin = '' LIMIT 1"
COPIED = ("revision", "cost_line", "funding")
MOST_GROWTH = 1.3  # of what opens: the page, the engine's answer and the badge

_ASKED: dict[str, Callable[[Engine, int], object]] = {
    "open": lambda engine, officer: engine.queue(officer),
    "badge": lambda engine, officer: engine.badge(officer),
    "next page": lambda engine, officer: engine.queue(officer, "2027-01-01 1", view="mine"),
    "neighbours": lambda engine, officer: engine.neighbours(officer, "", 1),
    "at a stage": lambda engine, officer: engine.queue(officer, view="mine", asked=Filter(stage="preparation")),
    "at a place": lambda engine, officer: engine.queue(officer, view="mine", asked=Filter(place="torget")),
    "paid by a pot": lambda engine, officer: engine.queue(officer, view="mine", asked=Filter(pot="investment")),
    "largest amount": lambda engine, officer: engine.queue(officer, view="mine", asked=Filter(sort="amount")),
}
OPENS = ("open", "badge", "next page", "neighbours", "page")


def measure(little: int = LITTLE, much: int = MUCH, times: int = TIMES) -> dict[str, Any]:
    """Medians in microseconds by how many duties wait, and how many times longer the longer queue takes. Both are asked
    in turn, so that a busy machine is as busy for both."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "base.sqlite3")
        bulk.load(base, BASE)
        queues = {}
        for waiting in (little, much):
            queues[waiting] = Path(folder, f"{waiting}.sqlite3")
            shutil.copy(base, queues[waiting])
            begun = time.perf_counter()
            total = fill(queues[waiting], waiting)
            print(f"{total} open duties of the officer in {time.perf_counter() - begun:.0f} s", flush=True)
        found = _of(queues, times)
    found["growth"] = {name: round(row[str(much)] / row[str(little)], 2) for name, row in found.items()}
    return found


def fill(path: Path, waiting: int) -> int:
    """Puts in as many as are missing; returns how many duties the officer then has open."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("BEGIN")
    count = "SELECT count(*) FROM duty WHERE holder = 'officer' AND answered_at IS NULL"
    (there,) = connection.execute(count).fetchone()
    _copy(connection, max(0, waiting - there))
    (there,) = connection.execute(count).fetchone()
    connection.execute("COMMIT")
    connection.close()
    return int(there)


def _copy(connection: sqlite3.Connection, missing: int) -> None:
    proposal = dict(connection.execute(TEMPLATE).fetchone())
    rows = {name: _rows(connection, name, proposal["id"]) for name in COPIED}
    (last,) = connection.execute("SELECT max(id) FROM proposal").fetchone()
    duty = {
        "seq": 1, "kind": "step", "holder": "officer", "since": proposal["since"], "version": 1, "answered_at": None,
        "answer": None,
    }  # fmt: skip
    for n in range(1, missing + 1):
        mine, due = last + n, f"{2027 + n % 3}-{1 + n % 12:02}-{1 + n % 28:02}"
        more = {"id": mine, "number": f"CG-2098-{mine:06d}", "awaits_body": "", "awaits_role": "officer", "due_on": due}
        _insert(connection, "proposal", proposal | more)
        for name, copied in rows.items():
            for row in copied:
                _insert(connection, name, row | {"proposal_id": mine} | _amount(row, n))
        _insert(connection, "duty", duty | {"proposal_id": mine, "due_on": due})


def _amount(row: dict[str, Any], n: int) -> dict[str, Any]:
    return {"amount_ore": 100_000 + n} if "amount_ore" in row else {}


def _rows(connection: sqlite3.Connection, name: str, proposal: int) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT * FROM {name} WHERE proposal_id = ?", (proposal,))
    return [dict(row) for row in found]


def _insert(connection: sqlite3.Connection, name: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def _of(queues: dict[int, Path], times: int) -> dict[str, Any]:
    os.environ.setdefault("SKEDE_SECRET_KEY", "for measuring on this machine only")
    clock, asked = Clock(), dict[str, dict[int, Callable[[], object]]]()
    clock.to(bulk.DAY)
    engines = []
    for waiting, path in queues.items():
        os.environ["SKEDE_DATABASE_URL"] = f"sqlite:///{path}"
        engine = Engine.open("config.toml", clock=clock)
        engines.append(engine)
        officer = next(each.person for each in engine.demo_people() if each.title == OFFICER)
        for name, ask in _ASKED.items():
            asked.setdefault(name, {})[waiting] = lambda ask=ask, engine=engine, officer=officer: ask(engine, officer)
        app = create_app(engine)
        client = app.test_client()
        client.set_cookie(_cookie(app), engine.sign_in_as(officer))
        asked.setdefault("page", {})[waiting] = _getting(client, "/att-gora")
    found = {name: _in_turn(times, each) for name, each in asked.items()}
    for engine in engines:
        engine.close()
    return found


def _in_turn(times: int, what: dict[int, Callable[[], object]]) -> dict[str, int]:
    taken: dict[int, list[float]] = {waiting: [] for waiting in what}
    for n in range(times + 1):
        for waiting, ask in what.items():
            begun = time.perf_counter()
            ask()
            if n:  # once before, warm
                taken[waiting].append(time.perf_counter() - begun)
    return {str(waiting): max(1, round(statistics.median(each) * 1e6)) for waiting, each in taken.items()}


def tell(figures: dict[str, Any]) -> None:
    growth = figures["growth"]
    for name, row in figures.items():
        if name != "growth":
            said = ", ".join(f"{waiting} waiting: {us} us" for waiting, us in row.items())
            print(f"  att göra, {name}: {said}, ratio {growth[name]}")
    slow = [name for name in OPENS if growth[name] > MOST_GROWTH]
    print(f"  a long queue opens as fast as a short one (ratio at most {MOST_GROWTH}): {slow or 'yes'}")
