"""What becomes known of a decision after it is registered: adjusted, posted, taken down, sent, with which reservation.
Each is an event that moves nothing; the days that follow from them are in ``decision_days``."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import Capacity, RefusalKind
from states.vocabulary import ROLES
from workflow.acts.changing import touch
from workflow.acts.moving import RECORDED
from workflow.meetings import reporting
from workflow.proposals.finding import AnyRow, facts_of
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment, read_date
from workflow.storage.statements import Batch, Statement

_D, _R, _E = schema.decision.c, schema.decision_record.c, schema.event.c
_ADJUSTED = Statement(
    "decision adjusted and sent",
    update(schema.decision)
    .where(_D.stream == bindparam("of_stream"), _D.seq == bindparam("of_seq"))
    .values(adjusted_on=bindparam("adjusted"), sent_at=bindparam("sent")),
    guarded=True,
)
_new = upsert(schema.decision_record)
_COLUMNS = [column.name for column in _R]
KEPT = ("immediately", "posted_on", "taken_down_on", "sent_on")  # whom it was reported to is told elsewhere
RECORD = Statement(
    "decision record",
    _new.on_conflict_do_update(index_elements=["stream", "seq"], set_={name: _new.excluded[name] for name in KEPT}),
    columns=_COLUMNS,
    guarded=True,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known now of the protocol of a decision; what is left out stands as it was."""

    adjusted_on: date | None = None
    immediately: bool | None = None  # adjusted at the meeting itself (omedelbart justerad)
    posted_on: date | None = None
    taken_down_on: date | None = None
    sent_on: date | None = None
    sent_to: str = ""
    reservation: str = ""

    @property
    def days(self) -> dict[str, str | bool]:
        """What is told besides words, as an event keeps it."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        plain = {name: each.isoformat() if isinstance(each, date) else each for name, each in given.items()}
        return {name: each for name, each in plain.items() if each is not None and name not in WORDS}

    @property
    def words(self) -> dict[str, str]:
        return {name: text for name in WORDS if (text := getattr(self, name).strip())}


WORDS = ("sent_to", "reservation")


def record(
    connection: Connection, definitions: Definitions, stream: str, seq: int, told: Told, *, by: int, key: str,
    at: datetime,
) -> str:  # fmt: skip
    """Registers what became known of the decision at (stream, seq); returns the stored answer.

    Raises Refused: NOT_FOUND, NOT_PERMITTED (see :func:`may_record`), DECISION_CORRECTED, FIELD_MISSING (nothing told,
    a notice before the adjustment, sent to nobody), FIELD_INVALID (days that cannot follow each other).
    """
    proposal = loading.load(connection, stream)
    decision = find(connection, stream, seq)
    actor = loading.actor(connection, by, local_date(at))
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    before = claims.claim(connection, actor.ref, key, {"stream": stream, "seq": seq, "told": told}, moment(at))
    if before is not None:
        return before
    capacity = may_record(connection, decision, actor, local_date(at))
    refuse_corrected(connection, stream, seq)
    merged = _merged(decision, told)
    _refuse_impossible(decision, told, merged, local_date(at))
    batch = Batch()
    facts = {"of": seq, "told": told.days, "capacity": capacity_facts(capacity), "entries": []}
    if proposal is None:
        n = streams.append(connection, batch, stream, RECORDED, actor=actor.ref, at=at, facts=facts, words=told.words)
        answer = streams.answer(batch, actor.ref, key, stream, n)
    else:
        title = definitions.get(connection, proposal.definition).at(proposal.node).state.title
        answer = touch(batch, proposal, actor, RECORDED, facts, told.words, at, key, title)
    _write(batch, stream, seq, merged)
    batch.run(connection)
    return answer


def find(connection: Connection, stream: str, seq: int) -> AnyRow:
    """The decision's row with what is recorded of it. Raises Refused(NOT_FOUND)."""
    query = (
        select(schema.decision, _R.immediately, _R.posted_on, _R.taken_down_on, _R.sent_on, _R.reported_at)
        .select_from(schema.decision.outerjoin(schema.decision_record, (_R.stream == _D.stream) & (_R.seq == _D.seq)))
        .where(_D.stream == stream, _D.seq == seq)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=stream)
    return found


