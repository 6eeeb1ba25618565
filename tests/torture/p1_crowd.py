"""P1: never overspent by a decision. Sixteen processes ask one pot for more than it holds; two pots are asked for in
opposite order. The twin reads, compares and writes, as code comes naturally."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from random import Random

from sqlalchemy import Connection, create_engine, text

from tests.torture import crowd, judging, stock
from tests.torture.history import Log
from tests.torture.report import Figure, Run
from tests.workflow.cast import budget, key, opened
from workflow import Engine

INVESTMENT, OPERATING = "investment", "operating"
MOST = 2_000_000  # öre: small purchases, which need no review
START_S = 600
ROUNDS = 4

Share = tuple[dict[str, int], list[stock.Payers]]


@dataclass(frozen=True, slots=True)
class Game:
    """What is asked for by everybody together, and what there is."""

    asked: Sequence[stock.Payers]
    budgets: dict[str, int]


def figures(run: Run) -> Iterator[Figure]:
    chance = run.random("p1")
    games = {
        "one pot, random amounts": drawn(chance, run.n(sample=32, whole=3_500)),
        "one pot, one amount, the last krona": alike(chance, run.n(sample=24, whole=800)),
        "two pots in opposite order": crosswise(chance, run.n(sample=24, whole=800)),
    }
    for kind in run.databases("p1_crowd"):
        caught = twin(run, kind)
        chosen = games if run.whole else [chance.choice(list(games))]
        for what, game in ((name, games[name]) for name in chosen):
            yield played(run, kind, what, game, caught)


def drawn(chance: Random, n: int) -> Game:
    """A quarter of what is asked for is there."""
    asked = [((INVESTMENT, chance.randint(1, MOST)),) for _ in range(n)]
    return Game(asked, {INVESTMENT: sum(ore for ((_, ore),) in asked) // 4})


def alike(chance: Random, n: int) -> Game:
    """The last one gets the last krona, and one öre less than another would need is left."""
    ore = chance.randint(2, MOST)
    return Game([((INVESTMENT, ore),)] * n, {INVESTMENT: ore * (n // 3) + ore - 1})


def crosswise(chance: Random, n: int) -> Game:
    pots = (INVESTMENT, OPERATING)
    asked = [
        tuple((pot, chance.randint(1, MOST // 2)) for pot in (pots if each % 2 else pots[::-1])) for each in range(n)
    ]
    return Game(asked, {pot: sum(dict(each)[pot] for each in asked) // 2 for pot in pots})


def played(run: Run, kind: str, what: str, game: Game, caught: bool) -> Figure:
    workers = run.n(sample=3, whole=16)
    with run.database(kind) as url:
        with opened(url) as engine:
            who = stock.people(engine)
            for pot, ore in game.budgets.items():
                budget(engine, ore, pot)
        shares = [(who, hand) for hand in crowd.dealt(game.asked, workers)]
        attempts = crowd.crowd(ask_for_all, url, shares, run.folder("p1"))
        books = judging.Books(url)
        faults = [
            *judging.kept_promises(books, attempts),
            *judging.overspent(attempts, game.budgets),
            *judging.falsely_refused(books, attempts, game.budgets),
            *(f"over: {pot}" for pot, ore in game.budgets.items() if books.bound(pot) > ore),
        ]
    if len({each.asked["number"] for each in attempts}) != len(game.asked):
        faults.append("somebody never asked")
    note = "; ".join([f"{workers} processes, {judging.figures_of(attempts)}", *faults[:3]])
    return Figure("P1", what, kind, len(attempts), len(faults), run.seed, caught, note)


def ask_for_all(url: str, line: Barrier, log: Log, share: Share) -> None:
    """A worker: brings its own proposals to the step, waits for the others, and asks; for what was refused, again."""
    who, hand = share
    with opened(url) as engine:
        ready = [stock.drafted(engine, who, payers) for payers in hand]
        line.wait(START_S)
        for _ in range(ROUNDS):
            ready = [given for given in ready if not ask(engine, log, who["officer"], given)]


def ask(engine: Engine, log: Log, officer: int, given: stock.Ready) -> bool:
    """Whether it was given its money."""
    own = key()
    with log.asking(number=given.number, key=own, payers=given.payers) as told:
        done = stock.step(engine, officer, given, "propose", told=own)
        told.update(number=done.number, seq=done.seq)
    return bool(told)


# --- the twin


def twin(run: Run, kind: str) -> bool:
    """Whether what the workers were told shows that the pot gave more than it had."""
    workers, each, ore = 3, 4, 100_000
    budgets = {INVESTMENT: ore * workers * each // 2}
    with run.database(kind, sabotaged=True) as url:
        with opened(url) as engine:
            budget(engine, budgets[INVESTMENT])
        attempts = crowd.crowd(get_check_set, url, [(ore, each)] * workers, run.folder("p1-twin"))
    return bool(judging.overspent(attempts, budgets))


def get_check_set(url: str, line: Barrier, log: Log, share: tuple[int, int]) -> None:
    """All have read before anybody writes, in every round, so that it fails each time and not by luck."""
    ore, times = share
    plain = create_engine(url, connect_args={"timeout": 30} if url.startswith("sqlite") else {})
    for _ in range(times):
        with log.asking(payers=[(INVESTMENT, ore)]) as told:
            with plain.connect() as connection:
                found, available, reserved = look(connection)
            line.wait(START_S)
            if available < ore:
                told["outcome"] = "refused"
            else:
                with plain.begin() as connection:
                    new = {"id": found, "available": available - ore, "reserved": reserved + ore}
                    connection.execute(text(WRITE), new)
        line.wait(START_S)
    plain.dispose()


def look(connection: Connection) -> tuple[int, int, int]:
    which = "year = 2026 AND pot_id = (SELECT id FROM pot WHERE code = 'investment')"
    row = connection.execute(text(f"SELECT id, available_ore, reserved_ore FROM pot_year WHERE {which}")).one()
    return row[0], row[1], row[2]


WRITE = "UPDATE pot_year SET available_ore = :available, reserved_ore = :reserved WHERE id = :id"
