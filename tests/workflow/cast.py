"""The cast of every test of the engine: an engine at a day, people by what they may do, and proposals on their way."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from states import Capacity, CostLine, Ore, Transition, load
from states.machine import role_names
from workflow import Engine, Registered, Text
from workflow.demo.staging import Clock, Stage
from workflow.money.contents import FundingAsk, Rows
from workflow.records.answers import Done

DAY = date(2026, 3, 2)
ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config.toml"
PROCESSES = {name: load(ROOT / "states" / "processes").latest(name) for name in ("rebuild", "purchase", "activity")}
WORDS = Text("Bänkar", "Fyra bänkar", "Torget")
SKETCH, PROGRAMME = 25_000, 30_000  # kronor, from the operating pot
WORK = 200_000  # kronor: within the delegate's right


@contextmanager
def opened(url: str, on: date = DAY, config: Path = CONFIG) -> Iterator[Engine]:
    """The engine on this database, at nine o'clock of a day; its clock is the cast's to move."""
    before = os.environ.get("SKEDE_DATABASE_URL")
    os.environ["SKEDE_DATABASE_URL"] = url
    clock = Clock()
    clock.to(on)
    try:
        with Engine.open(config, clock=clock) as engine:
            yield engine
    finally:
        if before is None:
            del os.environ["SKEDE_DATABASE_URL"]
        else:
            os.environ["SKEDE_DATABASE_URL"] = before


def seed(url: str) -> None:
    """The shipped configuration in a database, open to the demonstration's people."""
    with opened(url) as engine:
        engine.mark_demo()


def clock_of(engine: Engine) -> Clock:
    clock = engine._clock
    assert isinstance(clock, Clock)
    return clock


def person(engine: Engine, title: str) -> int:
    return next(each.person for each in engine.demo_people() if each.title == title)


def key() -> str:
    return str(uuid4())


def budget(engine: Engine, ore: int, pot: str = "investment", year: int = 2026, kind: str = "budget") -> None:
    """The pot holds exactly this much, in öre; with ``kind`` supplement, this much more."""
    told = Registered(kind, "kf", DAY, "§ 1", "Budget", pot, year, Ore(ore))
    engine.register(told, by=person(engine, "Ekonom"), key=key())


def rows(process: str, kronor: int = WORK) -> Rows:
    """What a proposal of this process costs and who pays."""
    if process == "activity":
        return Rows((line(1, "study_visit", kronor),), (paid(1, "operating", kronor),))
    if process == "purchase":
        return Rows((line(1, "furniture", kronor),), (paid(1, "investment", kronor),))
    return Rows(
        (line(1, "sketch", SKETCH), line(2, "programme", PROGRAMME), line(3, "ground", kronor)),
        (paid(1, "operating", SKETCH), paid(2, "operating", PROGRAMME), paid(3, "investment", kronor)),
    )


def line(n: int, kind: str, kronor: int) -> CostLine:
    return CostLine(n, kind, kind, Ore(kronor * 100), 10 if kind in ("furniture", "ground") else None, "municipality")


def paid(n: int, pot: str, kronor: int, year: int = 2026) -> FundingAsk:
    return FundingAsk(n, pot, year, Ore(kronor * 100))


