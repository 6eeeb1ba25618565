"""What open proposals follow by themselves: the successor of a body that has ended, and the new day of a meeting that
their deadline rests on. One transaction each, as the actor *clock*, safe to ask for again. Decides nothing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from states import Awaited, Capacity, Deadline, Node, RefusalKind
from workflow.acts.changing import read_answer, touch
from workflow.acts.moving import DUTY, REDATED, SUCCEEDED
from workflow.people import people, rights
from workflow.proposals import entering
from workflow.proposals.entering import MEETINGS, UNKNOWN_DATE
from workflow.records import calendar_days, claims, loading
from workflow.records.announcing import announce
from workflow.records.answers import Done
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.loading import NEVER, Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.database import Database
from workflow.storage.statements import Batch, Statement

_P, _D = schema.proposal.c, schema.duty.c
_WHERE = (_D.proposal_id == bindparam("of_id")) & _D.answered_at.is_(None)
_PLACED = Statement(
    "follow",
    update(schema.proposal)
    .where(_P.id == bindparam("of_id"), _P.seq == bindparam("seen_seq"))
    .values(awaits_body=bindparam("new_body"), due_on=bindparam("new_due")),
    guarded=True,
)
_HELD = Statement(
    "hand over duties",
    update(schema.duty).where(_WHERE, _D.holder == bindparam("old_holder")).values(holder=bindparam("new_holder")),
)
_DUE = Statement("new day", update(schema.duty).where(_WHERE, _D.kind == "step").values(due_on=bindparam("new_due")))
_KNOWN = Statement(
    "date is known",
    update(schema.duty).where(_WHERE, _D.kind == UNKNOWN_DATE).values(answered_at=bindparam("at"), answer="configured"),
)


class _New(NamedTuple):
    """Where a proposal's move and deadline rest now, and who is asked for a day that nobody has given."""

    awaited: Awaited
    due_on: date | None
    asks: str | None  # a holder
    rests_on_meeting: bool


def follow(database: Database, definitions: Definitions, at: datetime) -> tuple[Done, ...]:
    """Everything that has to follow; what followed already is left alone."""
    with database.reading() as connection:
        numbers = list(_candidates(connection, definitions, local_date(at)))
    found = []
    for number in numbers:
        answer = database.retrying(partial(_one, definitions=definitions, number=number, at=at))
        if answer:
            found.append(Done(**read_answer(answer)))
    return tuple(found)


def _candidates(connection: Connection, definitions: Definitions, today: date) -> Iterator[str]:
    """Open proposals that await a body which has ended, or whose deadline is a meeting's and rests on another day now.

    Most are looked at and left: what nothing has changed for costs a look and no write."""
    d = schema.definition.c
    columns = (_P.number, _P.definition_id, _P.state, _P.origin, _P.awaits_body, _P.due_on)
    open_ = select(*columns).where(_P.ended_at.is_(None))
    ended = set(
        connection.execute(select(schema.body.c.code).where(schema.body.c.ended_on < today.isoformat())).scalars()
    )
    meets = {
        (definition, node.id)
        for definition in connection.execute(select(d.id)).scalars()
        for node in definitions.get(connection, definition).nodes.values()
        if _rests_on_meeting(node)
    }
    for row in connection.execute(open_.order_by(_P.id)).all():
        node = f"{row.state}@{row.origin}" if row.origin else row.state
        if row.awaits_body in ended:
            yield row.number
        elif (row.definition_id, node) in meets and (row.due_on is None or row.due_on >= today.isoformat()):
            proposal = loading.load(connection, row.number, lock=False)
            if proposal and _changes(proposal, _new(connection, definitions, proposal, today), today):
                yield row.number


def _rests_on_meeting(node: Node) -> bool:
    return node.state.deadline is not None and node.state.deadline.kind in MEETINGS


def _one(connection: Connection, definitions: Definitions, number: str, at: datetime) -> str | None:
    proposal, today = loading.load(connection, number), local_date(at)
    if proposal is None or proposal.ended:
        return None
    new = _new(connection, definitions, proposal, today)
    if not _changes(proposal, new, today):
        return None
    clock = connection.execute(select(schema.person.c.id).where(schema.person.c.ref == loading.CLOCK)).scalar_one()
    actor = loading.actor(connection, clock, today)
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    key = f"follow {number} {proposal.seq}"
    before = claims.claim(connection, actor.ref, key, {"follow": number, "seq": proposal.seq}, moment(at))
    if before is not None:
        return None
    title = definitions.get(connection, proposal.definition).at(proposal.node).state.title
    return _write(connection, proposal, new, actor, at, key, title)


