"""From what is written to what is meant: side roads and groups unfolded, every way out with one target.

A side state becomes one node for each main state it can be entered from, ``parked@review``; ``@origin`` leads back.
Unknown names are faults with the nearest name that exists.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from states.definition import (
    EFFECT_ORDER,
    Binding,
    Deadline,
    DutyRule,
    MoneyEffect,
    Node,
    Process,
    Rule,
    State,
    Transition,
)
from states.finding import nearest
from states.naming import file_faults, way_faults
from states.stored import settled
from states.texts import ProcessText, StateText, WayText

Fault = tuple[str, str, str]
ORIGIN = "@origin"


@dataclass(slots=True)
class _Work:
    """What is being expanded, and every fault met."""

    text: ProcessText
    states: dict[str, StateText]
    groups: dict[str, tuple[str, ...]]
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, key: str, name: str, known: Iterable[str], what: str) -> None:
        self.faults.append((key, f'{what} "{name}" finns inte', nearest(name, known)))


def expand(text: ProcessText, used: Sequence[ProcessText]) -> tuple[Process | None, list[Fault]]:
    """The process that the file and the side roads it uses describe; None when a name leads nowhere."""
    written = [each for part in (text, *used) for each in part.state]
    work = _Work(text, {each.id: each for each in written}, dict(text.groups))
    main = [each for each in text.state if not (each.side or each.end)]
    for each in written:
        if sum(other.id == each.id for other in written) > 1:
            work.faults.append((f"state.{each.id}", "steget finns två gånger", "byt id på det ena"))
    work.faults += file_faults(text, work.states)
    if not main:
        work.faults.append(("state", "processen har inga steg", "lägg till [[state]]"))
    if work.faults:
        return None, work.faults
    ways = _ways(work, [way for part in (text, *used) for way in part.way], main)
    nodes = _nodes(work, ways, main)
    if work.faults:
        return None, work.faults
    return _process(text, nodes, tuple(each.id for each in main)), []


def _process(text: ProcessText, nodes: dict[str, Node], track: tuple[str, ...]) -> Process:
    bindings = {name: Binding(name, each.lines, each.sources) for name, each in text.bindings.items()}
    return settled(
        Process(text.id, text.version, text.title, "", "", bindings, nodes, track[0], track, text.description)
    )


# Ways out.


@dataclass(frozen=True, slots=True)
class _Way:
    """A way as written, from one main or side state, to one target."""

    source: str
    target: str
    id: str
    text: WayText


def _ways(work: _Work, standing: Sequence[WayText], main: Sequence[StateText]) -> list[_Way]:
    """Every way with one source and one target, those of a state first, in the order written."""
    found: list[_Way] = []
    for state in work.states.values():
        for way in state.transition:
            found += _split(work, state.id, way)
    for way in standing:
        for source in _sources(work, way, main):
            found += _split(work, source, way)
    return found


def _sources(work: _Work, way: WayText, main: Sequence[StateText]) -> list[str]:
    names = (way.from_,) if isinstance(way.from_, str) else way.from_ or ()
    found: list[str] = []
    for name in names:
        if name == "main":
            found += [each.id for each in main]
        elif name in work.groups:
            found += work.groups[name]
        elif name in work.states:
            found.append(name)
        else:
            work.wrong(f"way.{way.id}.from", name, (*work.groups, *work.states, "main"), "steget eller gruppen")
    return list(dict.fromkeys(found))


def _split(work: _Work, source: str, way: WayText) -> list[_Way]:
    targets = (way.to,) if isinstance(way.to, str) else way.to
    found = []
    for target in targets:
        if target != ORIGIN and target not in work.states:
            work.wrong(f"state.{source}.transition.{way.id}.to", target, work.states, "steget")
        found.append(_Way(source, target, way.id if len(targets) == 1 else f"{way.id}.{target}", way))
    work.faults += way_faults(f"state.{source}.transition.{way.id}", way, work.text.bindings, work.states)
    return found


def _nodes(work: _Work, ways: Sequence[_Way], main: Sequence[StateText]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    mine = {each: [way for way in ways if way.source == each] for each in work.states}
    for state in work.states.values():
        if not state.side:
            out = tuple(_resolved(work, way, state.id) for way in mine[state.id])
            nodes[state.id] = Node(state.id, _state(state), None, out)
    for origin in main:
        for way in mine[origin.id]:
            if work.states.get(way.target) is not None and work.states[way.target].side:
                side = work.states[way.target]
                out = tuple(_resolved(work, each, origin.id) for each in mine[side.id])
                name = f"{side.id}@{origin.id}"
                nodes[name] = Node(name, _state(side), origin.id, out)
    for node in nodes.values():
        for each in node.transitions:
            if each.target not in nodes and "@" in each.target:
                key, why = f"state.{node.state.id}.transition.{each.id}.to", "ett sidosteg nås bara från ett huvudsteg"
                work.faults.append((key, why, "led dit från ett huvudsteg"))
    for state in work.states.values():
        if state.side and not any(node.state.id == state.id for node in nodes.values()):
            work.faults.append(
                (f"state.{state.id}", "ingen väg leder hit", "lägg till en övergång hit, eller ta bort steget")
            )
    return nodes


def _resolved(work: _Work, way: _Way, origin: str) -> Transition:
    target = origin if way.target == ORIGIN else way.target
    if target in work.states and work.states[target].side:
        target = f"{target}@{origin}"
    text = way.text
    money = tuple(MoneyEffect(effect, each) for effect in EFFECT_ORDER for each in _several(text.money.get(effect, ())))
    clock = Rule("date", text.clock["date"]) if text.clock else None
    return Transition(
        way.id,
        text.title,
        target,
        _role(text),
        tuple(_rule(each) for each in text.guards),
        money,
        text.asks,
        text.decision,
        text.position,
        text.restates,
        text.skips,
        clock,
        text.public,
        text.together,
    )


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _role(text: WayText) -> Rule | None:
    if text.role is None:
        return None
    if isinstance(text.role, dict):
        ((name, argument),) = text.role.items()
        return Rule(name, argument)
    names = _several(text.role)
    return Rule(names[0]) if len(names) == 1 else Rule("any_of", names)


def _rule(written: str | Mapping[Any, Any]) -> Rule:
    if isinstance(written, str):
        return Rule(written)
    ((name, argument),) = written.items()
    return Rule(name, argument)


def _state(text: StateText) -> State:
    awaits = _rule(text.awaits) if text.awaits is not None else None
    duties = tuple(DutyRule(each.kind, Rule(each.role), _deadline(each.deadline)) for each in text.duties)
    return State(
        text.id,
        text.title,
        text.public,
        awaits,
        _deadline(text.deadline),
        text.side,
        text.end,
        text.spends,
        text.builds,
        text.hides,
        text.produces,
        duties,
        text.advice,
    )


def _deadline(written: Mapping[str, Any] | None) -> Deadline | None:
    if written is None:
        return None
    kind = next(each for each in written if each != "otherwise")
    return Deadline(kind, written[kind], _deadline(written.get("otherwise")))  # type: ignore[arg-type]
