"""Where a decision is made: ``decide`` is the only way a proposal moves.

Claim, load, ask ``states``, move the proposal, change the pots, append entries, event and notices - in one
transaction that the caller owns. Reads no clock, renders nothing, sends nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from states import Fired, RefusalKind, Transition, fire
from workflow.acts import moving, restating
from workflow.acts.moving import Step
from workflow.acts.situations import Situation, asked_of, facts, situate
from workflow.money import effects
from workflow.money.effects import Entry
from workflow.proposals import entering
from workflow.records import claims, loading
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage.statements import Batch, Contested


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
    together: bool = False  # asked of several at once, which the process must allow

    @property
    def digest(self) -> str:
        """By which a repeated question is known: everything but who asks and the key."""
        names = ("number", "transition", "seen_version", "seen_revision", "capacity", "form")
        return claims.digest_of({name: getattr(self, name) for name in names})


def decide(connection: Connection, definitions: Definitions, ask: Ask, at: datetime) -> str:
    """Carries out the ask, or raises Refused and leaves the caller to roll back. Returns the stored answer (JSON).

    Never begins or commits, so that a list of decisions can be carried out one transaction each by whoever calls.
    """
    today = local_date(at)  # a decision's day, and so its budget year, is the town's
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
    if ask.together and not transition.together:
        raise Refused.because(RefusalKind.NOT_TOGETHER, state=situation.node.state.title)
    return _carry_out(connection, situation, transition, ask, at)


def _refuse_stale(proposal: Loaded, ask: Ask) -> None:
    if proposal.version != ask.seen_version:
        raise Refused.because(RefusalKind.STALE_VERSION, seen=ask.seen_version, now=proposal.version)
    if proposal.revision != ask.seen_revision:
        raise Refused.because(RefusalKind.STALE_REVISION, seen=ask.seen_revision, now=proposal.revision)
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=proposal.number)


def _carry_out(connection: Connection, now: Situation, transition: Transition, ask: Ask, at: datetime) -> str:
    before, restated = now, restating.restated_rows(connection, now, transition, ask.form)
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
    revision = restating.write_restated(connection, batch, before, now, ask.form, at) if restated else None
    step = Step(now, fired, form, entries, _entered(connection, now, fired, form), at, revision)
    answer = moving.write(batch, step, ask.key, ask.digest)
    try:
        batch.run(connection)
    except Contested as contested:
        raise Refused(_why_contested(contested, now)) from contested
    return answer


def _entered(connection: Connection, now: Situation, fired: Fired, form: Mapping[str, object]) -> entering.Entered:
    return entering.enter(
        connection, fired.node, today=now.today, form=form, lines=now.lines, funding=now.funding,
        paused_due=entering.due_after_pause(connection, now.proposal, fired.node, now.today),
        decider=now.proposal.awaited if entering.awaits_decision(now.node) else None,
    )  # fmt: skip


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
