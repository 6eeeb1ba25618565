"""How fast is `act` against the raw driver that writes the same rows? Part of `make bench`.

Two copies of one database with N proposals awaiting a delegate's approval. In each round the engine approves some in
the one; then the raw driver, warm, on one connection, makes the same reads and writes the very rows that the engine
wrote (same bytes, one statement a row, one durable transaction each) in the other. At the end both copies must be
equal, table for table. A ratio is the raw driver's time over the engine's in the same round; above 1 we are faster.
"""

import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine as AnyEngine
from sqlalchemy import create_engine, event, make_url, text

from states import Ore
from tests.postgres import running
from workflow import Engine, Registered, Text
from workflow.demo.staging import Clock, Stage, decided
from workflow.storage.schema import metadata

ROUNDS, EACH, WARM = 7, 40, 20
DAY = date(2026, 3, 2)
Row = tuple[Any, ...]
HELD = "m.id, m.role, b.code, b.kind, m.category"
IN_FORCE = "m.from_on <= ? AND (m.to_on IS NULL OR m.to_on >= ?) AND (b.ended_on IS NULL OR b.ended_on >= ?)"
# Table, the columns that name one proposal's rows in it.
WRITTEN = ("event", "passage", "decision", "ledger_entry", "duty", "notice")


@contextmanager
def opened(url: str, clock: Clock) -> Iterator[Engine]:
    os.environ["SKEDE_DATABASE_URL"] = url
    with Engine.open("config.toml", clock=clock) as engine:
        yield engine


def prepare(url: str, count: int) -> list[str]:
    """The numbers of as many proposals, each awaiting the delegate's approval of 1 000 kr."""
    clock, numbers = Clock(), []
    clock.to(DAY)
    with opened(url, clock) as engine:
        engine.mark_demo()
        controller = next(each.person for each in engine.demo_people() if each.title == "Ekonom")
        more = Registered("supplement", "kf", DAY, "1", "", "investment", 2026, Ore(10**11))
        engine.register(more, by=controller, key="more")
        for n in range(count):
            stage = Stage(engine, clock)
            words = Text(f"Bänk {n}", "En bänk", "Torget")
            stage.submit(DAY, "purchase", words)
            stage.act(DAY, "accept")
            stage.content(DAY, words, (("Bänk", "furniture", 1_000, 10),), ((1, "investment", 2026, 1_000),))
            stage.act(DAY, "skip_review", assessment="Bra.", reason="Litet.")
            stage.act(DAY, "propose")
            numbers.append(stage.number)
    return numbers


def approve(engine: Engine, person: int, numbers: list[str]) -> float:
    """Seconds for the engine to approve these."""
    form = decided(DAY, "delegation", "Inköpet godkänns.", "Investeringspotten")
    begun = time.perf_counter()
    for number in numbers:
        engine.act(
            number, "approve", by=person, seen_version=5, seen_revision=2, key=f"bench {number}",
            capacity="budget_holder", form=form,
        )  # fmt: skip
    return time.perf_counter() - begun


# --- the raw driver ----------------------------------------------------------------------------------------------


