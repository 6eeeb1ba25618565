"""Opinions in parallel (remiss): the officer asks several at once, each asked is a duty of its own, and the round ends
when the officer closes it. Moves nothing, and makes nobody's page old. Answers are in ``giving_opinions``."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select, update

from states import RefusalKind
from workflow.acts import acting
from workflow.acts.changing import for_change, touch
from workflow.acts.moving import DUTY, OPINION
from workflow.people import people
from workflow.proposals.opinion_holders import may_be_asked
from workflow.records import claims
from workflow.records.announcing import announce
from workflow.records.calendar_days import add_working_days, local_date
from workflow.records.history import capacity_facts
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

DAYS = "opinion_days"  # the rate: working days to answer in
USUAL_DAYS = 15  # where the municipality has not said
MOST_ASKED = 40
ASKERS = ("officer",)
CLOSED = "closed"  # how a duty ends that nobody answered before the officer closed the round

_D, _R = schema.duty.c, schema.opinion_round.c
_ROUND = Statement("round", schema.opinion_round.insert(), columns=["proposal_id", "seq", "due_on", "closed_at"])
_unanswered = (
    (_D.proposal_id == bindparam("of_proposal"))
    & (_D.seq == bindparam("of_seq"))
    & (_D.kind == OPINION)
    & _D.answered_at.is_(None)
)
_open = (_R.proposal_id == bindparam("of_proposal")) & (_R.seq == bindparam("of_seq")) & _R.closed_at.is_(None)
_CLOSE_DUTIES = Statement(
    "close opinions", update(schema.duty).where(_unanswered).values(answered_at=bindparam("at"), answer=CLOSED)
)
_CLOSE = Statement(
    "close round", update(schema.opinion_round).where(_open).values(closed_at=bindparam("at")), guarded=True
)
_EXTEND_DUTIES = Statement("extend opinions", update(schema.duty).where(_unanswered).values(due_on=bindparam("until")))
_EXTEND = Statement(
    "extend round", update(schema.opinion_round).where(_open).values(due_on=bindparam("until")), guarded=True
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and of whom: the holders of :func:`.opinion_holders.may_be_asked`. Without ``due_on``
    it is due after the usual working days."""

    question: str
    holders: tuple[str, ...]
    due_on: date | None = None


def usual_due(connection: Connection, today: date) -> date:
    """The day until which somebody asked today has to answer, by the rate in working days."""
    days = people.limits(connection, today).get(DAYS)
    return add_working_days(today, USUAL_DAYS if days is None else days)


def ask(connection: Connection, number: str, asked: Question, *, by: int, key: str, at: datetime) -> str:
    """Opens a round. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_PERMITTED (no officer), ENDED, FIELD_MISSING (no question, nobody asked),
    FIELD_INVALID (whom nobody can answer for today, a day that has been).
    """
    proposal, actor = for_change(connection, number, by, at)
    capacity = acting.as_one_of(actor, ASKERS)
    before = claims.claim(connection, actor.ref, key, {"number": number, "ask": asked}, moment(at))
    if before is not None:
        return before
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=number)
    require(bool(asked.question.strip()), "question")
    holders, due_on = _holders(connection, asked, local_date(at)), _due_on(connection, asked.due_on, at)
    batch, seq = Batch(), proposal.seq + 1
    facts = {"asked": list(holders), "due_on": due_on, "capacity": capacity_facts(capacity), "entries": []}
    words = {"question": asked.question.strip()}
    answer = touch(batch, proposal, actor, "opinions_asked", facts, words, at, key, "")
    batch.add(_ROUND, proposal_id=proposal.id, seq=seq, due_on=due_on, closed_at=None)
    for holder in holders:
        batch.add(
            DUTY, proposal_id=proposal.id, seq=seq, kind=OPINION, holder=holder, since=local_date(at).isoformat(),
            due_on=due_on, version=1,
        )  # fmt: skip
    announce(batch, number, seq, OPINION, holders, at)
    batch.run(connection)
    return answer


