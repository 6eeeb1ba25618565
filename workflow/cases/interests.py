"""Intresseanmälan: who takes no part in a proposal, said by that person or noted by the officer, with ground and day,
and taken back with a reason. KL 6 kap. 28-31 §§ for elected, 7 kap. 4 § for employed persons; of others in a mixed
group the municipality's own objectivity asks it (FL 5 §): who declares one may be told everything.

What has happened is registered by whoever keeps it, interest or none, since books and dates that leave it out are
wrong: invoices and credit notes, files of the accounts, decisions about pots, and the days of a decision made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from states import Capacity, RefusalKind
from workflow.acts import acting, changing
from workflow.acts.acting import Roster
from workflow.privacy import public_text
from workflow.records import actors, claims
from workflow.records.actors import Actor
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.staffing import unstaffed
from workflow.storage.columns import moment
from workflow.storage.schema import interest, member_property, person, revision
from workflow.storage.statements import Batch

GROUNDS = ("own", "close", "represents", "supervises", "agent", "other")  # KL 6 kap. 28 §, in its order
OFFICER = "officer"
NO_PART = ("proposer", "clock", "auditor")  # who takes part in nothing, and so has nothing to declare
_I, _M = interest.c, member_property.c


@dataclass(frozen=True, slots=True)
class Declared:
    """Who takes no part, on what ground, in the words of who says so."""

    person: int
    ground: str
    basis: str


def declare(
    connection: Connection, definitions: Definitions, number: str, told: Declared, *, by: int, key: str, at: datetime
) -> str:
    """Notes an interest in the proposal's history and leaves the version that deciders saw alone. Returns the answer.

    Raises Refused: NOT_FOUND, ENDED, NOT_PERMITTED (neither the person nor an officer), INTERESTED (declared already,
    or noted by an officer who has one), FIELD_INVALID (an unknown ground, nobody who acts), FIELD_MISSING.
    """
    proposal, actor = changing.for_change(connection, number, by, at)
    capacity = _who_may_note(actor, told.person)
    before = claims.claim(connection, actor.ref, key, {"number": number, "interest": told}, moment(at))
    if before is not None:
        return before
    who = _require(connection, proposal, told, local_date(at))
    today = local_date(at).isoformat()
    facts: dict[str, Any] = {
        "person": who.ref, "ground": told.ground, "declared_on": today, "capacity": _told(capacity), "entries": [],
    }  # fmt: skip
    title = definitions.get(connection, proposal.definition).at(proposal.node).state.title
    batch = Batch()
    words = {"basis": told.basis.strip()}
    answer = changing.touch(batch, proposal, actor, "interest_declared", facts, words, at, key, title)
    batch.run(connection)
    row = {"proposal_id": proposal.id, "person_id": told.person, "ground": told.ground, "declared_on": today}
    more = {"noted_by": actor.ref, "seq": proposal.seq + 1, "withdrawn_seq": None}
    connection.execute(insert(interest).values(row | more))
    unstaffed.tell(connection, definitions, proposal, Roster(connection, local_date(at)), proposal.seq + 1, at)
    return answer


def withdraw(
    connection: Connection, definitions: Definitions, number: str, who: int, *, by: int, key: str, reason: str,
    at: datetime,
) -> str:  # fmt: skip
    """Takes an interest back. What the person said the person takes back; what an officer noted another person than
    who it is about does. Returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_HERE (none is declared), NOT_PERMITTED, FIELD_MISSING (a reason).
    """
    proposal, actor = changing.for_change(connection, number, by, at)
    open_ = (_I.proposal_id == proposal.id, _I.person_id == who, _I.withdrawn_seq.is_(None))
    row = connection.execute(select(interest, person.c.ref).join_from(interest, person).where(*open_)).one_or_none()
    own = row is not None and by == who and row.noted_by == row.ref
    capacity = next((each for each in actor.capacities if each.role == OFFICER and by != who), None)
    if not own and capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, (OFFICER,), needs=OFFICER)
    asked = {"number": number, "withdraw": who, "reason": reason}
    before = claims.claim(connection, actor.ref, key, asked, moment(at))
    if before is not None:
        return before
    title = definitions.get(connection, proposal.definition).at(proposal.node).state.title
    if row is None:
        raise Refused.because(RefusalKind.NOT_HERE, transition="withdraw_interest", state=title)
    if not reason.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="reason")
    facts = {"person": row.ref, "withdraws": row.seq, "capacity": _told(capacity), "entries": []}
    batch = Batch()
    words = {"reason": reason.strip()}
    answer = changing.touch(batch, proposal, actor, "interest_withdrawn", facts, words, at, key, title)
    batch.run(connection)
    connection.execute(update(interest).where(_I.id == row.id).values(withdrawn_seq=proposal.seq + 1))
    unstaffed.tell(connection, definitions, proposal, Roster(connection, local_date(at)), proposal.seq + 1, at)
    return answer


def _who_may_note(actor: Actor, about: int) -> Capacity | None:
    """None for the person; an officer's capacity for who notes it of somebody else. Raises Refused."""
    if actor.id == about:
        return None
    return acting.as_one_of(actor, (OFFICER,))


