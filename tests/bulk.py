"""Many proposals at once, for measuring: the demonstration's own, each copied with its events chained anew.

The copies are as true as what they are copied from: `verify` finds nothing, every balance is the sum of its entries.
"""

import os
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from states import Ore
from workflow import Engine, Registered
from workflow.demo import demo
from workflow.demo.staging import Clock
from workflow.money.effects import BUCKETS, SOURCES
from workflow.records.history import chain
from workflow.storage import triggers

DAY = date(2026, 11, 24)
ENOUGH = Ore(10**12)
LONG_ENOUGH = 7  # events: a town's proposals have about ten each
BY_ID = (
    "revision",
    "cost_line",
    "cost_detail",
    "funding",
    "duty",
    "holding",
    "opinion_round",
    "interest",
    "search_word",
)
BY_STREAM = ("passage", "decision", "ledger_entry", "notice", "held_decision", "public_wording")
Row = dict[str, Any]


def load(path: Path, proposals: int) -> int:
    """A database with so many proposals and a few more; returns how many events it has."""
    url = f"sqlite:///{path}"
    os.environ["SKEDE_DATABASE_URL"] = url
    demo.play("config.toml", DAY)
    clock = Clock()
    clock.to(DAY)
    with Engine.open("config.toml", clock=clock) as engine:
        controller = next(each.person for each in engine.demo_people() if each.title == "Ekonom")
        for pot in engine.pots():
            if pot.kind in ("investment", "operating") and pot.decided:
                more = Registered("supplement", "kf", DAY, "1", "", pot.pot, pot.year, ENOUGH)
                engine.register(more, by=controller, key=f"more {pot.pot} {pot.year}")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("BEGIN")
    _copy(connection, proposals)
    connection.execute("COMMIT")
    for statement in triggers.statements("sqlite"):
        connection.execute(statement)
    (events,) = connection.execute("SELECT count(*) FROM event").fetchone()
    connection.close()
    return int(events)


def _copy(connection: sqlite3.Connection, proposals: int) -> None:
    own = "SELECT proposal_id FROM pot WHERE proposal_id IS NOT NULL"  # who has a pot of its own is not copied
    templates = _rows(connection, f"SELECT * FROM proposal WHERE id NOT IN ({own}) ORDER BY id")
    stories = [each for each in (_Story(connection, row) for row in templates) if len(each.events) >= LONG_ENOUGH]
    (last,) = connection.execute("SELECT max(id) FROM proposal").fetchone()
    rounds = -(-proposals // len(stories))
    for n in range(rounds):
        for place, story in enumerate(stories):
            proposal = last + 1 + n * len(stories) + place
            story.tell(connection, proposal, f"CG-2099-{proposal:06d}")
    for story in stories:
        for pot_year, deltas in story.moved.items():
            sets = ", ".join(f"{bucket}_ore = {bucket}_ore + {ore * rounds}" for bucket, ore in deltas.items())
            connection.execute(f"UPDATE pot_year SET {sets} WHERE id = {pot_year}")


class _Story:
    """Everything of one proposal, ready to be told of another."""

    def __init__(self, connection: sqlite3.Connection, proposal: Row) -> None:
        self.proposal, number = proposal, proposal["number"]
        events = _rows(connection, "SELECT * FROM event WHERE stream = ? ORDER BY seq", number)
        self.mark = f'"stream":"{number}"'
        assert all(each["body"].count(self.mark) == 1 for each in events)
        self.events = events
        by_id = {
            name: _rows(connection, f"SELECT * FROM {name} WHERE proposal_id = ?", proposal["id"]) for name in BY_ID
        }
        by_stream = {name: _rows(connection, f"SELECT * FROM {name} WHERE stream = ?", number) for name in BY_STREAM}
        self.rows = by_id | by_stream
        self.moved: dict[int, dict[str, int]] = {}
        for entry in by_stream["ledger_entry"]:
            deltas = self.moved.setdefault(entry["pot_year_id"], dict.fromkeys(BUCKETS, 0))
            for bucket, sign in ((entry["from_bucket"], 1), (entry["to_bucket"], -1)):
                deltas[bucket] += entry["amount_ore"] * (sign if bucket in SOURCES else -sign)

    def tell(self, connection: sqlite3.Connection, proposal: int, number: str) -> None:
        head, told = self.events[0]["previous"], []
        for each in self.events:
            body = each["body"].replace(self.mark, f'"stream":"{number}"')
            told.append(each | {"stream": number, "body": body, "previous": head, "hash": chain(head, body)})
            head = told[-1]["hash"]
        _insert(connection, "proposal", [self.proposal | {"id": proposal, "number": number, "head": head}])
        _insert(connection, "event", told)
        for name, rows in self.rows.items():
            mine = {"proposal_id": proposal} if name in BY_ID else {"stream": number}
            _insert(connection, name, [_unkeyed(name, row) | mine for row in rows])


def _unkeyed(name: str, row: Row) -> Row:
    """Without the number that the database gives itself."""
    return {
        column: value for column, value in row.items() if column != "id" or name not in ("duty", "notice", "interest")
    }


def _rows(connection: sqlite3.Connection, query: str, *values: object) -> list[Row]:
    return [dict(row) for row in connection.execute(query, values)]


def _insert(connection: sqlite3.Connection, name: str, rows: Sequence[Row]) -> None:
    if rows:
        columns = tuple(rows[0])
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"
        connection.executemany(statement, [tuple(row.values()) for row in rows])
