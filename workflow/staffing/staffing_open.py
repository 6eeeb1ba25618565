"""Which open proposals stand still on a day because nobody may take the ordinary way on from where they are. Reads the
proposals in groups that wait alike; looks at one alone only where somebody takes no part in it, or has prepared it."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from states import Awaited, Node, Process, Transition
from states.entitlement import FOUR_EYES
from workflow.acts.acting import Roster, holders_of
from workflow.records import loading
from workflow.records.definitions import Definitions
from workflow.staffing.unstaffed import missing
from workflow.staffing.views_staffing import Stops, Why
from workflow.storage import schema

MOST_ALONE = 200  # proposals looked at one by one: a town has tens, and more than this is told by the state itself
_P, _D, _R = schema.proposal.c, schema.duty.c, schema.revision.c
Able = Callable[[str], frozenset[int]]


class Group(NamedTuple):
    """Open proposals at the same state that wait for the same."""

    process: Process
    node: Node
    way: Transition
    awaited: Awaited
    which: Any  # the condition that picks them


def groups_of(connection: Connection, definitions: Definitions) -> tuple[Group, ...]:
    columns = (_P.definition_id, _P.state, _P.origin, _P.awaits_role, _P.awaits_body)
    counted = select(*columns, func.count()).where(_P.ended_at.is_(None)).group_by(*columns)
    found = []
    for definition, state, origin, role, body, _ in connection.execute(counted.order_by(*columns)):
        process = definitions.get(connection, definition)
        node = process.at(f"{state}@{origin}" if origin else state)
        way = next((each for each in node.transitions if each.role is not None), None)
        if way is None or way.role is None or way.role.name == "proposer":
            continue
        which = (
            (_P.definition_id == definition) & (_P.state == state) & (_P.origin == origin) & (_P.awaits_role == role)
            & (_P.awaits_body == body) & _P.ended_at.is_(None)
        )  # fmt: skip
        found.append(Group(process, node, way, Awaited(role or None, body or None), which))
    return tuple(found)


def stopping(
    connection: Connection, group: Group, roster: Roster, able: Able
) -> Iterator[tuple[tuple[str, Why], tuple[Stops, ...]]]:
    """What the group lacks on the roster's day, with the proposals that stop."""
    rule = group.way.role
    rests = rule is not None and rule.argument == "decided"
    holders = holders_of(group.way, group.awaited) if not rests else ()
    if not holders and not rests:
        yield ("decision", "right"), _stops(connection, group.which)
        return
    if holders and not any(able(each) for each in holders):
        yield (holders[0], "vacant"), _stops(connection, group.which)
        return
    four_eyes = any(each.name == FOUR_EYES for each in group.way.guards)
    alone = []
    for number in _apart(connection, group, roster, four_eyes=four_eyes, rests=rests):
        proposal = loading.load(connection, number, lock=False)
        if proposal is not None and missing(connection, roster, group.node, proposal):
            alone.append(number)
    if alone:
        needs = holders[0] if holders else "registrar"
        yield (needs, "left"), _stops(connection, _P.number.in_(alone))


def _apart(connection: Connection, group: Group, roster: Roster, *, four_eyes: bool, rests: bool) -> list[str]:
    """Numbers of those that who may act depends on the proposal itself: an interest, who prepared, who decided."""
    i, e = schema.interest.c, schema.event.c
    apart: ColumnElement[bool] = _P.id.in_(select(i.proposal_id).where(i.withdrawn_seq.is_(None)))
    if four_eyes:
        refs = [each.ref for each in roster.people]
        wrote = select(e.stream).where(e.actor.in_(refs), e.kind.in_(("revised", "moved")), e.stream == _P.number)
        apart = apart | wrote.exists()
    asked = select(_P.number).where(group.which)
    if not rests:
        asked = asked.where(apart)
    return list(connection.execute(asked.order_by(_P.id).limit(MOST_ALONE)).scalars())


def waiting_for(connection: Connection, needs: str) -> tuple[Stops, ...]:
    """Open proposals with an open duty of this holder beside their step: a classification, an opinion."""
    beside = select(_D.proposal_id).where(_D.holder == needs, _D.answered_at.is_(None), _D.kind != "step")
    return _stops(connection, _P.id.in_(beside) & _P.ended_at.is_(None))


def _stops(connection: Connection, which: Any) -> tuple[Stops, ...]:
    query = select(_P.number, _R.title).join_from(
        schema.proposal, schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision)
    )
    return tuple(Stops(*row) for row in connection.execute(query.where(which).order_by(_P.id)))
