"""Is a process sound? Judged on its expansion, when it is loaded and by ``skede check``.

Every rule is a function from a process to its faults, so that a test can leave one out and see the fault go unseen.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from states.definition import OPEN, Node, Process, Rule, Transition
from states.finding import Finding, ProcessError
from states.language import Library, read
from states.moneyflow import (
    Fault,
    effects_out_of_order,
    employed,
    leaks,
    names_of,
    quarrels,
    undone_by_others,
    unordered,
)  # fmt: skip
from states.vocabulary import FIELDS

BINDING = ("grant", "commit", "raise", "order")
OWN_TO_EACH = frozenset({"amount", "proposal", "lines", "instance"})  # kinds of fields
BIFALL = frozenset({"approved", "approved_with_change"})
IDLE = frozenset({"auditor", "clock"})  # roles that take no way out by themselves


def check(paths: Sequence[str | Path]) -> tuple[Finding, ...]:
    """Every finding in these files, the unreadable and the unsound; empty when all may be used."""
    processes, findings = read(paths)
    found = list(findings)
    for file, process in processes:
        found += findings_of(process, file)
    return tuple(found)


def load(folder: str | Path) -> Library:
    """Every process in a folder. Raises ProcessError with all findings of all files at once."""
    paths: Sequence[Path] = sorted(Path(folder).glob("*.toml"))
    if not paths:
        raise ProcessError([Finding(str(folder), "mappen", "inga processfiler", "ange mappen med processfilerna")])
    try:
        contents = tuple(path.read_bytes() for path in paths)
    except OSError:  # which file, and why, is for the reading itself to find
        return _sound.__wrapped__(tuple(paths), ())
    return _sound(tuple(paths), contents)


@lru_cache(maxsize=8)  # a process of the same bytes is the same, and judging it takes longer than opening a database
def _sound(paths: tuple[Path, ...], _contents: tuple[bytes, ...]) -> Library:
    processes, findings = read(paths)
    for file, process in processes:
        findings += findings_of(process, file)
    if findings:
        raise ProcessError(findings)
    return Library(tuple(process for _, process in processes))


def draft(path: str | Path) -> tuple[Process, tuple[Finding, ...]]:
    """The process in one file, and what keeps it from being used. Raises ProcessError when it cannot even be read."""
    processes, findings = read([path])
    if findings or not processes:
        alone = Finding(Path(path).name, "filen", "den är ingen process för sig", "ange en process som använder den")
        raise ProcessError(findings or [alone])
    ((file, process),) = processes
    return process, tuple(findings_of(process, file))


def findings_of(
    process: Process, file: str, rules: Sequence[Callable[[Process], Iterator[Fault]]] = ()
) -> list[Finding]:
    """What the rules (all of them, when none are named) find in one process."""
    return [Finding(file, *fault) for rule in rules or RULES for fault in rule(process)]


def _key(node: Node, transition: Transition | None = None) -> str:
    return f"state.{node.id}" + (f".transition.{transition.id}" if transition else "")


def unreachable(process: Process) -> Iterator[Fault]:
    """Every node can be reached from the first."""
    seen, waiting = {process.initial}, deque([process.initial])
    while waiting:
        for way in process.nodes[waiting.popleft()].transitions:
            if way.target not in seen:
                seen.add(way.target)
                waiting.append(way.target)
    for node in process.nodes.values():
        if node.id not in seen:
            yield (
                _key(node),
                "ingen väg leder hit från det första steget",
                "lägg till en övergång hit, eller ta bort steget",
            )


def trap(process: Process) -> Iterator[Fault]:
    """Every node can reach an end."""
    back: dict[str, set[str]] = {each: set() for each in process.nodes}
    for node in process.nodes.values():
        for way in node.transitions:
            back[way.target].add(node.id)
    good = {node.id for node in process.nodes.values() if node.state.end}
    waiting = deque(good)
    while waiting:
        for each in back[waiting.popleft()] - good:
            good.add(each)
            waiting.append(each)
    for node in process.nodes.values():
        if node.id not in good:
            yield _key(node), "härifrån kan förslaget aldrig nå ett slut", "lägg till en övergång mot ett slut"


def leaving_an_end(process: Process) -> Iterator[Fault]:
    for node in process.nodes.values():
        for way in node.transitions if node.state.end else ():
            yield _key(node, way), "ett slut kan inte lämnas", "ta bort övergången, eller end = true"


def ambiguous(process: Process) -> Iterator[Fault]:
    """No two ways from one node mean the same, decide the same, or could both fire by themselves."""
    for node in process.nodes.values():
        for one, other in combinations(node.transitions, 2):
            if (one.title, one.target) == (other.title, other.target):
                why = f"samma rubrik och mål som {one.id}"
                yield _key(node, other), why, "ta bort den ena, eller ge dem olika innebörd"
            elif one.decision and one.decision == other.decision and one.id.split(".")[0] != other.id.split(".")[0]:
                why = f"samma utfall ({one.decision}) som {one.id}"
                yield _key(node, other), why, "ett utfall får finnas i en enda övergång"
            if one.clock and other.clock:
                yield _key(node, other), f"klockan kan ta både denna och {one.id}", "låt klockan ta en av dem"


def same_name(process: Process) -> Iterator[Fault]:
    """One id means one way out of a node."""
    for node in process.nodes.values():
        for one, other in combinations(node.transitions, 2):
            if one.id == other.id:
                yield _key(node, other), "två övergångar härifrån har samma id", "byt id på den ena"


def dead(process: Process) -> Iterator[Fault]:
    """Every way out can be taken by somebody, and its guards can hold at once."""
    for node in process.nodes.values():
        for way in node.transitions:
            if way.clock is None and not set(names_of(way.role)) - IDLE:
                yield _key(node, way), "ingen kan ta den: varken en roll som handlar eller clock", "ange role"
            limits = {each.argument for each in way.guards if each.name == "total_at_most"}
            limits &= {each.argument for each in way.guards if each.name == "total_above"}
            if limits:
                why = f"spärrarna kan aldrig båda släppa igenom: högst och över {', '.join(map(str, limits))}"
                yield _key(node, way), why, "ta bort den ena spärren"


def nobody_waited_for(process: Process) -> Iterator[Fault]:
    for node in process.nodes.values():
        if node.state.end:
            continue
        if node.state.awaits is None:
            yield _key(node), "ingen är angiven att vänta på", 'ange awaits, till exempel awaits = "officer"'
        if not any(way.role for way in node.transitions):
            yield _key(node), "ingen kan föra förslaget vidare härifrån", "ange role på minst en övergång"


def no_deadline(process: Process) -> Iterator[Fault]:
    for node in process.nodes.values():
        if not node.state.end and node.state.deadline is None:
            mend = 'ange deadline, eller deadline = { may_wait = "varför ingen är sen" }'
            yield _key(node), "varken frist eller skäl att vänta", mend


def by_whom(process: Process) -> Iterator[Fault]:
    """Only employees, or a body's registrar, may bind money or register a decision; never the clock."""
    for node in process.nodes.values():
        for way in node.transitions:
            binds = any(each.effect in BINDING for each in way.money)
            if not (binds or way.decision):
                continue
            if way.clock:
                yield _key(node, way), "klockan får varken besluta eller binda pengar", "ta bort clock"
            if way.role is not None and not employed(way.role):
                who = ", ".join(each for each in names_of(way.role) if not employed(Rule(each)))
                why = f"{who} får varken registrera beslut eller binda pengar"
                yield _key(node, way), why, 'ange en anställds roll, eller role = { registrar_of = "awaits" }'


