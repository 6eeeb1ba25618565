"""What one step writes: the proposal's new place, its duties, its event, the registered decision and the notices.
Decides nothing; everything has been allowed when this is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, update

from states import Fired
from workflow.acts.situations import Situation
from workflow.money import ledger
from workflow.money.effects import Entry
from workflow.proposals import entering
from workflow.records import claims
from workflow.records.announcing import PROPOSER, announce
from workflow.records.history import Recorded, canonical, capacity_facts, record, write_event
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

FOLLOWED = SUCCEEDED, REDATED = ("succeeded", "redated")  # whose move it is, or by when, followed; no step
RECORDED = "recorded"  # the kind of event by which more becomes known of a decision: no step, and it undoes none
OPINION = "opinion"  # duties that no step answers: they wait until they are answered, closed, or the proposal ends
LAPSED = "lapsed"
DECIDED = ("decided_on", "paragraph", "delegation_point", "registry_no", "adjusted_on")
PLACE = (
    "state", "origin", "awaits_role", "awaits_body", "revision", "head", "since", "due_on", "parked_until", "ended_at",
)  # fmt: skip

_P, _D = schema.proposal.c, schema.duty.c


def placing(name: str, columns: Iterable[str]) -> Statement:
    """Sets these columns (``new_...``) of a proposal that stands as it was seen, and counts it one on."""
    seen = _P.id == bindparam("of_id"), _P.version == bindparam("seen_version"), _P.seq == bindparam("seen_seq")
    counted = {"version": _P.version + 1, "seq": _P.seq + 1}
    sets: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns} | counted
    return Statement(name, update(schema.proposal).where(*seen).values(sets), guarded=True)


MOVE = placing("move proposal", PLACE)
ANSWER_DUTIES = Statement(
    "answer duties",
    update(schema.duty)
    .where(
        _D.proposal_id == bindparam("of_proposal"),
        _D.answered_at.is_(None),
        _D.kind != entering.STAYS,
        _D.kind != OPINION,
    )
    .values(answered_at=bindparam("at"), answer=bindparam("given")),
)
_LAPSE_OPINIONS = Statement(
    "lapse opinions",
    update(schema.duty)
    .where(_D.proposal_id == bindparam("of_proposal"), _D.answered_at.is_(None), _D.kind == OPINION)
    .values(answered_at=bindparam("at"), answer=LAPSED),
)
_LAPSE_ROUNDS = Statement(
    "lapse rounds",
    update(schema.opinion_round)
    .where(schema.opinion_round.c.proposal_id == bindparam("of_proposal"), schema.opinion_round.c.closed_at.is_(None))
    .values(closed_at=bindparam("at")),
)
DUTY = Statement(
    "duty", schema.duty.insert(), columns=["proposal_id", "seq", "kind", "holder", "since", "due_on", "version"]
)
DECISION = Statement("decision", schema.decision.insert(), columns=[column.name for column in schema.decision.c])


@dataclass(frozen=True)
class Step:
    """A step that has been allowed: from where, by which transition, with which words and entries, and when."""

    now: Situation
    fired: Fired
    form: Mapping[str, object]
    entries: tuple[Entry, ...]
    entered: entering.Entered
    at: datetime
    revision: dict[str, Any] | None  # what it restated

    @property
    def seq(self) -> int:
        return self.now.proposal.seq + 1

    @cached_property
    def decision(self) -> dict[str, Any] | None:
        """The registered decision, whose it is by whom was awaited; None where nothing is decided."""
        if self.fired.transition.decision is None:
            return None
        awaited = self.now.proposal.awaited
        fields: dict[str, Any] = {}
        for name in DECIDED:
            value = self.form.get(name)
            fields[name] = value.isoformat() if isinstance(value, date) else value or None
        fields["decided_on"] = fields["decided_on"] or self.now.today.isoformat()
        return {
            "instance": awaited.body or awaited.role or self.fired.capacity.role,
            "kind": "board" if awaited.body else "delegated",
            "outcome": self.fired.transition.decision,
            **fields,
        }

    @property
    def due_on(self) -> str | None:
        return self.entered.due_on.isoformat() if self.entered.due_on else None

    @property
    def until(self) -> str | None:
        """The date on which a parked proposal wakes; gone when the side road ends."""
        given = self.form.get("parked_until")
        return given.isoformat() if self.fired.node.state.side and isinstance(given, date) else None


def write(batch: Batch, step: Step, key: str, digest: str) -> str:
    """Adds every row of the step to the batch; returns the answer that its key keeps (JSON)."""
    proposal, event = step.now.proposal, _event(step)
    _place(batch, step, event)
    ledger.write(
        batch, step.entries, stream=proposal.number, seq=step.seq, proposal_id=proposal.id, holdings=step.now.holdings
    )
    write_event(batch, event)
    if step.decision is not None:
        batch.add(DECISION, stream=proposal.number, seq=step.seq, sent_at=None, **step.decision)
    at = moment(step.at)
    told = (PROPOSER, *(duty.holder for duty in step.entered.duties))
    announce(batch, proposal.number, step.seq, "moved", told, step.at)
    node = step.fired.node
    answer = canonical({
        "number": proposal.number, "seq": step.seq, "version": proposal.version + 1, "node": node.id,
        "to_title": node.state.title,
    })  # fmt: skip
    batch.add(claims.TAKE, actor=step.now.actor.ref, key=key, digest=digest, answer=answer, recorded_at=at)
    return answer


def _place(batch: Batch, step: Step, event: Recorded) -> None:
    """Where it stands from now on, and whose move it is; what was awaited is answered."""
    proposal, entered, at = step.now.proposal, step.entered, moment(step.at)
    today, state = step.now.today.isoformat(), step.fired.node.state
    batch.add(
        MOVE, of_id=proposal.id, seen_version=proposal.version, seen_seq=proposal.seq, new_state=state.id,
        new_origin=step.fired.node.origin or "", new_awaits_role=entered.awaited.role or "",
        new_awaits_body=entered.awaited.body or "", new_revision=proposal.revision + (step.revision is not None),
        new_head=event.hash, new_since=today, new_due_on=step.due_on, new_parked_until=step.until,
        new_ended_at=at if state.end else None,
    )  # fmt: skip
    batch.add(ANSWER_DUTIES, of_proposal=proposal.id, at=at, given=step.fired.transition.id)
    if state.end:
        batch.add(_LAPSE_OPINIONS, of_proposal=proposal.id, at=at)
        batch.add(_LAPSE_ROUNDS, of_proposal=proposal.id, at=at)
    open_duties(batch, entered.duties, proposal_id=proposal.id, seq=step.seq, since=today)


def open_duties(batch: Batch, duties: Iterable[entering.Duty], *, proposal_id: int, seq: int, since: str) -> None:
    """What the event with this number awaits, from that day."""
    for duty in duties:
        batch.add(
            DUTY, proposal_id=proposal_id, seq=seq, kind=duty.kind, holder=duty.holder, since=since, due_on=duty.due_on,
            version=1,
        )  # fmt: skip


def _event(step: Step) -> Recorded:
    proposal, form = step.now.proposal, step.form
    words = {name: value for name, value in form.items() if type(value) is str and value}
    given = {
        name: value.isoformat() if isinstance(value, date) else int(value)
        for name, value in form.items()
        if isinstance(value, date | int)
    }
    return record(
        stream=proposal.number, seq=step.seq, previous=proposal.head, kind="moved", actor=step.now.actor.ref,
        at=moment(step.at), words=words, facts=_facts(step, given),
    )  # fmt: skip


def _facts(step: Step, given: Mapping[str, object]) -> dict[str, Any]:
    """What the event tells beside its words."""
    proposal, transition, entered = step.now.proposal, step.fired.transition, step.entered
    return {
        "transition": transition.id,
        "title": transition.title,
        "public": transition.public,
        "from": proposal.node,
        "to": step.fired.node.id,
        "capacity": capacity_facts(step.fired.capacity),
        "on_behalf": {"role": proposal.awaited.role, "body": proposal.awaited.body},
        "awaits": {"role": entered.awaited.role, "body": entered.awaited.body},
        "decided_on": given.get("decided_on"),
        "position": transition.position,
        "decision": step.decision,
        "entries": [each.stored(n) for n, each in enumerate(step.entries, 1)],
        "given": given,
        "version": proposal.version + 1,
        "revision": step.revision,
        "since": step.now.today.isoformat(),
        "due_on": step.due_on,
        "parked_until": step.until,
        "skips": list(transition.skips),
    }
