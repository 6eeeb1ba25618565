"""The decision page: what an official needs to decide, and every transition as it stands for that person now."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from sqlalchemy import Connection

from states import Capacity, Offer, Refusal, RefusalKind, offers
from workflow.acts import acting, changing, correcting, deciding, redirecting
from workflow.acts.situations import Situation, asked_of, facts, proposed_pots, situate
from workflow.books import attesting, cofinancing
from workflow.books.investments import investments
from workflow.cases import noting, outcomes, timeline, watching
from workflow.cases.timeline import HasContact
from workflow.money.effects import PotYearState
from workflow.money.views_money import PotYear
from workflow.opinions import asking_opinions
from workflow.proposals import opinion_holders, pots
from workflow.records import loading
from workflow.records.definitions import Definitions
from workflow.records.loading import Actor, Loaded
from workflow.records.refused import Refused
from workflow.views.views import Decision
from workflow.views.views_opinions import OpinionRound
from workflow.views.views_timeline import Timeline
from workflow.views.views_work import Case, Option
from workflow.waiting import queue_rows

# Kinds of steps that make a page old; an answer, a note or an invoice does not.
NEW_VERSION = frozenset({"moved", "clock", "merged", "revised", "corrected", "redirected"})


def options(
    connection: Connection, definitions: Definitions, number: str, person: int, today: date
) -> tuple[Option, ...]:
    """Every transition from here, allowed in which capacities or with every blocker. Raises Refused(NOT_FOUND)."""
    proposal, actor = look(connection, number, person, today)
    return options_of(connection, situate(connection, definitions, proposal, actor, today, lock=False))


def may_revise(connection: Connection, number: str, person: int, today: date) -> bool:
    """Whether the person may change the content now. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
    return _refused(lambda: changing.may_revise(connection, *look(connection, number, person, today))) is None


def look(connection: Connection, number: str, person: int, today: date) -> tuple[Loaded, Actor]:
    """Raises Refused: NOT_FOUND, NOT_PERMITTED."""
    proposal = find(connection, number)
    actor = loading.actor(connection, person, today, proposer_of=proposal)
    if actor is None or not actor.capacities:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    return proposal, actor


def find(connection: Connection, number: str) -> Loaded:
    """Raises Refused(NOT_FOUND)."""
    proposal = loading.load(connection, number, lock=False)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    return proposal


def held_on(connection: Connection, number: str, person: int, today: date) -> tuple[Capacity, ...]:
    """In which capacities the person may look at a proposal; none is a public look. Raises Refused(NOT_FOUND)."""
    actor = loading.actor(connection, person, today, proposer_of=find(connection, number))
    return actor.capacities if actor else ()


def options_of(connection: Connection, now: Situation) -> tuple[Option, ...]:
    known = facts(connection, now, asked_of(now.node.transitions), {})
    return tuple(_option(now, offer) for offer in offers(now.process, now.proposal.node, known))


def _option(now: Situation, offer: Offer) -> Option:
    transition = offer.transition
    entries, short = deciding.plan(now, transition, {})
    target = now.process.nodes[transition.target].state
    touched = [pot for pot in now.pots if any(each.pot_year == pot.id for each in entries)]
    shown = () if short else tuple(_view(pot.after(entries)) for pot in touched)
    blockers = (*offer.blockers, *(() if transition.restates else short))
    return Option(
        transition,
        target.title,
        target.end,
        offer.capacities,
        tuple(sorted(blockers, key=lambda each: each.kind)),
        tuple(_view(pot) for pot in touched),
        shown,
    )


def _view(pot: PotYearState) -> PotYear:
    return pots.pot_year_view(pot)


def case(
    connection: Connection,
    definitions: Definitions,
    config: HasContact,
    number: str,
    person: int,
    today: date,
    seen_version: int | None = None,
) -> Case:
    """Raises Refused: NOT_FOUND, NOT_PERMITTED (nobody without a capacity in the proposal or the organisation)."""
    proposal, actor = look(connection, number, person, today)
    now = situate(connection, definitions, proposal, actor, today, lock=False)
    page = timeline.timeline(connection, definitions, number, capacities=actor.capacities, config=config, today=today)
    roles = {each.role for each in actor.capacities}
    proposed = proposed_pots(connection, now.lines, now.funding, today)
    unseen = 0 if seen_version is None else proposal.version - seen_version
    return Case(
        timeline=page,
        version=proposal.version,
        revision=proposal.revision,
        options=options_of(connection, now),
        duties=queue_rows.queue_rows(connection, definitions, queue_rows.duties_of(connection, proposal.id), today),
        decided_cost=outcomes.decided_cost(connection, proposal, now.process),
        to_expense=outcomes.to_expense(connection, proposal, now.process) if page.viewer == "official" else (),
        may_classify=_refused(lambda: attesting.may_classify(connection, now)),
        proposed=proposed,
        investments=investments(connection, now, proposed),
        may_revise=_refused(lambda: changing.may_revise(connection, proposal, actor)),
        may_redirect=_refused(lambda: redirecting.may_redirect(now)),
        may_book=_needs("controller", roles),
        may_cofinance=_refused(lambda: acting.as_one_of(actor, cofinancing.KEEPERS)),
        notes=noting.notes_of(connection, number, page.viewer),
        may_note=page.viewer == "official" and roles != {noting.READS_ONLY},
        may_ask=not proposal.ended and bool(roles & {*asking_opinions.ASKERS}),
        to_answer=_to_answer(page.opinions, actor),
        follows=watching.follows(connection, proposal.id, person),
        may_correct=_refused(lambda: correcting.correctable(connection, proposal, actor)),
        early=_early(page, today),
        since_seen=tuple(each for each in page.steps if each.kind in NEW_VERSION)[-unseen:] if unseen > 0 else (),
    )


def _early(page: Timeline, today: date) -> Decision | None:
    """The approval that the work rests on, while it can still be appealed (kommunallagen 13 kap. 14 §)."""
    standing = [each.decision for each in page.steps if each.decision and not each.corrected_by]
    approved = [each for each in standing if each.outcome in ("approved", "approved_with_change")]
    return approved[-1] if approved and not approved[-1].in_force(today) else None


def _to_answer(rounds: Sequence[OpinionRound], actor: Actor) -> frozenset[int]:
    """Duties of open rounds that this person may answer, or answer anew."""
    asked = (each for one in rounds if one.closed_on is None for each in one.answers)
    return frozenset(each.duty for each in asked if opinion_holders.capacity_for(each.holder, actor) is not None)


def _needs(role: str, held: Collection[str]) -> tuple[Refusal, ...] | None:
    """Why not, or None for somebody in the role."""
    return None if role in held else Refused.because(RefusalKind.NOT_PERMITTED, (role,), needs=role).refusals


def _refused(question: Callable[[], object]) -> tuple[Refusal, ...] | None:
    """Why not, or None for yes."""
    try:
        question()
    except Refused as refused:
        return refused.refusals
    return None
