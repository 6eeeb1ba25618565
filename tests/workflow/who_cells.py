"""Who may act, asked of the door for every cell of ``who_may_act.csv``: the people, the proposals, and the questions.

The table is written by hand and rests on the sources that it names. Of several rows that fit a cell the last one holds.
"""

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from states import Ore, RefusalKind, offers
from tests.workflow.cast import DAY, PROCESSES, WORDS, Case, clock_of, key, rows
from tests.workflow.who_town import ASIDE, CAPACITIES, ELSEWHERE, INSTANCES, NOBODY, Town
from workflow import Refused
from workflow.acts import deciding
from workflow.acts.deciding import Ask
from workflow.acts.situations import Situation, asked_of, facts, situate
from workflow.books.booking import Invoice
from workflow.books.cofinancing import Noted
from workflow.cases import case
from workflow.records import loading
from workflow.records.actors import Actor

TABLE = Path(__file__).with_name("who_may_act.csv")
COLUMNS = ("capacity", "channel", "process", "state", "transition", "awaits")
ABOUT_WHO = (
    RefusalKind.NOT_PERMITTED, RefusalKind.INTERESTED, RefusalKind.PREPARED_IT, RefusalKind.NO_SUBSTITUTE,
)  # fmt: skip
YES = "yes"


@dataclass(frozen=True, slots=True)
class Cell:
    capacity: str
    channel: str
    process: str
    state: str
    transition: str
    awaits: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: patterns, what is expected, and on what it rests."""

    patterns: tuple[tuple[str, ...], ...]
    expected: str
    source: str
    why: str

    def fits(self, cell: Cell) -> bool:
        return all(_fits(pattern, getattr(cell, name)) for pattern, name in zip(self.patterns, COLUMNS, strict=True))


@cache
def table() -> tuple[Line, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Line(tuple(tuple(row[name].split("|")) for name in COLUMNS), row["expected"], row["source"], row["why"])
            for row in csv.DictReader(file)
        )


@cache
def _fits(patterns: tuple[str, ...], value: str) -> bool:
    return any(fnmatchcase(value, each) for each in patterns)


def spoken_of(capacity: str) -> str:
    """The name by which the table speaks of a capacity."""
    return ELSEWHERE.get(capacity, capacity)


def expected(cell: Cell) -> str:
    """What the last row that fits says."""
    return next(line.expected for line in reversed(table()) if line.fits(cell))


# --- the cells ---------------------------------------------------------------------------------------------------


def nodes() -> Iterator[tuple[str, str, str]]:
    """Process, node and instance of every place where a proposal can stand."""
    for process, found in PROCESSES.items():
        for node in found.nodes.values():
            if node.transitions:
                yield from ((process, node.id, awaits) for awaits in INSTANCES)


def place(connection: Connection, made: Case, node: str, awaits: str) -> None:
    """The proposal stands at a node and waits for that instance, whatever led there."""
    state, _, origin = node.partition("@")
    told = text(
        "UPDATE proposal SET state = :state, origin = :origin, awaits_role = :role, awaits_body = :body"
        " WHERE number = :number"
    )
    instance = INSTANCES[awaits]
    role, body = ("", instance) if awaits == "board" else (instance, "")
    values = {"state": state, "origin": origin, "role": role, "body": body, "number": made.number}
    connection.execute(told, values)


def judged(kinds: set[RefusalKind]) -> str:
    """The first reason that is about who somebody is; yes where there is none."""
    about = sorted(kinds & set(ABOUT_WHO))
    return about[0].name if about else YES


@dataclass(slots=True)
class Asked:
    """One proposal, whose people are looked up once: nobody comes or goes between its states."""

    town: Town
    made: Case
    actors: dict[str, Actor | None] = field(default_factory=dict)
    standing: Situation | None = None

    def put(self, connection: Connection, node: str, awaits: str) -> None:
        place(connection, self.made, node, awaits)
        proposal = loading.load(connection, self.made.number, lock=False)
        assert proposal is not None
        if not self.actors:
            who = {each: self.town.who(each, self.made) for each in CAPACITIES}
            on = self.town.engine.today()
            self.actors = {
                each: loading.actor(connection, who[each], on, proposer_of=proposal) for each in CAPACITIES
            }  # fmt: skip
        nobody = next(each for each in self.actors.values() if each is not None)
        definitions = self.town.engine._definitions
        self.standing = situate(connection, definitions, proposal, nobody, self.town.engine.today(), lock=False)

    def offered(self, connection: Connection, capacity: str) -> dict[str, str]:
        """What the options say of each way, by the same rules and facts as a page."""
        actor, standing = self.actors[capacity], self.standing
        assert standing is not None
        ways = standing.node.transitions
        if actor is None or not actor.capacities:
            return {way.id: RefusalKind.NOT_PERMITTED.name for way in ways}
        now = replace(standing, actor=actor)
        known = facts(connection, now, asked_of(ways), {})
        found = offers(now.process, now.proposal.node, known)
        return {each.transition.id: judged({blocker.kind for blocker in each.blockers}) for each in found}


def by_the_door(connection: Connection, town: Town, made: Case, capacity: str, way: str) -> str:
    """What the door's own options say of one way."""
    try:
        found = case.options(
            connection, town.engine._definitions, made.number, town.who(capacity, made), town.engine.today()
        )
    except Refused as refused:
        return judged({each.kind for each in refused.refusals})
    told = (each for each in found if each.transition.id == way)
    return next((judged({blocker.kind for blocker in each.blockers}) for each in told), YES)