def _told(capacity: Capacity | None) -> dict[str, Any] | None:
    return capacity_facts(capacity) if capacity else None


def _require(connection: Connection, proposal: Loaded, told: Declared, today: date) -> Actor:
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=proposal.number)
    who = actors.find(connection, told.person, today, proposal_id=proposal.id)
    if who is None or not any(each.role not in NO_PART for each in who.capacities):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="person")
    if who.interest is not None:
        raise Refused.because(RefusalKind.INTERESTED, declared_on=who.interest)
    if told.ground not in GROUNDS:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="ground")
    if not told.basis.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="basis")
    return who


# --- what is known -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest in force: whose, on what ground, since when, and whether the person said so."""

    person: int
    name: str
    ground: str
    declared_on: date
    own: bool


def in_force(connection: Connection, proposal: int) -> tuple[Interest, ...]:
    """On one proposal, oldest first."""
    query = (
        select(_I.person_id, person.c.name, _I.ground, _I.declared_on, _I.noted_by, person.c.ref)
        .join_from(interest, person)
        .where(_I.proposal_id == proposal, _I.withdrawn_seq.is_(None))
        .order_by(_I.id)
    )
    return tuple(
        Interest(who, name, ground, date.fromisoformat(on), noted_by == ref)
        for who, name, ground, on, noted_by, ref in connection.execute(query)
    )


def suggested(connection: Connection, proposal: Loaded, actor: Actor, today: date) -> tuple[str, ...]:
    """The places of the actor's own properties that adjoin the proposal's: a question to that person on the proposal's
    page. It excludes nobody."""
    if actor.interest is not None or proposal.ended or all(each.role in NO_PART for each in actor.capacities):
        return ()
    content = select(revision.c.content).where(revision.c.proposal_id == proposal.id, revision.c.n == proposal.revision)
    where = str(public_text.parsed(connection.execute(content).scalar_one()).get("where", ""))
    held = select(_M.place).where(
        _M.person_id == actor.id, _M.from_on <= today.isoformat(), _M.to_on.is_(None) | (_M.to_on >= today.isoformat())
    )
    return tuple(dict.fromkeys(_adjoining(where, connection.execute(held.order_by(_M.id)).scalars())))


def _adjoining(where: str, places: Iterable[str]) -> Iterator[str]:
    """Places that name each other as whole words, whatever the case: "Kungsgatan 12" and "Kungsgatan"."""
    said = _words(where)
    for place in places:
        mine = _words(place)
        if mine and said and (f" {mine} " in f" {said} " or f" {said} " in f" {mine} "):
            yield place


def _words(place: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in place.casefold()).split())