class Raw:
    """One connection of the bare driver, and the rows to write."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self.mark = "?" if self.is_sqlite else "%s"
        if self.is_sqlite:
            self.connection: Any = sqlite3.connect(str(address.database), isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            told = address.set(drivername="postgresql").render_as_string(hide_password=False)
            self.connection = psycopg.connect(told)
        self.cursor = self.connection.cursor()
        self.sent: dict[str, int] = {}

    def run(self, sql: str, parameters: Row) -> Any:
        self.sent[sql] = self.sent.get(sql, 0) + 1
        return self.cursor.execute(sql.replace("?", self.mark), parameters)

    def rows(self, sql: str, parameters: Row) -> list[Row]:
        self.run(sql, parameters)
        return list(self.cursor.fetchall())

    def decide(self, plan: "Plan") -> None:
        """The reads, the writes, and a durable commit."""
        if self.is_sqlite:
            self.cursor.execute("BEGIN IMMEDIATE")
        for sql, parameters in plan.reads:
            self.rows(sql, parameters)
        for sql, parameters in plan.writes:
            self.run(sql, parameters)
        if self.is_sqlite:
            self.cursor.execute("COMMIT")
        else:
            self.connection.commit()


class Plan:
    """What one decision reads and writes, taken from what the engine wrote."""

    def __init__(self, engine: Engine, person: int, number: str) -> None:
        self.reads: list[tuple[str, Row]] = []
        self.writes: list[tuple[str, Row]] = []
        with engine.database.reading() as connection:
            self._read(connection, person, number)
            self._write(connection, number)

    def _read(self, connection: Any, person: int, number: str) -> None:
        proposal = connection.execute(text("SELECT id FROM proposal WHERE number = :n"), {"n": number}).one()
        lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
        on = DAY.isoformat()
        ref = connection.execute(text("SELECT ref FROM person WHERE id = :id"), {"id": person}).scalar_one()
        self.reads = [
            ("SELECT p.id, number, definition_id, proposer_id, state, origin, awaits_role, awaits_body, b.kind, p.version, revision,"
             " seq, head, since, due_on, parked_until, ended_at, d.digest FROM proposal p JOIN definition d ON d.id = p.definition_id"
             f" LEFT JOIN body b ON b.code = p.awaits_body WHERE number = ?{lock and ' FOR UPDATE OF p'}", (number,)),
            (f"SELECT 0, p.ref, {HELD}, NULL, r.digest, r.answer FROM person p LEFT JOIN (membership m JOIN body b"
             f" ON b.id = m.body_id) ON m.person_id = p.id AND {IN_FORCE}"
             " LEFT JOIN request r ON r.actor = p.ref AND r.key = ? WHERE p.id = ?"
             f" UNION ALL SELECT 1, p.ref, {HELD}, d.id, NULL, NULL FROM deputy d JOIN person p ON p.id = d.principal_id"
             " JOIN membership m ON m.person_id = d.principal_id JOIN body b ON b.id = m.body_id"
             f" WHERE d.deputy_id = ? AND d.from_on <= ? AND d.to_on >= ? AND d.ended_at IS NULL AND {IN_FORCE}"
             " UNION ALL SELECT 2, declared_on, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM interest"
             " WHERE person_id = ? AND proposal_id = ? AND withdrawn_seq IS NULL",
             (on, on, on, f"bench {number}", person, person, *[on] * 5, person, proposal.id)),
            ("SELECT n, line, source, pot_id, year, amount_ore, binding FROM funding WHERE proposal_id = ? AND revision = 2",
             (proposal.id,)),
            ("SELECT n, what, kind, amount_ore, life_years, owner, classification FROM cost_line WHERE proposal_id = ?"
             " AND revision = 2", (proposal.id,)),
            ("SELECT binding, funding, pot_year_id, reserved_ore, committed_ore, ordered_ore, spent_ore FROM holding"
             " WHERE proposal_id = ?", (proposal.id,)),
            ("SELECT y.id, y.pot_id, p.code, p.kind, p.title, y.year, y.decided, y.closed_on, y.available_ore FROM pot_year y"
             f" JOIN pot p ON p.id = y.pot_id JOIN funding f ON f.pot_id = y.pot_id AND f.year = y.year"
             f" WHERE f.proposal_id = ? AND f.revision = 2{' FOR UPDATE OF y' if lock else ''}", (proposal.id,)),
            ("SELECT r.holder, r.level, r.source, r.up_to_ore, b.kind, b.level, b.ended_on, b.successor_id FROM decision_right r"
             " LEFT JOIN body b ON b.code = r.holder WHERE from_on <= ? AND (to_on IS NULL OR to_on >= ?) ORDER BY r.level, r.id",
             (on, on)),
            ("SELECT kind, actor, body FROM event WHERE stream = ? AND kind IN ('revised', 'moved') AND body LIKE ?",
             (number, f'%"{ref}"%')),
        ]  # fmt: skip

    def _write(self, connection: Any, number: str) -> None:
        def one(sql: str) -> dict[str, Any]:
            return dict(connection.execute(text(sql), {"n": number}).mappings().one())

        def insert(table: str, row: dict[str, Any]) -> None:
            marks = ", ".join("?" for _ in row)
            self.writes.append((f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())))

        def all_of(table: str, where: str) -> None:
            found = connection.execute(text(f"SELECT * FROM {table} WHERE {where}"), {"n": number}).mappings()
            for row in found:
                insert(table, dict(row))

        proposal = one("SELECT * FROM proposal WHERE number = :n")
        seq, key = proposal["seq"], f"bench {number}"
        request = dict(connection.execute(text("SELECT * FROM request WHERE key = :k"), {"k": key}).mappings().one())
        insert("request", request)
        named = ("state", "origin", "awaits_role", "awaits_body", "version", "seq", "head", "since", "due_on")
        sets = ", ".join(f"{name} = ?" for name in named)
        values = tuple(proposal[name] for name in named)
        self.writes.append((f"UPDATE proposal SET {sets} WHERE id = ? AND version = 5", (*values, proposal["id"])))
        told = one(f"SELECT recorded_at FROM event WHERE stream = :n AND seq = {seq}")["recorded_at"]
        closing = "UPDATE duty SET answered_at = ?, answer = 'approve' WHERE proposal_id = ? AND answered_at IS NULL"
        self.writes.append((closing, (told, proposal["id"])))
        all_of("duty", f"proposal_id = {proposal['id']} AND seq = {seq}")
        change = (
            "UPDATE pot_year SET available_ore = available_ore + ?, reserved_ore = reserved_ore - ?,"
            " committed_ore = committed_ore + ? WHERE id = ? AND available_ore + ? >= 0"
        )
        held = one(f"SELECT * FROM holding WHERE proposal_id = {proposal['id']} AND :n = :n")
        amount = held["committed_ore"]
        self.writes.append((change, (0, amount, amount, held["pot_year_id"], 0)))
        all_of("ledger_entry", f"stream = :n AND seq = {seq}")
        holding = "UPDATE holding SET reserved_ore = ?, committed_ore = ? WHERE proposal_id = ? AND binding = ? AND funding = ?"
        self.writes.append((holding, (0, amount, proposal["id"], held["binding"], held["funding"])))
        for table in ("event", "passage", "decision", "notice"):
            all_of(table, f"stream = :n AND seq = {seq}")


# --- the measurement ---------------------------------------------------------------------------------------------


def measure(
    url: str, copy: Callable[[], str], rounds: int = ROUNDS, each: int = EACH, warm: int = WARM
) -> dict[str, Any]:
    """Alternating rounds on a database and on its copy. Raises AssertionError when they differ at the end."""
    *numbers, first_spare, spare = prepare(url, warm + rounds * each + 2)
    other = copy()
    clock = Clock()
    clock.to(DAY)
    ratios, ours_us, raw_us = [], [], []
    with opened(url, clock) as engine:
        person = next(each.person for each in engine.demo_people() if each.title == "Budgetansvarig")
        raw = Raw(other)
        approve(engine, person, numbers[:warm])
        for number in numbers[:warm]:
            raw.decide(Plan(engine, person, number))
        raw.sent.clear()
        for begin in range(warm, len(numbers), each):
            chunk = numbers[begin : begin + each]
            ours = approve(engine, person, chunk)
            plans = [Plan(engine, person, number) for number in chunk]
            begun = time.perf_counter()
            for plan in plans:
                raw.decide(plan)
            theirs = time.perf_counter() - begun
            ratios.append(theirs / ours)
            ours_us.append(ours / each * 1e6)
            raw_us.append(theirs / each * 1e6)
        raw.connection.close()
    compare(url, other)
    sent = engine_statements(url, clock, person, first_spare, spare)
    return {
        "ratio": round(statistics.median(ratios), 3), "ratios": [round(each, 3) for each in ratios],
        "engine_us": round(statistics.median(ours_us)), "raw_us": round(statistics.median(raw_us)),
        "rounds": rounds, "each": each, "engine_statements": sent,
        "raw_statements": [sql for sql, n in raw.sent.items() for _ in range(n // (rounds * each))],
    }  # fmt: skip


def engine_statements(url: str, clock: Clock, person: int, first: str, number: str) -> list[str]:
    """The SQL that the engine sends for one more decision after a first, as the driver gets it."""
    sent: list[str] = []

    class Recording(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            sent.append(str(query))
            return super().execute(query, *args, **options)

    def listen(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(sent.append)
        else:
            connection.cursor_factory = Recording

    event.listen(AnyEngine, "connect", listen)
    try:
        with opened(url, clock) as engine:
            approve(engine, person, [first])  # which also reads what the process then keeps
            sent.clear()
            approve(engine, person, [number])
    finally:
        event.remove(AnyEngine, "connect", listen)
    # SQLite tells a statement again when it has run a trigger, and what that ran.
    return [sql for sql, before in zip(sent, ["", *sent], strict=False) if sql != before and not sql.startswith("--")]


def compare(one: str, other: str) -> None:
    """Every table but sessions must hold the same rows."""
    first, second = create_engine(one), create_engine(other)
    with first.connect() as a, second.connect() as b:
        for table in metadata.sorted_tables:
            query = f"SELECT * FROM {table.name}"
            left, right = sorted(map(repr, a.execute(text(query)))), sorted(map(repr, b.execute(text(query))))
            assert left == right, f"{table.name}: the raw driver did not write the same rows"
    first.dispose()
    second.dispose()


def sqlite_ratio(rounds: int = ROUNDS, each: int = EACH, warm: int = WARM) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder, "a.sqlite3"), Path(folder, "b.sqlite3")

        def copy() -> str:
            shutil.copy(path, other)
            return f"sqlite:///{other}"

        return measure(f"sqlite:///{path}", copy, rounds, each, warm)


def postgresql_ratio(rounds: int = ROUNDS, each: int = EACH, warm: int = WARM) -> dict[str, Any]:
    with running() as server, server.database() as url:
        name = make_url(url).database

        def copy() -> str:
            with psycopg.connect(server.dsn(), autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE bench_copy TEMPLATE "{name}"')
            return make_url(url).set(database="bench_copy").render_as_string(hide_password=False)

        return measure(url, copy, rounds, each, warm)


def tell(name: str, each: dict[str, Any]) -> None:
    print(
        f"{name}: ratio {each['ratio']} ({min(each['ratios'])}..{max(each['ratios'])}),"
        f" engine {each['engine_us']} us in {len(each['engine_statements'])} statements,"
        f" raw {each['raw_us']} us in {len(each['raw_statements'])}, {each['rounds']} rounds of {each['each']}"
    )
