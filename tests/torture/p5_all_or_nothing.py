"""P5: killed at any moment, a change is there whole or not at all, and what was acknowledged is there.

The points are enumerated: a process ends itself before and after every statement and the commit. Then working processes
are killed at random, while two of them work on one database, and their histories are held against what it holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from signal import SIGKILL

from sqlalchemy.exc import IntegrityError

from tests.torture import stored, twins
from tests.torture.deeds import ACTS, OTHERS, WAYS, Deed, Way, submit
from tests.torture.killing import Points, watch
from tests.torture.own_process import answer_of, ended, forked
from tests.torture.random_kills import killed_at_random
from tests.torture.report import Figure, Run
from tests.workflow.cast import opened
from workflow import Refused

SAMPLE = ("sign",)
MOST_POINTS = 400


@dataclass(frozen=True, slots=True)
class Tried:
    """What the kill points of some deeds showed."""

    points: int = 0
    faults: tuple[str, ...] = ()

    def __add__(self, other: "Tried") -> "Tried":
        return Tried(self.points + other.points, self.faults + other.faults)


def figures(run: Run) -> Iterator[Figure]:
    for database in run.databases("p5_all_or_nothing"):
        with run.database(database, sabotaged=True) as url:
            red = bool(answer_of(enumerate_points, url, SAMPLE, True).faults)
        yield _enumerated(run, database, "act", tuple(ACTS) if run.whole else SAMPLE, red)
        if run.whole:
            yield _enumerated(run, database, "the other changes", tuple(OTHERS), None)
        yield _at_random(run, database)


def _enumerated(run: Run, database: str, what: str, names: tuple[str, ...], red: bool | None) -> Figure:
    with run.database(database) as url:
        tried = answer_of(enumerate_points, url, names, False)
    told = f"SIGKILL before and after every statement of {what} ({', '.join(names)})"
    return Figure("P5", told, database, tried.points, len(tried.faults), run.seed, red, "; ".join(tried.faults[:3]))


def _at_random(run: Run, database: str) -> Figure:
    kills, folder = run.n(sample=4, whole=800), run.folder("histories")
    with run.database(database) as url:
        seen = answer_of(killed_at_random, url, f"{run.seed} {database}", kills, folder)
    note = f"{seen.answered} answered, {seen.open} asked when killed, of which {seen.unacknowledged} were there"
    note = "; ".join((note, *seen.faults[:3]))
    return Figure("P5", "SIGKILL at random moments", database, seen.kills, len(seen.faults), run.seed, None, note)


def enumerate_points(url: str, names: tuple[str, ...], broken: bool) -> Tried:
    """Every point of every deed named. Runs in a process of its own, which forks those that die."""
    with opened(url) as engine:
        submit().do(engine)  # the first of all also keeps the process and begins to count
    return sum((_points_of(url, name, WAYS[name], broken) for name in names), Tried())


def _points_of(url: str, name: str, way: Way, broken: bool) -> Tried:
    """Kill by kill until the deed is done: up to then nothing has changed, then everything at once."""
    with opened(url) as engine:
        first, deed = way(engine), way(engine)
        before = stored.tables(url)
        first.do(engine)
        whole = stored.more(before, stored.tables(url))
    before = stored.tables(url)
    for n in range(1, MOST_POINTS):
        for after in (False, True):
            where = f"{name}, {'after' if after else 'before'} statement {n}"
            code = ended(forked(partial(_do_and_die, url, deed, Points(n, after), broken)))
            now = stored.tables(url)
            if code != -SIGKILL:
                return Tried(2 * n, (f"{where}: ended with {code}, not by the kill",))
            if now != before:
                return Tried(2 * n, tuple(_wrong(url, deed, where, before, now, whole)))
    raise AssertionError(f"{name} has more than {MOST_POINTS} statements")


def _do_and_die(url: str, deed: Deed, points: Points, broken: bool) -> None:
    watch(points)
    if broken:
        twins.commit_after("move proposal")
    with opened(url, deed.day) as engine:
        points.armed = True
        deed.do(engine)


def _wrong(
    url: str, deed: Deed, where: str, before: stored.Tables, now: stored.Tables, whole: dict[str, int]
) -> Iterator[str]:
    """What is half about a change that is there: rows missing, a fault that verify names, a repeat that adds."""
    grown = stored.more(before, now)
    if grown != whole:
        yield f"{where}: {grown} rows more, not {whole}"
    with opened(url, deed.day) as engine:
        yield from (f"{where}: {fault}" for fault in engine.verify())
        try:
            deed.do(engine)
        except (Refused, IntegrityError) as error:
            yield f"{where}: sent again, {error}"
    if stored.tables(url) != now:
        yield f"{where}: sent again it was done again"
