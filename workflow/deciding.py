"""Where a decision is made: ``decide`` is the only way a proposal moves.

Claim, load, ask ``states``, move the proposal, change the pots, append entries, event and notices - in one
transaction that the caller owns. Reads no clock, renders nothing, sends nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, update

from states import Capacity, Fired, Node, RefusalKind, Transition, fire
from workflow import claims, effects, entering, ledger, loading, restating, schema
from workflow.columns import moment
from workflow.definitions import Definitions
from workflow.effects import Entry
from workflow.history import Recorded, canonical, record
from workflow.loading import Loaded
from workflow.refused import Refused
from workflow.situations import Situation, asked_of, facts, situate
from workflow.statements import Batch, Contested, Statement

STOCKHOLM = ZoneInfo("Europe/Stockholm")  # a decision's day, and so its budget year, is the town's
DECIDED = ("decided_on", "paragraph", "delegation_point", "registry_no", "adjusted_on")


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks for: one transition, as seen at a version and a revision, with a key of their own."""

    number: str
    transition: str
    by: int
    seen_version: int
    seen_revision: int
    key: str
    capacity: str | None = None  # the role to act in, when several would do
    form: Mapping[str, object] = field(default_factory=dict)  # typed values, see states.vocabulary

    @property
    def digest(self) -> str:
        """By which a repeated question is known: everything but who asks and the key."""
        names = ("number", "transition", "seen_version", "seen_revision", "form")
        return claims.digest_of({name: getattr(self, name) for name in names})


_P = schema.proposal.c
MOVE = Statement(
    "move proposal",
    update(schema.proposal)
    .where(_P.id == bindparam("of_id"), _P.version == bindparam("seen_version"), _P.seq == bindparam("seen_seq"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "state",
                "origin",
                "awaits_role",
                "awaits_body",
                "revision",
                "head",
                "since",
                "due_on",
                "parked_until",
                "ended_at",
            )
        }
        | {"version": _P.version + 1, "seq": _P.seq + 1}
    ),
    guarded=True,
)
_D = schema.duty.c
ANSWER_DUTIES = Statement(
    "answer duties",
    update(schema.duty)
    .where(_D.proposal_id == bindparam("of_proposal"), _D.answered_at.is_(None), _D.kind != entering.STAYS)
    .values(answered_at=bindparam("at"), answer=bindparam("given")),
)
DUTY = Statement(
    "duty",
    schema.duty.insert(),
    columns=["proposal_id", "seq", "kind", "holder", "since", "due_on", "version"],
)
_EVENT = Statement("event", schema.event.insert(), columns=[column.name for column in schema.event.c])
_PASSAGE = Statement("passage", schema.passage.insert(), columns=[column.name for column in schema.passage.c])
DECISION = Statement("decision", schema.decision.insert(), columns=[column.name for column in schema.decision.c])
_NOTICE = Statement("notice", schema.notice.insert(), columns=["stream", "seq", "kind", "recipient", "created_at"])


def decide(connection: Connection, definitions: Definitions, ask: Ask, at: datetime) -> str:
    """Carries out the ask, or raises Refused and leaves the caller to roll back. Returns the stored answer (JSON).

    Never begins or commits, so that a list of decisions can be carried out one transaction each by whoever calls.
    """
    today = at.astimezone(STOCKHOLM).date()
    proposal = loading.load(connection, ask.number)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=ask.number)
    actor = loading.actor(connection, ask.by, today, proposer_of=proposal, key=ask.key)
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    if actor.claimed is not None:
        return claims.answered(actor.claimed, ask.digest)
    _refuse_stale(proposal, ask)
    situation = situate(connection, definitions, proposal, actor, today)
    transition = situation.node.transition(ask.transition)
    if transition is None:
        raise Refused.because(RefusalKind.NOT_HERE, transition=ask.transition, state=situation.node.state.title)
    return _carry_out(connection, situation, transition, ask, at)


def _refuse_stale(proposal: Loaded, ask: Ask) -> None:
    if proposal.version != ask.seen_version:
        raise Refused.because(RefusalKind.STALE_VERSION, seen=ask.seen_version, now=proposal.version)
    if proposal.revision != ask.seen_revision:
        raise Refused.because(RefusalKind.STALE_REVISION, seen=ask.seen_revision, now=proposal.revision)
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=proposal.number)


