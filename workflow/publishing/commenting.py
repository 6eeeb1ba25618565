"""What the public writes at the foot of a page: counts as received when it is sent (TF 2 kap. 9 §), gets a number,
waits in the queue of the working group, and is closed by an officer with a word on what became of it. Never public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import Capacity, RefusalKind
from workflow.people import throttling
from workflow.people.throttling import Limit
from workflow.publishing.views_publishing import CommentKind, Outcome
from workflow.records import claims, loading, streams
from workflow.records.actors import Actor
from workflow.records.calendar_days import local_date
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

VISITOR = "visitor"
RECEIVED, CLOSED = "comment_received", "comment_closed"
LONGEST = 5000
NETWORK = Limit(20, timedelta(minutes=2), timedelta(minutes=10))
CLOSERS = ("officer",)
JUNK = "junk"  # nothing to answer: closed without a word
KINDS, OUTCOMES = get_args(CommentKind), get_args(Outcome)

_C = schema.comment.c
_COMMENT = Statement(
    "comment",
    schema.comment.insert(),
    columns=["number", "kind", "page", "proposal_id", "received_at", "closed_at", "outcome"],
)
_CLOSE = Statement(
    "close comment",
    update(schema.comment)
    .where(_C.number == bindparam("of_number"), _C.closed_at.is_(None))
    .values(closed_at=bindparam("at"), outcome=bindparam("became")),
    guarded=True,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A comment as sent: of which kind, on which page, about which proposal if any, and the words."""

    kind: str
    page: str
    text: str
    proposal: str | None = None


def stream_of(number: str) -> str:
    return f"comment/{number}"


def receive(connection: Connection, said: Written, *, key: str, address: str, at: datetime) -> str:
    """Keeps what a visitor wrote and returns the stored answer, whose number is the comment's.

    Raises Refused: FIELD_MISSING (nothing written: nothing is received), FIELD_INVALID (an unknown kind, too long),
    NOT_FOUND (no such proposal), TOO_MANY_TRIES (many from one network).
    """
    proposal = _judged(connection, said)
    asked = {"comment": [said.kind, said.page, said.text, said.proposal]}
    before = claims.claim(connection, VISITOR, key, asked, moment(at))
    if before is not None:
        return before
    throttling.count(connection, {f"comment/{throttling.network_of(address)}": NETWORK}, at, "comment")
    number, batch = _number(connection, local_date(at).year), Batch()
    facts: dict[str, object] = {"comment": said.kind, "page": said.page, "proposal": said.proposal, "entries": []}
    seq = streams.append(
        connection, batch, stream_of(number), RECEIVED, actor=VISITOR, at=at, facts=facts,
        words={"comment": said.text.strip()},
    )  # fmt: skip
    batch.add(
        _COMMENT, number=number, kind=said.kind, page=said.page, proposal_id=proposal, received_at=moment(at),
        closed_at=None, outcome=None,
    )  # fmt: skip
    answer = streams.answer(batch, VISITOR, key, number, seq)
    batch.run(connection)
    return answer


def _judged(connection: Connection, said: Written) -> int | None:
    """The id of the proposal it is about."""
    if not said.text.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="comment")
    if said.kind not in KINDS or len(said.text) > LONGEST:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="comment")
    if said.proposal is None:
        return None
    found = connection.execute(select(schema.proposal.c.id).where(schema.proposal.c.number == said.proposal)).scalar()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=said.proposal)
    return int(found)


def _number(connection: Connection, year: int) -> str:
    """The next of the year; the counter's row is held until commit, so that no number is skipped."""
    counter = upsert(schema.stream).values(name=f"numbers/comments/{year}", seq=1, head="")
    counted = counter.on_conflict_do_update(index_elements=["name"], set_={"seq": schema.stream.c.seq + 1})
    return f"SP-{year}-{int(connection.execute(counted.returning(schema.stream.c.seq)).scalar_one()):03d}"


def close(
    connection: Connection, number: str, outcome: str, remarks: str, *, by: int, key: str, at: datetime
) -> str:  # fmt: skip
    """What became of a comment. Returns the stored answer.

    Raises Refused: NOT_PERMITTED (only an officer), NOT_FOUND, FIELD_INVALID (outcome), FIELD_MISSING
    (remarks, of all but junk), NOT_HERE (closed already).
    """
    actor = loading.actor(connection, by, local_date(at))
    capacity = may_close(actor)
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, CLOSERS, needs=CLOSERS[0])
    before = claims.claim(connection, actor.ref, key, {"close": [number, outcome, remarks]}, moment(at))
    if before is not None:
        return before
    found = connection.execute(select(_C.closed_at).where(_C.number == number).with_for_update()).one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="comment", number=number)
    if outcome not in OUTCOMES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="outcome")
    if not remarks.strip() and outcome != JUNK:
        raise Refused.because(RefusalKind.FIELD_MISSING, field="remarks")
    if found.closed_at is not None:
        raise Refused.because(RefusalKind.NOT_HERE, what="comment", number=number)
    batch, facts = Batch(), {"outcome": outcome, "capacity": capacity_facts(capacity), "entries": []}
    seq = streams.append(
        connection, batch, stream_of(number), CLOSED, actor=actor.ref, at=at, facts=facts,
        words={"remarks": remarks.strip()} if remarks.strip() else {},
    )  # fmt: skip
    batch.add(_CLOSE, of_number=number, at=moment(at), became=outcome)
    answer = streams.answer(batch, actor.ref, key, number, seq)
    batch.run(connection)
    return answer


def may_close(actor: Actor | None) -> Capacity | None:
    """The capacity in which this person answers comments; None for who does not."""
    return next((each for each in actor.capacities if each.role in CLOSERS), None) if actor else None


def open_count(connection: Connection, most: int) -> int:
    """How many wait for an answer; stops counting at ``most``."""
    waiting = select(_C.number).where(_C.closed_at.is_(None)).limit(most).subquery()
    return int(connection.execute(select(func.count()).select_from(waiting)).scalar_one())


def may_read(capacities: Sequence[Capacity], *, official: bool) -> bool:
    """Whoever is employed by the municipality, and whoever sits in a working group, which the comments are for."""
    return official or any(each.body_kind == "working_group" for each in capacities)
