"""`skede worker`: rounds of the worker until it is stopped, or one. Speaks Swedish, holds no rule."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from web import serving
from web.app import create_app
from web.commands import worker
from web.commands.worker import Round
from workflow import Engine

PROBLEMS = {
    "not_given": "Inga mejl skickas: ingen e-postserver är angiven under [mail] i konfigurationen.",
    "password_missing": "Inga mejl skickas: lösenordet saknas i SKEDE_SMTP_PASSWORD.",
}
ORPHAN_LOOKED_FOR_S = 2.0


def add_worker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="gör en omgång och sluta, till exempel från cron")
    parser.add_argument("--every", type=_seconds, default=worker.EVERY_S, metavar="S", help="sekunder mellan omgångar")
    parser.add_argument("--beside", type=int, metavar="PID", help="sluta när den här processen har slutat")


def _seconds(text: str) -> float:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 3600:
        raise argparse.ArgumentTypeError(f"{text} är inte 1 till 3600 sekunder")
    return float(text)


def work(asked: argparse.Namespace) -> int:
    """Ends after the mail at hand when it is told to: SIGTERM, SIGINT."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    if asked.beside:
        threading.Thread(target=_watch, args=(asked.beside, stop), daemon=True).start()
    with _ending(stop), Engine.open(serving.config_path()) as engine:
        app = create_app(engine)
        if asked.once:
            _tell(worker.once(engine, app, stop))
        else:
            worker.run(engine, app, stop, asked.every)
    return 0


@contextmanager
def _ending(stop: threading.Event) -> Iterator[None]:
    """Whoever asks the process to end is heard when the mail at hand is sent."""
    before = {each: signal.signal(each, lambda *_: stop.set()) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _watch(parent: int, stop: threading.Event) -> None:
    """A worker beside a server that was killed would go on for ever."""
    while os.getppid() == parent and not stop.wait(ORPHAN_LOOKED_FOR_S):
        pass
    stop.set()


def _tell(did: Round) -> None:
    for each in did.moved:
        print(f"{each}: dagen har kommit")
    print(
        f"Skickade: {did.sent}. Skickas igen senare: {did.later}. Kunde inte levereras: {did.put_aside}. "
        f"Påminnelser: {did.reminded}. Veckobrev: {did.weekly}."
    )
    if did.problem:
        print(PROBLEMS[did.problem])
