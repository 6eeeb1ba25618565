"""P1 and P3 through the pages of a served site of two processes: many browsers at once ask for more than the pot holds,
and answers get lost on their way."""

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
PLENTY = 10**11


def figures(run: Run) -> Iterator[Figure]:
    for kind in DATABASES if run.whole else [run.random("p1 served").choice(DATABASES)]:
        with run.database(kind) as url, served.serving(url, run.folder("site")) as port:
            yield asked_for(run, kind, url, port)
            yield lost_answers(run, kind, url, port)


def asked_for(run: Run, kind: str, url: str, port: int) -> Figure:
    browsers, n = run.n(sample=3, whole=16), run.n(sample=9, whole=400)
    chance, folder, line = run.random(f"p1 served {kind}"), run.folder("p1-served"), Barrier(browsers)
    amounts = [chance.randint(1, MOST) for _ in range(n)]
    budgets = {"investment": max(*amounts, sum(amounts) // 2)}
    with opened(url) as engine:
        who = stock.people(engine)
        budget(engine, budgets["investment"])
        ready = [stock.drafted(engine, who, [("investment", ore)]) for ore in amounts]
    shares = [
        (line, port, who["officer"], folder / f"{each:02}.log", hand)
        for each, hand in enumerate(crowd.dealt(ready, browsers))
    ]
    with ThreadPoolExecutor(browsers) as pool:
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
            if (answer.status, answer.location.partition("?")[0]) == (303, page):
                told.update(number=given.number, seq=given.version + 2)
            elif answer.status == 409 and "Pengarna räcker inte." in answer.text:
                told.update(outcome="refused", kind="POT_SHORT")
            else:
                told.update(outcome="unknown", status=answer.status)


# --- an answer that got lost


def lost_answers(run: Run, kind: str, url: str, port: int) -> Figure:
    """The form is sent and the connection cut; then the same form comes twice more, together, as from a proxy."""
    n, chance, faults = run.n(sample=2, whole=60), run.random(f"p3 lost {kind}"), []
    with opened(url) as engine:
        who = stock.people(engine)
        budget(engine, PLENTY)
        before = judging.Books(url).bound("investment")
        ready = [stock.drafted(engine, who, [("investment", 100 * (each + 1))]) for each in range(n)]
    officer = served.Visitor(port).sign_in(who["officer"])
    for given in ready:
        page, path = f"/arenden/{given.number}", f"/arenden/{given.number}/steg/propose"
        form = officer.form(page, path)
        officer.send_and_leave(path, form, chance.choice([0, 0, chance.uniform(0, 0.05), chance.uniform(0, 0.3)]))
        answers = served.at_once([lambda path=path, form=form: officer.post(path, form)] * 2)
        faults += [
            f"{given.number}: {each.status}"
            for each in answers
            if (each.status, each.location.partition("?")[0]) != (303, page)
        ]
    books = judging.Books(url)
    for given in ready:
        taken = [each for each in books.events if each["stream"] == given.number and '"propose"' in each["body"]]
        if len(taken) != 1:
            faults.append(f"{given.number} was proposed {len(taken)} times")
    wanted = sum(ore for given in ready for _, ore in given.payers)
    if books.bound("investment") - before != wanted:
        faults.append(f"{books.bound('investment') - before} öre were bound, not {wanted}")
    what = "the answer is lost, and the form is sent twice more, to a served site"
    return Figure("P3", what, kind, n, len(faults), run.seed, None, "; ".join(faults[:3]))