def close(connection: Connection, number: str, asked_at: int, reason: str, *, by: int, key: str, at: datetime) -> str:
    """Ends the round that began with the event ``asked_at``; whoever has not answered is no longer asked. A reason is
    needed only where somebody is missing.

    Raises Refused: NOT_FOUND, NOT_PERMITTED, NOT_HERE (closed already, or no such round), FIELD_MISSING.
    """
    proposal, actor = for_change(connection, number, by, at)
    capacity = acting.as_one_of(actor, ASKERS)
    before = claims.claim(connection, actor.ref, key, {"close": [number, asked_at, reason]}, moment(at))
    if before is not None:
        return before
    missing = _missing(connection, proposal, asked_at)
    require(bool(reason.strip()) or not missing, "reason")
    batch, where = Batch(), {"of_proposal": proposal.id, "of_seq": asked_at}
    facts = {"round": asked_at, "missing": missing, "capacity": capacity_facts(capacity), "entries": []}
    words = {"reason": reason.strip()} if reason.strip() else {}
    answer = touch(batch, proposal, actor, "opinions_closed", facts, words, at, key, "")
    batch.add(_CLOSE_DUTIES, at=moment(at), **where)
    batch.add(_CLOSE, at=moment(at), **where)
    batch.run(connection)
    return answer


def extend(connection: Connection, number: str, asked_at: int, until: date, *, by: int, key: str, at: datetime) -> str:
    """Gives those who have not answered until another day. Raises Refused: NOT_FOUND, NOT_PERMITTED, NOT_HERE,
    FIELD_INVALID (a day that has been)."""
    proposal, actor = for_change(connection, number, by, at)
    capacity = acting.as_one_of(actor, ASKERS)
    before = claims.claim(connection, actor.ref, key, {"extend": [number, asked_at, until]}, moment(at))
    if before is not None:
        return before
    _missing(connection, proposal, asked_at)
    day, where = _due_on(connection, until, at), {"of_proposal": proposal.id, "of_seq": asked_at}
    batch = Batch()
    facts = {"round": asked_at, "due_on": day, "capacity": capacity_facts(capacity), "entries": []}
    answer = touch(batch, proposal, actor, "opinions_extended", facts, {}, at, key, "")
    batch.add(_EXTEND_DUTIES, until=day, **where)
    batch.add(_EXTEND, until=day, **where)
    batch.run(connection)
    return answer


def require(said: bool, field: str) -> None:
    """Raises Refused(FIELD_MISSING)."""
    if not said:
        raise Refused.because(RefusalKind.FIELD_MISSING, field=field)


def _holders(connection: Connection, asked: Question, today: date) -> tuple[str, ...]:
    holders = tuple(dict.fromkeys(asked.holders))
    require(bool(holders), "asked")
    known = {each.holder for each in may_be_asked(connection, today)}
    if len(holders) > MOST_ASKED or not known.issuperset(holders):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="asked")
    return holders


def _due_on(connection: Connection, wanted: date | None, at: datetime) -> str:
    today = local_date(at)
    if wanted is not None and wanted < today:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="answer_by")
    return (wanted or usual_due(connection, today)).isoformat()


def _missing(connection: Connection, proposal: Loaded, asked_at: int) -> list[str]:
    """Who has not answered in an open round. Raises Refused(NOT_HERE)."""
    there = (_R.proposal_id == proposal.id) & (_R.seq == asked_at) & _R.closed_at.is_(None)
    if connection.execute(select(_R.seq).where(there)).first() is None:
        raise Refused.because(RefusalKind.NOT_HERE, transition="opinions", what="opinions")
    mine = (_D.proposal_id == proposal.id) & (_D.seq == asked_at) & (_D.kind == OPINION) & _D.answered_at.is_(None)
    return list(connection.execute(select(_D.holder).where(mine).order_by(_D.id)).scalars())
