"""Which names of a stored process are no longer in the registry: what it says could then not be done.
A released name keeps its meaning for ever; this is for the day when somebody removed one all the same."""

from collections.abc import Collection, Iterator

from states.definition import EFFECT_ORDER, Deadline, Node, Process, Rule, Transition
from states.vocabulary import (
    AWAITS_RULES,
    BODY_KINDS,
    DEADLINES,
    DUTIES,
    EVERY_LINE,
    FIELDS,
    GUARDS,
    LINE_KINDS,
    OUTCOMES,
    POSITIONS,
    ROLE_RULES,
    ROLES,
    SOURCES,
)

Named = tuple[str, str, Collection[str]]  # key, the name, those there are


def gone(process: Process) -> tuple[tuple[str, str], ...]:
    """(key, name) for every name that nobody knows any longer; empty when all can be done."""
    return tuple(dict.fromkeys((key, name) for key, name, known in _named(process) if name not in known))


def _named(process: Process) -> Iterator[Named]:
    for binding in process.bindings.values():
        yield from ((f"bindings.{binding.id}", each, (*LINE_KINDS, *EVERY_LINE)) for each in binding.lines)
        yield from ((f"bindings.{binding.id}", each, SOURCES) for each in binding.sources)
    for node in process.nodes.values():
        yield from _of_state(node)
        for way in node.transitions:
            yield from _of_way(f"state.{node.state.id}.transition.{way.id}", way)


def _of_state(node: Node) -> Iterator[Named]:
    key, state = f"state.{node.state.id}", node.state
    if state.awaits is not None:
        yield f"{key}.awaits", state.awaits.name, (*ROLES, *BODY_KINDS, *AWAITS_RULES)
    yield from _of_deadline(f"{key}.deadline", state.deadline)
    for duty in state.duties:
        yield f"{key}.duties", duty.kind, DUTIES
        yield from _of_role(f"{key}.duties", duty.role)
        yield from _of_deadline(f"{key}.duties", duty.deadline)


def _of_way(key: str, way: Transition) -> Iterator[Named]:
    if way.role is not None:
        yield from _of_role(f"{key}.role", way.role)
    yield from ((f"{key}.guards", each.name, GUARDS) for each in way.guards)
    yield from ((f"{key}.money", each.effect, EFFECT_ORDER) for each in way.money)
    yield from ((f"{key}.asks", each, FIELDS) for each in way.asks)
    if way.clock is not None:
        yield f"{key}.clock", str(way.clock.argument), FIELDS
    if way.decision is not None:
        yield f"{key}.decision", way.decision, OUTCOMES
    if way.position is not None:
        yield f"{key}.position", way.position, POSITIONS


def _of_role(key: str, rule: Rule) -> Iterator[Named]:
    names = rule.argument if isinstance(rule.argument, tuple) else (rule.name,)
    yield from ((key, each, (*ROLES, *ROLE_RULES)) for each in names)


def _of_deadline(key: str, deadline: Deadline | None) -> Iterator[Named]:
    while deadline is not None:
        yield key, deadline.kind, DEADLINES
        if deadline.kind == "date":
            yield key, str(deadline.value), FIELDS
        deadline = deadline.otherwise
