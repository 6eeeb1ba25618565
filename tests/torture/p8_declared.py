"""P8: only declared transitions. Every node of the shipped processes against every transition id that any of them has,
from rows that the engine wrote and from rows that somebody damaged by hand."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from sqlalchemy import text

from states import Capacity, Fired, Node, RefusalKind, Transition
from states.machine import role_names
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import PROCESSES, Case, key, opened
from tests.workflow.test_journeys import STANDS, at, plenty
from workflow import Engine, Refused
from workflow.acts import deciding

WAYS = {way.id: way for process in PROCESSES.values() for node in process.nodes.values() for way in node.transitions}
NODES = [(name, node) for name, process in PROCESSES.items() for node in process.nodes]
UNDECLARED = {RefusalKind.NOT_HERE, RefusalKind.ENDED}

# What a hand at the database may leave behind: columns of the row of a proposal that stands at an open state.
DAMAGES: dict[str, dict[str, str]] = {
    "an unknown state": {"state": "no_such_state"},
    "a state without a name": {"state": ""},
    "a side state from nowhere": {"state": "parked", "origin": ""},
    "an unknown origin": {"origin": "no_such_state"},
    "a side state of an unknown origin": {"state": "parked", "origin": "no_such_state"},
    "an end that has not ended": {"state": "completed"},
    "an open state that has ended": {"ended_at": "2026-03-02T08:00:00.000000Z"},
}


def figures(run: Run) -> Iterator[Figure]:
    for kind in run.databases("p8_declared"):
        with run.database(kind, sabotaged=True) as url, opened(url) as engine:
            caught = twin(engine)
        with run.database(kind) as url, opened(url) as engine:
            plenty(engine)
            for what, tried in PARTS.items():
                answers = list(tried(engine, run))
                twin_failed = caught if tried is undeclared else None
                yield Figure("P8", what, kind, len(answers), answers.count(False), run.seed, twin_failed)


# --- rows that the engine wrote


def undeclared(engine: Engine, run: Run) -> Iterator[bool]:
    """Each id that does not leave the node is refused."""
    chosen = NODES if run.whole else run.random("p8").sample(NODES, 3)
    for name, node in chosen:
        case, mine = standing(engine, name, node), PROCESSES[name].nodes[node]
        for transition in sorted(WAYS):
            if mine.transition(transition) is None:
                yield refused(case, transition)


def declared(engine: Engine, run: Run) -> Iterator[bool]:
    """Each way out leads where it says, or waits for the clock."""
    chosen = STANDS if run.whole else run.random("p8 ways").sample(STANDS, 2)
    for name, state in chosen:
        for way in PROCESSES[name].nodes[state].transitions:
            yield place(at(engine, name, state, way.id).act(way.id).stands()) == way.target


def standing(engine: Engine, name: str, node: str) -> Case:
    """A proposal that stands at the node: a plain state, or one step from one."""
    nodes = PROCESSES[name].nodes
    if (name, node) in STANDS:
        return at(engine, name, node)
    ways = [(state, way.id) for of, state in STANDS if of == name for way in nodes[state].transitions]
    state, way = next((state, way) for state, way in ways if nodes[state].transition(way).target == node)
    return at(engine, name, state, way).act(way)


def place(row: Mapping[str, Any]) -> str:
    return f"{row['state']}@{row['origin']}" if row["origin"] else str(row["state"])


def refused(case: Case, transition: str) -> bool:
    """It answered that this does not leave here, and the row is what it was."""
    before = case.stands()
    try:
        ask(case, transition)
    except Refused as refused:
        return refused.first.kind in UNDECLARED and case.stands() == before
    except Exception as error:  # noqa: BLE001 - a fault is no answer
        print(f"    {case.number} {transition} at {place(before)}: {error!r}")
    return False


def ask(case: Case, transition: str) -> None:
    """By somebody who may take it where it is declared, with all that it asks for."""
    now, way = case.stands(), WAYS[transition]
    holders = [case.people[role, None] for role in role_names(way.role) if (role, None) in case.people]
    form = {name: f"Om {name}." if name == "merged_with" else told for name, told in ordinary(case, way).items()}
    case.engine.act(
        case.number, transition, by=[*holders, case.people["officer", None]][0], seen_version=now["version"],
        seen_revision=now["revision"], key=key(), form=form,
    )  # fmt: skip


def ordinary(case: Case, way: Transition) -> dict[str, Any]:
    """The form of a way that this proposal need not be near."""
    return {} if "merged_with" in way.asks else case.form(way)


# --- rows damaged by hand


def damaged(engine: Engine, run: Run) -> Iterator[bool]:
    """Every id is refused, pages still answer, the clock goes on for everybody else, and verify names the row."""
    chance = run.random("p8 damage")
    for name in sorted(PROCESSES) if run.whole else [chance.choice(sorted(PROCESSES))]:
        case = at(engine, *chance.choice([each for each in STANDS if each[0] == name]))
        for change in DAMAGES.values():
            with damage(case, change):
                asked = sorted(WAYS) if run.whole else chance.sample(sorted(WAYS), 8)
                yield from (refused(case, transition) for transition in asked)
                yield from (answers(look) for look in looks(case))
                yield any(case.number in fault for fault in engine.verify())


def looks(case: Case) -> Iterator[Callable[[], object]]:
    engine, officer = case.engine, case.people["officer", None]
    yield lambda: engine.timeline(case.number)
    yield lambda: engine.case(case.number, officer)
    yield lambda: engine.options(case.number, officer)
    yield lambda: engine.queue(officer)
    yield engine.proposals
    yield engine.tick
    yield engine.overview
    yield lambda: engine.pots(2026)


def answers(look: Callable[[], object]) -> bool:
    try:
        look()
    except Exception as error:  # noqa: BLE001 - as above
        print(f"    {error!r}")
        return False
    return True


def damage(case: Case, change: Mapping[str, str]) -> ExitStack:
    """The row is changed behind the door, and mended at the end of the block."""
    before = case.stands()
    mended = ExitStack()
    mended.callback(overwrite, case, {name: before[name] for name in change})
    overwrite(case, change)
    return mended


def overwrite(case: Case, values: Mapping[str, object]) -> None:
    sets = ", ".join(f"{name} = :{name}" for name in values)
    with case.engine.database.writing() as connection:
        connection.execute(text(f"UPDATE proposal SET {sets} WHERE number = :of"), {**values, "of": case.number})


# --- the twin: an id is looked up wherever it is declared, as a dictionary of targets would


def twin(engine: Engine) -> bool:
    """Whether the check above finds out."""
    case = Case(engine, "purchase").submit()
    own = Node.transition

    def anywhere(node: Node, transition: str) -> Transition | None:
        return own(node, transition) or WAYS.get(transition)

    def believed(process: Any, node: str, transition: str, *_: object) -> Fired:
        return Fired(WAYS[transition], process.nodes[WAYS[transition].target], Capacity("officer"))

    with broken(Node, "transition", anywhere), broken(deciding, "fire", believed):
        return not refused(case, "sign")


PARTS = {
    "undeclared transitions refused": undeclared,
    "declared transitions lead where they say": declared,
    "refused from rows damaged by hand": damaged,
}
