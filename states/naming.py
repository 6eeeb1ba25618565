"""Every name that a process file uses must be one of the registry, or of the file itself. Judges no order of steps."""

from collections.abc import Iterable, Mapping
from typing import Any

from states.definition import OPEN
from states.finding import nearest
from states.texts import ProcessText, StateText, WayText
from states.vocabulary import (
    AWAITS_RULES,
    BODY_KINDS,
    DEADLINES,
    DUTIES,
    EVERY_LINE,
    FIELDS,
    GUARDS,
    LIMITS,
    LINE_KINDS,
    OUTCOMES,
    POSITIONS,
    REGISTRARS_OF,
    ROLE_RULES,
    ROLES,
    SOURCES,
)

Fault = tuple[str, str, str]


def way_faults(key: str, way: WayText, bindings: Mapping[str, Any], states: Mapping[str, Any]) -> list[Fault]:
    """Unknown roles, guards, bindings, fields, outcomes, positions and skipped states."""
    found: list[Fault] = []

    def known(name: str, names: Iterable[str], what: str, where: str) -> None:
        names = tuple(names)
        if name not in names:
            found.append((f"{key}.{where}", f'{what} "{name}" finns inte', nearest(name, names)))

    if isinstance(way.role, dict):
        for name, of in way.role.items():
            known(name, ROLE_RULES, "rollregeln", "role")
            known(of, REGISTRARS_OF, "det som sekreteraren hör till", "role")
    elif way.role is not None:
        for name in (way.role,) if isinstance(way.role, str) else way.role:
            known(name, ROLES, "rollen", "role")
    for guard in way.guards:
        for name, argument in ({guard: None} if isinstance(guard, str) else guard).items():
            known(name, GUARDS, "spärren", "guards")
            if name in GUARDS:
                found += _argument_faults(f"{key}.guards", name, argument, bindings)
    for value in way.money.values():
        for each in (value,) if isinstance(value, str) else value:
            known(each, (*bindings, OPEN), "bindningen", "money")
    for each in way.asks:
        known(each, FIELDS, "fältet", "asks")
    for each in way.restates:
        known(each, bindings, "bindningen", "restates")
    for each in way.skips:
        known(each, states, "steget", "skips")
    if way.clock is not None:
        known(way.clock["date"], FIELDS, "fältet", "clock")
    if way.decision is not None:
        known(way.decision, OUTCOMES, "utfallet", "decision")
    if way.position is not None:
        known(way.position, POSITIONS, "ställningstagandet", "position")
    return found


class _Unknown:
    """The faults met so far, each naming what there is instead."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def unless(self, name: str, known: Iterable[str], what: str, key: str) -> None:
        """A fault, unless the name is known."""
        names = tuple(known)
        if name not in names:
            self.faults.append((key, f'{what} "{name}" finns inte', nearest(name, names)))


def file_faults(text: ProcessText, states: Mapping[str, StateText]) -> list[Fault]:
    """Unknown kinds of line, pots and steps in what stands first in a file, and unknown names in every state."""
    found = _Unknown()
    for name, binding in text.bindings.items():
        for each in binding.lines:
            found.unless(each, (*LINE_KINDS, *EVERY_LINE), "kostnadsslaget", f"bindings.{name}.lines")
        for each in binding.sources:
            found.unless(each, SOURCES, "potten", f"bindings.{name}.sources")
    for name, members in text.groups.items():
        for each in members:
            found.unless(each, states, "steget", f"groups.{name}")
    for state in states.values():
        _state_names(found, state, text.bindings)
    return found.faults


def _state_names(found: _Unknown, state: StateText, bindings: Mapping[str, Any]) -> None:
    key = f"state.{state.id}"
    if isinstance(state.awaits, str):
        found.unless(state.awaits, (*ROLES, *BODY_KINDS), "rollen eller organet", f"{key}.awaits")
    for rule, part in state.awaits.items() if isinstance(state.awaits, dict) else ():
        found.unless(rule, AWAITS_RULES, "regeln", f"{key}.awaits")
        found.unless(str(part), (*bindings, "total"), "bindningen", f"{key}.awaits")
    for each in state.spends:
        found.unless(each, bindings, "bindningen", f"{key}.spends")
    for duty in state.duties:
        found.unless(duty.kind, DUTIES, "uppgiften", f"{key}.duties")
        found.unless(duty.role, ROLES, "rollen", f"{key}.duties")
        _deadline_names(found, duty.deadline, f"{key}.duties")
    _deadline_names(found, state.deadline, f"{key}.deadline")


def _deadline_names(found: _Unknown, deadline: Mapping[str, Any] | None, key: str) -> None:
    while deadline is not None:
        kinds = [each for each in deadline if each != "otherwise"]
        days = deadline.get("working_days", 1)
        if len(kinds) != 1:
            found.faults.append((key, f"en frist har ett enda slag, här {len(kinds)}", nearest("", DEADLINES)))
        if type(days) is not int or days < 1:
            found.faults.append((key, f"{days!r} är inget antal arbetsdagar", "skriv ett heltal, minst 1"))
        for each in deadline:
            found.unless(each, (*DEADLINES, "otherwise"), "fristen", key)
        if "date" in deadline:
            found.unless(str(deadline["date"]), FIELDS, "fältet", key)
        deadline = deadline.get("otherwise")
        if deadline is not None and not isinstance(deadline, dict):
            found.faults.append((key, f"{deadline!r} är ingen frist", "skriv otherwise = { working_days = 10 }"))
            return


def _argument_faults(key: str, guard: str, argument: object, bindings: Mapping[str, Any]) -> list[Fault]:
    allowed = {"none": (), "binding": tuple(bindings), "limit": LIMITS, "part": (*bindings, "total")}[GUARDS[guard]]
    if not allowed:
        return [] if argument is None else [(key, f"{guard} tar inget värde", f'skriv bara "{guard}"')]
    if argument in allowed:
        return []
    return [(key, f'{guard}: "{argument}" finns inte', nearest(str(argument), allowed))]
