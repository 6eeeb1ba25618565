"""What was written stays, and what is stored is of its type: kept by the tables, whoever writes and with what tool."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from workflow.storage.database import Database
from workflow.storage.triggers import KEPT

PROPOSAL = """INSERT INTO proposal (id, number, definition_id, proposer_id, state, origin, awaits_role, awaits_body,
    version, revision, seq, head, since, created_at, is_example)
    VALUES (1, 'CG-2026-001', 1, 1, 'new', '', '', '', 1, 1, 1, '', '', '', 0)"""

ROWS = {
    "definition": """INSERT INTO definition (id, process, version, digest, body, stored_at)
        VALUES (1, 'p', 1, '', '', '')""",
    "revision": """INSERT INTO revision (proposal_id, n, title, content, salt, digest, recorded_at)
        VALUES (1, 1, 't', '{}', 's', 'd', '')""",
    "cost_detail": "INSERT INTO cost_detail (proposal_id, revision, n, content) VALUES (1, 1, 1, '{}')",
    "event": """INSERT INTO event (stream, seq, kind, actor, recorded_at, body, previous, hash)
        VALUES ('s', 1, '', '', '', '', '', '')""",
    "ledger_entry": """INSERT INTO ledger_entry (stream, seq, n, pot_year_id, kind, from_bucket, to_bucket, amount_ore,
        binding, funding, year, accounting_on) VALUES ('s', 1, 1, 1, '', 'a', 'b', 1, '', 0, 2026, '')""",
    "passage": """INSERT INTO passage (stream, seq, field, salt, content, digest)
        VALUES ('s', 1, 'reason', 'salt', 'words', 'd')""",
    "decision": """INSERT INTO decision (stream, seq, instance, kind, outcome, decided_on)
        VALUES ('s', 1, 'ks', 'board', 'yes', '2026-01-01')""",
}


@pytest.fixture
def database(prepared_url: str) -> Iterator[Database]:
    with Database(prepared_url) as opened:
        yield opened


@pytest.fixture
def kept(database: Database) -> Database:
    """With a row in each table that keeps what was written."""
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO person (id, ref, kind, name, title, email, telephone, created_at)"
                                   " VALUES (1, 'r', '', '', '', '', '', '')")  # fmt: skip
        connection.exec_driver_sql("INSERT INTO pot (id, code, kind, title) VALUES (1, 'p', '', '')")
        connection.exec_driver_sql("INSERT INTO pot_year (id, pot_id, year, budget_ore, overrun_ore, available_ore,"
                                   " reserved_ore, committed_ore, ordered_ore, spent_ore, decided)"
                                   " VALUES (1, 1, 2026, 0, 0, 0, 0, 0, 0, 0, 1)")  # fmt: skip
        connection.exec_driver_sql(ROWS["definition"])
        connection.exec_driver_sql(PROPOSAL)
        for table in ROWS.keys() - {"definition"}:
            connection.exec_driver_sql(ROWS[table])
    return database


def refuses(database: Database, statement: str) -> bool:
    try:
        with database.writing() as connection:
            connection.exec_driver_sql(statement)
    except IntegrityError:
        return True
    return False


def test_there_is_a_row_to_try_on_in_every_table_that_keeps() -> None:
    assert set(ROWS) == set(KEPT)


@pytest.mark.parametrize("table", KEPT)
def test_nothing_is_deleted(kept: Database, table: str) -> None:
    assert refuses(kept, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", KEPT)
def test_nothing_is_truncated(kept: Database, table: str) -> None:
    if not kept.is_sqlite:
        assert refuses(kept, f"TRUNCATE {table} CASCADE")


def test_truncating_what_history_refers_to_is_refused_too(kept: Database) -> None:
    if not kept.is_sqlite:
        assert refuses(kept, "TRUNCATE proposal CASCADE")


CHANGES = [
    *("UPDATE definition SET body = 'x'", "UPDATE definition SET body = body", "UPDATE definition SET id = 2"),
    *("UPDATE revision SET title = 'x'", "UPDATE revision SET salt = ''"),
    "UPDATE revision SET title = '', content = '', salt = '', digest = ''",
    *("UPDATE event SET body = 'x'", "UPDATE event SET seq = 2", "UPDATE event SET hash = hash"),
    *("UPDATE ledger_entry SET amount_ore = 2", "UPDATE ledger_entry SET voucher = 'x'"),
    *("UPDATE decision SET outcome = 'no'", "UPDATE decision SET paragraph = '1'", "UPDATE decision SET seq = 2"),
    "UPDATE decision SET sent_at = 'x', decided_on = '2026-01-02'",
    *("UPDATE passage SET content = 'x'", "UPDATE passage SET digest = ''", "UPDATE passage SET seq = 2"),
    *("UPDATE passage SET content = ''", "UPDATE passage SET salt = ''"),  # half: guessed, or still there
    "UPDATE passage SET salt = '', content = '', digest = ''",
]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_changed(kept: Database, change: str) -> None:
    assert refuses(kept, change)


def test_every_column_is_guarded(kept: Database) -> None:
    free = {("decision", "sent_at"), ("decision", "adjusted_on")}
    for table in KEPT:
        with kept.reading() as connection:
            row = dict(connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().one())
        for column, value in row.items():
            new = value + 1 if isinstance(value, int) else f"'{value or ''}x'"
            assert refuses(kept, f"UPDATE {table} SET {column} = {new}") == ((table, column) not in free)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE decision SET sent_at = 'x', adjusted_on = 'y'",
        "UPDATE passage SET salt = '', content = ''",
    ],
)
def test_what_may_change_does(kept: Database, change: str) -> None:
    assert not refuses(kept, change)


@pytest.mark.parametrize("table", KEPT)
def test_a_second_row_of_the_same_key_is_refused(kept: Database, table: str) -> None:
    assert refuses(kept, ROWS[table])
    if kept.is_sqlite:
        assert refuses(kept, ROWS[table].replace("INSERT", "INSERT OR REPLACE", 1))


@pytest.mark.parametrize("table", KEPT)
def test_no_other_tool_replaces_on_sqlite(kept: Database, table: str) -> None:
    """With the settings that SQLite itself begins with: nothing recursive, no foreign keys."""
    if not kept.is_sqlite:
        return
    with kept.reading() as connection:
        path = connection.exec_driver_sql("PRAGMA database_list").one()[2]
        (rowid,) = connection.exec_driver_sql(f"SELECT rowid FROM {table}").one()
    plain = sqlite3.connect(path, isolation_level=None)
    replace = ROWS[table].replace("INSERT", "REPLACE", 1)
    other_key = replace.replace("(1, 1,", "(2, 2,").replace("('s', 1", "('t', 1").replace("(1, 'p', 1", "(2, 'q', 1")
    assert other_key != replace
    by_rowid = other_key.replace(f"{table} (", f"{table} (rowid, ", 1).replace("VALUES (", f"VALUES ({rowid}, ", 1)
    attempts = [replace, by_rowid]
    if table == "definition":
        attempts = [replace, replace.replace("(1, 'p'", "(2, 'p'"), replace.replace("(1, 'p'", "(1, 'q'")]
    for attempt in attempts:
        with pytest.raises(sqlite3.IntegrityError, match="keeps what was written"):
            plain.execute(attempt)
    plain.execute(other_key)  # so it was not for another reason
    plain.close()


def test_columns_take_only_their_type(database: Database) -> None:
    with pytest.raises(DatabaseError), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO stream (name, seq, head) VALUES ('s', 'many', '')")
    with pytest.raises(DatabaseError), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO stream (name, seq, head) VALUES ('s', 1, NULL)")


def test_sums_and_references_hold(kept: Database) -> None:
    assert refuses(kept, "UPDATE pot_year SET available_ore = 1")
    assert refuses(kept, "UPDATE pot_year SET budget_ore = -1, available_ore = -1")
    assert refuses(kept, "UPDATE pot_year SET pot_id = 7")
    assert not refuses(kept, "UPDATE pot_year SET budget_ore = 1, available_ore = 1")