def _carry_out(connection: Connection, now: Situation, transition: Transition, ask: Ask, at: datetime) -> str:
    restated = restating.restated_rows(connection, now, transition, ask.form)
    if restated is not None:
        now = restated
    form = {name: value for name, value in ask.form.items() if name in transition.asks}
    known = facts(connection, now, asked_of([transition]), form)
    fired = fire(now.process, now.proposal.node, transition.id, ask.capacity, known)
    if not isinstance(fired, Fired):
        raise Refused(fired)
    entries, short = plan(now, transition, form)
    if short:
        raise Refused(short)
    batch = Batch()
    revision = restating.write_restated(connection, batch, now, at) if restated is not None else None
    answer = _write(connection, batch, now, fired, form, entries, ask, at, revision)
    try:
        batch.run(connection)
    except Contested as contested:
        raise Refused(_why_contested(contested, now)) from contested
    return answer


def plan(
    now: Situation, transition: Transition, form: Mapping[str, object]
) -> tuple[tuple[Entry, ...], tuple[Any, ...]]:
    """The ledger entries of a transition and why the pots would refuse them."""
    if not transition.money:
        return (), ()
    amount = form.get("contract_amount")
    return effects.plan(
        transition,
        rows=now.funding,
        bindings=now.bindings,
        holdings=now.holdings,
        pots=now.pots,
        today=now.today,
        amount=amount if isinstance(amount, int) else None,
    )


def _write(
    connection: Connection,
    batch: Batch,
    now: Situation,
    fired: Fired,
    form: Mapping[str, object],
    entries: tuple[Entry, ...],
    ask: Ask,
    at: datetime,
    revision: dict[str, Any] | None,
) -> str:
    proposal, seq = now.proposal, now.proposal.seq + 1
    until = _until(fired.node, form)
    entered = entering.enter(
        connection,
        fired.node,
        today=now.today,
        form=form,
        lines=now.lines,
        funding=now.funding,
        paused_due=entering.due_after_pause(connection, proposal, fired.node, now.today),
        decider=proposal.awaited if entering.awaits_decision(now.node) else None,
    )
    event = _event(now, fired, form, entries, entered, at, until, revision)
    batch.add(
        MOVE,
        of_id=proposal.id,
        seen_version=proposal.version,
        seen_seq=proposal.seq,
        new_state=fired.node.state.id,
        new_origin=fired.node.origin or "",
        new_awaits_role=entered.awaited.role or "",
        new_awaits_body=entered.awaited.body or "",
        new_revision=now.proposal.revision + (revision is not None),
        new_head=event.hash,
        new_since=now.today.isoformat(),
        new_due_on=entered.due_on.isoformat() if entered.due_on else None,
        new_parked_until=until,
        new_ended_at=moment(at) if fired.node.state.end else None,
    )
    batch.add(ANSWER_DUTIES, of_proposal=proposal.id, at=moment(at), given=fired.transition.id)
    for duty in entered.duties:
        batch.add(
            DUTY,
            proposal_id=proposal.id,
            seq=seq,
            kind=duty.kind,
            holder=duty.holder,
            since=now.today.isoformat(),
            due_on=duty.due_on,
            version=1,
        )
    ledger.write(batch, entries, stream=proposal.number, seq=seq, proposal_id=proposal.id, holdings=now.holdings)
    write_event(batch, event)
    decided = decision_of(now, fired, form)
    if decided is not None:
        batch.add(DECISION, stream=proposal.number, seq=seq, sent_at=None, **decided)
    for recipient in _recipients(entered.duties):
        batch.add(_NOTICE, stream=proposal.number, seq=seq, kind="moved", recipient=recipient, created_at=moment(at))
    answer = canonical(
        {
            "number": proposal.number,
            "seq": seq,
            "version": proposal.version + 1,
            "node": fired.node.id,
            "to_title": fired.node.state.title,
        }
    )
    batch.add(claims.TAKE, actor=now.actor.ref, key=ask.key, digest=ask.digest, answer=answer, recorded_at=moment(at))
    return answer


