"""P1: decisions racing each other, cuts of the budget, cancellation, ombudgetering and the end of the year. Everything
that happened is replayed in the order in which it was committed. The twin decides although the pot is överskriden."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from multiprocessing.synchronize import Barrier
from random import Random
from typing import Any

from sqlalchemy import bindparam, update

from states import Ore
from tests.torture import crowd, judging, stock
from tests.torture.history import Attempt, Log
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import PROCESSES, Case, budget, key, opened
from workflow import Engine, Registered
from workflow.books.carrying import Carry, CarryRow
from workflow.money import effects, ledger
from workflow.storage import schema
from workflow.storage.statements import Statement

POT, YEAR = "investment", 2026
TODAY = date(2027, 1, 15)  # the year has ended, and is not closed yet
PLENTY, MOST = 10**11, 2_000_000  # öre
START_S = 600
NODES = PROCESSES["purchase"].nodes
WAYS = {
    "propose": NODES["drafting"].transition("propose"),
    "approve": NODES["budget_approval"].transition("approve"),
    "reject": NODES["budget_approval"].transition("reject"),
    "drop": NODES["budget_approval"].transition("drop"),
    "cancel": NODES["procurement"].transition("cancel"),
}

Deed = tuple[str, int, str]  # number, the version seen, what is asked for
Hand = tuple[dict[str, int], list[Deed], int, int]  # who, the deeds, a seed, what the budget is about


def figures(run: Run) -> Iterator[Figure]:
    for kind in run.databases("p1_racing"):
        with run.database(kind, sabotaged=True) as url:
            caught = twin(url)
        with run.database(kind) as url:
            yield raced(run, kind, url, caught)


def raced(run: Run, kind: str, url: str, caught: bool) -> Figure:
    workers, n = run.n(sample=3, whole=15), run.n(sample=30, whole=2_000)
    chance = run.random(f"p1 racing {kind}")
    amounts = [chance.randint(1, MOST) for _ in range(n)]
    with opened(url, TODAY) as engine:
        who = stock.people(engine)
        budget(engine, PLENTY)
        budget(engine, PLENTY, year=YEAR + 1)
    shares = [(who, hand) for hand in crowd.dealt(amounts, workers)]
    ready = [
        (each.told["number"], each.told["version"]) for each in crowd.crowd(prepare, url, shares, run.folder("stock"))
    ]
    about = sum(amounts)
    with opened(url, TODAY) as engine:
        budget(engine, about)
    hands = [(who, hand, chance.random(), about) for hand in crowd.dealt(rivals(chance, ready), workers)]
    council: Hand = (who, [], chance.random(), about)
    attempts = crowd.crowd(decide, url, [*hands, council], run.folder("racing"))
    books = judging.Books(url)
    faults = [*judging.kept_promises(books, attempts), *judging.replayed(books), *misplaced(attempts)]
    note = "; ".join([f"{workers + 1} processes, {judging.figures_of(attempts)}, {kinds(attempts)}", *faults[:3]])
    what = "decisions race cuts, cancellation, ombudgetering and year end"
    return Figure("P1", what, kind, len(attempts), len(faults), run.seed, caught, note)


def misplaced(attempts: Sequence[Attempt]) -> list[str]:
    """Refused for what no race explains."""
    explained = {"POT_OVERRUN", "POT_SHORT", "STALE_VERSION", "YEAR_CLOSED", "NOTHING_OPEN"}
    council = {"FIELD_MISSING", "FIELD_INVALID"}  # a list without rows, a year that is closed already
    return [
        f"refused: {each.asked}: {each.told}"
        for each in attempts
        if each.outcome == "refused"
        and each.told["kind"] not in (explained | council if each.asked["way"].startswith("council") else explained)
    ]


def kinds(attempts: Sequence[Attempt]) -> str:
    """Why it was refused, so that a race where nobody met anybody is seen."""
    found = [each.told["kind"] for each in attempts if each.outcome == "refused"]
    return ", ".join(f"{found.count(kind)} {kind}" for kind in sorted(set(found)))


def prepare(url: str, line: Barrier, log: Log, share: tuple[dict[str, int], list[int]]) -> None:
    """Two of three wait for a decision, with their money reserved; the rest have not asked for theirs."""
    who, amounts = share
    with opened(url, TODAY) as engine:
        for n, ore in enumerate(amounts):
            with log.asking() as told:
                given = (stock.proposed if n % 3 else stock.drafted)(engine, who, [(POT, ore)])
                told.update(number=given.number, version=given.version)


def rivals(chance: Random, ready: Sequence[tuple[str, int]]) -> list[Deed]:
    """Two deeds on the same version of each proposal, side by side, so that they are dealt to two processes."""
    deeds = []
    for number, version in chance.sample(ready, len(ready)):
        choice = ["propose", "propose"] if version == 3 else ["approve", chance.choice(["approve", "reject", "drop"])]
        deeds += [(number, version, each) for each in chance.sample(choice, 2)]
    return deeds


def decide(url: str, line: Barrier, log: Log, hand: Hand) -> None:
    who, deeds, seed, about = hand
    chance = Random(seed)
    with opened(url, TODAY) as engine:
        line.wait(START_S)
        if not deeds:
            govern(engine, log, who, chance, about, lambda: line.n_waiting == line.parties - 1)
        for number, version, way in deeds:
            done = ask(engine, log, who, (number, version, way))
            if done and way == "approve" and chance.random() < 0.5:
                ask(engine, log, who, (number, version + 1, "cancel"))
    line.wait(START_S)


def ask(engine: Engine, log: Log, who: stock.People, deed: Deed) -> bool:
    """Whether it was accepted."""
    number, version, name = deed
    by, way, own = who["officer" if name == "propose" else "budget_holder"], WAYS[name], key()
    assert way is not None
    form = Case(engine, "purchase", day=TODAY).form(way)
    with log.asking(key=own, number=number, way=name) as told:
        done = stock.step(engine, by, stock.Ready(number, version, 1, ()), name, form, own)
        told.update(number=done.number, seq=done.seq)
    return bool(told)


def govern(
    engine: Engine, log: Log, who: stock.People, chance: Random, about: int, is_over: Callable[[], bool]
) -> None:
    """Budgets up and down, the year closed and opened, what is open carried to the next; until the others are done."""
    controller = who["controller"]
    for n in itertools.count():
        if is_over():
            return
        own = key()
        listed = [CarryRow(each.number, each.funding, Ore(each.open)) for each in engine.to_carry(POT, YEAR)]
        with log.asking(key=own, way=f"council {n}") as told:
            if n % 4 == 1:
                done = engine.close_year(POT, YEAR, by=controller, key=own)
            elif n % 4 == 2:
                done = engine.close_year(POT, YEAR, by=controller, key=own, again=True)
            elif n % 4 == 3:
                rows = tuple(chance.sample(listed, min(3, len(listed))))
                done = engine.carry(
                    Carry("kf", TODAY, "§ 2", "Ombudgetering.", POT, YEAR, rows), by=controller, key=own
                )
            else:
                ore = Ore(int(about * chance.uniform(0.5, 1.2)))
                decided = Registered("budget", "kf", TODAY, "§ 1", "Budget", POT, YEAR, ore)
                done = engine.register(decided, by=controller, key=own)
            told.update(number=done.number, seq=done.seq)


# --- the twin


def twin(url: str) -> bool:
    """Whether the replay finds an approval after a cut below what was bound."""
    with opened(url, TODAY) as engine, unguarded():
        who = stock.people(engine)
        given = stock.proposed(engine, who, [(POT, 100_000)])
        budget(engine, 50_000)
        assert WAYS["approve"] is not None
        form = Case(engine, "purchase", day=TODAY).form(WAYS["approve"])
        stock.step(engine, who["budget_holder"], given, "approve", form)
    return bool(judging.replayed(judging.Books(url)))


def unguarded() -> ExitStack:
    """Neither the rules nor the WHERE look at what is left of a pot."""
    columns = schema.pot_year.c
    values: dict[str, Any] = {
        f"{name}_ore": columns[f"{name}_ore"] + bindparam(f"d_{name}") for name in effects.BUCKETS
    }
    anyhow = update(schema.pot_year).where(columns.id == bindparam("pot_year")).values(values)
    stack = ExitStack()
    stack.enter_context(broken(effects, "refusals", lambda *_: ()))
    stack.enter_context(broken(ledger, "_CHANGE", Statement("change pot-year", anyhow, guarded=True)))
    return stack
