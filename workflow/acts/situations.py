"""Everything that the rules may look at when somebody asks: gathered here, judged in ``states``."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from states import Awaited, CostLine, Facts, FundingRow, Holding, Node, Process, Transition
from workflow.money import classifying, ledger, paying_pots
from workflow.money.classifying import Proposed
from workflow.money.effects import PotYearState
from workflow.people import people, rights
from workflow.proposals import ballots, entering, opinion_holders, pictured
from workflow.records import loading
from workflow.records.definitions import Definitions
from workflow.records.loading import Actor, Loaded
from workflow.storage import schema
from workflow.storage.statements import Statement

_E = schema.event.c
_PREPARERS = Statement(
    "what was done by somebody or on their behalf",
    select(_E.kind, _E.actor, _E.body).where(
        _E.stream == bindparam("stream"),
        (_E.kind == "revised") | (_E.kind == "moved"),
        _E.body.like(bindparam("with_ref")),  # as the actor, or as whoever was away: the body names both
    ),
)


DECIDED = "decided"
POSITION = "position"
PICTURED = "outcome_is_pictured"
ON_RIGHTS = {"within_decision_right", "next_instance_may_decide"}
COFINANCED = {"cofinancing_is_agreed", "cofinancing_is_received"}
_D = schema.decision.c
_APPROVALS = Statement(
    "approvals",
    select(_D.instance)
    .where(_D.stream == bindparam("stream"), (_D.outcome == "approved") | (_D.outcome == "approved_with_change"))
    .order_by(_D.seq.desc())
    .limit(1),
)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that the answer to an ask, or a page of options, rests on."""

    proposal: Loaded
    process: Process
    actor: Actor
    lines: tuple[CostLine, ...]
    funding: tuple[FundingRow, ...]
    bindings: Mapping[int, str]
    holdings: tuple[Holding, ...]
    pots: tuple[PotYearState, ...]
    today: date

    @property
    def node(self) -> Node:
        return self.process.at(self.proposal.node)


def situate(
    connection: Connection, definitions: Definitions, proposal: Loaded, actor: Actor, today: date, *, lock: bool = True
) -> Situation:
    """Gathers what the rules look at. Locks the pot-years named, in id order, unless only looked at."""
    funding, bindings = loading.funding_rows(connection, proposal.id, proposal.revision)
    holdings = loading.holdings(connection, proposal.id)
    return Situation(
        proposal,
        definitions.by_digest(connection, proposal.definition, proposal.digest),
        actor,
        loading.cost_lines(connection, proposal.id, proposal.revision),
        funding,
        bindings,
        holdings,
        ledger.read_pots(connection, proposal.id, proposal.revision, lock=lock) if funding or holdings else (),
        today,
    )


def facts(connection: Connection, now: Situation, guards: frozenset[str], form: Mapping[str, object]) -> Facts:
    """The facts that these guards and roles look at; what none of them needs is not read."""
    away = {each.principal for each in now.actor.capacities if each.principal}
    known = rights.Rights(connection, now.today) if guards & ON_RIGHTS or away else None
    limits = people.limits(connection, now.today) if guards & {"total_at_most", "total_above"} else {}
    four_eyes = "not_the_preparer" in guards
    prepared = prepared_by(connection, now.proposal.number, {now.actor.ref, *away}) if four_eyes else frozenset()
    return Facts(
        now.today,
        now.actor.ref,
        now.actor.capacities,
        now.proposal.awaited,
        known.decider(entering.sums(now.funding)) if known else None,
        now.lines,
        now.funding,
        now.holdings,
        form,
        limits,
        prepared,
        "merge_target_is_open" in guards and _is_open(connection, form.get("merged_with"), now.proposal.number),
        known.levels() if known else {},
        decided_by(connection, now.proposal.number, now.today) if DECIDED in guards else None,
        paying_pots.cofinancing_of(connection, now.proposal.number, now.proposal.id) if guards & COFINANCED else {},
        ballots.ballot(connection, now.proposal.id, now.proposal.number, now.proposal.revision)
        if POSITION in guards
        else None,
        now.actor.interest,
        _substitutes(now, known) if known and away else {},
        *(opinion_holders.open_opinions(connection, now.proposal.id) if "opinions_are_in" in guards else (0, ())),
        pictured.after(connection, now.proposal.id) if PICTURED in guards else 0,
    )


def decided_by(connection: Connection, number: str, today: date) -> Awaited | None:
    """Whose approval the work rests on: the latest one; of a body that has ended, who took over."""
    found = _APPROVALS.rows(connection, stream=number)
    return rights.standing(connection, rights.by_name(found[0][0]), today) if found else None


def _is_open(connection: Connection, number: object, mine: str) -> bool:
    """Whether another proposal has this number and has not ended."""
    found = loading.load(connection, str(number), lock=False) if number and number != mine else None
    return found is not None and not found.ended


def prepared_by(connection: Connection, number: str, refs: Collection[str]) -> frozenset[str]:
    """Who of these wrote a proposal's content or took a step as its officer: in person, or through a deputy. Only
    events that name them are read."""
    return frozenset(ref for ref in sorted(refs) if _prepared(connection, number, ref))


def _prepared(connection: Connection, number: str, ref: str) -> bool:
    for kind, actor, stored in _PREPARERS.rows(connection, stream=number, with_ref=f'%"{ref}"%'):
        capacity = json.loads(stored)["capacity"]
        if ref in (actor, capacity.get("principal")) and (kind == "revised" or capacity["role"] == "officer"):
            return True
    return False


def _substitutes(now: Situation, known: rights.Rights) -> dict[str, frozenset[str]]:
    """Whom the scheme lets decide in the place of each delegate for whom the actor stands in."""
    sources = {source for source, ore in entering.sums(now.funding).items() if ore > 0}
    roles = {each.role for each in now.actor.capacities if each.principal}
    return {role: known.substitutes(role, sources) for role in sorted(roles)}


def asked_of(transitions: Sequence[Transition]) -> frozenset[str]:
    """What must be known: the names of the guards, DECIDED where a role rests on whose decision it was, and POSITION
    where a group's position is written down."""
    names = {guard.name for each in transitions for guard in each.guards}
    if any(each.position is not None for each in transitions):
        names.add(POSITION)
    rests = any(each.role is not None and each.role.argument == DECIDED for each in transitions)
    return frozenset(names | {DECIDED} if rests else names)


def proposed_pots(
    connection: Connection, lines: Sequence[CostLine], funding: Sequence[FundingRow], today: date
) -> dict[int, Proposed]:
    """What the rule proposes for each line by its number, with the rates of the year that pays."""
    year = classifying.year_of(lines, funding, today.year)
    return classifying.proposed(lines, year, rates_of(connection, year, today))


def rates_of(connection: Connection, year: int, today: date) -> Mapping[str, int]:
    """What is given for a year by name: this year as of today, another as of its first day."""
    return people.limits(connection, today if year == today.year else date(year, 1, 1))