def done(connection: Connection, town: Town, made: Case, capacity: str, transition: str) -> str:
    """What the decision itself answers; whatever it did is undone."""
    query = text("SELECT version, revision FROM proposal WHERE number = :number")
    seen = connection.execute(query, {"number": made.number}).one()
    who = town.who(capacity, made)
    ask = Ask(made.number, transition, who, seen.version, seen.revision, key())
    undone = connection.begin_nested()
    try:
        deciding.decide(connection, town.engine._definitions, ask, clock_of(town.engine)())
    except Refused as refused:
        return judged({each.kind for each in refused.refusals})
    finally:
        undone.rollback()
    return YES


@dataclass(slots=True)
class Found:
    """How many cells were asked, and those that answer otherwise than the table."""

    asked: int = 0
    wrong: list[tuple[Cell, str, str]] = field(default_factory=list)

    def judge(self, cell: Cell, answer: str) -> None:
        self.asked += 1
        if answer != expected(cell):
            self.wrong.append((cell, answer, expected(cell)))


def ask_all(
    town: Town, *, acts: float = 0.0, chance: random.Random | None = None,
    capacities: tuple[str, ...] = CAPACITIES, where: Callable[[str, str], bool] = lambda *_: True,
) -> Found:  # fmt: skip
    """Every cell of the engine: what the rules say, and of a share ``acts`` also what the door's options say and what
    the decision answers."""
    found = Found()
    asked = {at: Asked(town, made) for at, made in town.cases.items()}
    with town.engine.database.writing() as connection:
        for process, node, awaits in nodes():
            if where(process, node):
                at = asked[process, awaits]
                at.put(connection, node, awaits)
                for capacity in capacities:
                    _ask_one(connection, found, at, capacity, awaits, acts, chance)
        connection.rollback()
    return found


def _ask_one(
    connection: Connection, found: Found, at: Asked, capacity: str, awaits: str, acts: float,
    chance: random.Random | None,
) -> None:  # fmt: skip
    assert at.standing is not None
    process, node = at.made.process, at.standing.node
    offered = at.offered(connection, capacity)
    for way in node.transitions:
        cell = Cell(spoken_of(capacity), "engine", process, node.id, way.id, awaits)
        if way.id in offered:
            found.judge(cell, offered[way.id])
        if chance is not None and chance.random() < acts:
            found.judge(cell, done(connection, at.town, at.made, capacity, way.id))
            if way.id in offered:
                found.judge(cell, by_the_door(connection, at.town, at.made, capacity, way.id))


# --- what is no transition ---------------------------------------------------------------------------------------


def deeds(town: Town, made: Case, who: int) -> dict[str, Callable[[], object]]:
    """What else may be done to a proposal or beside it, by somebody."""
    engine, revision = town.engine, made.stands()["revision"]
    pots = {each.n: (_pot(each.kind), "Så är det.") for each in rows(made.process, 20_000).lines}
    meeting = {"body_id": 1, "held_on": (DAY + timedelta(days=400 + random.randrange(10**5))).isoformat()}
    return {
        "deed:classify": lambda: engine.classify(
            made.number, by=who, key=key(), seen_revision=revision, classifications=pots
        ),
        "deed:revise": lambda: engine.revise(
            made.number, by=who, key=key(), seen_revision=revision, text=WORDS, rows=rows(made.process, 20_000)
        ),
        "deed:note_cofinancing": lambda: engine.note_cofinancing(
            made.number, Noted("Trafikverket", "agreed", DAY), by=who, key=key()
        ),
        "deed:book": lambda: engine.book(
            made.number, Invoice("invoice", 99, Ore(1), DAY, "Leverantör", "1"), by=who, key=key()
        ),
        "deed:case_file": lambda: engine.case_file(made.number, by=who),
        "deed:configure": lambda: engine.configure("meeting", meeting, by=who, key=key()),
    }  # fmt: skip


def _pot(kind: str) -> str:
    return "investment" if kind in ("furniture", "ground") else "operating"


def ask_deeds(town: Town, capacities: tuple[str, ...] = CAPACITIES) -> Found:
    """Every deed of every capacity on one proposal in preparation."""
    found, made = Found(), town.cases[ASIDE]
    with town.engine.database.writing() as connection:
        place(connection, made, "preparation", "delegate")
    for capacity in capacities:
        for name in deeds(town, made, NOBODY):
            cell = Cell(spoken_of(capacity), "engine", made.process, "preparation", name, "delegate")
            found.judge(cell, _answer(deeds(town, made, town.who(capacity, made))[name]))
    return found


def _answer(deed: Callable[[], object]) -> str:
    try:
        deed()
    except Refused as refused:
        return judged({each.kind for each in refused.refusals})
    return YES


def told(found: Found, most: int = 12) -> Any:
    """The deviations, in words."""
    return [f"{cell}: {answer}, expected {wanted}" for cell, answer, wanted in found.wrong[:most]]
