"""A task put in the hands of a colleague who may do it anyway, and taken back: an event of the proposal. It says who
sees it first and takes nothing from anybody: whoever else may act still may."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from states import Capacity, RefusalKind
from workflow.acts import acting, changing
from workflow.proposals.queue_duties import answers_to
from workflow.records import actors, claims
from workflow.records.announcing import announce
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage.columns import moment
from workflow.storage.schema import duty, handover, person
from workflow.storage.statements import Batch

_H, _D = handover.c, duty.c


def hand(
    connection: Connection, definitions: Definitions, number: str, task: int, to: int, *, by: int, key: str,
    remarks: str, at: datetime,
) -> str:  # fmt: skip
    """Hands an open duty to a colleague. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_HERE (answered, or handed to somebody already), NOT_PERMITTED, INTERESTED,
    FIELD_INVALID (the colleague may not do it on their own, or takes no part).
    """
    proposal, actor = changing.for_change(connection, number, by, at)
    asked = {"number": number, "hand": [task, to], "remarks": remarks}
    before = claims.claim(connection, actor.ref, key, asked, moment(at))
    if before is not None:
        return before
    title = definitions.get(connection, proposal.definition).at(proposal.node).state.title
    found = _open(connection, proposal, task)
    if found is None or hands_of(connection, task) is not None:
        raise Refused.because(RefusalKind.NOT_HERE, transition="hand_over_task", state=title)
    capacity = next(iter(fitting(actor.capacities, found.holder)), None)
    if capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, (found.holder,), needs=(found.holder,))
    acting.refuse_interest(actor, capacity)
    colleague = actors.find(connection, to, local_date(at), proposal_id=proposal.id)
    own = fitting(colleague.capacities, found.holder) if colleague else ()
    if colleague is None or to == by or colleague.interest or all(each.principal for each in own):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="colleague")
    facts = {"duty": found.kind, "opened": found.seq, "to": colleague.ref, "capacity": capacity_facts(capacity)}
    words = {"remarks": remarks.strip()} if remarks.strip() else {}
    batch = Batch()
    told = facts | {"entries": []}
    answer = changing.touch(batch, proposal, actor, "task_handed", told, words, at, key, title)
    announce(batch, number, proposal.seq + 1, "task_handed", (colleague.ref,), at)
    batch.run(connection)
    row = {"duty_id": task, "from_id": by, "to_id": to, "handed_at": moment(at)}
    connection.execute(insert(handover).values({**row, "seq": proposal.seq + 1, "returned_seq": None}))
    return answer


def give_back(
    connection: Connection, definitions: Definitions, number: str, task: int, *, by: int, key: str, at: datetime
) -> str:
    """Whoever handed a task over takes it back, or whoever got it gives it back. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_HERE (in nobody's hands), NOT_PERMITTED (somebody else's).
    """
    proposal, actor = changing.for_change(connection, number, by, at)
    before = claims.claim(connection, actor.ref, key, {"number": number, "give back": task}, moment(at))
    if before is not None:
        return before
    title = definitions.get(connection, proposal.definition).at(proposal.node).state.title
    found, hands = _open(connection, proposal, task), hands_of(connection, task)
    if found is None or hands is None:
        raise Refused.because(RefusalKind.NOT_HERE, transition="give_back_task", state=title)
    if by not in (hands.from_id, hands.to_id):
        raise Refused.because(RefusalKind.NOT_PERMITTED, (found.holder,), needs=(found.holder,))
    facts = {"duty": found.kind, "opened": found.seq, "handed": hands.seq, "entries": []}
    batch = Batch()
    answer = changing.touch(batch, proposal, actor, "task_returned", facts, {}, at, key, title)
    batch.run(connection)
    connection.execute(update(handover).where(_H.id == hands.id).values(returned_seq=proposal.seq + 1))
    return answer


def fitting(capacities: tuple[Capacity, ...], holder: str) -> tuple[Capacity, ...]:
    """The capacities that hold a duty: by its key, or as a member of the group that it waits for."""
    return tuple(each for each in capacities if answers_to(each, holder))


def _open(connection: Connection, proposal: Loaded, task: int) -> Any:
    query = select(_D.kind, _D.holder, _D.seq).where(_D.id == task, _D.proposal_id == proposal.id)
    return connection.execute(query.where(_D.answered_at.is_(None))).one_or_none()


def hands_of(connection: Connection, task: int) -> Any:
    """The row of whose hands an open task is in; None for nobody's in particular."""
    open_ = select(handover).where(_H.duty_id == task, _H.returned_seq.is_(None))
    return connection.execute(open_).one_or_none()


def in_hands(connection: Connection, who: int) -> tuple[dict[int, str], dict[int, str]]:
    """Of one person's open tasks: by duty, who handed it to this person, and to whom this person handed it."""
    giver, taker = person.alias(), person.alias()
    open_ = (_H.returned_seq.is_(None), _D.answered_at.is_(None))
    base = select(_D.id, giver.c.name, taker.c.name).select_from(
        handover.join(duty, _D.id == _H.duty_id)
        .join(giver, giver.c.id == _H.from_id)
        .join(taker, taker.c.id == _H.to_id)
    )
    got = {row[0]: row[1] for row in connection.execute(base.where(_H.to_id == who, *open_))}
    given = {row[0]: row[2] for row in connection.execute(base.where(_H.from_id == who, *open_))}
    return got, given