def _new(connection: Connection, definitions: Definitions, proposal: Loaded, today: date) -> _New:
    node = definitions.get(connection, proposal.definition).at(proposal.node)
    awaited = rights.standing(connection, proposal.awaited, today)
    if not _rests_on_meeting(node):
        return _New(awaited, proposal.due_on, None, False)
    funding, _ = loading.funding_rows(connection, proposal.id, proposal.revision)
    body = entering.deadline_body(connection, node, awaited, today, funding)
    after = max(proposal.since, today - timedelta(days=1))
    deadline = node.state.deadline
    assert deadline is not None
    due = entering.due_date(connection, _without_otherwise(deadline), after, body, {})
    if due is not None:
        return _New(awaited, due, None, True)
    asks = people.keeper_of_dates(connection, body, today) if body else None
    return _New(awaited, entering.due_date(connection, deadline.otherwise, proposal.since, body, {}), asks, True)


def _without_otherwise(deadline: Deadline) -> Deadline:
    return Deadline(deadline.kind, deadline.value)


def _changes(proposal: Loaded, new: _New, today: date) -> bool:
    """A day that has passed stays what it was: it was missed."""
    moved = (new.awaited.body or None) != (proposal.awaited.body or None)
    missed = proposal.due_on is not None and proposal.due_on < today
    return moved or (new.rests_on_meeting and not missed and new.due_on != proposal.due_on)


def _write(
    connection: Connection, proposal: Loaded, new: _New, actor: loading.Actor, at: datetime, key: str, title: str
) -> str:
    """The event, then the proposal's row and its duties; whoever is asked for a day is asked once."""
    old, due = proposal.awaited.body, new.due_on.isoformat() if new.due_on else None
    facts: dict[str, Any] = {
        "awaits": {"role": new.awaited.role, "body": new.awaited.body}, "due_on": due,
        "before": {"body": old, "due_on": proposal.due_on.isoformat() if proposal.due_on else None},
        "capacity": capacity_facts(Capacity(loading.CLOCK)), "entries": [],
    }  # fmt: skip
    told, placed = Batch(), Batch()
    answer = touch(told, proposal, actor, SUCCEEDED if new.awaited.body != old else REDATED, facts, {}, at, key, title)
    told.run(connection)
    placed.add(_PLACED, of_id=proposal.id, seen_seq=proposal.seq + 1, new_body=new.awaited.body or "", new_due=due)
    _duties(connection, placed, proposal, new, local_date(at), at)
    placed.run(connection)
    if new.awaited.body != old:
        holders = {"old_holder": f"registrar:{old}", "new_holder": f"registrar:{new.awaited.body}"}
        _HELD.run(connection, of_id=proposal.id, **holders)
        heir = Batch()
        announce(heir, proposal.number, proposal.seq + 1, SUCCEEDED, (holders["new_holder"],), at)
        heir.run(connection)
    return answer


def _duties(connection: Connection, batch: Batch, proposal: Loaded, new: _New, today: date, at: datetime) -> None:
    if not new.rests_on_meeting:
        return
    batch.add(_DUE, of_id=proposal.id, new_due=new.due_on.isoformat() if new.due_on else NEVER)
    asked = select(_D.id).where(_D.proposal_id == proposal.id, _D.kind == UNKNOWN_DATE, _D.answered_at.is_(None))
    waits = connection.execute(asked).first() is not None
    if new.asks is None and waits:
        batch.add(_KNOWN, of_id=proposal.id, at=moment(at))
    if new.asks is not None and not waits:
        soon = calendar_days.add_working_days(today, entering.DAYS_FOR_A_DATE)
        batch.add(
            DUTY, proposal_id=proposal.id, seq=proposal.seq + 1, kind=UNKNOWN_DATE, holder=new.asks,
            since=today.isoformat(), due_on=soon.isoformat(), version=1,
        )  # fmt: skip
        announce(batch, proposal.number, proposal.seq + 1, REDATED, (new.asks,), at)
