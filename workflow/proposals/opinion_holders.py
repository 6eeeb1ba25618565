"""Whom an opinion may be asked of, who may answer for them, and what they are called. Asks nothing itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, select

from states import Capacity
from states.vocabulary import ROLES
from workflow.people.people import own_holder
from workflow.proposals.queue_duties import BY_REGISTRAR, answers_to, of_body
from workflow.records.loading import Actor
from workflow.storage import schema

AskKind = Literal["body", "role", "person"]
NOT_ASKED = frozenset({"registrar", "administrator"})  # roles that answer for a body, or for nothing
NAMED = "person:"
AUDITOR = "auditor"

_M, _B, _N = schema.membership.c, schema.body.c, schema.person.c
_D, _R = schema.duty.c, schema.opinion_round.c


@dataclass(frozen=True, slots=True)
class MayAsk:
    """Somebody who can be asked today. ``holder`` is the key of the duty: ``technical``, ``registrar:tn``,
    ``body:tekniska`` or ``person:<reference>``; ``title`` a body's or a person's title, or a role's name."""

    holder: str
    kind: AskKind
    title: str
    name: str = ""  # of a person


def may_be_asked(connection: Connection, today: date) -> tuple[MayAsk, ...]:
    """Every body, role and person that somebody can answer for today: a decider by its registrar, another body by any
    of its members, a role by whoever holds it, a person alone."""
    day = today.isoformat()
    query = (
        select(_M.role, _B.code, _B.kind, _B.title, _N.ref, _N.title.label("function"), _N.name)
        .select_from(schema.membership.join(schema.body).join(schema.person))
        .where(_M.from_on <= day, _M.to_on.is_(None) | (_M.to_on >= day), _M.role != AUDITOR)
        .where(_B.ended_on.is_(None) | (_B.ended_on >= day))
        .order_by(_B.id, _N.id, _M.id)
    )
    found: dict[str, MayAsk] = {}
    for row in connection.execute(query):
        if row.kind not in BY_REGISTRAR or row.role == "registrar":
            holder = f"registrar:{row.code}" if row.kind in BY_REGISTRAR else of_body(row.code)
            found.setdefault(holder, MayAsk(holder, "body", row.title))
        if row.role in ROLES and ROLES[row.role].employee and row.role not in NOT_ASKED:
            found.setdefault(row.role, MayAsk(row.role, "role", row.role))
        found.setdefault(own_holder(row.ref), MayAsk(own_holder(row.ref), "person", row.function or row.name, row.name))
    return tuple(found.values())


def capacity_for(holder: str, actor: Actor) -> Capacity | None:
    """As what somebody answers for a holder; None for whoever may not."""
    if holder.startswith(NAMED):
        return next(iter(actor.capacities), None) if holder == own_holder(actor.ref) else None
    return next((each for each in actor.capacities if answers_to(each, holder)), None)


def titles_of(connection: Connection, holders: Iterable[str]) -> Mapping[str, str]:
    """What each holder is called: a role's name, a body's title, or a person's function - never a person's name."""
    wanted = set(holders)
    codes = {each.partition(":")[2]: each for each in wanted if ":" in each and not each.startswith(NAMED)}
    refs = {each.removeprefix(NAMED): each for each in wanted if each.startswith(NAMED)}
    found = {each: each for each in wanted}
    bodies = select(_B.code, _B.title).where(_B.code.in_(sorted(codes)))
    found |= {codes[row.code]: row.title for row in connection.execute(bodies)} if codes else {}
    people = select(_N.ref, _N.title).where(_N.ref.in_(sorted(refs)))
    found |= {refs[row.ref]: row.title or "external" for row in connection.execute(people)} if refs else {}
    return found


def open_opinions(connection: Connection, proposal_id: int) -> tuple[int, tuple[str, ...]]:
    """How many were asked in the rounds that are not closed, and the titles of those who have not answered."""
    same = (_R.proposal_id == _D.proposal_id) & (_R.seq == _D.seq)
    query = select(_D.holder, _D.answered_at).join_from(schema.duty, schema.opinion_round, same)
    rows = connection.execute(query.where(_D.proposal_id == proposal_id, _R.closed_at.is_(None)).order_by(_D.id)).all()
    missing: Sequence[str] = [row.holder for row in rows if row.answered_at is None]
    titles = titles_of(connection, missing)
    return len(rows), tuple(titles[holder] for holder in missing)
