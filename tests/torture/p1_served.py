"""P1 through the pages: many browsers at once ask a served site of two processes for more than the pot holds."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from tests.torture import crowd, history, judging, served, stock
from tests.torture.history import Log
from tests.torture.report import DATABASES, Figure, Run
from tests.workflow.cast import budget, opened

MOST = 2_000_000  # öre
START_S = 600


def figures(run: Run) -> Iterator[Figure]:
    for kind in DATABASES if run.whole else [run.random("p1 served").choice(DATABASES)]:
        with run.database(kind) as url:
            yield asked_for(run, kind, url)


def asked_for(run: Run, kind: str, url: str) -> Figure:
    browsers, n = run.n(sample=3, whole=16), run.n(sample=9, whole=400)
    chance = run.random(f"p1 served {kind}")
    amounts = [chance.randint(1, MOST) for _ in range(n)]
    budgets = {"investment": sum(amounts) // 2}
    with opened(url) as engine:
        who = stock.people(engine)
        budget(engine, budgets["investment"])
        ready = [stock.drafted(engine, who, [("investment", ore)]) for ore in amounts]
    folder = run.folder("p1-served")
    with served.serving(url, folder) as port, ThreadPoolExecutor(browsers) as pool:
        line = Barrier(browsers)
        shares = [
            (line, port, who["officer"], folder / f"{each:02}.log", hand)
            for each, hand in enumerate(crowd.dealt(ready, browsers))
        ]
        list(pool.map(lambda share: propose_all(*share), shares))
    attempts, books = history.read(folder), judging.Books(url)
    faults = [
        *judging.kept_promises(books, attempts),
        *judging.overspent(attempts, budgets),
        *judging.falsely_refused(books, attempts, budgets),
        *([f"{books.bound('investment')} öre are bound"] if books.bound("investment") > budgets["investment"] else []),
        *([f"{len(attempts)} were asked for, not {n}"] if len(attempts) != n else []),
    ]
    note = "; ".join([f"{browsers} browsers, {judging.figures_of(attempts)}", *faults[:3]])
    return Figure("P1", "one pot through a served site", kind, len(attempts), len(faults), run.seed, None, note)


def propose_all(line: Barrier, port: int, officer: int, log: Path, ready: list[stock.Ready]) -> None:
    """A browser that has opened all its pages before anybody sends a form."""
    visitor, written = served.Visitor(port).sign_in(officer), Log(log)
    forms = [visitor.form(f"/arenden/{each.number}", f"/arenden/{each.number}/steg/propose") for each in ready]
    line.wait(START_S)
    for given, form in zip(ready, forms, strict=True):
        with written.asking(key=form["key"], number=given.number, payers=given.payers) as told:
            page = f"/arenden/{given.number}"
            answer = visitor.post(f"{page}/steg/propose", form)
            if (answer.status, answer.location) == (303, page):
                told.update(number=given.number, seq=given.version + 2)
            elif answer.status == 409 and "Pengarna räcker inte." in answer.text:
                told.update(outcome="refused", kind="POT_SHORT")
            else:
                told.update(outcome="unknown", status=answer.status)
