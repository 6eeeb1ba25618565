"""Another process for an idea that came in under one that does not fit: whoever hands in need not know. It stays an
idea, waited for as before; nothing that pays may be written down yet, since each process says itself what may pay."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from states import Capacity, Process, RefusalKind
from workflow.acts import acting
from workflow.acts.changing import for_change
from workflow.acts.moving import ANSWER_DUTIES, open_duties, placing
from workflow.acts.situations import Situation, situate
from workflow.proposals import entering
from workflow.proposals.track import visits_of
from workflow.records import claims
from workflow.records.announcing import PROPOSER, announce
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import Recorded, canonical, capacity_facts, record, write_event
from workflow.records.refused import Refused
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

REDIRECTED = "redirected"
WHO = ("officer",)
_REDIRECT = placing("redirect proposal", ("definition_id", "state", "awaits_role", "awaits_body", "due_on", "head"))


def redirect(
    connection: Connection, definitions: Definitions, to: Process, number: str, *, by: int, key: str,
    seen_version: int, at: datetime,
) -> str:  # fmt: skip
    """The stored answer. Raises Refused: NOT_FOUND, STALE_VERSION, those of :func:`may_redirect`, and FIELD_INVALID
    (field="process") for the process that it has, and for one that knows nothing of where it has been."""
    proposal, actor = for_change(connection, number, by, at)
    asked = {"number": number, "process": to.id, "seen_version": seen_version}
    before = claims.claim(connection, actor.ref, key, asked, moment(at))
    if before is not None:
        return before
    if proposal.version != seen_version:
        raise Refused.because(RefusalKind.STALE_VERSION, seen=seen_version, now=proposal.version)
    now = situate(connection, definitions, proposal, actor, local_date(at))
    capacity = may_redirect(now)
    if to.id not in possible(connection, now, (to,)):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="process")
    pinned = definitions.pin(connection, to, at)
    return _write(connection, now, to, pinned, capacity, key, at)


def may_redirect(now: Situation) -> Capacity:
    """Raises Refused: ENDED, NOT_PERMITTED, INTERESTED, NOT_HERE (an idea no more), CONTENT_FIXED (what pays is
    written down)."""
    proposal = now.proposal
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=proposal.number)
    capacity = acting.as_one_of(now.actor, WHO)
    if proposal.node != now.process.initial:
        raise Refused.because(RefusalKind.NOT_HERE, transition=REDIRECTED, state=now.node.state.title)
    if now.funding:
        raise Refused.because(RefusalKind.CONTENT_FIXED, WHO, by=REDIRECTED)
    return capacity


def possible(connection: Connection, now: Situation, processes: Iterable[Process]) -> tuple[str, ...]:
    """The processes, by id, that it may be given: another one, which knows every state in which it has been."""
    number = now.proposal.number
    been = {visit.node for visit in visits_of(connection, [number])[number]} - {now.process.initial}
    return tuple(each.id for each in processes if each.id != now.process.id and been <= {*each.nodes})


def _write(
    connection: Connection, now: Situation, to: Process, pinned: int, capacity: Capacity, key: str, at: datetime
) -> str:
    proposal, node = now.proposal, to.nodes[to.initial]
    entered = entering.enter(
        connection, node, today=now.today, form={}, lines=now.lines, funding=(), paused_due=proposal.due_on
    )
    event = _event(now, to, entered, capacity, at)
    batch = Batch()
    batch.add(
        _REDIRECT, of_id=proposal.id, seen_version=proposal.version, seen_seq=proposal.seq, new_definition_id=pinned,
        new_state=node.state.id, new_awaits_role=entered.awaited.role or "",
        new_awaits_body=entered.awaited.body or "", new_due_on=_day(entered), new_head=event.hash,
    )  # fmt: skip
    batch.add(ANSWER_DUTIES, of_proposal=proposal.id, at=moment(at), given=REDIRECTED)
    open_duties(batch, entered.duties, proposal_id=proposal.id, seq=proposal.seq + 1, since=proposal.since.isoformat())
    write_event(batch, event)
    told = (PROPOSER, *(duty.holder for duty in entered.duties))
    announce(batch, proposal.number, proposal.seq + 1, REDIRECTED, told, at)
    answer = canonical(
        {
            "number": proposal.number, "seq": proposal.seq + 1, "version": proposal.version + 1, "node": node.id,
            "to_title": node.state.title,
        }
    )  # fmt: skip
    batch.add(claims.ANSWER, of_actor=now.actor.ref, of_key=key, given=answer)
    batch.run(connection)
    return answer


def _event(now: Situation, to: Process, entered: entering.Entered, capacity: Capacity, at: datetime) -> Recorded:
    proposal = now.proposal
    facts: dict[str, Any] = {
        "process": to.id, "process_version": to.version, "definition": to.digest, "from": proposal.node,
        "to": to.initial, "capacity": capacity_facts(capacity), "entries": [], "version": proposal.version + 1,
        "since": proposal.since.isoformat(), "due_on": _day(entered),
        "awaits": {"role": entered.awaited.role, "body": entered.awaited.body},
    }  # fmt: skip
    return record(
        stream=proposal.number, seq=proposal.seq + 1, previous=proposal.head, kind=REDIRECTED, actor=now.actor.ref,
        at=moment(at), words={}, facts=facts,
    )  # fmt: skip


def _day(entered: entering.Entered) -> str | None:
    return entered.due_on.isoformat() if entered.due_on else None