def commitment_without_decision(process: Process) -> Iterator[Fault]:
    for node in process.nodes.values():
        for way in node.transitions:
            if not way.decision and any(each.effect in ("grant", "commit", "raise") for each in way.money):
                yield _key(node, way), "pengar binds utan beslut", 'ange decision, till exempel decision = "approved"'


def grouped_outcomes(process: Process) -> Iterator[Fault]:
    """A mixed group takes a position; it decides nothing."""
    for node in process.nodes.values():
        for way in node.transitions:
            if way.decision and way.position:
                yield _key(node, way), "ett ställningstagande är inget beslut", "ange antingen position eller decision"
            awaits = node.state.awaits
            if way.decision and awaits and awaits.name in ("forum", "working_group"):
                yield _key(node, way), "gruppen beslutar inte, den tar ställning", "byt decision mot position"


def unknown_bindings(process: Process) -> Iterator[Fault]:
    for node in process.nodes.values():
        for way in node.transitions:
            for each in way.money:
                if each.binding not in process.bindings and not (each.binding == OPEN and each.effect == "release"):
                    yield _key(node, way), f"{each.binding} finns inte i [bindings]", "ange en som finns"


def unfit_together(process: Process) -> Iterator[Fault]:
    """What may be done with several at once asks for nothing, or for what may be the same for all; it binds no money,
    restates nothing and is no bifall."""
    for node in process.nodes.values():
        for way in node.transitions:
            if not way.together:
                continue
            own = [name for name in way.asks if FIELDS[name].kind in OWN_TO_EACH]
            if own:
                why = f"{', '.join(own)} är olika för varje förslag"
                yield _key(node, way), why, "ta bort together, eller fältet ur asks"
            if way.restates or any(each.effect != "release" for each in way.money) or way.decision in BIFALL:
                why = "pengar eller ett bifall avgörs för ett förslag i taget"
                yield _key(node, way), why, "ta bort together"
            if way.role is None:
                yield _key(node, way), "klockan tar var och en för sig", "ta bort together"


RULES: tuple[Callable[[Process], Iterator[Fault]], ...] = (
    unreachable,
    trap,
    leaving_an_end,
    ambiguous,
    same_name,
    dead,
    nobody_waited_for,
    no_deadline,
    by_whom,
    commitment_without_decision,
    grouped_outcomes,
    unknown_bindings,
    leaks,
    quarrels,
    effects_out_of_order,
    unordered,
    undone_by_others,
    unfit_together,
)
