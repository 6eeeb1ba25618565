"""Work as a town does it, drawn at random: proposals handed in, written, decided, paid, corrected, budgets changed.

Knows the process files and who may do what; whether something is allowed is for the engine to say, and a refusal is
an answer like another.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from states import Transition
from states.machine import role_names
from tests.torture import deeds
from tests.torture.deeds import Deed
from tests.workflow.cast import DAY, PROCESSES, Case, line, paid
from workflow import Engine
from workflow.money.contents import Rows

FEW, MANY = 12, 60  # open proposals: below, more are handed in; above, none
MOST_ORE = 400_000  # of a supplement
_OPEN = """SELECT p.number, p.state, p.origin, p.revision, p.awaits_role, d.process FROM proposal p
    JOIN definition d ON d.id = p.definition_id WHERE p.ended_at IS NULL ORDER BY p.id"""
_LINES = """SELECT l.n, l.kind, l.classification FROM cost_line l JOIN proposal p ON p.id = l.proposal_id
    AND p.revision = l.revision WHERE p.number = :number"""
_PAID = """SELECT f.n FROM funding f JOIN proposal p ON p.id = f.proposal_id AND p.revision = f.revision
    WHERE p.number = :number ORDER BY f.n"""
_LAST = """SELECT w.id FROM event e JOIN person w ON w.ref = e.actor WHERE e.stream = :number
    ORDER BY e.seq DESC LIMIT 1"""


@dataclass(slots=True)
class Walker:
    engine: Engine
    chance: random.Random
    people: dict[tuple[str, str | None], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.engine.demo_people():
            for held in self.engine.capacities(each.person):
                self.people.setdefault((held.role, held.body), each.person)
                self.people.setdefault((held.role, None), each.person)

    def next(self) -> Deed:
        """Something that somebody may well want now; drawn again where another process was quicker to move it."""
        while True:
            try:
                return self._next()
            except LookupError:
                continue

    def _next(self) -> Deed:
        standing = self._rows(_OPEN)
        if len(standing) < FEW or (len(standing) < MANY and self.chance.random() < 0.1):
            return deeds.submit(self.chance.choice(("purchase", "purchase", "activity")))
        if self.chance.random() < 0.08:
            return self._registered()
        return self._about(self.chance.choice(standing))

    def _registered(self) -> Deed:
        kind = self.chance.choice(("supplement", "supplement", "supplement", "cover", "budget"))
        pot = self.chance.choice(("investment", "operating"))
        ore = 100_000_000 if kind == "budget" else self.chance.randint(1, MOST_ORE)
        return deeds.register(kind, ore, pot, 2026, self.people["controller", None])

    def _about(self, row: Mapping[str, Any]) -> Deed:
        given = Case(self.engine, row["process"], self.chance.randint(1, 900), row["number"], "", DAY, self.people)
        if row["state"] == "preparation" and (written := self._written(given)):
            return written
        drawn = self.chance.random()
        if drawn < 0.12 and (funding := self._rows(_PAID, number=given.number)):
            kind, ore = self.chance.choice(("invoice", "invoice", "credit")), self.chance.randint(1, 40_000)
            return deeds.book(given, kind, ore, self.chance.choice(funding)["n"])
        if drawn < 0.2 and (last := self._rows(_LAST, number=given.number)):
            return deeds.correct(given, last[0]["id"])
        return self._moved(given, row)

    def _written(self, given: Case) -> Deed | None:
        """What it costs, then which pot that belongs to; None once both are told."""
        lines = self._rows(_LINES, number=given.number)
        if not lines:
            return deeds.revise(given, self.rows(given.process))
        if any(each["classification"] is None for each in lines):
            to = {each["n"]: "investment" if each["kind"] == "furniture" else "operating" for each in lines}
            return deeds.classify(given, {n: (pot, "Så är det.") for n, pot in to.items()})
        return None

    def rows(self, process: str) -> Rows:
        """One line, or several that several pots pay."""
        ore = [self.chance.randint(1, 900) for _ in range(3)]
        if process == "activity":
            return Rows((line(1, "study_visit", ore[0]),), (paid(1, "operating", ore[0]),))
        kinds, pots = ("furniture", "other", "furniture"), ("investment", "operating", "investment")
        n = self.chance.randint(1, 3)
        lines = tuple(line(i + 1, kinds[i], ore[i]) for i in range(n))
        return Rows(lines, tuple(paid(i + 1, pots[i], ore[i]) for i in range(n)))

    def _moved(self, given: Case, row: Mapping[str, Any]) -> Deed:
        node = PROCESSES[given.process].nodes[f"{row['state']}@{row['origin']}" if row["origin"] else row["state"]]
        ways = [each for each in node.transitions if self._ordinary(each, row)]
        if not ways:
            return deeds.submit()
        way = ways[0] if self.chance.random() < 0.5 else self.chance.choice(ways)
        form = {"lines": self.rows(given.process)} if "lines" in way.asks else {}
        return deeds.act(given, way.id, **form)

    def _ordinary(self, way: Transition, row: Mapping[str, Any]) -> bool:
        """Neither the clock's nor a proposer's, who has a link of their own, nor a merger, which asks for another."""
        if way.role is None or way.clock is not None or "merged_with" in way.asks:
            return False
        whose = (row["awaits_role"], way.role.name, *role_names(way.role))
        return "proposer" not in whose

    def _rows(self, query: str, **given: Any) -> list[Mapping[str, Any]]:
        with self.engine.database.reading() as connection:
            return [dict(each) for each in connection.execute(text(query), given).mappings()]
