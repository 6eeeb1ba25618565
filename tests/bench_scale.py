"""What a page costs when a town has very many proposals: against the same SQL by the raw driver, against an empty page
of Flask in the same run, and against a hundredth of the proposals. Part of `make bench`."""

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests import bulk
from web.app import create_app
from web.pages.people import token_cookie
from workflow import Engine
from workflow.demo.staging import Clock
from workflow.searching.views_searching import Sought

FEW, MANY = 1_000, 100_000
TIMES = 25
PACKED = {"Accept-Encoding": "gzip"}
OFFICER = "Handläggare"
SEARCHED = "torget sittplatsr"  # one word as it stands, one with a letter gone


def measure(few: int = FEW, many: int = MANY, times: int = TIMES) -> dict[str, Any]:
    """Figures by page, microseconds at the median and ratios."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for proposals in (few, many):
            path = Path(folder, f"{proposals}.sqlite3")
            begun = time.perf_counter()
            events = bulk.load(path, proposals)
            print(f"{proposals} proposals, {events} events loaded in {time.perf_counter() - begun:.0f} s", flush=True)
            found[str(proposals)] = {"events": events} | _of(path, times)
    first, last = found[str(few)], found[str(many)]
    found["growth"] = {name: round(last[name]["engine_us"] / first[name]["engine_us"], 2) for name in _QUESTIONS}
    return found


def _of(path: Path, times: int) -> dict[str, Any]:
    os.environ["SKEDE_DATABASE_URL"] = f"sqlite:///{path}"
    os.environ.setdefault("SKEDE_SECRET_KEY", "for measuring on this machine only")
    clock = Clock()
    clock.to(bulk.DAY)
    figures: dict[str, Any] = {}
    with Engine.open("config.toml", clock=clock) as engine:
        begun = time.perf_counter()
        faults = engine.verify()
        figures["verify_s"] = round(time.perf_counter() - begun, 1)
        assert faults == (), faults[:3]
        officer = next(each.person for each in engine.demo_people() if each.title == OFFICER)
        number = engine.queue(officer, limit=1).waiting[0].number
        raw = sqlite3.connect(path, isolation_level=None)
        for name, ask in _QUESTIONS.items():
            figures[name] = _compared(lambda ask=ask: ask(engine, officer, number), raw, times)
        raw.close()
        figures |= _pages(engine, officer, number, times)
    return figures


_QUESTIONS: dict[str, Callable[[Engine, int, str], object]] = {
    "queue": lambda engine, officer, _: engine.queue(officer),
    "timeline": lambda engine, _, number: engine.timeline(number),
    "options": lambda engine, officer, number: engine.options(number, officer),
    "pots": lambda engine, _, __: engine.pots(),
    "list": lambda engine, _, __: engine.seek(Sought()),
    "list_searched": lambda engine, _, __: engine.seek(Sought(SEARCHED, year=bulk.DAY.year)),
}


def _compared(ask: Callable[[], object], raw: sqlite3.Connection, times: int) -> dict[str, Any]:
    """The engine's answer, and the very statements that it sent sent again by the raw driver, in turn."""
    sent = _sent_by(ask)

    def again() -> None:
        for statement in sent:
            raw.execute(statement).fetchall()

    ours, theirs = _in_turn(times, ask, again)
    return {"engine_us": ours, "raw_us": theirs, "ratio": round(theirs / ours, 3), "statements": len(sent)}


def _sent_by(ask: Callable[[], object]) -> list[str]:
    """Every statement that reaches the driver with its values in it, those that go past SQLAlchemy among them."""
    sent: list[str] = []

    def trace(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(sent.append)

    def leave(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(None)

    event.listen(Pool, "checkout", trace)
    event.listen(Pool, "checkin", leave)
    try:
        ask()
    finally:
        event.remove(Pool, "checkout", trace)
        event.remove(Pool, "checkin", leave)
    return [each for each in sent if each.lstrip().upper().startswith(("SELECT", "WITH"))]


def _pages(engine: Engine, officer: int, number: str, times: int) -> dict[str, Any]:
    app, empty = create_app(engine), Flask("empty")
    empty.add_url_rule("/", view_func=lambda: "")
    client = app.test_client()
    client.set_cookie(_cookie(app), engine.sign_in_as(officer))
    found = {}
    paths = {"queue": "/att-gora", "timeline": f"/forslag/{number}", "case": f"/arenden/{number}", "pots": "/potter"}
    paths |= {
        "list": "/forslag",
        "list_searched": f"/forslag?q={SEARCHED}&year={bulk.DAY.year}",
        "list_none": "/forslag?q=zebra",
    }
    for name, path in paths.items():
        ours, bare = _in_turn(times, _getting(client, path), _getting(empty.test_client(), "/"))
        found[f"page_{name}"] = {"page_us": ours, "empty_us": bare, "ratio": round(ours / bare, 1)}
    visitor = app.test_client()  # who is not signed in gets a page as it was drawn for another, while nothing changes
    for name in ("timeline", "list", "list_searched", "pots"):
        asked = (
            _getting(visitor, paths[name]),
            _getting(visitor, paths[name], PACKED),
            _getting(empty.test_client(), "/"),
        )
        ours, packed, bare = _in_turn(times, *asked)
        found[f"page_{name}_visitor"] = {"page_us": ours, "empty_us": bare, "ratio": round(ours / bare, 2)}
        found[f"page_{name}_visitor_packed"] = {"page_us": packed, "empty_us": bare, "ratio": round(packed / bare, 2)}
    return found


def _cookie(app: Flask) -> str:
    with app.app_context():
        return token_cookie()


def _getting(client: FlaskClient, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> Callable[[], None]:
    def get() -> None:
        assert client.get(path, headers=headers).status_code == 200

    return get


def _in_turn(times: int, *what: Callable[[], object]) -> tuple[int, ...]:
    """Medians in microseconds, each in turn so that a busy machine is as busy for all; once before, warm."""
    taken: list[list[float]] = [[] for _ in what]
    for n in range(times + 1):
        for place, each in enumerate(what):
            begun = time.perf_counter()
            each()
            if n:
                taken[place].append(time.perf_counter() - begun)
    return tuple(max(1, round(statistics.median(each) * 1e6)) for each in taken)


def tell(figures: dict[str, Any]) -> None:
    for proposals, each in figures.items():
        if proposals == "growth":
            continue
        print(f"{proposals} proposals, {each['events']} events: verify {each['verify_s']} s, clean")
        for name in _QUESTIONS:
            row = each[name]
            print(
                f"  {name}: engine {row['engine_us']} us, the same {row['statements']} statements by the raw driver"
                f" {row['raw_us']} us, ratio {row['ratio']}"
            )
        for name, row in each.items():
            if name.startswith("page_"):
                print(f"  {name}: {row['page_us']} us, an empty page {row['empty_us']} us, ratio {row['ratio']}")
    print(f"growth from the fewer to the more: {figures['growth']}")
