"""The latest step undone as a new event: contra-entries, and state, duties and deadline as before it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from states import Capacity, RefusalKind
from workflow.acts import acting
from workflow.acts.moving import ANSWER_DUTIES, FOLLOWED, MOVE, RECORDED, open_duties
from workflow.acts.situations import Situation, situate
from workflow.money import effects, ledger
from workflow.money.effects import Entry
from workflow.proposals.entering import Duty
from workflow.records import claims, loading
from workflow.records.announcing import PROPOSER, announce
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import canonical, capacity_facts, record, write_event
from workflow.records.loading import Actor, Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

_E, _D = schema.event.c, schema.duty.c
_EVENTS = Statement(
    "events",
    select(_E.seq, _E.kind, _E.actor, _E.body).where(_E.stream == bindparam("stream")).order_by(_E.seq.desc()),
)
# What says who acts, and changes nothing that a step did.
BESIDE = frozenset({
    RECORDED, *FOLLOWED, "interest_declared", "interest_withdrawn", "task_handed", "task_returned", "noted",
    "opinions_asked", "opinion_given", "opinions_extended", "opinions_closed",
})  # fmt: skip
_SENT = Statement(
    "sent",
    select(schema.decision.c.sent_at).where(
        schema.decision.c.stream == bindparam("stream"), schema.decision.c.seq == bindparam("seq")
    ),
)
_DUTIES = Statement(
    "duties of a step",
    select(_D.kind, _D.holder, _D.due_on).where(_D.proposal_id == bindparam("proposal_id"), _D.seq == bindparam("seq")),
)


def correct(
    connection: Connection,
    definitions: Definitions,
    number: str,
    *,
    by: int,
    key: str,
    seen_version: int,
    reason: str,
    at: datetime,
) -> str:
    """Undoes the latest step and returns the stored answer. Raises Refused, see :func:`correctable`, and when the pots
    can no longer carry what the step had freed."""
    today = local_date(at)
    proposal = loading.load(connection, number)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    actor = loading.actor(connection, by, today, proposer_of=proposal)
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    asked = {"number": number, "seen_version": seen_version, "reason": reason}
    before = claims.claim(connection, actor.ref, key, asked, moment(at))
    if before is not None:
        return before
    if proposal.version != seen_version:
        raise Refused.because(RefusalKind.STALE_VERSION, seen=seen_version, now=proposal.version)
    if not reason.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="reason")
    step, earlier = correctable(connection, proposal, actor)
    now = situate(connection, definitions, proposal, actor, today)
    return _undo(connection, now, step, earlier, reason, key, at)


def correctable(connection: Connection, proposal: Loaded, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """The latest step's event body and that of the step before it.

    Raises Refused: NOT_LATEST (the latest event is no step), NOT_PERMITTED (somebody else took it, or in a role that
    has ended), INTERESTED, MONEY_SPENT,
    DECISION_SENT.
    """
    rows = _EVENTS.rows(connection, stream=proposal.number)
    events = [row for row in rows if row[1] not in BESIDE]
    seq, kind, taken_by, stored = events[0]
    if kind != "moved":
        raise Refused.because(RefusalKind.NOT_LATEST)
    if taken_by != actor.ref:
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="same_person")
    step = json.loads(stored)
    same_capacity(actor, step["capacity"])
    if any(entry[4] == "spent" for entry in step["entries"]):
        raise Refused.because(RefusalKind.MONEY_SPENT)
    sent = _SENT.rows(connection, stream=proposal.number, seq=seq)
    if sent and sent[0][0] is not None:
        raise Refused.because(RefusalKind.DECISION_SENT)
    before = next(json.loads(body) for _, kind, _, body in events[1:] if kind in ("moved", "submitted", "corrected"))
    return step, before


def same_capacity(actor: Actor, told: Mapping[str, Any]) -> Capacity:
    """As what a step is undone: as what it was taken. Raises Refused: NOT_PERMITTED when that has ended, INTERESTED."""
    names = ("role", "body", "principal")
    held = (each for each in actor.capacities if all(getattr(each, name) == told.get(name) for name in names))
    capacity = next(held, None)
    if capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, (told["role"],), needs=told["role"])
    acting.refuse_interest(actor, capacity)
    return capacity


def _undo(
    connection: Connection,
    now: Situation,
    step: dict[str, Any],
    earlier: dict[str, Any],
    reason: str,
    key: str,
    at: datetime,
) -> str:
    proposal, seq = now.proposal, now.proposal.seq + 1
    entries = [_contra(each, now.today) for each in reversed(step["entries"])]
    short = effects.refusals(ledger.pots_of(connection, entries), entries)
    if short:
        raise Refused(short)
    duties = [Duty(*row) for row in _DUTIES.rows(connection, proposal_id=proposal.id, seq=earlier["seq"])]
    node = now.process.nodes[earlier["to"]]
    capacity = same_capacity(now.actor, step["capacity"])
    event = record(
        stream=proposal.number,
        seq=seq,
        previous=proposal.head,
        kind="corrected",
        actor=now.actor.ref,
        at=moment(at),
        words={"reason": reason},
        facts={
            "corrects": step["seq"],
            "from": proposal.node,
            "to": node.id,
            "capacity": capacity_facts(capacity),
            "awaits": earlier["awaits"],
            "entries": [e.stored(n) for n, e in enumerate(entries, 1)],
            "version": proposal.version + 1,
            "since": earlier["since"],
            "due_on": earlier["due_on"],
            "parked_until": earlier.get("parked_until"),
        },
    )
    batch = Batch()
    batch.add(
        MOVE,
        of_id=proposal.id,
        seen_version=proposal.version,
        seen_seq=proposal.seq,
        new_state=node.state.id,
        new_origin=node.origin or "",
        new_awaits_role=earlier["awaits"]["role"] or "",
        new_awaits_body=earlier["awaits"]["body"] or "",
        new_revision=proposal.revision,
        new_head=event.hash,
        new_since=earlier["since"],
        new_due_on=earlier["due_on"],
        new_parked_until=earlier.get("parked_until"),
        new_ended_at=moment(at) if node.state.end else None,
    )
    batch.add(ANSWER_DUTIES, of_proposal=proposal.id, at=moment(at), given="corrected")
    open_duties(batch, duties, proposal_id=proposal.id, seq=seq, since=earlier["since"])
    announce(batch, proposal.number, seq, "corrected", (PROPOSER, *(duty.holder for duty in duties)), at)
    ledger.write(batch, entries, stream=proposal.number, seq=seq, proposal_id=proposal.id, holdings=now.holdings)
    write_event(batch, event)
    answer = canonical(
        {
            "number": proposal.number,
            "seq": seq,
            "version": proposal.version + 1,
            "node": node.id,
            "to_title": node.state.title,
        }
    )
    batch.add(claims.ANSWER, of_actor=now.actor.ref, of_key=key, given=answer)
    batch.run(connection)
    return answer


def _contra(entry: list[Any], today: date) -> Entry:
    """The entry that undoes a stored one."""
    _, pot_year, _, from_, to, amount, binding, funding, year, _, supplier, voucher = entry
    return Entry(pot_year, "correct", to, from_, amount, binding, funding, year, today, supplier, voucher)