def may_record(connection: Connection, decision: AnyRow, actor: Actor, today: date) -> Capacity:
    """The secretary of the body that decided; of a delegated decision the delegate, or the secretary of the body that
    it is reported to. Raises Refused(NOT_PERMITTED)."""
    delegate = decision.instance if decision.instance in ROLES else None
    body = reporting.receiver(connection, delegate, today) if delegate else decision.instance
    for each in actor.capacities:
        if each.role == delegate or (each.role, each.body) == ("registrar", body):
            return each
    needed = tuple(filter(None, (delegate, f"registrar:{body}" if body else None)))
    raise Refused.because(RefusalKind.NOT_PERMITTED, needed, needs=needed)


def refuse_corrected(connection: Connection, stream: str, seq: int) -> None:
    """Nothing more becomes of a decision whose step was undone."""
    told = select(_E.body).where(_E.stream == stream, _E.seq > seq, _E.kind == "corrected")
    if any(facts_of(body)["corrects"] == seq for body in connection.execute(told).scalars()):
        raise Refused.because(RefusalKind.DECISION_CORRECTED)


def _merged(decision: AnyRow, told: Told) -> Told:
    """What is known when this is told."""
    known = Told(
        read_date(decision.adjusted_on), bool(decision.immediately), read_date(decision.posted_on),
        read_date(decision.taken_down_on), read_date(decision.sent_on),
    )  # fmt: skip
    given: dict[str, Any] = {name: getattr(told, name) for name in told.days}
    merged = replace(known, **given)
    if merged.immediately and merged.adjusted_on is None:  # at the meeting itself
        merged = replace(merged, adjusted_on=date.fromisoformat(decision.decided_on))
    return merged


def _refuse_impossible(decision: AnyRow, told: Told, known: Told, today: date) -> None:
    if not told.days and not told.words:
        raise Refused.because(RefusalKind.FIELD_MISSING, field="adjusted_on")
    if told.sent_on and not told.words.get("sent_to"):
        raise Refused.because(RefusalKind.FIELD_MISSING, field="sent_to")
    if decision.kind == "board" and known.posted_on and not known.adjusted_on:
        raise Refused.because(RefusalKind.FIELD_MISSING, field="adjusted_on")
    decided_on = date.fromisoformat(decision.decided_on)
    earliest = {
        "adjusted_on": decided_on, "posted_on": known.adjusted_on or decided_on,
        "taken_down_on": known.posted_on or decided_on, "sent_on": decided_on,
    }  # fmt: skip
    for name, first in earliest.items():
        day = getattr(known, name)
        if day is not None and day < first:
            raise Refused.because(RefusalKind.FIELD_INVALID, field=name, earliest=first)
        if day is not None and day > today and name in told.days:
            raise Refused.because(RefusalKind.FIELD_INVALID, field=name)


def _write(batch: Batch, stream: str, seq: int, known: Told) -> None:
    sent = known.sent_on.isoformat() if known.sent_on else None
    adjusted = known.adjusted_on.isoformat() if known.adjusted_on else None
    batch.add(_ADJUSTED, of_stream=stream, of_seq=seq, adjusted=adjusted, sent=sent)
    days: Mapping[str, date | None] = {"posted_on": known.posted_on, "taken_down_on": known.taken_down_on}
    batch.add(
        RECORD, stream=stream, seq=seq, immediately=int(bool(known.immediately)), sent_on=sent,
        reported_at=None, **{name: day.isoformat() if day else None for name, day in days.items()},
    )  # fmt: skip
