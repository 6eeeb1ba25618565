"""The command line over a broken design: what could not be kept is acknowledged all the same."""

import os
import sys
from wsgiref.simple_server import make_server

from web.serving import application
from workflow.storage.connections import SqliteWriter

LEAVE = SqliteWriter.__exit__


def leave(self: SqliteWriter, *raised: object) -> None:
    try:
        LEAVE(self, *raised)  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001 - the very fault
        print(f"never mind: {error}", file=sys.stderr)


if __name__ == "__main__":
    SqliteWriter.__exit__ = leave  # type: ignore[method-assign]
    make_server("127.0.0.1", int(os.environ["PORT"]), application()).serve_forever()
