"""What every connection promises, who waits for whom, and what is done again."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError

from workflow.storage import connections
from workflow.storage.connections import SQLITE_PROMISES, UnfitDatabaseError, asks_for_another_try
from workflow.storage.database import ATTEMPTS, Database

MARK = "INSERT INTO mark (name, value) VALUES ('a', 'b')"
MARKS = "SELECT count(*) FROM mark"


@pytest.fixture
def database(prepared_url: str) -> Iterator[Database]:
    with Database(prepared_url) as opened:
        yield opened


def write_and_fail(database: Database, write: Callable[[Connection], object]) -> None:
    with database.writing() as connection:
        write(connection)
        raise ZeroDivisionError


def count(database: Database, query: str = MARKS) -> int:
    with database.reading() as connection:
        return connection.exec_driver_sql(query).scalar_one()


# --- promises ------------------------------------------------------------------------------------------------------


def test_every_sqlite_connection_keeps_the_promises(database: Database) -> None:
    if not database.is_sqlite:
        return
    for opened in (database.reading, database.writing):
        with opened() as connection:
            kept = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in SQLITE_PROMISES}
            assert kept.pop("busy_timeout") >= 10_000
            assert kept == {
                "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "secure_delete": 1,
            }  # fmt: skip


def test_sqlite_in_memory_promises_too_little() -> None:
    with pytest.raises(UnfitDatabaseError, match="'journal_mode': 'memory'"):
        Database("sqlite://")


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(UnfitDatabaseError, match="mysql"):
        Database("mysql://localhost/skede")


def test_postgresql_that_may_lose_decisions_is_refused(database: Database, prepared_url: str) -> None:
    if database.is_sqlite:
        return
    with pytest.raises(UnfitDatabaseError, match="synchronous_commit = off"):
        Database(prepared_url + "&options=-csynchronous_commit%3Doff")


@pytest.mark.parametrize("setting", connections.POSTGRESQL_PROMISES)
def test_each_setting_of_postgresql_counts(setting: str) -> None:
    class Cursor:
        def execute(self, statement: str) -> None:
            assert setting in statement

        def fetchone(self) -> list[str]:
            return ["off" if name == setting else "on" for name in connections.POSTGRESQL_PROMISES]

        def close(self) -> None:
            pass

    class Server(Cursor):
        cursor = Cursor
        rollback = Cursor.close

    with pytest.raises(UnfitDatabaseError, match=f"with {setting} = off"):
        connections.promise_on_postgresql(Server(), None)


def test_transactions_are_what_they_are_called(database: Database) -> None:
    if database.is_sqlite:
        return
    asked = "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
    for opened, expected in (
        (database.reading, ("repeatable read", "on")),
        (database.writing, ("read committed", "off")),
    ):
        with opened() as connection:
            assert tuple(connection.exec_driver_sql(asked).one()) == expected


def test_another_process_must_open_its_own(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: -1)
    for opened in (database.reading, database.writing):
        with pytest.raises(RuntimeError, match="another process"):
            opened()


def test_many_may_open_and_create_at_once(database_url: str) -> None:
    def open_and_create(_: int) -> int:
        with Database(database_url) as opened:
            opened.create()
            return count(opened)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_and_create, range(8))) == [0] * 8


# --- transactions --------------------------------------------------------------------------------------------------


def test_a_write_is_there_afterwards(database: Database, prepared_url: str) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql(MARK)
    with Database(prepared_url) as another:
        assert count(another) == 1


def test_an_exception_undoes_everything(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, lambda connection: connection.exec_driver_sql(MARK))
    assert count(database) == 0


def test_an_exception_undoes_what_went_past_sqlalchemy(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, lambda connection: connection.connection.cursor().execute(MARK).close())
    assert count(database) == 0


def test_what_fails_at_the_commit_is_undone_and_the_next_writer_goes_on(database: Database) -> None:
    def both() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE one (id INTEGER PRIMARY KEY)")
            connection.exec_driver_sql("CREATE TABLE two (of_id INTEGER REFERENCES one DEFERRABLE INITIALLY DEFERRED)")
            connection.exec_driver_sql("INSERT INTO two VALUES (1)")

    for _ in range(2):  # a second time the tables would be there, had the first left anything
        with pytest.raises((DatabaseError, sqlite3.IntegrityError), match=r"(?i)foreign key"):
            both()
    with database.writing() as connection:
        connection.exec_driver_sql(MARK)
    assert count(database) == 1


def test_a_writer_whose_connection_broke_gets_another(database: Database) -> None:
    def broken() -> None:
        with database.writing() as connection:
            connection.connection.driver_connection.close()  # type: ignore[union-attr]
            connection.exec_driver_sql(MARK)

    with pytest.raises((DBAPIError, sqlite3.ProgrammingError)):
        broken()
    with database.writing() as connection:
        connection.exec_driver_sql(MARK)
    assert count(database) == 1


def test_tables_too_are_undone(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, lambda connection: connection.exec_driver_sql("CREATE TABLE another (name TEXT)"))
    with database.reading() as connection, pytest.raises(DatabaseError):
        connection.exec_driver_sql("SELECT * FROM another")


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), database.reading() as connection:
        connection.exec_driver_sql(MARK)


def test_a_reader_waits_for_no_writer_and_sees_one_moment(database: Database) -> None:
    with database.writing() as writer:
        writer.exec_driver_sql(MARK)
        with database.reading() as reader:
            assert reader.exec_driver_sql(MARKS).scalar_one() == 0
            writer.commit()
            assert reader.exec_driver_sql(MARKS).scalar_one() == 0
    assert count(database) == 1


def test_a_reader_sees_one_moment_past_sqlalchemy_too(database: Database) -> None:
    with database.reading() as reader:
        cursor = reader.connection.cursor()
        assert cursor.execute(MARKS).fetchone()[0] == 0
        with database.writing() as writer:
            writer.exec_driver_sql(MARK)
        assert cursor.execute(MARKS).fetchone()[0] == 0
        cursor.close()


def test_writers_on_sqlite_take_turns(database: Database) -> None:
    """Read, then write: with deferred transactions, one of two would find its snapshot outdated."""
    if not database.is_sqlite:
        return
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO mark (name, value) VALUES ('n', '0')")

    def add_one(_: int) -> None:
        with database.writing() as connection:
            value = int(connection.exec_driver_sql("SELECT value FROM mark").scalar_one())
            connection.exec_driver_sql("UPDATE mark SET value = ?", (str(value + 1),))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))
    assert count(database, "SELECT value FROM mark") == "40"


def test_the_writer_has_the_lock_from_the_start(database: Database, prepared_url: str) -> None:
    if not database.is_sqlite:
        return
    with database.writing():
        another = sqlite3.connect(prepared_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            another.execute("BEGIN IMMEDIATE")
        another.close()


# --- again ---------------------------------------------------------------------------------------------------------


def failure(sqlstate: str) -> psycopg.Error:
    return psycopg.errors.lookup(sqlstate)("as asked")


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_work_is_done_again_after_a_conflict(database: Database, sqlstate: str) -> None:
    runs = []

    def work(connection: Connection) -> str:
        runs.append(connection.exec_driver_sql(MARKS).scalar_one())
        connection.exec_driver_sql(MARK)
        if len(runs) < 3:
            raise failure(sqlstate)
        return "done"

    assert database.retrying(work) == "done"
    assert runs == [0, 0, 0]
    assert count(database) == 1


@pytest.mark.parametrize("error", [failure("23505"), ZeroDivisionError(), sqlite3.OperationalError("no such table")])
def test_work_at_fault_is_not_done_again(database: Database, error: Exception) -> None:
    runs = []

    def work(_: Connection) -> None:
        runs.append(1)
        raise error

    with pytest.raises(type(error)):
        database.retrying(work)
    assert len(runs) == 1


def test_conflicts_without_end_come_to_an_end(database: Database) -> None:
    runs = []

    def work(_: Connection) -> None:
        runs.append(1)
        raise failure("40001")

    with pytest.raises(psycopg.errors.SerializationFailure):
        database.retrying(work)
    assert len(runs) == ATTEMPTS


def test_a_busy_sqlite_asks_for_another_try(
    database: Database, prepared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database.is_sqlite:
        return
    monkeypatch.setitem(SQLITE_PROMISES, "busy_timeout", 1)
    with Database(prepared_url) as impatient:
        with (
            database.writing(),
            pytest.raises(sqlite3.OperationalError, match="locked") as caught,
        ):
            impatient.retrying(lambda _: None)
        assert asks_for_another_try(caught.value)
        assert impatient.retrying(lambda _: "free again") == "free again"


def test_a_deadlock_is_resolved(database: Database) -> None:
    """Two who lock the same rows in opposite order: PostgreSQL ends one, and it comes back."""
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO mark (name, value) VALUES ('a', ''), ('b', '')")
    meet = threading.Barrier(2)
    runs = []

    def work(first: str, second: str) -> Callable[[Connection], None]:
        def both(connection: Connection) -> None:
            runs.append(first)
            connection.exec_driver_sql(f"UPDATE mark SET value = value || 'x' WHERE name = '{first}'")
            if not database.is_sqlite and len(runs) <= 2:
                meet.wait(10)
            connection.exec_driver_sql(f"UPDATE mark SET value = value || 'x' WHERE name = '{second}'")

        return both

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(database.retrying, [work("a", "b"), work("b", "a")]))
    assert count(database, "SELECT count(*) FROM mark WHERE value = 'xx'") == 2
    assert len(runs) == (2 if database.is_sqlite else 3)
