"""Whoever changes a row behind the engine's back is found out: every column of six tables, on both databases."""

import re
from typing import Any

import pytest
from sqlalchemy import Connection, Text, create_engine, select, text

from tests.workflow.cast import CONFIG, DAY, Case, key, person
from web.cli import main
from workflow import Engine
from workflow.meetings.decision_records import Told
from workflow.storage import schema

TABLES = ("event", "ledger_entry", "pot_year", "proposal", "decision", "decision_record")
LATEST = "stream = 'CG-2026-001' AND seq = (SELECT max(seq) FROM event WHERE stream = 'CG-2026-001')"
WHERE = {
    "proposal": "number = 'CG-2026-001'",
    "pot_year": "available_ore < budget_ore AND year = 2026",
    "decision_record": "stream = 'pot/investment/2026'",
}
APPROVED = ("accept", "write", "to_review", "recommend", "propose", "approve")


@pytest.fixture
def unguarded(engine: Engine, seeded_url: str) -> Any:
    """A connection that commits each statement, with triggers, checks and references out of the way."""
    Case(engine, "purchase", 1_000).submit().walk(*APPROVED)
    Case(engine, "activity", 1_000).submit()
    told = Told(adjusted_on=DAY, posted_on=DAY, taken_down_on=DAY, sent_on=DAY, sent_to="Ekonomi")
    by = person(engine, "Sekreterare i kommunfullmäktige")
    engine.record("pot/investment/2026", 1, told, by=by, key=key())
    assert engine.verify() == ()
    plain = create_engine(seeded_url, isolation_level="AUTOCOMMIT")
    with plain.connect() as connection:
        lift(connection)
        yield connection
    plain.dispose()


def lift(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("PRAGMA ignore_check_constraints=ON"))
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        return
    connection.execute(text("SET session_replication_role = replica"))
    checks = text("SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0")
    for table, name in connection.execute(checks).all():
        if table in schema.metadata.tables:
            connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))


def another(column: Any, old: object) -> object:
    """Another value of the column's type."""
    if isinstance(column.type, Text) or isinstance(old, str):
        return f"{old or ''}x"
    return (old if isinstance(old, int) else 0) + 1_000_000


@pytest.mark.parametrize("name", TABLES)
def test_a_changed_column_is_found(engine: Engine, unguarded: Connection, name: str) -> None:
    """Every column of the table, one after another; what was there is put back each time."""
    table = schema.metadata.tables[name]
    before = [dict(row) for row in unguarded.execute(select(table)).mappings()]
    for column in table.c:
        old, new = change(unguarded, name, column)
        faults = engine.verify()
        named = "revision" if (name, column.name) == ("proposal", "id") else name  # what its number no longer leads to
        assert any(re.match(rf"{named} \(", each) for each in faults), (column.name, old, new, faults)
        unguarded.execute(table.delete())
        unguarded.execute(table.insert(), before)
    assert engine.verify() == ()


def change(connection: Connection, name: str, column: Any) -> tuple[object, object]:
    """Writes another value into the column where the story left one; what stood there, and what stands there now."""
    where = WHERE.get(name, LATEST) + (" AND n = 1" if name == "ledger_entry" else "")
    old = connection.execute(text(f"SELECT {column.name} FROM {name} WHERE {where} LIMIT 1")).scalar()
    new = another(column, old)
    done = connection.execute(text(f"UPDATE {name} SET {column.name} = :new WHERE {where}"), {"new": new})
    assert done.rowcount >= 1
    return old, new


