"""Who stands in for whom while somebody is away: named by whoever is away or by an administrator, dated and with a
reason, an event in the stream ``deputies``. What a deputy may do is resolved at the moment of acting, in ``actors``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from states import RefusalKind
from workflow.records import actors, claims, streams
from workflow.records.actors import Actor
from workflow.records.calendar_days import local_date
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage.columns import moment
from workflow.storage.schema import deputy, person
from workflow.storage.statements import Batch

STREAM = "deputies"
ADMINISTRATOR = "administrator"
REASON = (1, 500)  # characters
_D = deputy.c


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is away from when until when, through its last day, and who stands in."""

    principal: int
    deputy: int
    from_on: date
    to_on: date
    reason: str


def name(connection: Connection, told: Absence, *, by: int, key: str, at: datetime) -> str:
    """Names a deputy and returns the stored answer.

    Raises Refused: NOT_PERMITTED (neither who is away nor an administrator), FIELD_INVALID (nobody known, the same
    person, nobody with a seat of their own, a period that is over or backwards), FIELD_MISSING (a reason).
    """
    today = local_date(at)
    actor = _who_may(connection, told.principal, by, today)
    before = claims.claim(connection, actor.ref, key, {"deputy": told}, moment(at))
    if before is not None:
        return before
    away, stand_in = _require(connection, told, today)
    facts = {
        "principal": away.ref, "deputy": stand_in.ref, "from_on": told.from_on.isoformat(),
        "to_on": told.to_on.isoformat(), **_as_what(actor, told.principal),
    }  # fmt: skip
    batch = Batch()
    seq = streams.append(
        connection, batch, STREAM, "deputised", actor=actor.ref, at=at, facts=facts,
        words={"reason": told.reason.strip()},
    )  # fmt: skip
    answer = streams.answer(batch, actor.ref, key, STREAM, seq)
    batch.run(connection)
    row = {"principal_id": told.principal, "deputy_id": told.deputy, "seq": seq, "ended_at": None}
    connection.execute(insert(deputy).values({**row, "from_on": facts["from_on"], "to_on": facts["to_on"]}))
    return answer


def end(connection: Connection, row: int, *, by: int, key: str, at: datetime) -> str:
    """Who was away is back before the last day, from now on. Returns the stored answer.

    Raises Refused: NOT_FOUND; NOT_PERMITTED (neither who was away, nor the deputy, nor an administrator);
    FIELD_INVALID for what has ended already.
    """
    found = connection.execute(select(deputy).where(_D.id == row).with_for_update()).one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=row)
    today = local_date(at)
    actor = _who_may(connection, found.principal_id, by, today, also=found.deputy_id)
    before = claims.claim(connection, actor.ref, key, {"end deputy": row}, moment(at))
    if before is not None:
        return before
    if found.ended_at is not None or found.to_on < today.isoformat():
        raise Refused.because(RefusalKind.FIELD_INVALID, field="deputy")
    batch, facts = Batch(), {"ends": found.seq, **_as_what(actor, found.principal_id)}
    seq = streams.append(connection, batch, STREAM, "returned", actor=actor.ref, at=at, facts=facts, words={})
    answer = streams.answer(batch, actor.ref, key, STREAM, seq)
    batch.run(connection)
    connection.execute(update(deputy).where(_D.id == row).values(ended_at=moment(at)))
    return answer


def _who_may(connection: Connection, principal: int, by: int, today: date, also: int | None = None) -> Actor:
    """Who is away speaks for themselves while they hold anything; an administrator for everybody."""
    actor = actors.find(connection, by, today)
    own = [each for each in actor.capacities if each.principal is None] if actor else []
    speaks = by in (principal, also) and bool(own)
    if actor is None or not (speaks or any(each.role == ADMINISTRATOR for each in own)):
        raise Refused.because(RefusalKind.NOT_PERMITTED, (ADMINISTRATOR,), needs=ADMINISTRATOR)
    return actor


def _as_what(actor: Actor, principal: int) -> Mapping[str, Any]:
    """The administrator's capacity, where it is not who is away that speaks."""
    held = next((each for each in actor.capacities if each.role == ADMINISTRATOR), None)
    return {} if actor.id == principal or held is None else {"capacity": capacity_facts(held)}


def _require(connection: Connection, told: Absence, today: date) -> tuple[Actor, Actor]:
    """Who is away and who stands in, both with something of their own on the first day."""
    if not REASON[0] <= len(told.reason.strip()) <= REASON[1]:
        raise Refused.because(RefusalKind.FIELD_MISSING, field="reason")
    if told.to_on < max(told.from_on, today):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="to_on")
    first = max(told.from_on, today)
    away, stand_in = (actors.find(connection, each, first) for each in (told.principal, told.deputy))
    if away is None or not _own(away):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="principal")
    if stand_in is None or told.principal == told.deputy or not _own(stand_in) or _is_auditor(stand_in):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="deputy")
    return away, stand_in


def _own(who: Actor) -> bool:
    return any(each.membership is not None and each.principal is None for each in who.capacities)


def _is_auditor(who: Actor) -> bool:
    return any(each.role == actors.AUDITOR for each in who.capacities)


# --- who is away now ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deputy:
    """A deputy of some days: who is away, who stands in, and until when."""

    id: int
    principal: int
    principal_name: str
    deputy: int
    deputy_name: str
    from_on: date
    to_on: date


def of_person(connection: Connection, who: int, today: date) -> tuple[Deputy, ...]:
    """Now and to come: where this person is away or stands in, nearest day first."""
    return _deputies(connection, (_D.principal_id == who) | (_D.deputy_id == who), today)


def all_of_them(connection: Connection, today: date) -> tuple[Deputy, ...]:
    """Now and to come, for an administrator."""
    return _deputies(connection, _D.id > 0, today)


def _deputies(connection: Connection, which: Any, today: date) -> tuple[Deputy, ...]:
    away, stand_in = person.alias(), person.alias()
    query = (
        select(_D.id, _D.principal_id, away.c.name, _D.deputy_id, stand_in.c.name, _D.from_on, _D.to_on)
        .select_from(deputy.join(away, away.c.id == _D.principal_id).join(stand_in, stand_in.c.id == _D.deputy_id))
        .where(which, _D.to_on >= today.isoformat(), _D.ended_at.is_(None))
        .order_by(_D.from_on, _D.id)
    )
    return tuple(
        Deputy(*row[:5], date.fromisoformat(row[5]), date.fromisoformat(row[6])) for row in connection.execute(query)
    )
