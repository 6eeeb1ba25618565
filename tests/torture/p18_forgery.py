"""P18: every address that changes something, asked by seven kinds of forgery, from a browser that is signed in. Each is
refused and no table has changed; nor has any after every page was read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import Case, key, opened, person
from web.app import create_app
from web.request import security
from workflow import Engine
from workflow.storage.schema import metadata

ELSEWHERE = "https://elsewhere.example"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
VALUES = {
    "transition": "accept", "pot": "investment", "year": 2026, "form": "csv", "duty": 1, "person": 2, "batch": 1,
    "seq": 1, "process_id": "purchase", "secret": "x", "token": "x", "filename": "theme.css", "deputy": 1, "row": 1,
    "body": "centrumgruppen", "held_on": "2026-03-25",
}  # fmt: skip
# What no table of ours keeps of a proposal: that somebody was here, or was refused.
BESIDE = {"session", "refusal", "attempt", "stream_lock"}
READS = "another method meant"  # is answered as the reading that it is
ONE_CLICK = {"mail.leave"}  # carries its right in its address (RFC 8058), so that no token of a page is asked for


@dataclass(slots=True)
class World:
    """A town with one proposal, an officer who is signed in, and somebody else who is."""

    app: Flask
    engine: Engine
    number: str
    officer: FlaskClient = field(init=False)
    tokens: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.officer, mine = self.signed("Handläggare")
        _, other_persons = self.signed("Ekonom")
        _, other_sessions = self.signed("Handläggare")
        self.tokens = {"own": mine, "another person": other_persons, "another session": other_sessions}

    def signed(self, who: str) -> tuple[FlaskClient, str]:
        browser = self.app.test_client()
        token = token_of(browser.get("/logga-in").text)
        browser.post("/logga-in", data={"csrf_token": token, "person": str(person(self.engine, who))})
        return browser, token_of(browser.get("/att-gora").text)

    def address(self, rule: Rule) -> str:
        known = VALUES | {"number": self.number, "stream": self.number}
        with self.app.test_request_context():
            built = rule.build({name: known.get(name, 1) for name in rule.arguments})
        assert built is not None, rule
        return built[1]

    def rows(self) -> dict[str, list[str]]:
        with self.engine.database.reading() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{table.name}"'))))
                for table in metadata.sorted_tables
                if table.name not in BESIDE
            }


def token_of(page: str) -> str:
    found = TOKEN.search(page)
    assert found is not None
    return found[1]


Forgery = Callable[[World, str], int]  # asks an address, returns the status


def _form(world: World, path: str, token: str = "", headers: Mapping[str, str] | None = None) -> int:
    data = {"key": key(), "seen_version": "1", "seen_revision": "1", "reason": "x", "what": "x", "where": "y"}
    return world.officer.post(path, data=data | ({"csrf_token": token} if token else {}), headers=headers).status_code


FORGERIES: dict[str, Forgery] = {
    "no token": _form,
    "the token of another session": lambda world, path: _form(world, path, world.tokens["another session"]),
    "the token of another person": lambda world, path: _form(world, path, world.tokens["another person"]),
    "from another site": lambda world, path: _form(
        world, path, world.tokens["own"], {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"}
    ),
    "from nowhere": lambda world, path: _form(world, path, world.tokens["own"], {"Origin": "null"}),
    "as text": lambda world, path: (
        world.officer.post(
            path, data='{"reason": "x"}', content_type="text/plain", headers={"Origin": ELSEWHERE}
        ).status_code
    ),
    READS: lambda world, path: (
        world.officer.get(
            path, query_string={"_method": "POST"}, headers={"X-HTTP-Method-Override": "POST"}
        ).status_code
    ),
}


def figures(run: Run) -> Iterator[Figure]:
    for kind in run.databases("p18"):
        with run.database(kind) as url, opened(url) as engine:
            world = World(create_app(engine), engine, Case(engine, "purchase", 20_000).submit().number)
            unsafe = [rule for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or set())]
            asked, wrong = forged(world, unsafe if run.whole else run.random("p18").sample(unsafe, 5))
            with broken(security, "came_from_us", lambda: True):
                easy = [rule for rule in unsafe if rule.endpoint == "language.choose"]
                caught = bool(forged(world, easy)[1])
            note = "; ".join(wrong[:3])
            yield Figure("P18", "forged requests that were taken", kind, asked, len(wrong), run.seed, caught, note)
            pages, changed = read(world)
            yield Figure("P18", "tables changed by reading", kind, pages, len(changed), run.seed, None, str(changed))


def forged(world: World, rules: Sequence[Rule]) -> tuple[int, list[str]]:
    """How many were asked, and which were taken or left a trace."""
    wrong, asked = [], 0
    for rule in rules:
        path, before = world.address(rule), world.rows()
        for name, forgery in FORGERIES.items():
            asked += 1
            status = forgery(world, path)
            taken = (status < 400 or status >= 500) and name != READS and rule.endpoint not in ONE_CLICK
            if taken or world.rows() != before:
                wrong.append(f"{name}: {path} answered {status}")
    return asked, wrong


def read(world: World) -> tuple[int, list[str]]:
    """Every address that can be read, read once; the tables that are not as they were."""
    before, rules = world.rows(), list(world.app.url_map.iter_rules())
    paths = [world.address(rule) for rule in rules if "GET" in (rule.methods or set())]
    for path in paths:
        world.officer.get(path).close()
    return len(paths), [name for name, rows in world.rows().items() if rows != before[name]]
