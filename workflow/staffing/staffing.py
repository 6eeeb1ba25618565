"""Can it be staffed: whether somebody may act at every state of every process and on every open proposal, on each day
until a horizon. Who may act is asked of ``acting``; changes nothing and moves no right to decide."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from states import Library, Node, Process, role_names
from states.entitlement import FOUR_EYES
from workflow.acts.acting import Roster
from workflow.people import rights
from workflow.records.definitions import Definitions
from workflow.staffing.staffing_open import Group, groups_of, stopping, waiting_for
from workflow.staffing.views_staffing import Away, Gap, Staffing, Stops, Why
from workflow.storage import schema

HORIZON_DAYS = 180
_DAY = timedelta(days=1)
Key = tuple[str, Why]  # what is needed, and why nobody may


@dataclass(slots=True)
class _Found:
    """What is missing on one day."""

    steps: dict[tuple[str, str], None] = field(default_factory=dict)
    stops: dict[str, Stops] = field(default_factory=dict)


def staffing(
    connection: Connection, definitions: Definitions, library: Library, today: date, until: date | None = None,
    away: Sequence[Away] = (), *, open_proposals: bool = True,
) -> Staffing:  # fmt: skip
    """Every gap from today until the horizon (180 days), the first day first; with ``away`` as if they were."""
    last = until or today + timedelta(days=HORIZON_DAYS)
    days = _days(connection, today, last, away)
    latest = {each.id: library.latest(each.id) for each in library.processes}
    groups = groups_of(connection, definitions) if open_proposals else ()
    gaps: list[Gap] = []
    before: Roster | None = None
    for n, day in enumerate(days):
        roster = Roster(connection, day, _absent(connection, day, away))
        ends = days[n + 1] - _DAY if n + 1 < len(days) else None
        found = _on(connection, tuple(latest.values()), groups, roster, today)
        gaps = _joined(connection, gaps, found, day, ends, before)
        before = roster
    return Staffing(today, last, tuple(sorted(gaps, key=lambda each: (each.from_on, each.needs))), ())


def _days(connection: Connection, today: date, last: date, away: Sequence[Away]) -> list[date]:
    """Today, and every later day on which somebody comes or goes: between them nothing changes."""
    m, d, b, r = (table.c for table in (schema.membership, schema.deputy, schema.body, schema.decision_right))
    begins, ends = (m.from_on, d.from_on, r.from_on), (m.to_on, d.to_on, b.ended_on, r.to_on)
    found = {today}
    for column, step in [*((each, 0) for each in begins), *((each, 1) for each in ends)]:
        for (stored,) in connection.execute(select(column).where(column >= today.isoformat()).distinct()):
            found.add(date.fromisoformat(stored) + step * _DAY)
    for each in away:
        found |= {max(each.from_on, today), each.to_on + _DAY}
    return sorted(day for day in found if today <= day <= last)


def _absent(connection: Connection, day: date, away: Sequence[Away]) -> set[int]:
    """Who is away that day: for whom a deputy stands in, and whoever is supposed to be."""
    d = schema.deputy.c
    named = select(d.principal_id).where(d.from_on <= day.isoformat(), d.to_on >= day.isoformat(), d.ended_at.is_(None))
    supposed = {each.person for each in away if each.from_on <= day <= each.to_on}
    return {*connection.execute(named).scalars(), *supposed}


def _on(
    connection: Connection, processes: Sequence[Process], groups: Sequence[Group], roster: Roster, today: date
) -> dict[Key, _Found]:  # fmt: skip
    """What is missing on the roster's day, at the states of the latest processes and on the proposals that are open."""
    found: dict[Key, _Found] = {}
    instances = rights.Rights(connection, roster.on).levels()
    able = _Able(roster)
    for process in processes:
        for node in process.nodes.values():
            for key in _missing_at(node, instances, able):
                found.setdefault(key, _Found()).steps[process.title, node.state.title] = None
    for source in _lost(connection, roster.on, today):
        found.setdefault((source, "right"), _Found())
    for group in groups:
        for key, stops in stopping(connection, group, roster, able):
            mine = found.setdefault(key, _Found())
            mine.steps[group.process.title, group.node.state.title] = None
            mine.stops |= {each.number: each for each in stops}
    for (needs, _), mine in found.items():
        mine.stops |= {each.number: each for each in waiting_for(connection, needs)} if groups else {}
    return found


