"""A migrated database is the same as a new one, in all that the database itself knows; and nothing less is noticed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from workflow.storage.connections import UnfitDatabaseError
from workflow.storage.database import VERSION_TABLE, Database, migrate

Dump = dict[tuple[str, ...], str]

OF_SQLITE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name"
OF_POSTGRESQL = (
    """SELECT 'relation', relname, concat_ws(' ', relkind, relpersistence, reloptions)
       FROM pg_class WHERE relnamespace = 'public'::regnamespace""",
    """SELECT 'column', attrelid::regclass::text, attnum::text,
           concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
                     pg_get_expr(adbin, adrelid))
       FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
           LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped""",
    """SELECT 'constraint', conrelid::regclass::text, conname, concat_ws(' ', pg_get_constraintdef(oid), convalidated)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT 'trigger', tgrelid::regclass::text, tgname, concat_ws(' ', pg_get_triggerdef(oid), tgenabled)
       FROM pg_trigger WHERE NOT tgisinternal""",
    """SELECT 'function', proname, pg_get_functiondef(oid)
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    """SELECT 'sequence', sequencename, concat_ws(' ', data_type, start_value, increment_by, cycle)
       FROM pg_sequences WHERE schemaname = 'public'""",
)


def dump(connection: Connection) -> Dump:
    queries = (OF_SQLITE,) if connection.dialect.name == "sqlite" else OF_POSTGRESQL
    found: Dump = {}
    for query in queries:
        for *key, definition in connection.exec_driver_sql(query):
            assert tuple(key) not in found
            found[tuple(key)] = definition
    return found


def dump_of(url: str, fill: Callable[[Database], None]) -> Dump:
    with Database(url) as database:
        fill(database)
        with database.reading() as connection:
            return dump(connection)


def migrated(database: Database, then: Callable[[], object] = lambda: None) -> None:
    with database.writing() as connection:
        migrate(connection)
        then()


@pytest.fixture
def another_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path):
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'another.sqlite3'}"
        return
    with request.getfixturevalue("postgres_server").database() as url:
        yield url


def test_a_migrated_database_is_the_same_as_a_new_one(database_url: str, another_url: str) -> None:
    old, new = dump_of(database_url, migrated), dump_of(another_url, Database.create)
    assert old == new
    assert ("trigger", "event_no_update", "event") in old or ("trigger", "event", "event_no_update") in old
    assert len(old) > 100 or database_url.startswith("sqlite")


SABOTAGE = {
    "sqlite": {
        "trigger": ["DROP TRIGGER event_no_insert"],
        "index": ["DROP INDEX ix_duty_open"],
        "index without its condition": ["DROP INDEX ix_notice_unsent", "CREATE INDEX ix_notice_unsent ON notice (id)"],
        "check": [
            "DROP TABLE holding",
            """CREATE TABLE holding (proposal_id INTEGER NOT NULL, binding TEXT NOT NULL, funding INTEGER NOT NULL,
            pot_year_id INTEGER NOT NULL, reserved_ore INTEGER NOT NULL, committed_ore INTEGER NOT NULL,
            ordered_ore INTEGER NOT NULL, spent_ore INTEGER NOT NULL) STRICT""",
        ],
        "strict": ["DROP TABLE mark", "CREATE TABLE mark (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)"],
    },
    "postgresql": {
        "trigger": ["DROP TRIGGER event_no_truncate ON event"],
        "trigger that does not fire": ["ALTER TABLE event DISABLE TRIGGER event_no_truncate"],
        "function": ["CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'"],
        "index": ["DROP INDEX ix_duty_open"],
        "index without its condition": ["DROP INDEX ix_notice_unsent", "CREATE INDEX ix_notice_unsent ON notice (id)"],
        "check": ["ALTER TABLE pot_year DROP CONSTRAINT ck_pot_year_sum"],
        "type": ["ALTER TABLE mark ALTER value TYPE varchar(9)"],
        "null": ["ALTER TABLE mark ALTER value DROP NOT NULL"],
    },
}


@pytest.mark.parametrize("what", sorted({*SABOTAGE["sqlite"], *SABOTAGE["postgresql"]}))
def test_the_comparison_notices_what_is_missing(database_url: str, what: str) -> None:
    with Database(database_url) as database:
        database.create()
        with database.writing() as connection:
            statements = SABOTAGE[connection.dialect.name].get(what)
            if statements is None:
                return
            before = dump(connection)
            for statement in statements:
                connection.exec_driver_sql(statement)
            assert dump(connection) != before


def test_a_second_creation_changes_nothing_and_keeps_what_is_there(database_url: str) -> None:
    with Database(database_url) as database:
        database.create()
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO mark (name, value) VALUES ('demo', 'yes')")
            before = dump(connection)
        database.create()
        with database.reading() as connection:
            assert dump(connection) == before
            assert connection.exec_driver_sql("SELECT value FROM mark").scalar_one() == "yes"


def test_creation_migrates_a_database_that_is_behind(database_url: str, another_url: str) -> None:
    with Database(database_url) as database:
        with database.writing() as connection:
            migrate(connection, "0001")
            assert not any("event_no_update" in key for key in dump(connection))
        database.create()
        with database.reading() as connection:
            assert dump(connection) == dump_of(another_url, Database.create)


def test_a_migration_that_fails_leaves_nothing(database_url: str) -> None:
    with Database(database_url) as database:
        with pytest.raises(ZeroDivisionError):
            migrated(database, then=lambda: 1 / 0)
        with database.reading() as connection:
            assert dump(connection) == {}


def test_tables_of_something_else_are_left_alone(database_url: str) -> None:
    with Database(database_url) as database:
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
        with pytest.raises(UnfitDatabaseError, match="recipes"):
            database.create()


def test_a_newer_database_is_left_alone(database_url: str) -> None:
    with Database(database_url) as database:
        database.create()
        with database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        with pytest.raises(UnfitDatabaseError, match="newer than this Skede: 9999"):
            database.create()
