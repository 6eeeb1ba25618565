"""P10: time moves no money. At the instants where a clock misleads, a decision's day is the town's, the budget year is
the one that was named, and the order of events is that of their numbers, also when the clock goes back between two."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from states import Ore
from tests.torture import deeds
from tests.torture.deeds import Deed
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import Case, budget, clock_of, line, opened, paid, person
from workflow import Engine, Refused
from workflow.demo.staging import Clock
from workflow.money.contents import Rows
from workflow.records import calendar_days

# The moment in UTC, and the date on the wall in Sweden, written by hand.
INSTANTS = (
    ("2026-03-28 22:59:59.999999", "2026-03-28"), ("2026-03-28 23:00:00", "2026-03-29"),
    ("2026-03-29 00:59:59.999999", "2026-03-29"),  # the last moment before the hour that is not there
    ("2026-03-29 01:00:00", "2026-03-29"), ("2026-03-29 21:59:59.999999", "2026-03-29"),
    ("2026-03-29 22:00:00", "2026-03-30"), ("2026-06-30 21:59:59.999999", "2026-06-30"),
    ("2026-06-30 22:00:00", "2026-07-01"), ("2026-10-24 21:59:59.999999", "2026-10-24"),
    ("2026-10-24 22:00:00", "2026-10-25"), ("2026-10-25 00:30:00", "2026-10-25"),  # half past two
    ("2026-10-25 01:30:00", "2026-10-25"),  # half past two once more
    ("2026-10-25 22:59:59.999999", "2026-10-25"), ("2026-10-25 23:00:00", "2026-10-26"),
    ("2026-12-31 22:59:59.999999", "2026-12-31"), ("2026-12-31 23:00:00", "2027-01-01"),
    ("2026-12-31 23:30:00", "2027-01-01"), ("2026-12-31 23:59:59.999999", "2027-01-01"),
    ("2027-01-01 00:00:00", "2027-01-01"), ("2025-12-31 22:30:00", "2025-12-31"),
    ("2025-12-31 23:30:00", "2026-01-01"), ("2027-02-28 23:00:00", "2027-03-01"),
    ("2027-12-31 23:15:00", "2028-01-01"), ("2028-02-28 23:00:00", "2028-02-29"),
    ("2028-02-29 22:59:59.999999", "2028-02-29"), ("2028-02-29 23:00:00", "2028-03-01"),
)  # fmt: skip
ZONES = ("Europe/Stockholm", "America/Los_Angeles", "Pacific/Auckland")  # of the machine, which must not matter
YEAR = 2026  # named in every funding row, whatever the clock says
ACCOUNTED = date(2026, 11, 30)  # the day of the invoice, as its books have it
BACK = (timedelta(0), timedelta(hours=-1), timedelta(days=-1), timedelta(minutes=-5), timedelta(days=-400))
ORE = 10_000


def figures(run: Run) -> Iterator[Figure]:
    zones = ZONES if run.whole else (run.random("zone").choice(ZONES),)
    for database in run.databases("p10_time"):
        wrong, n = [], 0
        for zone in zones:
            with run.database(database) as url, of_the_machine(zone), opened(url) as engine:
                wrong += [f"{zone}: {fault}" for fault in at_every_instant(engine)]
                n += len(INSTANTS)
        with run.database(database, sabotaged=True) as url, broken(calendar_days, "HERE", UTC), opened(url) as engine:
            twin = list(at_every_instant(engine))
        told = "instants: day, accounting date, budget year and number"
        yield Figure("P10", told, database, n, len(wrong), run.seed, bool(twin), "; ".join(wrong[:3]))
        with run.database(database) as url, opened(url) as engine:
            wrong = list(backwards(engine))
        yield Figure("P10", "the clock goes back between two events", database, len(BACK), len(wrong), run.seed, None,
                     "; ".join(wrong[:3]))  # fmt: skip


@contextmanager
def of_the_machine(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


@dataclass(slots=True)
class At:
    """One instant: what is done then, and what must stand of it."""

    engine: Engine
    utc: datetime
    local: date

    def do(self, deed: Deed) -> Any:
        clock_of(self.engine).at = self.utc
        return deed.do(self.engine)

    def wrong(self) -> Iterator[str]:
        given = _ready(self.engine)
        before = _figures(self.engine)
        clock_of(self.engine).at = self.utc
        if self.engine.today() != self.local:
            yield f"today is {self.engine.today()}"
        given.day = self.local
        proposed = self.do(_at(given, self.utc, "propose"))
        yield from self.entries(given.number, proposed.seq, self.local)
        approved = self.do(_at(given, self.utc, "approve", decided_on=self.local))
        yield from self.entries(given.number, approved.seq, self.local)
        if (since := given.stands()["since"]) != self.local.isoformat():
            yield f"it stands there since {since}"
        yield from self.facts(given)
        yield from self.other_years(before)

    def facts(self, given: Case) -> Iterator[str]:
        """An invoice, a registered decision and a new idea."""
        given.day = ACCOUNTED
        booked = self.do(deeds.book(given, "invoice", ORE // 2))
        yield from self.entries(given.number, booked.seq, ACCOUNTED)
        told = deeds.register("supplement", ORE, "investment", YEAR, person(self.engine, "Ekonom"))
        decided = self.do(told)
        yield from self.entries(decided.number, decided.seq, told.about[0].decided_on)
        number = self.do(deeds.submit()).number
        if not number.startswith(f"CG-{self.local.year}-"):
            yield f"a new idea is {number}"

    def entries(self, stream: str, seq: int, on: date) -> Iterator[str]:
        query = text("SELECT year, accounting_on FROM ledger_entry WHERE stream = :stream AND seq = :seq")
        with self.engine.database.reading() as connection:
            rows = [tuple(row) for row in connection.execute(query, {"stream": stream, "seq": seq})]
            stored = connection.execute(
                text("SELECT recorded_at FROM event WHERE stream = :stream AND seq = :seq"),
                {"stream": stream, "seq": seq},
            ).scalar_one()
        if not rows or set(rows) != {(YEAR, on.isoformat())}:
            yield f"{stream} {seq} is booked {rows}, not {YEAR} and {on}"
        if datetime.fromisoformat(stored) != self.utc:
            yield f"{stream} {seq} was recorded {stored}"

    def other_years(self, before: dict[tuple[str, int], Any]) -> Iterator[str]:
        now = _figures(self.engine)
        changed = {key for key in now if now[key] != before.get(key)}
        if changed != {("investment", YEAR)}:
            yield f"the pots changed are {sorted(changed)}"


def at_every_instant(engine: Engine) -> Iterator[str]:
    budget(engine, 1_000_000_00, year=YEAR)
    for utc, local in INSTANTS:
        moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
        try:
            for fault in At(engine, moment, date.fromisoformat(local)).wrong():
                yield f"{utc} UTC: {fault}"
        except Refused as refused:
            yield f"{utc} UTC: refused as {refused}"


def _ready(engine: Engine) -> Case:
    """A purchase that waits to be proposed, prepared on an ordinary day."""
    clock_of(engine).at = Clock().at
    rows = Rows((line(1, "furniture", ORE // 100),), (paid(1, "investment", ORE // 100, YEAR),))
    return Case(engine, "purchase").submit().walk("accept").write(rows).walk("to_review", "recommend")


def _at(given: Case, moment: datetime, transition: str, **form: Any) -> Deed:
    """As :func:`deeds.act`, but worked out at this moment, and no day passes."""
    given.day -= timedelta(days=1)
    clock_of(given.engine).at = moment
    deed = deeds.act(given, transition, **form)
    clock_of(given.engine).at = moment
    return deed


def _figures(engine: Engine) -> dict[tuple[str, int], Any]:
    return {(each.pot, each.year): each for year in range(2025, 2029) for each in engine.pots(year)}


def backwards(engine: Engine) -> Iterator[str]:
    """Each event is recorded before the one that it follows; the number says what came first."""
    for back in BACK:
        given = _ready(engine)
        moment = datetime(2026, 6, 1, 12, tzinfo=UTC)
        for step in ("propose", "approve", "sign"):
            given.day = moment.date()
            told = {"approve": {"decided_on": given.day}, "sign": {"contract_amount": Ore(ORE)}}
            deed = _at(given, moment, step, **told.get(step, {}))
            clock_of(engine).at = moment
            deed.do(engine)
            moment += back
        seqs = [step.seq for step in engine.timeline(given.number).steps]
        if seqs != sorted(seqs):
            yield f"{back}: the timeline shows {seqs}"
        behind = [each.kind for each in engine.entries("investment", YEAR) if each.proposal == given.number]
        if behind != ["order", "release", "commit", "reserve"]:
            yield f"{back}: behind the figure stand {behind}"
    yield from engine.verify()
