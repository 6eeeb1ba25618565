"""What a person has to do with one proposal beside its steps: an interest, a question about one, and tasks that can be
put in a colleague's hands. Decides nothing."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from workflow.acts import acting, handing
from workflow.cases import case, interests
from workflow.cases.interests import OFFICER, Interest
from workflow.cases.timeline import viewer_of
from workflow.people.people import find_person
from workflow.records.actors import Actor
from workflow.waiting import queue_rows


@dataclass(frozen=True, slots=True)
class Colleague:
    person: int
    name: str


@dataclass(frozen=True, slots=True)
class Task:
    """An open duty that this person may hand over, or that is in a colleague's hands."""

    duty: int
    kind: str
    holder: str
    handed_by: str | None
    handed_to: str | None
    may_hand: bool
    may_return: bool


@dataclass(frozen=True, slots=True)
class Stakes:
    """``interest`` is since when this person takes no part. ``interests`` are everybody's, for officials alone."""

    person: int
    interest: date | None
    suggested: tuple[str, ...]  # places of the person's own properties that adjoin: a question, nothing more
    may_declare: bool
    may_note: bool  # of somebody else
    interests: tuple[Interest, ...]
    tasks: tuple[Task, ...]

    def may_withdraw(self, each: Interest) -> bool:
        """What the person said, or as an officer what is said of somebody else."""
        return each.own if each.person == self.person else self.may_note


def stakes(connection: Connection, number: str, person: int, today: date) -> Stakes:
    """Raises Refused: NOT_FOUND, NOT_PERMITTED."""
    proposal, actor = case.look(connection, number, person, today)
    takes_part = any(each.role not in interests.NO_PART for each in actor.capacities)
    official = viewer_of(connection, actor.capacities) == "official"
    declared = interests.in_force(connection, proposal.id)
    return Stakes(
        person=person,
        interest=actor.interest,
        suggested=interests.suggested(connection, proposal, actor, today),
        may_declare=takes_part and actor.interest is None and not proposal.ended,
        may_note=any(each.role == OFFICER for each in actor.capacities)
        and actor.interest is None
        and not proposal.ended,
        interests=declared if official else tuple(each for each in declared if each.person == person),
        tasks=tuple(_tasks(connection, proposal.id, actor)) if actor.interest is None else (),
    )


def _tasks(connection: Connection, proposal: int, actor: Actor) -> list[Task]:
    found = []
    for row in queue_rows.duties_of(connection, proposal):
        hands = handing.hands_of(connection, row.id)
        mine = bool(handing.fitting(actor.capacities, row.holder))
        involved = hands is not None and actor.id in (hands.from_id, hands.to_id)
        if mine or involved:
            found.append(
                Task(
                    row.id, row.kind, row.holder,
                    _name(connection, hands.from_id) if hands else None,
                    _name(connection, hands.to_id) if hands else None,
                    mine and hands is None, involved,
                )
            )  # fmt: skip
    return found


def _name(connection: Connection, person: int) -> str:
    found = find_person(connection, person)
    return found.name if found else ""


def colleagues(
    connection: Connection, today: date, holder: str | None = None, number: str | None = None, but: int = 0
) -> tuple[Colleague, ...]:
    """Everybody who holds something of their own today, by name; with a holder and a number those who may do that task
    on their own."""
    roster = acting.Roster(connection, today)
    if holder is None:
        ids = [each.id for each in roster.people]
    else:
        proposal = case.find(connection, number or "")
        ids = [each.person for each in roster.who_may_act(holder, proposal) if each.capacity.principal is None]
    named = (Colleague(each, _name(connection, each)) for each in ids if each != but)
    return tuple(sorted(named, key=lambda each: each.name))
