"""An engine whose post goes to the tests' mail server, and its worker."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from tests.mail_server import MailServer
from tests.workflow import cast
from web.app import create_app
from web.commands import worker
from web.commands.worker import Round
from workflow import Engine

BASE_URL = "https://skede.example.org"


def config_for(folder: Path, port: int, **settings: str) -> Path:
    """The shipped configuration with a mail server of ours; ``settings`` replaces lines of [mail]."""
    told = {"host": "127.0.0.1", "security": "none", "sender": "centrum@example.org", **settings}
    text = cast.CONFIG.read_text(encoding="utf-8")
    before, _, after = text.partition("[mail]\n")
    rest = after[after.index("# Rubrikerna") :]
    mail = "\n".join(f'{name} = "{value}"' for name, value in told.items())
    text = f"{before}[mail]\nport = {port}\ntimeout = 1\n{mail}\n\n{rest}"
    text = text.replace('"http://localhost:8000"', f'"{BASE_URL}"')
    text = text.replace('"states/processes"', f'"{cast.ROOT}/states/processes"')
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


@contextmanager
def posting(url: str, folder: Path, server: MailServer, **settings: str) -> Iterator[tuple[Engine, Flask]]:
    """The engine and the pages that word its mail."""
    os.environ["SKEDE_SECRET_KEY"] = "for tests"
    try:
        with cast.opened(url, config=config_for(folder, server.port, **settings)) as engine:
            yield engine, create_app(engine)
    finally:
        del os.environ["SKEDE_SECRET_KEY"]


def one_round(engine: Engine, app: Flask) -> Round:
    return worker.once(engine, app, threading.Event())
