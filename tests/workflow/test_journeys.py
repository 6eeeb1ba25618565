"""Every way out of every state of the shipped processes, walked by those who may; the events tell what was taken."""

import pytest

from states import Process
from tests.workflow.cast import PROCESSES, Case, budget, woken
from workflow import Engine

ORDINARY = {
    "rebuild": (
        "accept", "write", "order_sketch", "order", "deepen", "order", "deliver_programme", "recommend", "propose",
        "approve", "to_procurement", "sign", "ready", "pass", "complete_all",
    ),
    "purchase": (
        "accept", "write", "to_review", "recommend", "propose", "approve", "sign", "delivered", "complete_all",
    ),
    "activity": ("accept", "write", "propose_directly", "approve", "was_held", "complete_all"),
}  # fmt: skip
# What the ordinary way does not pass, and ways that only a small or a large sum may take: kronor for each.
ROUND_ABOUT = {("activity", "drafting"): ("accept", "write", "to_drafting")}
KRONOR = {"rebuild": 200_000, "purchase": 20_000, "activity": 20_000}
LARGE = 190_000  # above the board's limit for an activity, within the delegate's right
MUCH = 10**11  # öre


def plain(process: Process) -> list[str]:
    """The states that have ways out and are no side road."""
    return [each.id for each in process.nodes.values() if each.transitions and "@" not in each.id]


STANDS = [(name, state) for name, process in PROCESSES.items() for state in plain(process)]


def route(name: str, state: str) -> tuple[str, ...]:
    """Steps from a new idea to the state."""
    if (name, state) in ROUND_ABOUT:
        return ROUND_ABOUT[name, state]
    node, process = "idea", PROCESSES[name]
    for n, step in enumerate(ORDINARY[name]):
        if node == state:
            rest = ORDINARY[name][n:]
            return ORDINARY[name][: n + 1] if rest[0] == "write" else ORDINARY[name][:n]
        if step != "write":
            way = process.nodes[node].transition(step)
            assert way is not None
            node = way.target
    raise LookupError((name, state))


def at(engine: Engine, name: str, state: str, leaving: str = "") -> Case:
    """A proposal of a process that stands at a state; the sum is one that the way out allows."""
    large = (name, state) in ROUND_ABOUT or leaving == "to_drafting"
    case = Case(engine, name, LARGE if large else KRONOR[name]).submit().walk(*route(name, state))
    assert case.stands()["state"] == state
    return case


def plenty(engine: Engine) -> None:
    for pot in ("investment", "operating"):
        budget(engine, MUCH, pot)


def there_and_back(case: Case, way: str, side: str, state: str) -> None:
    """A side road by each of its ways out, every one back to where it began, at once or after a stay."""
    outs = PROCESSES[case.process].nodes[side].transitions
    for out in outs:
        case.act(way)
        assert case.stands()["origin"] == state
        if out.target == side:
            case.act(out.id)
            assert case.stands()["origin"] == state
            case.act(next(each.id for each in outs if each.target == state))
        elif out.clock is None:
            case.act(out.id)
        else:
            case.pass_days(40)
            (done,) = woken(case.engine)
            assert (done.number, done.node) == (case.number, state)
            assert woken(case.engine) == ()
        assert (case.stands()["state"], case.stands()["origin"]) == (state, "")


def wanted(name: str, state: str) -> set[tuple[str, str]]:
    """The ways out of a state and of every side road that begins there."""
    found = set()
    for way in PROCESSES[name].nodes[state].transitions:
        found.add((state, way.id))
        if "@" in way.target:
            side = PROCESSES[name].nodes[way.target]
            found |= {(side.state.id, out.id) for out in side.transitions}
    return found


@pytest.mark.parametrize(("name", "state"), STANDS)
def test_every_way_out(engine: Engine, name: str, state: str) -> None:
    plenty(engine)
    ways = PROCESSES[name].nodes[state].transitions
    staying = [way for way in ways if "@" in way.target or way.target == state]
    case, taken = at(engine, name, state), set()
    for way in staying:
        if way.target == state:
            case.act(way.id)
            assert case.stands()["state"] == state
        else:
            there_and_back(case, way.id, way.target, state)
    taken.update(case.taken())
    for way in ways:
        if way not in staying:
            case = at(engine, name, state, way.id).act(way.id)
            assert case.stands()["state"] == way.target
            taken.update(case.taken())
            expect_end(case, way.target)
    assert wanted(name, state) <= taken
    assert engine.verify() == ()


def expect_end(case: Case, target: str) -> None:
    """At an end nobody is awaited and nothing is held."""
    shown = case.engine.timeline(case.number).now
    node = PROCESSES[case.process].nodes[target]
    assert (shown.state, shown.ended) == (target, node.state.end)
    assert (shown.awaits is None) == node.state.end
    if node.state.end:
        held = case.engine.timeline(case.number).content.funding
        assert {each.held for each in held} <= {"open", "released", "spent"}


def test_every_transition_is_taken() -> None:
    """The stands above reach every way of every process: no side road is forgotten."""
    for name, process in PROCESSES.items():
        every = {(node.state.id, way.id) for node in process.nodes.values() for way in node.transitions}
        walked = set().union(*(wanted(name, state) for of, state in STANDS if of == name))
        assert walked == every


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_from_idea_to_built_reality(engine: Engine, name: str) -> None:
    case = Case(engine, name, KRONOR[name]).submit().walk(*ORDINARY[name])
    assert [step for _, step in case.taken()] == [each for each in ORDINARY[name] if each != "write"]
    expect_end(case, "completed")
    assert case.pots() == {"investment": {"available": 100_000_000}, "operating": {"available": 50_000_000}}
    assert engine.verify() == ()