def write_event(batch: Batch, event: Recorded) -> None:
    """The event row and its passages."""
    batch.add(
        _EVENT,
        stream=event.stream,
        seq=event.seq,
        kind=event.kind,
        actor=event.actor,
        recorded_at=event.recorded_at,
        body=event.body,
        previous=event.previous,
        hash=event.hash,
    )
    for name, salt, content, digest in event.passages:
        batch.add(_PASSAGE, stream=event.stream, seq=event.seq, field=name, salt=salt, content=content, digest=digest)


def _recipients(duties: tuple[entering.Duty, ...]) -> tuple[str, ...]:
    return ("proposer", *dict.fromkeys(duty.holder for duty in duties))


def _until(node: Node, form: Mapping[str, object]) -> str | None:
    """The date on which a parked proposal wakes; gone when the side road ends."""
    given = form.get("parked_until")
    return given.isoformat() if node.state.side and isinstance(given, date) else None


def _event(
    now: Situation,
    fired: Fired,
    form: Mapping[str, object],
    entries: tuple[Entry, ...],
    entered: entering.Entered,
    at: datetime,
    until: str | None,
    revision: dict[str, Any] | None,
) -> Recorded:
    proposal, transition = now.proposal, fired.transition
    words = {name: value for name, value in form.items() if type(value) is str and value}
    given = {
        name: value.isoformat() if isinstance(value, date) else int(value)
        for name, value in form.items()
        if isinstance(value, date | int)
    }
    return record(
        stream=proposal.number,
        seq=proposal.seq + 1,
        previous=proposal.head,
        kind="moved",
        actor=now.actor.ref,
        at=moment(at),
        words=words,
        facts={
            "transition": transition.id,
            "title": transition.title,
            "public": transition.public,
            "from": proposal.node,
            "to": fired.node.id,
            "capacity": capacity_facts(fired.capacity),
            "on_behalf": _side(proposal.awaited.role, proposal.awaited.body),
            "awaits": _side(entered.awaited.role, entered.awaited.body),
            "decided_on": given.get("decided_on"),
            "position": transition.position,
            "decision": decision_of(now, fired, form),
            "entries": [e.stored(n) for n, e in enumerate(entries, 1)],
            "given": given,
            "version": proposal.version + 1,
            "revision": revision,
            "since": now.today.isoformat(),
            "due_on": entered.due_on.isoformat() if entered.due_on else None,
            "parked_until": until,
            "skips": list(transition.skips),
        },
    )


def capacity_facts(capacity: Capacity) -> dict[str, Any]:
    return {
        "role": capacity.role,
        "body": capacity.body,
        "body_kind": capacity.body_kind,
        "membership": capacity.membership,
    }


def _side(role: str | None, body: str | None) -> dict[str, str | None]:
    return {"role": role, "body": body}


def decision_of(now: Situation, fired: Fired, form: Mapping[str, object]) -> dict[str, Any] | None:
    """The registered decision of a transition, whose it is by whom was awaited; None where nothing is decided."""
    if fired.transition.decision is None:
        return None
    awaited = now.proposal.awaited
    fields: dict[str, Any] = {}
    for name in DECIDED:
        value = form.get(name)
        fields[name] = value.isoformat() if isinstance(value, date) else value or None
    fields["decided_on"] = fields["decided_on"] or now.today.isoformat()
    return {
        "instance": awaited.body or awaited.role or fired.capacity.role,
        "kind": "board" if awaited.body else "delegated",
        "outcome": fired.transition.decision,
        **fields,
    }


def _why_contested(contested: Contested, now: Situation) -> tuple[Any, ...]:
    """A guarded write met no row although the check passed: somebody else was first."""
    if contested.name == "change pot-year":
        pot = next(each for each in now.pots if each.id == contested.parameters["pot_year"])
        return Refused.because(
            RefusalKind.POT_SHORT,
            ("executive", "council"),
            pot=pot.code,
            pot_title=pot.title,
            year=pot.year,
            missing_ore=0,
            available_ore=pot.balance["available"],
            asked_ore=0,
        ).refusals
    if contested.name == claims.TAKE.name:  # the same key, at the same moment, for another proposal
        return Refused.because(RefusalKind.KEY_REUSED).refusals
    return Refused.because(RefusalKind.STALE_VERSION, seen=now.proposal.version, now=now.proposal.version + 1).refusals
