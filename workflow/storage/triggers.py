"""Triggers that keep history as it was written, whoever writes: this code, another program, a person at a prompt.

Nothing is ever deleted from these tables. Most cannot change at all; a decision may still be marked as adjusted and
sent, and a passage or the words of a revision may be erased, salt and all, so that the digest tells nothing.
Migrations hold copies of their own.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, PrimaryKeyConstraint, Table, UniqueConstraint

from workflow.storage.schema import APPEND_ONLY, metadata

# What an UPDATE may touch; in tables that are not named, nothing.
MAY_CHANGE = {
    "decision": ("adjusted_on", "sent_at"),
    "passage": ("salt", "content"),
    "revision": ("title", "content", "salt"),
}
# And what must hold after it.
AFTERWARDS = {
    "passage": "NEW.salt = '' AND NEW.content = ''",
    "revision": "NEW.salt = '' AND NEW.title = '' AND NEW.content = ''",
}

KEPT = tuple(sorted({*APPEND_ONLY, *MAY_CHANGE}))

REFUSE_CHANGE = """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = TG_TABLE_NAME || ' keeps what was written - no ' || TG_OP;
END $$"""


def install(connection: Connection) -> None:
    """On tables that have none yet."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def statements(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [statement for name in KEPT for statement in on_sqlite(metadata.tables[name])]
    return [REFUSE_CHANGE, *(statement for name in KEPT for statement in on_postgresql(metadata.tables[name]))]


def on_sqlite(table: Table) -> Iterator[str]:
    """INSERT OR REPLACE deletes rows without a DELETE trigger, unless the connection asked for recursive triggers."""
    conditions = {"UPDATE": forbidden_change(table, "IS NOT"), "DELETE": "", "INSERT": key_is_taken(table)}
    for action, condition in conditions.items():
        when = f"WHEN {condition}\n" if condition else ""
        yield (
            f"CREATE TRIGGER {table.name}_no_{action.lower()} BEFORE {action} ON {table.name}\n{when}"
            f"BEGIN\n    SELECT RAISE(ABORT, '{table.name} keeps what was written - no {action}');\nEND"
        )


def on_postgresql(table: Table) -> Iterator[str]:
    refuse = "EXECUTE FUNCTION refuse_change()"
    change = forbidden_change(table, "IS DISTINCT FROM")
    when = f"WHEN ({change})\n" if change else ""
    yield f"CREATE TRIGGER {table.name}_no_update BEFORE UPDATE ON {table.name} FOR EACH ROW\n{when}{refuse}"
    yield f"CREATE TRIGGER {table.name}_no_delete BEFORE DELETE ON {table.name} FOR EACH ROW\n{refuse}"
    yield f"CREATE TRIGGER {table.name}_no_truncate BEFORE TRUNCATE ON {table.name} FOR EACH STATEMENT\n{refuse}"


def forbidden_change(table: Table, differs: str) -> str:
    """The condition on NEW and OLD under which an UPDATE is refused; empty: always."""
    free = MAY_CHANGE.get(table.name)
    if free is None:
        return ""
    names = [column.name for column in table.columns]
    conditions = [f"NEW.{name} {differs} OLD.{name}" for name in names if name not in free]
    if table.name in AFTERWARDS:
        conditions.append(f"NOT ({AFTERWARDS[table.name]})")
    return "\n    OR ".join(conditions)


def key_is_taken(table: Table) -> str:
    """Any key that REPLACE would make room for; the number that SQLite gives each row is one too."""
    unique = (each for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint))
    keys = [["rowid"], *sorted([column.name for column in constraint.columns] for constraint in unique)]
    return "\n    OR ".join(
        f"EXISTS (SELECT 1 FROM {table.name} WHERE {' AND '.join(f'{name} = NEW.{name}' for name in key)})"
        for key in keys
    )
