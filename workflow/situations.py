"""Everything that the rules may look at when somebody asks: gathered here, judged in ``states``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from states import CostLine, Facts, FundingRow, Holding, Node, Process, Transition
from workflow import entering, ledger, loading, people, schema
from workflow.definitions import Definitions
from workflow.effects import PotYearState
from workflow.loading import Actor, Loaded
from workflow.statements import Statement

_PREPARERS = Statement(
    "what the actor did before",
    select(schema.event.c.kind, schema.event.c.body).where(
        schema.event.c.stream == bindparam("stream"),
        schema.event.c.actor + "" == bindparam("of_actor"),  # not by the index on actors, who have many more events
        (schema.event.c.kind == "revised") | (schema.event.c.kind == "moved"),
    ),
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
        return self.process.nodes[self.proposal.node]


def situate(
    connection: Connection, definitions: Definitions, proposal: Loaded, actor: Actor, today: date, *, lock: bool = True
) -> Situation:
    """Gathers what the rules look at. Locks the pot-years named, in id order, unless only looked at."""
    funding, bindings = loading.funding_rows(connection, proposal.id, proposal.revision)
    return Situation(
        proposal,
        definitions.by_digest(connection, proposal.definition, proposal.digest),
        actor,
        loading.cost_lines(connection, proposal.id, proposal.revision),
        funding,
        bindings,
        loading.holdings(connection, proposal.id),
        ledger.read_pots(connection, proposal.id, proposal.revision, lock=lock) if funding else (),
        today,
    )


def facts(connection: Connection, now: Situation, guards: frozenset[str], form: Mapping[str, object]) -> Facts:
    """The facts that these guards look at; what none of them needs is not read."""
    decider = (
        people.decider(connection, entering.sums(now.funding), now.today) if "within_decision_right" in guards else None
    )
    limits = people.limits(connection, now.today) if guards & {"total_at_most", "total_above"} else {}
    prepared = _prepared_by(connection, now) if "not_the_preparer" in guards else frozenset()
    return Facts(
        now.today,
        now.actor.ref,
        now.actor.capacities,
        now.proposal.awaited,
        decider,
        now.lines,
        now.funding,
        now.holdings,
        form,
        limits,
        prepared,
        "merge_target_is_open" in guards and _is_open(connection, form.get("merged_with"), now.proposal.number),
    )


def _is_open(connection: Connection, number: object, mine: str) -> bool:
    """Whether another proposal has this number and has not ended."""
    found = loading.load(connection, str(number), lock=False) if number and number != mine else None
    return found is not None and not found.ended


def _prepared_by(connection: Connection, now: Situation) -> frozenset[str]:
    """The actor, if it was the actor who wrote the content or took a step as its officer; only the actor's own
    events are read."""
    mine = _PREPARERS.rows(connection, stream=now.proposal.number, of_actor=now.actor.ref)
    prepared = any(kind == "revised" or json.loads(body)["capacity"]["role"] == "officer" for kind, body in mine)
    return frozenset({now.actor.ref}) if prepared else frozenset()


def guard_names(transitions: Sequence[Transition]) -> frozenset[str]:
    return frozenset(guard.name for each in transitions for guard in each.guards)
