"""Who may act in a role on a day for a proposal, and whether this person may: asked by everything that is no
transition, and by whoever wants to know if somebody is there at all. Ways out of a state are judged in ``states``."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, literal, select

from states import Awaited, Capacity, RefusalKind, Transition, role_names
from states.entitlement import FOUR_EYES, NEVER_INTERESTED
from workflow.acts import situations
from workflow.people import rights
from workflow.proposals.queue_duties import answers_to
from workflow.records import actors
from workflow.records.actors import Actor
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage.schema import body, interest, membership


class Entitled(NamedTuple):
    """Somebody who may act, and as what: the first capacity that does, one's own before that of a deputy."""

    person: int
    capacity: Capacity


def as_one_of(actor: Actor | None, roles: Collection[str], needs: str | None = None) -> Capacity:
    """As what the actor does something on a proposal that is no transition. Raises Refused: NOT_PERMITTED for none of
    these roles, INTERESTED for somebody who takes no part in it (KL 6:28-30, for employees 7:4)."""
    held = next((each for each in actor.capacities if each.role in roles), None) if actor else None
    if actor is None or held is None:
        told = tuple(roles)
        raise Refused.because(RefusalKind.NOT_PERMITTED, told, needs=needs or told[0])
    refuse_interest(actor, held)
    return held


def refuse_interest(actor: Actor, capacity: Capacity) -> None:
    """Raises Refused(INTERESTED). A sender is a party and not whoever decides: that capacity stays."""
    if actor.interest is not None and capacity.role not in NEVER_INTERESTED:
        raise Refused.because(
            RefusalKind.INTERESTED, (capacity.role,), declared_on=actor.interest, needs=(capacity.holder,)
        )


class Roster:
    """Everybody who holds anything on one day, read once: for one question or for thousands of proposals. ``without``
    are people taken to be away, whatever they hold."""

    def __init__(self, connection: Connection, on: date, without: Collection[int] = ()) -> None:
        self._connection, self.on = connection, on
        seated = select(membership.c.person_id).join_from(membership, body, body.c.id == membership.c.body_id)
        ids = connection.execute(seated.where(actors.in_force(literal(on.isoformat()))).distinct()).scalars()
        found = (actors.find(connection, each, on) for each in sorted({*ids} - {*without}))
        self.people = tuple(each for each in found if each is not None)
        self._interested = {
            (row.proposal_id, row.person_id)
            for row in connection.execute(
                select(interest.c.proposal_id, interest.c.person_id).where(interest.c.withdrawn_seq.is_(None))
            )
        }
        self._rights = rights.Rights(connection, on)

    def who_may_act(
        self,
        holder: str,
        proposal: Loaded | None = None,
        *,
        decides_on: Collection[str] | None = None,
        four_eyes: bool = False,
    ) -> tuple[Entitled, ...]:
        """Who may act for this holder of duties (``officer``, ``registrar:ks``, ``working_group``), by person's id.

        With a proposal, without those who take no part in it. ``decides_on`` names the kinds of source that a delegated
        decision is about: then a deputy counts only where the scheme says so. ``four_eyes`` leaves out who prepared.
        """
        found = []
        for actor in self.people:
            may = (each for each in actor.capacities if answers_to(each, holder))
            held = next((each for each in may if self._stands(actor, each, proposal, decides_on, four_eyes)), None)
            if held is not None:
                found.append(Entitled(actor.id, held))
        return tuple(found)

    def who_may_take(
        self, way: Transition, proposal: Loaded, sources: Collection[str], decided_by: Awaited | None = None
    ) -> tuple[Entitled, ...]:
        """Who may take a way out of where the proposal stands, whatever its other guards say; without its sender."""
        found: dict[int, Entitled] = {}
        decides_on = sources if way.decision is not None else None
        four_eyes = any(each.name == FOUR_EYES for each in way.guards)
        for holder in holders_of(way, proposal.awaited, decided_by):
            for each in self.who_may_act(holder, proposal, decides_on=decides_on, four_eyes=four_eyes):
                found.setdefault(each.person, each)
        return tuple(found.values())

    def _stands(
        self,
        actor: Actor,
        held: Capacity,
        proposal: Loaded | None,
        decides_on: Collection[str] | None,
        four_eyes: bool,
    ) -> bool:
        if proposal is not None and (proposal.id, actor.id) in self._interested:
            return False
        if held.principal is not None and decides_on is not None and held.role != "registrar":
            own = {each.role for each in actor.capacities if each.principal is None}
            if not own & self._rights.substitutes(held.role, decides_on):
                return False
        if four_eyes and proposal is not None:
            behind = {actor.ref} | ({held.principal} if held.principal else set())
            return not situations.prepared_by(self._connection, proposal.number, behind)
        return True


def who_may_act(
    connection: Connection,
    holder: str,
    on: date,
    proposal: Loaded | None = None,
    *,
    decides_on: Collection[str] | None = None,
    four_eyes: bool = False,
) -> tuple[Entitled, ...]:
    """See :meth:`Roster.who_may_act`: for one question. Whoever asks about many proposals keeps the roster."""
    return Roster(connection, on).who_may_act(holder, proposal, decides_on=decides_on, four_eyes=four_eyes)


def holders_of(way: Transition, awaited: Awaited, decided_by: Awaited | None = None) -> tuple[str, ...]:
    """The holders of duties who may take a way, as their keys; nobody where no instance is known."""
    if way.role is None or way.role.name != "registrar_of":
        return role_names(way.role)
    instance = decided_by if way.role.argument == "decided" else awaited
    if instance is None:
        return ()
    return (f"registrar:{instance.body}",) if instance.body else tuple(_present(instance.role))


def _present(role: str | None) -> Iterable[str]:
    return () if role is None else (role,)