def everything(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table but the log of refusals."""
    names = [
        "proposal", "revision", "cost_line", "funding", "duty", "event", "passage", "decision", "ledger_entry",
        "holding", "pot_year", "request", "notice",
    ]  # fmt: skip
    with engine.database.reading() as connection:
        return {name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")))) for name in names}


@dataclass(slots=True)
class Case:
    """One proposal, moved by whoever may; a day passes with each step."""

    engine: Engine
    process: str
    kronor: int = WORK
    number: str = ""
    secret: str = ""
    day: date = DAY
    people: dict[tuple[str, str | None], int] = field(default_factory=dict)

    def submit(self) -> "Case":
        clock_of(self.engine).to(self.day)
        given = self.engine.submit(process=self.process, by=None, key=key(), text=WORDS, is_example=True)
        assert given.secret is not None
        self.number, self.secret = given.number, given.secret
        for each in self.engine.demo_people():
            for held in self.engine.capacities(each.person):
                self.people.setdefault((held.role, held.body), each.person)
                self.people.setdefault((held.role, None), each.person)
        return self

    def walk(self, *steps: str) -> "Case":
        for each in steps:
            self.write() if each == "write" else self.act(each)
        return self

    def write(self, given: Rows | None = None) -> "Case":
        """The officer writes what it costs and the attestant says which pot each line belongs to."""
        self.pass_days(1)
        written = given or rows(self.process, self.kronor)
        by = self.people["officer", None]
        seen = self.stands()["revision"]
        self.engine.revise(self.number, by=by, key=key(), seen_revision=seen, text=WORDS, rows=written)
        pots = {
            each.n: ("investment" if each.kind in ("furniture", "ground") else "operating", "Så är det.")
            for each in written.lines
        }
        by = self.people["attestant", None]
        self.engine.classify(self.number, by=by, key=key(), seen_revision=seen + 1, classifications=pots)
        return self

    def pass_days(self, days: int) -> None:
        self.day += timedelta(days=days)
        clock_of(self.engine).to(self.day)

    def stands(self) -> Mapping[str, Any]:
        """The proposal's row."""
        query = text("SELECT * FROM proposal WHERE number = :number")
        with self.engine.database.reading() as connection:
            return dict(connection.execute(query, {"number": self.number}).mappings().one())

    def act(self, transition: str, **form: Any) -> "Case":
        """Takes a transition in the ordinary way; ``form`` replaces words of the ordinary form."""
        self.pass_days(1)
        now = self.stands()
        node = f"{now['state']}@{now['origin']}" if now["origin"] else now["state"]
        way = PROCESSES[self.process].nodes[node].transition(transition)
        assert way is not None, (node, transition)
        self.engine.act(
            self.number, transition, by=self.who(way, now), seen_version=now["version"],
            seen_revision=now["revision"], key=key(), form=self.form(way) | form,
        )  # fmt: skip
        return self

    def who(self, way: Transition, now: Mapping[str, Any]) -> int:
        """Whoever may take it: the registrar of the awaited body, the delegate, or the first holder of a role."""
        assert way.role is not None
        if way.role.argument == "decided":
            return self.people[self.decided_by()]
        if way.role.name == "registrar_of":
            awaited = ("registrar", now["awaits_body"]) if now["awaits_body"] else (now["awaits_role"], None)
            return self.people[awaited]
        roles = role_names(way.role)
        if roles == ("proposer",):
            return self.proposer()
        return next(self.people[role, None] for role in roles if (role, None) in self.people)

    def decided_by(self) -> tuple[str, str | None]:
        """The role and body that registers the decision which the work rests on."""
        query = text("SELECT instance FROM decision WHERE stream = :n AND outcome LIKE 'approved%' ORDER BY seq DESC")
        with self.engine.database.reading() as connection:
            instance = connection.execute(query, {"n": self.number}).scalars().first()
        return ("registrar", instance) if ("registrar", instance) in self.people else (str(instance), None)

    def proposer(self) -> int:
        """Whoever opens the private link."""
        signed = self.engine.session(self.engine.open_link(self.secret))
        assert signed is not None
        assert signed.capacities == (Capacity("proposer"),)
        return signed.person

    def form(self, way: Transition) -> dict[str, Any]:
        """The ordinary words of what a transition asks for."""
        known = {
            "parked_until": self.day + timedelta(days=30),
            "contract_amount": Ore(self.kronor * 100),
            "final_cost": Ore(self.kronor * 100),
            "awaits_next": "kf",
        }
        days = ("decided_on", "held_on", "inspected_on", "handed_over_on", "adjusted_on")
        later = {"ready_by": self.day + timedelta(days=60), "warranty_until": self.day + timedelta(days=700)}
        known |= dict.fromkeys(days, self.day) | later
        if "merged_with" in way.asks:
            other = self.engine.submit(process=self.process, by=None, key=key(), text=WORDS, is_example=True)
            known["merged_with"] = other.number
        return {name: known.get(name, f"Om {name}.") for name in way.asks if name != "lines"}

    def pots(self) -> dict[str, dict[str, int]]:
        """The figures of the year's pots, öre."""
        names = ("available", "reserved", "committed", "ordered", "spent")
        shown = self.engine.pots(2026)
        return {each.pot: {name: getattr(each, name) for name in names if getattr(each, name)} for each in shown}

    def taken(self) -> list[tuple[str, str]]:
        """Every step of the timeline as (state, transition), from the stored events."""
        query = text("SELECT body FROM event WHERE stream = :number AND kind = 'moved' ORDER BY seq")
        with self.engine.database.reading() as connection:
            bodies = connection.execute(query, {"number": self.number}).scalars().all()
        return [(body["from"].partition("@")[0], body["transition"]) for body in map(json_of, bodies)]


def json_of(body: str) -> dict[str, Any]:
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


def woken(engine: Engine) -> tuple[Done, ...]:
    """What the clock has moved on now; the years that it closes are no proposals."""
    return tuple(each for each in engine.tick() if not each.number.startswith("pot/"))


def stage(engine: Engine) -> Stage:
    return Stage(engine, clock_of(engine))
