"""Writes a database's files anew, without anything that was deleted or overwritten. Knows no table."""

import sqlite3

import psycopg
from sqlalchemy import URL

from workflow.storage.connections import SQLITE_DRIVER


def scrub(address: URL) -> None:
    """Others wait meanwhile. On PostgreSQL its own log keeps what was written until it is recycled."""
    if address.get_backend_name() == "sqlite":
        _sqlite(address)
    else:
        _postgresql(address)


def _sqlite(address: URL) -> None:
    """A connection of its own: nobody's transaction may be open on it."""
    connection = sqlite3.connect(str(address.database), **SQLITE_DRIVER)  # type: ignore[call-overload]
    try:
        connection.execute("PRAGMA secure_delete = ON").close()
        connection.execute("VACUUM").close()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()


def _postgresql(address: URL) -> None:
    with psycopg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        connection.autocommit = True
        connection.execute("VACUUM FULL")
