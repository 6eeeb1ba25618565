"""Who may take a way out: the capacities that its role rule names, and what stops one who holds such a capacity.
Knows nobody by name; who holds what today is told in the facts."""

from typing import Literal

from states.definition import Node, Rule, Transition
from states.facts import Awaited, Capacity, Facts
from states.refusals import Refusal, RefusalKind

FOUR_EYES = "not_the_preparer"
# What an interest does not take from anybody: a sender is a party to the matter, and the clock has no interests.
NEVER_INTERESTED = ("proposer", "clock")


def entitled(rule: Rule | None, awaited: Awaited | None, capacities: tuple[Capacity, ...]) -> tuple[Capacity, ...]:
    """The capacities that a role rule lets act. ``registrar_of`` takes the registrar of the body ``awaited``, or the
    delegate in person; :func:`instance_of` says whose decision it is about."""
    if rule is None:
        return tuple(each for each in capacities if each.role == "clock")
    if rule.name == "registrar_of":
        if awaited is None:
            return ()
        if awaited.body is not None:
            return tuple(each for each in capacities if (each.role, each.body) == ("registrar", awaited.body))
        return tuple(each for each in capacities if each.role == awaited.role)
    return tuple(each for each in capacities if each.role in role_names(rule))


def role_names(rule: Rule | None) -> tuple[str, ...]:
    """The plain role names of a rule; ``registrar`` for a body's decision."""
    if rule is None:
        return ("clock",)
    if rule.name == "any_of":
        return rule.argument if isinstance(rule.argument, tuple) else (str(rule.argument),)
    return ("registrar",) if rule.name == "registrar_of" else (rule.name,)


def queue_holder(node: Node, awaited: Awaited) -> str:
    """Under which key the duty of a node is stored: the role of the first way out, the ordinary one."""
    way = next((each for each in node.transitions if each.role is not None), None)
    if way is None or way.role is None:
        return "administrator"
    if way.role.name == "registrar_of":
        return f"registrar:{awaited.body}" if awaited.body else awaited.role or "administrator"
    return role_names(way.role)[0]


def may_take(way: Transition, facts: Facts, role: str | None) -> tuple[Capacity, ...]:
    """In which capacities the way may be taken, one's own before those of somebody who is away."""
    return tuple(each for each in _able(way, facts, role) if stopped(way, facts, each) is None)


def permitted(way: Transition, facts: Facts, role: str | None) -> Literal[True] | Refusal:
    """Whether the way may be taken in any capacity, or the first reason why not."""
    if may_take(way, facts, role):
        return True
    able, needs = _able(way, facts, role), needed_for(way, facts)
    for each in able:
        found = stopped(way, facts, each)
        if found is not None:
            return Refusal(found.kind, {"needs": needs, **found.facts}, found.lifted_by or needs)
    return Refusal(RefusalKind.NOT_PERMITTED, {"needs": needs}, needs)


def stopped(way: Transition, facts: Facts, capacity: Capacity) -> Refusal | None:
    """What stops somebody who is entitled: an interest in the matter (KL 6:28-30, for employees 7:4), and for a deputy
    a delegated decision that the scheme gives no substitute (KL 6:37, 7:5-6), or what the absent one prepared."""
    if facts.interest is not None and capacity.role not in NEVER_INTERESTED:
        return Refusal(RefusalKind.INTERESTED, {"declared_on": facts.interest})
    if capacity.principal is None:
        return None
    if way.decision is not None and capacity.role != "registrar":
        own = {each.role for each in facts.capacities if each.principal is None}
        named = facts.substitutes.get(capacity.role, frozenset())
        if not own & named:
            told = {"role": capacity.role, "named": tuple(sorted(named))}
            return Refusal(RefusalKind.NO_SUBSTITUTE, told, (capacity.role, *sorted(named)))
    if capacity.principal in facts.prepared_by and any(each.name == FOUR_EYES for each in way.guards):
        return Refusal(RefusalKind.PREPARED_IT, {}, (capacity.role,))
    return None


def needed_for(way: Transition, facts: Facts) -> tuple[str, ...]:
    """Who may take the way, for words: roles, or the registrar of the body whose decision it is."""
    instance = instance_of(way, facts)
    if way.role is not None and way.role.name == "registrar_of" and instance is not None:
        return (f"registrar:{instance.body}",) if instance.body else (instance.role or "registrar",)
    return role_names(way.role)


def instance_of(way: Transition, facts: Facts) -> Awaited | None:
    """Whose registrar a way wants: of the instance awaited, or of the one whose decision the work rests on."""
    rests = way.role is not None and way.role.argument == "decided"
    return facts.decided_by if rests else facts.awaited


def _able(way: Transition, facts: Facts, role: str | None) -> tuple[Capacity, ...]:
    able = entitled(way.role, instance_of(way, facts), facts.capacities)
    return tuple(each for each in able if role in (None, each.role))
