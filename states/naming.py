"""Every name that a way out uses must be one of the registry, or of the file itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from states.definition import OPEN
from states.finding import nearest
from states.texts import WayText
from states.vocabulary import FIELDS, GUARDS, LIMITS, OUTCOMES, POSITIONS, ROLE_RULES, ROLES

Fault = tuple[str, str, str]


def way_faults(key: str, way: WayText, bindings: Mapping[str, Any], states: Mapping[str, Any]) -> list[Fault]:
    """Unknown roles, guards, bindings, fields, outcomes, positions and skipped states."""
    found: list[Fault] = []

    def known(name: str, names: Iterable[str], what: str, where: str) -> None:
        names = tuple(names)
        if name not in names:
            found.append((f"{key}.{where}", f'{what} "{name}" finns inte', nearest(name, names)))

    if isinstance(way.role, dict):
        for name in way.role:
            known(name, ROLE_RULES, "rollregeln", "role")
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


def _argument_faults(key: str, guard: str, argument: object, bindings: Mapping[str, Any]) -> list[Fault]:
    allowed = {"none": (), "binding": tuple(bindings), "limit": LIMITS, "part": (*bindings, "total")}[GUARDS[guard]]
    if not allowed:
        return [] if argument is None else [(key, f"{guard} tar inget värde", f'skriv bara "{guard}"')]
    if argument in allowed:
        return []
    return [(key, f'{guard}: "{argument}" finns inte', nearest(str(argument), allowed))]
