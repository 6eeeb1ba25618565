"""Which bindings are open in each node, loops included: nothing may leak, and every way in must agree.

A binding is reserved, then committed by a decision, then ordered by a contract; a release closes it. The set of open
bindings is carried along every way from the first node. Where two ways into a node differ, that is said once, where
they first meet, and not carried on.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from states.definition import OPEN, Node, Process, Rule, Transition
from states.vocabulary import ROLES

Fault = tuple[str, str, str]  # key in the file, why it cannot stand, how to mend it
Open = tuple[tuple[str, str], ...]  # (binding, reserved | committed | ordered), sorted
WORDS = {"reserved": "reserverat", "committed": "beslutat", "ordered": "beställt"}


def leaks(process: Process) -> Iterator[Fault]:
    """No proposal ends with money that still stands reserved, decided or ordered."""
    for node_id, held in _flow(process).entered.items():
        if process.nodes[node_id].state.end and held:
            why = f"förslaget slutar med pengar som står kvar: {_said(held)}"
            yield f"state.{node_id}", why, 'släpp dem på vägen hit: money = { release = "open" }'


def quarrels(process: Process) -> Iterator[Fault]:
    """Every way into a node carries the same open money."""
    yield from _flow(process).quarrels


def effects_out_of_order(process: Process) -> Iterator[Fault]:
    """Nothing is reserved twice, ordered before it is decided, or raised before it is bound."""
    yield from _flow(process).disorder


def unordered(process: Process) -> Iterator[Fault]:
    """Nothing is built and no invoice expected before a decision and an order."""
    for node_id, held in _flow(process).entered.items():
        yield from _unordered(process.nodes[node_id], dict(held))


def undone_by_others(process: Process) -> Iterator[Fault]:
    """A decision on money is undone by an employee or by a body's decision, never by others or the clock."""
    for node_id, held in _flow(process).entered.items():
        bound = {binding for binding, status in held if status != "reserved"}
        for way in process.nodes[node_id].transitions:
            gone = {each.binding for each in way.money if each.effect == "release"}
            undone = bound if OPEN in gone else bound & gone
            if undone and not employed(way.role):
                why = f"ett beslut om pengar ({', '.join(sorted(undone))}) upphävs av någon som inte får det"
                yield f"state.{node_id}.transition.{way.id}", why, "ange en anställds roll"


def _unordered(node: Node, held: dict[str, str]) -> Iterator[Fault]:
    for binding in node.state.spends:
        if held.get(binding) != "ordered":
            why = f"fakturor väntas på {binding}, som inte är beställt här"
            yield f"state.{node.id}.spends", why, "lägg beslut (commit) och beställning (order) före steget"
    if node.state.builds and "ordered" not in held.values():
        why = "det byggs utan att något är beslutat och beställt"
        yield f"state.{node.id}.builds", why, "lägg beslut (commit) och beställning (order) före steget"


@dataclass(slots=True)
class _Flow:
    """The open bindings carried into each node reached, and the faults met on the way."""

    entered: dict[str, Open]
    quarrels: list[Fault] = field(default_factory=list)
    disorder: list[Fault] = field(default_factory=list)


def _flow(process: Process) -> _Flow:
    found = _Flow({process.initial: ()})
    first: dict[str, str] = {process.initial: "början"}
    quarrelled: set[str] = set()
    waiting = deque([process.initial])
    while waiting:
        node = process.nodes[waiting.popleft()]
        before = found.entered[node.id]
        for way in node.transitions:
            held, wrong = _after(before, way)
            found.disorder += [(f"state.{node.id}.transition.{way.id}", why, mend) for why, mend in wrong]
            known = found.entered.get(way.target)
            if known is None:
                found.entered[way.target], first[way.target] = held, f"{node.id}.{way.id}"
                waiting.append(way.target)
            elif known != held and way.target not in quarrelled:
                quarrelled.add(way.target)
                why = f"via {first[way.target]} är {_said(known)}, via {node.id}.{way.id} {_said(held)}"
                mend = "låt alla vägar hit reservera och släppa samma pengar"
                found.quarrels.append((f"state.{way.target}", why, mend))
    return found


def _after(before: Open, way: Transition) -> tuple[Open, list[tuple[str, str]]]:
    """What is open after a transition, and what is wrong with its effects."""
    held, wrong = dict(before), list[tuple[str, str]]()
    for each in way.money:
        now = held.get(each.binding)
        if each.effect == "release":
            gone = list(held) if each.binding == OPEN else [each.binding]
            for binding in gone:
                held.pop(binding, None)
        elif each.effect == "reserve":
            if now is not None:
                wrong.append((f"{each.binding} är redan {WORDS[now]}", "släpp det först (release)"))
            held[each.binding] = "reserved"
        elif each.effect == "commit":
            if now not in (None, "reserved"):
                wrong.append((f"{each.binding} är redan {WORDS[now]}", "använd raise, eller släpp det först"))
            held[each.binding] = "committed"
        elif each.effect == "raise" and now not in ("committed", "ordered"):
            wrong.append((f"{each.binding} är inte beslutat och kan inte höjas", "lägg beslutet (commit) före"))
        elif each.effect == "order":
            if now != "committed":
                wrong.append((f"{each.binding} beställs utan att vara beslutat", "lägg beslutet (commit) före"))
            held[each.binding] = "ordered"
    return tuple(sorted(held.items())), wrong


def employed(rule: Rule | None) -> bool:
    """Only employees, or a body's registrar, can take a way with this role."""
    return rule is not None and all(
        name == "registrar_of" or (name in ROLES and ROLES[name].employee) for name in names_of(rule)
    )


def names_of(rule: Rule | None) -> tuple[str, ...]:
    """The role names of a rule; ``registrar_of`` by its own name."""
    if rule is None:
        return ()
    return rule.argument if isinstance(rule.argument, tuple) else (rule.name,)


def _said(held: Open) -> str:
    return ", ".join(f"{binding} {WORDS[status]}" for binding, status in held) or "inget öppet"
