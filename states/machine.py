"""The state machine: one for each process version, built once, asked many times. The only file that knows the
library ``transitions``.

A machine holds no model: a throw-away cursor carries one question through it. Every way out has an event of its own,
named after its node, so that a click meant for one state can never move another. Nothing happens in its callbacks
but asking the rules: money, history and mail belong to whoever called.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import transitions
from transitions.core import Condition, EventData

from states.definition import Node, Process, Transition
from states.entitlement import entitled, may_take, permitted, queue_holder, role_names
from states.facts import Capacity, Facts
from states.guards import GUARDS, position_follows_the_vote
from states.refusals import Refusal, RefusalKind
from states.vocabulary import FIELDS

logging.getLogger("transitions").setLevel(logging.WARNING)  # at INFO it costs three times the transition


@dataclass(frozen=True, slots=True)
class Offer:
    """A transition as it stands for somebody: the capacities that may take it, or everything that stops it."""

    transition: Transition
    capacities: tuple[Capacity, ...]
    blockers: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """The answer yes: which transition, to which node, in which capacity."""

    transition: Transition
    node: Node
    capacity: Capacity


class _Cursor:
    """Where one question stands. ``state`` is what the library moves."""

    __slots__ = ("refusals", "state")

    def __init__(self, state: str) -> None:
        self.state = state
        self.refusals: list[Refusal] = []


def _cursor(event: EventData) -> _Cursor:
    model = event.model
    if not isinstance(model, _Cursor):
        raise TypeError(f"{model!r} is no cursor of ours")
    return model


class _Ask(Condition):
    """A condition that answers True or a Refusal, never anything else, and keeps what it was told."""

    def check(self, event_data: EventData) -> bool:
        if not callable(self.func):
            raise TypeError(f"{self.func!r} is a name, and rules are never looked up by name")
        answer: object = self.func(event_data)
        if answer is True:
            return True
        if not isinstance(answer, Refusal):
            raise TypeError(f"{self.func} answered {answer!r}: a rule answers True or a Refusal")
        _cursor(event_data).refusals.append(answer)
        return True  # go on asking; the cursor's refusals decide


class _Refuse(Condition):
    """The last condition of every way: stops it when any rule refused."""

    def check(self, event_data: EventData) -> bool:
        return not _cursor(event_data).refusals


class _Transition(transitions.Transition):
    condition_cls = _Ask


class _Machine(transitions.Machine):
    """A machine that never imports by name: a process file could otherwise run anything."""

    transition_cls = _Transition

    @staticmethod
    def resolve_callable(func: Any, _: EventData) -> Callable[..., Any]:
        if not callable(func):
            raise TypeError(f"{func!r} is a name, and rules are never looked up by name")
        return func  # type: ignore[no-any-return]


def event_name(node_id: str, transition_id: str) -> str:
    return f"{node_id}:{transition_id}"


_MACHINES: dict[str, _Machine] = {}


def _machine(process: Process) -> _Machine:
    """The machine of a process version, built once; versions are few and never change."""
    made = _MACHINES.get(process.digest)
    if made is None:
        made = _MACHINES[process.digest] = _build(process)
    return made


def _build(process: Process) -> _Machine:
    machine = _Machine(
        model=None, states=list(process.nodes), initial=None, auto_transitions=False, send_event=True, queued=False
    )
    for node in process.nodes.values():
        for way in node.transitions:
            name = event_name(node.id, way.id)
            machine.add_transition(name, node.id, way.target, conditions=[*_rules(process, way)])
            machine.events[name].transitions[node.id][0].conditions.append(_Refuse(_always))
    return machine


def _always(_: EventData) -> bool:
    return True


def _rules(process: Process, way: Transition) -> list[Callable[[EventData], Any]]:
    """Role first, then the fields asked for, then every guard."""

    def may(event: EventData) -> Any:
        return permitted(way, event.kwargs["facts"], event.kwargs["role"])

    asked = [lambda event, name=name: _filled(name, event.kwargs["facts"]) for name in way.asks]
    guards = [
        lambda event, rule=rule: GUARDS[rule.name](process, event.kwargs["facts"], str(rule.argument or "total"))
        for rule in way.guards
    ]

    def voted(event: EventData) -> Any:
        return way.position is None or position_follows_the_vote(event.kwargs["facts"], way.position)

    return [may, *asked, *guards, voted]


def fire(
    process: Process, node_id: str, transition_id: str, role: str | None, facts: Facts
) -> Fired | tuple[Refusal, ...]:
    """Asks whether the transition may be taken now: where it leads and as what, or every reason why not, worst first.

    ``role`` is the capacity to act in; None takes the first that may. Changes nothing but a throw-away cursor.
    """
    node = process.at(node_id)
    way = node.transition(transition_id)
    if way is None:
        return (Refusal(RefusalKind.NOT_HERE, {"transition": transition_id, "state": node.state.title}),)
    cursor = _Cursor(node_id)
    event = _machine(process).events[event_name(node_id, transition_id)]
    moved = event.trigger(cursor, facts=facts, role=role)
    if cursor.refusals or not moved:
        return tuple(sorted(cursor.refusals, key=lambda each: each.kind))
    capacity = may_take(way, facts, role)[0]
    return Fired(way, process.nodes[cursor.state], capacity)


def offers(process: Process, node_id: str, facts: Facts) -> tuple[Offer, ...]:
    """Every way out of the node, with all that stops it. What a form would still ask for stops nothing yet."""
    found = []
    for way in process.at(node_id).transitions:
        if way.clock is not None and way.role is None:
            continue
        capacities = may_take(way, facts, None)
        answers: list[Any] = [] if capacities else [permitted(way, facts, None)]
        answers += [GUARDS[rule.name](process, facts, str(rule.argument or "total")) for rule in way.guards]
        if way.position is not None:
            answers.append(position_follows_the_vote(facts, way.position))
        blockers = [each for each in answers if each is not True]
        found.append(Offer(way, capacities, tuple(sorted(blockers, key=lambda each: each.kind))))
    return tuple(found)


def _filled(name: str, facts: Facts) -> Any:
    """A field is there when required, and of its type."""
    field, value = FIELDS[name], facts.form.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return Refusal(RefusalKind.FIELD_MISSING, {"field": name}) if field.required and name != "lines" else True
    return _fits(field.kind, value, facts.today) or Refusal(RefusalKind.FIELD_INVALID, {"field": name})


def _fits(kind: str, value: object, today: date) -> bool:
    """Whether a value is of a field's type, and on the right side of today where that matters."""
    if kind in ("date", "future_date", "past_date"):
        late = isinstance(value, date) and value > today
        return isinstance(value, date) and (kind == "date" or late == (kind == "future_date"))
    if kind == "amount":
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    return kind == "lines" or isinstance(value, str)


__all__ = ["Fired", "Offer", "entitled", "fire", "offers", "queue_holder", "role_names"]
