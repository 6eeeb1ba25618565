"""Serves the pages with granian. Each worker process opens an engine of its own; nothing is shared but the database."""

import os
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from web.app import create_app
from workflow import Engine

CONFIG_VARIABLE = "SKEDE_CONFIG"
THREADS = 8  # fewer than an engine has connections for reading
WORKERS = 2


def config_path() -> Path:
    """The configuration of this process and of every worker that it starts."""
    return Path(os.environ.get(CONFIG_VARIABLE) or "config.toml").absolute()


def application() -> Flask:
    """What a worker process runs: the pages over its own engine."""
    return create_app(Engine.open(config_path()))


def serve(host: str, port: int) -> None:
    """Until Ctrl-C or SIGTERM."""
    server = Granian(
        "web.serving:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=WORKERS,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        working_dir=Path.cwd(),
    )
    server.serve()
