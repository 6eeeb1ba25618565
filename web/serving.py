"""Serves the pages with granian. Each worker process opens an engine of its own; nothing is shared but the database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
PATIENCE_S = 15.0
STOPPED_IN_S = 5  # seconds that a worker has to answer what it is asked


def config_path() -> Path:
    """The configuration of this process and of every worker that it starts."""
    return Path(os.environ.get(CONFIG_VARIABLE) or "config.toml").absolute()


def application() -> Flask:
    """What a worker process runs: the pages over its own engine."""
    return create_app(Engine.open(config_path()))


@contextmanager
def worker_beside() -> Iterator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own, for as long as the block lasts; it also ends when this process is gone."""
    command = [sys.executable, "-m", "web.cli", "worker", "--beside", str(os.getpid())]
    worker = subprocess.Popen(command, env=os.environ | {CONFIG_VARIABLE: str(config_path())})
    try:
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:  # whatever it was sending is sent again, under the same name
            worker.kill()
            worker.wait()


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
        workers_kill_timeout=STOPPED_IN_S,  # one that was still starting has not heard that it should stop
        working_dir=Path.cwd(),
    )
    server.serve()
