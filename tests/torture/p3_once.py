"""P3: once, even if sent twice. Each key is sent by many processes at the same moment, then with another question and
by another person; p1_served tells of answers that got lost. The twin looks the key up outside the transaction."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import text

from states import Ore, RefusalKind
from tests.torture import crowd, judging, stock
from tests.torture.history import Attempt, Log
from tests.torture.report import Figure, Run
from tests.workflow.cast import DAY, budget, key, opened
from workflow import Engine, Invoice, Refused

PLENTY = 10**11
START_S = 600
DROPPED = {"decided_on": DAY, "paragraph": "1", "reason": "Vi väntar."}
TABLES = ("event", "ledger_entry", "request", "decision", "revision", "duty", "notice")

Share = tuple[dict[str, int], stock.Ready, stock.Ready, list[str]]


def figures(run: Run) -> Iterator[Figure]:
    for kind in run.databases("p3_once"):
        with run.database(kind, sabotaged=True) as url, opened(url) as engine:
            caught = twin(engine)
        with run.database(kind) as url:
            yield at_the_same_moment(run, kind, url, caught)


# --- the same key by many, at the same moment


def at_the_same_moment(run: Run, kind: str, url: str, caught: bool) -> Figure:
    """Every other key takes a step that moves money to and fro; the others book an invoice."""
    senders, n = run.n(sample=3, whole=8), run.n(sample=12, whole=1_000)
    keys = [f"{run.seed} {each}" for each in range(n)]
    with opened(url) as engine:
        who = stock.people(engine)
        budget(engine, PLENTY)
        moving, paying = (stock.drafted(engine, who, [(pot, 100_000)]) for pot in ("investment", "operating"))
    attempts = crowd.crowd(send_all, url, [(who, moving, paying, keys)] * senders, run.folder("p3"))
    faults = once_each(judging.Books(url), attempts, keys, senders)
    with opened(url) as engine:
        faults += [
            fault for n, each in enumerate(keys) for fault in misused(engine, who, deed(who, moving, paying, n), each)
        ]
    note = "; ".join([f"{senders} processes send {n} keys each, {judging.figures_of(attempts)}", *faults[:3]])
    what = "one key by many at once, then with another question and by another person"
    return Figure("P3", what, kind, len(attempts) + 2 * n, len(faults), run.seed, caught, note)


def deed(who: stock.People, moving: stock.Ready, paying: stock.Ready, n: int) -> Callable[..., Any]:
    """The n-th question, for an engine, a person (or the ordinary one), a key and a word that makes it another one."""
    if n % 2:
        bill = Invoice("invoice", 1, Ore(1), DAY, "Leverantör", str(n))

        def book(engine: Engine, told: str, by: int | None = None, other: str = "") -> Any:
            asked = bill if not other else Invoice("invoice", 1, Ore(2), DAY, "Leverantör", str(n))
            return engine.book(paying.number, asked, by=by or who["controller"], key=told)

        return book
    forth = n % 4 == 0
    seen = stock.Ready(moving.number, moving.version + n // 2, moving.revision, ())

    def act(engine: Engine, told: str, by: int | None = None, other: str = "") -> Any:
        role, way, form = ("officer", "propose", {}) if forth else ("budget_holder", "drop", DROPPED)
        return stock.step(engine, by or who[role], seen, way, {**form, **({"remarks": other} if other else {})}, told)

    return act


def send_all(url: str, line: Barrier, log: Log, share: Share) -> None:
    who, moving, paying, keys = share
    with opened(url) as engine:
        for n, each in enumerate(keys):
            do = deed(who, moving, paying, n)
            line.wait(START_S)
            with log.asking(key=each) as told:
                done = do(engine, each)
                told.update(number=done.number, seq=done.seq, version=done.version, node=done.node)


def once_each(books: judging.Books, attempts: list[Attempt], keys: list[str], senders: int) -> list[str]:
    """One effect for each key, and the same answer to everybody who sent it."""
    answers = defaultdict(list)
    for each in attempts:
        answers[each.asked["key"]].append((each.outcome, each.told))
    faults = [f"{each}: {answers[each]}" for each in keys if len(answers[each]) != senders]
    for each in keys:
        first = answers[each][0]
        if first[0] != "ok" or any(other != first for other in answers[each]):
            faults.append(f"{each}: not one answer: {answers[each][:2]}")
    places = [(told["number"], told["seq"]) for each in keys for outcome, told in answers[each][:1] if outcome == "ok"]
    there = {(event["stream"], event["seq"]) for event in books.events}
    made = [event for event in books.events if event["stream"] in {number for number, _ in places}]
    before = len(made) - len([event for event in made if (event["stream"], event["seq"]) in set(places)])
    if len(set(places)) != len(keys) or not set(places) <= there or before != 2 * 4:
        faults.append(f"{len(keys)} keys led to {len(set(places))} events, beside {before} of the preparation")
    return faults


def misused(engine: Engine, who: stock.People, do: Callable[..., Any], told: str) -> Iterator[str]:
    """With another question the key is refused; by another person it opens nothing."""
    before = counts(engine)
    try:
        do(engine, told, other="Något annat.")
        yield f"{told}: another question was accepted"
    except Refused as refused:
        if refused.first.kind is not RefusalKind.KEY_REUSED:
            yield f"{told}: another question was refused for {refused.first.kind.name}"
    try:
        do(engine, told, by=who["auditor"] if "auditor" in who else who["attestant"])
        yield f"{told}: another person was answered"
    except Refused as refused:
        if refused.first.kind not in (RefusalKind.STALE_VERSION, RefusalKind.NOT_PERMITTED):
            yield f"{told}: another person was refused for {refused.first.kind.name}"
    if counts(engine) != before:
        yield f"{told}: something was written"


def counts(engine: Engine) -> list[int]:
    with engine.database.reading() as connection:
        return [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES]


# --- the twin


def twin(engine: Engine, senders: int = 8) -> bool:
    """Whether a key that is looked up before the transaction lets one invoice be booked more than once."""
    who = stock.people(engine)
    given = stock.drafted(engine, who, [("investment", 100_000)])
    line, bill = threading.Barrier(senders), Invoice("invoice", 1, Ore(100), DAY, "Leverantör", "1")

    def naive(_: int) -> bool:
        with engine.database.reading() as connection:
            seen = connection.execute(text("SELECT 1 FROM request WHERE key = 'the key'")).first()
        line.wait(START_S)
        if seen is None:
            engine.book(given.number, bill, by=who["controller"], key=key())
        return seen is None

    with ThreadPoolExecutor(senders) as pool:
        list(pool.map(naive, range(senders)))
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    return pot.spent > 100