FIRST = "stream = 'CG-2026-001' AND seq = 1"
OF_PROPOSAL = "proposal_id = (SELECT id FROM proposal WHERE number = 'CG-2026-001')"
OF_POT = "stream = 'pot/investment/2026'"
TAKEN = [  # what is deleted, and how the row or its stream is named
    ("event", LATEST, r"proposal \(CG-2026-001\): its head"),
    ("event", "stream = 'CG-2026-001' AND seq = 3", r"event \(CG-2026-001, 4\): the one before it is missing"),
    ("event", FIRST, r"event \(CG-2026-001, 2\): the one before it is missing"),
    ("event", "stream = 'CG-2026-001'", r"proposal \(CG-2026-001\): its head"),
    ("event", OF_POT, r"stream \(pot/investment/2026\): its head"),
    ("ledger_entry", LATEST, r"ledger_entry \(CG-2026-001, \d+, 1\): missing"),
    ("ledger_entry", OF_POT, r"ledger_entry \(pot/investment/2026, 1, 1\): missing"),
    ("decision", LATEST, r"decision \(CG-2026-001, \d+\): missing"),
    ("decision_record", OF_POT, r"decision_record \(pot/investment/2026, 1\): missing"),
    ("decision", OF_POT, r"decision \(pot/investment/2026, 1\): missing"),
    ("passage", "stream = 'CG-2026-001' AND field = 'wording'", r"passage \(CG-2026-001, \d+, wording\): missing"),
    ("proposal", "number = 'CG-2026-001'", r"proposal \(CG-2026-001\): its head"),
    ("revision", f"n = 2 AND {OF_PROPOSAL}", r"revision \(CG-2026-001, 2\): missing"),
    ("cost_line", f"revision = 2 AND {OF_PROPOSAL}", r"cost_line \(CG-2026-001, 2, 1\): missing"),
    ("funding", f"revision = 2 AND {OF_PROPOSAL}", r"funding \(CG-2026-001, 2, 1\): missing"),
    ("holding", OF_PROPOSAL, r"holding \(\d+, purchase, 1, \d+\): "),
    ("pot_year", WHERE["pot_year"], r"pot_year \(\d+\): missing"),  # entries tell of it
    ("pot_year", "year = 2027", r"pot_year \(investment, 2027\): missing"),  # only the configuration does
    ("stream", "name = 'pot/investment/2026'", r"stream \(pot/investment/2026\): its head"),
    ("stream", "name = 'configuration'", r"stream \(configuration\): its head"),
]


@pytest.mark.parametrize(("table", "where", "named"), TAKEN, ids=[f"{each[0]} {n}" for n, each in enumerate(TAKEN)])
def test_a_row_taken_away_is_found_by_the_command(
    unguarded: Connection, table: str, where: str, named: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("SKEDE_CONFIG", str(CONFIG))
    assert main(["verify"]) == 0
    capsys.readouterr()
    done = unguarded.execute(text(f"DELETE FROM {table} WHERE {where}"))
    assert done.rowcount >= 1
    assert main(["verify"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert any(re.match(named, each) for each in told), told


def test_a_row_put_in_is_found(engine: Engine, unguarded: Connection) -> None:
    columns = [c.name for c in schema.ledger_entry.c if c.name != "n"]
    told = ", ".join(columns)
    unguarded.execute(
        text(f"INSERT INTO ledger_entry (n, {told}) SELECT n + 90, {told} FROM ledger_entry WHERE {LATEST}")
    )
    assert any("no event knows it" in each for each in engine.verify())


def test_two_events_that_changed_places_are_found(engine: Engine, unguarded: Connection) -> None:
    for old, new in ((2, 900), (3, 2), (900, 3)):
        unguarded.execute(text(f"UPDATE event SET seq = {new} WHERE stream = 'CG-2026-001' AND seq = {old}"))
    assert {"event (CG-2026-001, 2): the chain breaks here", "event (CG-2026-001, 3): the chain breaks here"} <= set(
        engine.verify()
    )


def test_a_cut_tail_shows_in_the_seal(engine: Engine, unguarded: Connection) -> None:
    """The head may be put back with it; what was sealed before no longer agrees."""

    def digest() -> str:
        return engine.seal().rpartition("sha256=")[2]

    sealed = digest()
    assert digest() == sealed
    last = "stream = 'CG-2026-001' ORDER BY seq DESC LIMIT 1"
    unguarded.execute(text(f"DELETE FROM event WHERE {LATEST}"))
    head = unguarded.execute(text(f"SELECT hash FROM event WHERE {last}")).scalar_one()
    unguarded.execute(text("UPDATE proposal SET head = :h, seq = seq - 1 WHERE number = 'CG-2026-001'"), {"h": head})
    assert digest() != sealed
