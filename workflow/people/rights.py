"""Whose decision it is: the dated decision rights, by kind of source and sum, and in which order the instances stand.
Reads rights; what may be decided with them is judged in ``states``."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from states import Awaited
from states.vocabulary import ROLES
from workflow.storage.schema import body, decision_right
from workflow.storage.statements import Statement


class _Right(NamedTuple):
    holder: str
    level: int
    source: str
    up_to_ore: int | None
    body_kind: str | None  # of a body; None where a role holds the right
    body_level: int
    ended_on: str | None
    successor_id: int | None
    substitute: str | None  # the role that may decide while the holder, a role, is away


class _Body(NamedTuple):
    id: int
    code: str
    kind: str
    level: int
    ended_on: str | None
    successor_id: int | None


_D, _B = decision_right.c, body.c
_RIGHTS = Statement(
    "decision rights",
    select(_D.holder, _D.level, _D.source, _D.up_to_ore, _B.kind, _B.level, _B.ended_on, _B.successor_id, _D.substitute)
    .select_from(decision_right.outerjoin(body, _B.code == _D.holder))
    .where(_D.from_on <= bindparam("on"), _D.to_on.is_(None) | (_D.to_on >= bindparam("on")))
    .order_by(_D.level, _D.id),
)
_BODIES = Statement("bodies", select(_B.id, _B.code, _B.kind, _B.level, _B.ended_on, _B.successor_id))


class Rights:
    """The rights of one day, read once."""

    def __init__(self, connection: Connection, on: date) -> None:
        self._connection, self._on = connection, on
        self._rights = [_Right(*row) for row in _RIGHTS.rows(connection, on=on.isoformat())]

    def decider(self, sums: Mapping[str, int]) -> Awaited | None:
        """The highest of the instances that the rights require, each for one kind of source and its whole sum in öre.

        None when there is nothing to decide about, or when somebody's right is missing for any of it.
        """
        highest: tuple[int, Awaited] | None = None
        for source, ore in sums.items():
            if ore <= 0:
                continue
            covering = (each for each in self._rights if each.source == source and _covers(each.up_to_ore, ore))
            found = next(filter(None, (_instance(self._connection, right, self._on) for right in covering)), None)
            if found is None:
                return None
            if highest is None or found[0] > highest[0]:
                highest = found
        return highest[1] if highest else None

    def levels(self) -> dict[str, int]:
        """Every instance that may decide about anything, by role or body code, with its level: higher decides last."""
        found: dict[str, int] = {}
        for right in self._rights:
            each = _instance(self._connection, right, self._on)
            if each is not None:
                found[name_of(each[1])] = max(each[0], found.get(name_of(each[1]), 0))
        return found

    def substitutes(self, role: str, sources: Collection[str]) -> frozenset[str]:
        """The roles that every right of this role names as its substitute, for these kinds of source; for none in
        particular, for all that it holds. Empty where the scheme of delegation says nothing (KL 6:37, 7:5-6)."""
        mine = [each for each in self._rights if each.holder == role and (not sources or each.source in sources)]
        if not mine or not set(sources) <= {each.source for each in mine}:
            return frozenset()
        return frozenset.intersection(*(frozenset(filter(None, (each.substitute,))) for each in mine))

    def named(self, name: str) -> Awaited | None:
        """The instance of this name, if it may decide about anything."""
        instances = (_instance(self._connection, right, self._on) for right in self._rights)
        return next((each for _, each in filter(None, instances) if name_of(each) == name), None)


def decider(connection: Connection, sums: Mapping[str, int], on: date) -> Awaited | None:
    """See :meth:`Rights.decider`."""
    return Rights(connection, on).decider(sums)


def name_of(instance: Awaited) -> str:
    """A body's code, or the role of a delegate."""
    return instance.body or instance.role or ""


def highest(connection: Connection, instances: Sequence[Awaited], on: date) -> Awaited:
    """The one of these that stands highest; the first of equals."""
    if len({name_of(each) for each in instances}) == 1:
        return instances[0]
    levels = Rights(connection, on).levels()
    return max(instances, key=lambda each: levels.get(name_of(each), 0))


def standing(connection: Connection, instance: Awaited, on: date) -> Awaited:
    """The instance itself, or where it is a body that has ended, who took over; itself where nobody did."""
    bodies = {row[1]: _Body(*row) for row in _BODIES.rows(connection)}
    found = bodies.get(instance.body or "")
    if found is None or found.ended_on is None or found.ended_on >= on.isoformat():
        return instance
    heir = _heir(connection, found.successor_id, on)
    return Awaited(body=heir.code, body_kind=heir.kind) if heir else instance


def by_name(name: str) -> Awaited:
    """The instance that a stored decision names, by role or body code."""
    return Awaited(role=name) if name in ROLES else Awaited(body=name)


def _covers(up_to_ore: int | None, ore: int) -> bool:
    return up_to_ore is None or up_to_ore >= ore


def _instance(connection: Connection, right: _Right, on: date) -> tuple[int, Awaited] | None:
    """Level and name of who holds a right: a role, or a body or, where that has ended, its successor."""
    if right.body_kind is None:
        return right.level, Awaited(role=right.holder)
    if right.ended_on is None or right.ended_on >= on.isoformat():
        return max(right.level, right.body_level), Awaited(body=right.holder, body_kind=right.body_kind)
    heir = _heir(connection, right.successor_id, on)
    return (max(right.level, heir.level), Awaited(body=heir.code, body_kind=heir.kind)) if heir else None


def _heir(connection: Connection, successor_id: int | None, on: date) -> _Body | None:
    """The first body in the line of successors that stands on that day; None where the line breaks or turns back."""
    by_id = {row[0]: _Body(*row) for row in _BODIES.rows(connection)}
    passed: set[int] = set()
    while successor_id is not None and successor_id not in passed:
        passed.add(successor_id)
        heir = by_id[successor_id]
        if heir.ended_on is None or heir.ended_on >= on.isoformat():
            return heir
        successor_id = heir.successor_id
    return None