class _Able:
    """Who may act for a holder on the roster's day, looked up once."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._known: dict[tuple[str, tuple[str, ...] | None], frozenset[int]] = {}

    def __call__(self, holder: str, decides_on: Collection[str] | None = None) -> frozenset[int]:
        key = (holder, tuple(sorted(decides_on)) if decides_on is not None else None)
        if key not in self._known:
            may = self._roster.who_may_act(holder, decides_on=decides_on)
            self._known[key] = frozenset(each.person for each in may)
        return self._known[key]


def _missing_at(node: Node, instances: Mapping[str, int], able: _Able) -> Iterator[Key]:
    """What the ordinary way out of a state needs and nobody has, and the duties that the state opens."""
    way = next((each for each in node.transitions if each.role is not None), None)
    if way is not None and way.role is not None and way.role.name != "proposer":
        by_instance = way.role.name == "registrar_of"
        holders = _holders_of(instances) if by_instance else [role_names(way.role)[0]]
        some = any(able(each) for each in role_names(way.role)) if not by_instance else False
        decides = way.decision is not None
        for holder in () if some else holders:
            may = able(holder)
            if not may:
                yield holder, "vacant"
            elif decides and any(each.name == FOUR_EYES for each in way.guards) and _alone(may, able("officer")):
                yield holder, "prepared"
    for duty in node.state.duties:
        if not able(duty.role.name):
            yield duty.role.name, "vacant"


def _holders_of(instances: Mapping[str, int]) -> list[str]:
    """Every instance that may decide, as the holder of its duties: a body's secretary, or the delegate."""
    return [rights.by_name(name).role or f"registrar:{name}" for name in instances]


def _alone(deciders: frozenset[int], preparers: frozenset[int]) -> bool:
    """Whether whoever decides has to have prepared: one person is all there is."""
    return len(deciders) == 1 and preparers == deciders


def _lost(connection: Connection, day: date, today: date) -> list[str]:
    """Kinds of money that somebody may decide about today, and nobody that day."""
    r = schema.decision_right.c

    def covered(on: date) -> set[str]:
        held = select(r.source).where(r.from_on <= on.isoformat(), r.to_on.is_(None) | (r.to_on >= on.isoformat()))
        return set(connection.execute(held.distinct()).scalars())

    return sorted(covered(today) - covered(day))


def _joined(
    connection: Connection, gaps: list[Gap], found: Mapping[Key, _Found], day: date, ends: date | None,
    before: Roster | None,
) -> list[Gap]:  # fmt: skip
    """The gaps so far with those of one stretch of days: what goes on is one gap."""
    kept, going = [], {(each.needs, each.why): each for each in gaps if each.to_on == day - _DAY}
    kept = [each for each in gaps if (each.needs, each.why) not in found or each.to_on != day - _DAY]
    for (needs, why), mine in found.items():
        earlier = going.get((needs, why))
        steps, stops = tuple(mine.steps), tuple(mine.stops.values())
        if earlier is None:
            kept.append(Gap(needs, why, day, ends, steps, stops, _last(connection, needs, why, before)))
            continue
        known = {each.number for each in earlier.stops}
        steps = (*earlier.steps, *(each for each in steps if each not in earlier.steps))
        stops = (*earlier.stops, *(each for each in stops if each.number not in known))
        kept.append(replace(earlier, to_on=ends, steps=steps, stops=stops))
    return kept


def _last(connection: Connection, needs: str, why: Why, before: Roster | None) -> tuple[str, ...]:
    if before is None or why == "right":
        return ()
    ids = sorted({each.person for each in before.who_may_act(needs)})
    p = schema.person.c
    return tuple(connection.execute(select(p.name).where(p.id.in_(ids)).order_by(p.id)).scalars())


def seated(connection: Connection, on: date) -> tuple[tuple[int, str], ...]:
    """Id and name of everybody who holds something that day: who could be away."""
    p = schema.person.c
    ids = [each.id for each in Roster(connection, on).people]
    rows = connection.execute(select(p.id, p.name).where(p.id.in_(ids), p.kind == "member").order_by(p.name))
    return tuple((row.id, row.name) for row in rows)


def cannot_sign_in(connection: Connection, on: date) -> tuple[str, ...]:
    """Names of those who hold something that day and have no open sign-in."""
    p, a = schema.person.c, schema.account.c
    ids = [each.id for each in Roster(connection, on).people]
    query: Any = (
        select(p.name)
        .select_from(schema.person.outerjoin(schema.account, a.person_id == p.id))
        .where(p.id.in_(ids), p.kind == "member", a.person_id.is_(None) | a.disabled_at.is_not(None))
    )
    return tuple(connection.execute(query.order_by(p.name)).scalars())
