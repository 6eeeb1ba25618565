"""Which bindings are open in each node, loops included: nothing may leak, and every way in must agree.

A binding is reserved, then committed by a decision, then ordered by a contract; a release closes it. The set of open
bindings is carried along every way from the first node. Where two ways into a node differ, that is said once, where
they first meet, and not carried on.
"""

from collections import deque
from collections.abc import Iterator

from states.definition import OPEN, Node, Process, Transition
from states.vocabulary import ROLES

Open = tuple[tuple[str, str], ...]  # (binding, reserved | committed | ordered), sorted
WORDS = {"reserved": "reserverat", "committed": "beslutat", "ordered": "beställt"}


def money_faults(process: Process) -> Iterator[tuple[str, str, str]]:
    """Leaks, ways that disagree, effects out of order, and spending or building without an order."""
    entered, faults = flow(process)
    yield from faults
    for node_id, held in entered.items():
        node = process.nodes[node_id]
        if node.state.end and held:
            why = f"förslaget slutar med pengar som står kvar: {_said(held)}"
            yield f"state.{node_id}", why, 'släpp dem på vägen hit: money = { release = "open" }'
        yield from _unordered(node, dict(held))


def _unordered(node: Node, held: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for binding in node.state.spends:
        if held.get(binding) != "ordered":
            why = f"fakturor väntas på {binding}, som inte är beställt här"
            yield f"state.{node.id}.spends", why, "lägg beslut (commit) och beställning (order) före steget"
    if node.state.builds and "ordered" not in held.values():
        why = "det byggs utan att något är beslutat och beställt"
        yield f"state.{node.id}.builds", why, "lägg beslut (commit) och beställning (order) före steget"


def flow(process: Process) -> tuple[dict[str, Open], list[tuple[str, str, str]]]:
    """The open bindings carried into each node reached, and the faults met on the way."""
    entered: dict[str, Open] = {process.initial: ()}
    first: dict[str, str] = {process.initial: "början"}
    faults: list[tuple[str, str, str]] = []
    quarrelled: set[str] = set()
    waiting = deque([process.initial])
    while waiting:
        node = process.nodes[waiting.popleft()]
        for way in node.transitions:
            held, wrong = _after(entered[node.id], way)
            faults += [(f"state.{node.id}.transition.{way.id}", why, mend) for why, mend in wrong]
            if way.target not in entered:
                entered[way.target], first[way.target] = held, f"{node.id}.{way.id}"
                waiting.append(way.target)
            elif entered[way.target] != held and way.target not in quarrelled:
                quarrelled.add(way.target)
                why = f"via {first[way.target]} är {_said(entered[way.target])}, via {node.id}.{way.id} {_said(held)}"
                faults.append((f"state.{way.target}", why, "låt alla vägar hit reservera och släppa samma pengar"))
    return entered, faults


def _after(before: Open, way: Transition) -> tuple[Open, list[tuple[str, str]]]:
    """What is open after a transition, and what is wrong with its effects."""
    held, wrong = dict(before), list[tuple[str, str]]()
    for each in way.money:
        now = held.get(each.binding)
        if each.effect == "release":
            gone = list(held) if each.binding == OPEN else [each.binding]
            if any(held.get(binding) in ("committed", "ordered") for binding in gone) and not _employed(way):
                wrong.append(("ett beslut om pengar upphävs av någon som inte får det", "ange en anställds roll"))
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


def _employed(way: Transition) -> bool:
    if way.role is None:
        return False
    if way.role.name == "registrar_of":
        return True
    names = way.role.argument if isinstance(way.role.argument, tuple) else (way.role.name,)
    return all(name in ROLES and ROLES[name].employee for name in names)


def _said(held: Open) -> str:
    return ", ".join(f"{binding} {WORDS[status]}" for binding, status in held) or "inget öppet"
