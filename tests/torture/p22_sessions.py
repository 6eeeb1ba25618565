"""P22: guesses at passwords over two server processes, cookies that were planted or kept, and whether an unknown login
can be told from a known one. On both databases, over HTTP."""

import re
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from states import RefusalKind
from tests.torture.report import DATABASES, Figure, Run
from tests.torture.sabotage import broken
from tests.torture.served import Answer, Visitor, serving
from tests.workflow.cast import opened, person
from workflow import Engine, Refused
from workflow.people import passwords, throttling
from workflow.people.throttling import ACCOUNT, SeenFrom
from workflow.storage.schema import attempt

PASSWORD = "en lång och fin mening"
LOGIN = "ekonom"
THREADS = 8
MOST_DIFFERENCE_S = 0.005  # between the medians of unknown and known logins
COOKIE = "skede"


def figures(run: Run) -> Iterator[Figure]:
    chosen = DATABASES if run.whole else (run.random("p22").choice(DATABASES),)
    caught = found_out(run)
    for kind in chosen:
        with run.database(kind) as url:
            with opened(url) as engine, engine.database.writing() as connection:
                who = person_called(engine, "Ekonom")
                passwords.create_account(connection, who, LOGIN, passwords.hashed(PASSWORD))
            with serving(url, run.folder("p22")) as port:
                kept = cookies(port)
                yield Figure(
                    "P22", "planted and kept cookies open nothing", kind, len(kept), kept.count(False), run.seed, None
                )
                began = time.monotonic()
                answers = guessed(port, run.n(sample=60, whole=10_000))
                elapsed_s = time.monotonic() - began
            with opened(url) as engine:
                reached = counted(engine)
        most = most_within(elapsed_s)
        told = sum(each.status not in (403, 429) for each in answers) + max(0, reached - most)
        note = f"{reached} of {len(answers)} reached the hash in {elapsed_s:.0f} s, at most {most} may"
        yield Figure("P22", "guesses throttled over two processes", kind, len(answers), told, run.seed, caught, note)
    yield from alike(run)


def person_called(engine: Engine, title: str) -> int:
    return person(engine, title)


# --- guesses


def guessed(port: int, n: int) -> list[Answer]:
    """Wrong passwords from several browsers at once, to whichever process answers."""

    def some(part: range) -> list[Answer]:
        visitor = Visitor(port)
        form = visitor.form("/logga-in", "/logga-in") | {"login": LOGIN}
        return [visitor.post("/logga-in", form | {"password": f"gissning {each}"}) for each in part]

    with ThreadPoolExecutor(THREADS) as threads:
        parts = threads.map(some, (range(k, n, THREADS) for k in range(THREADS)))
        return [answer for part in parts for answer in part]


def counted(engine: Engine) -> int:
    """How many guesses the account's counter has let through."""
    with engine.database.reading() as connection:
        rows = connection.execute(select(attempt.c.tries).where(attempt.c.counter.like("account/%"))).scalars()
        return int(sum(rows))


def most_within(elapsed_s: float) -> int:
    """How many guesses the rule lets through in that time: the free ones, and then ever more seldom."""
    tries, waited = 0, 0.0
    while waited <= elapsed_s:
        tries += 1
        waited += ACCOUNT.wait(tries).total_seconds()
    return tries


def found_out(run: Run) -> bool:
    with run.database("sqlite", sabotaged=True) as url, opened(url) as engine:
        return twin(engine)


def twin(engine: Engine) -> bool:
    """Whether the check finds out when guesses are counted only after they were made."""
    with engine.database.writing() as connection:
        who = person_called(engine, "Ekonom")
        passwords.create_account(connection, who, LOGIN, passwords.hashed(PASSWORD))

    def guess(n: int) -> bool:
        try:
            engine.sign_in(LOGIN, f"gissning {n}", SeenFrom("192.0.2.1"))
        except Refused as refused:
            return refused.first.kind is RefusalKind.NOT_PERMITTED
        return True

    with broken(throttling, "count", lambda *_: None), ThreadPoolExecutor(THREADS) as threads:
        reached = sum(threads.map(guess, range(2 * THREADS)))
    return reached > most_within(1)


# --- cookies


def cookies(port: int) -> list[bool]:
    """A cookie that was planted is left behind at signing in; one that was kept is worth nothing after signing out."""
    victim, attacker = Visitor(port), Visitor(port)
    attacker.sign_in(2)
    planted = attacker.cookies[COOKIE]
    found = []
    for value in (planted, "invented" * 5):
        victim.cookies = {COOKIE: value}
        form = victim.form("/logga-in", "/logga-in") | {"login": LOGIN, "password": PASSWORD}
        found.append(victim.post("/logga-in", form).status == 303)
        found.append(victim.cookies[COOKIE] not in (value, ""))
    found.append(attacker.get("/att-gora").status == 303)
    kept, page = dict(victim.cookies), victim.get("/inloggning")
    found.append(page.status == 200)
    token = re.findall(r'action="/logga-ut">\s*<input type="hidden" name="csrf_token" value="([^"]*)"', page.text)
    victim.post("/logga-ut", {"csrf_token": token[0] if token else ""})
    replayed = Visitor(port, kept)
    found += [replayed.get("/att-gora").status == 303, replayed.get("/inloggning").status == 303]
    return found


# --- unknown and known


def alike(run: Run) -> Iterator[Figure]:
    """The same words, and the same time within five milliseconds between medians, drawn in turn."""
    n = run.n(sample=3, whole=500)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    told = set()
    with run.database("sqlite") as url, opened(url) as engine:
        with engine.database.writing() as connection:
            passwords.create_account(connection, person_called(engine, "Ekonom"), LOGIN, passwords.hashed(PASSWORD))
        with broken(throttling, "count", lambda *_: None):
            for k in range(n):
                for which, login in (("known", LOGIN), ("unknown", f"nobody{k}")):
                    began = time.perf_counter()
                    try:
                        engine.sign_in(login, "fel lösenord")
                    except Refused as refused:
                        told.add((refused.first.kind, tuple(refused.first.facts.items())))
                    times[which].append(time.perf_counter() - began)
    difference = abs(statistics.median(times["known"]) - statistics.median(times["unknown"]))
    wrong = (len(told) != 1) + (run.whole and difference > MOST_DIFFERENCE_S)
    note = f"medians differ by {difference * 1000:.2f} ms"
    yield Figure("P22", "unknown and known logins answer alike", "sqlite", n, int(wrong), run.seed, None, note)
