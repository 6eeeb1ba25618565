"""P2: every öre is accounted for. Hypothesis draws what a town may do, the engine and a naive ledger both do it, and
after each step they must agree on every figure of every pot-year and on what is refused; and readers of other processes
see, at every moment of a busy database, figures that add up and are the sum of their entries."""

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.torture import readers
from tests.torture.own_process import answer_of
from tests.torture.readers import Least
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.torture.town import Town
from workflow.acts import correcting
from workflow.money import effects

STEPS = 50
MOST_OF_A_TWIN = 100  # towns; it is found out in one of the first
PLAN, CORRECTABLE = effects.plan, correcting.correctable


def figures(run: Run) -> Iterator[Figure]:
    for database in run.databases("p2_every_ore"):
        yield _stateful(run, database)
        yield _read(run, database)


def _stateful(run: Run, database: str) -> Figure:
    n = run.n(sample=2, whole=150)
    steps, fault = _machine(run, database, n)
    with broken(effects, "plan", _without_a_release), broken(correcting, "correctable", _without_a_contra_entry):
        _, found = _machine(run, database, MOST_OF_A_TWIN, sabotaged=True)
    told = f"hypothesis, engine against a naive ledger after each step of {n} towns"
    return Figure("P2", told, database, steps, int(bool(fault)), run.seed, bool(found), fault)


def _machine(run: Run, database: str, n: int, *, sabotaged: bool = False) -> tuple[int, str]:
    """How many steps were taken, and where the two parted, in Hypothesis's own words."""

    class Drawn(Town):
        torture, kind, twin = run, database, sabotaged

    drawn = settings(
        max_examples=n, stateful_step_count=STEPS, deadline=None, database=None, print_blob=False,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    try:
        run_state_machine_as_test(seed(run.seed)(Drawn), settings=drawn)
    except Exception as error:  # noqa: BLE001 - whatever Hypothesis met is what is to be told
        return Drawn.steps_taken, " ".join(f"{error!r} {getattr(error, '__notes__', '')}".split())[:1000]
    return Drawn.steps_taken, ""


def _without_a_release(*given: Any, **told: Any) -> Any:
    """The broken design: of what a step frees, one entry is forgotten; event, ledger and pot agree on it."""
    entries, refused = PLAN(*given, **told)
    freed = next((each for each in entries if each.kind == "release"), None)
    return tuple(each for each in entries if each is not freed), refused


def _without_a_contra_entry(*given: Any) -> Any:
    step, earlier = CORRECTABLE(*given)
    return step | {"entries": step["entries"][1:]}, earlier


def _read(run: Run, database: str) -> Figure:
    least = Least(run.n(sample=400, whole=60_000), run.n(sample=40, whole=4_000))
    with run.database(database) as url:
        seen = answer_of(readers.busy, url, f"{run.seed} {database}", least, run.folder("busy"), False)
    with run.database(database, sabotaged=True) as url:
        twin = answer_of(readers.busy, url, f"{run.seed} {database}", Least(400, 100), run.folder("busy"), True)
    note = "; ".join((f"{seen.written} changes meanwhile", *seen.faults[:3]))
    told = f"{readers.READERS} readers see pots that add up while {readers.WRITERS} processes write"
    return Figure("P2", told, database, seen.reads, len(seen.faults), run.seed, bool(twin.faults), note)
