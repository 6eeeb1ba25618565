"""Registered decisions that stand alone: a year's budget, more of it, the cover of an överskridande. They change a
pot-year and move no proposal. A budget cut below what is bound is no fault: what is above stands as överskridande."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from states import Capacity, Ore, Refusal, RefusalKind
from workflow.acts.moving import DECISION
from workflow.money import ledger, paying_pots
from workflow.money.effects import Entry, PotYearState
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

NOTHING = Ore(0)  # of a decision that says no sum of its own
REGISTRARS = ("registrar", "controller")
_Y = schema.pot_year.c
_DECIDED = Statement("budget decided", update(schema.pot_year).where(_Y.id == bindparam("of_id")).values(decided=1))

Move = tuple[str, str, str, int]  # kind, from, to, öre


@dataclass(frozen=True, slots=True)
class Registered:
    """A decision that stands alone. ``kind``: budget (sets the year's budget), supplement (adds), cover (of an
    överskridande from what is left of the pot). ``amount`` in öre."""

    kind: str
    body: str
    decided_on: date
    paragraph: str
    wording: str
    pot: str
    year: int
    amount: Ore
    registry_no: str | None = None


def register(connection: Connection, decided: Registered, *, by: int, key: str, at: datetime) -> str:
    """Registers the decision, its entries and its event in the stream ``pot/<code>/<year>``. Returns the answer.

    Raises Refused: NOT_PERMITTED, FIELD_INVALID; POT_SHORT when a covering decision has nothing to cover with.
    """
    today = local_date(at)
    actor, capacity = registrar(connection, decided, by, today)
    before = claims.claim(connection, actor.ref, key, {"registered": decided}, moment(at))
    if before is not None:
        return before
    state = pot_year(connection, decided)
    moves = _cover(state, decided) if decided.kind == "cover" else _set(state, decided)
    entries = tuple(
        Entry(state.id, kind, from_, to, amount, "", 0, decided.year, decided.decided_on)
        for kind, from_, to, amount in moves
        if amount > 0
    )
    return _write(connection, decided, state, entries, actor, capacity, key, at)


def registrar(connection: Connection, decided: Registered, by: int, today: date) -> tuple[Actor, Capacity]:
    """A body's own registrar registers what it decides; the controller keeps the pots' books."""
    actor = loading.actor(connection, by, today)
    mine = actor.capacities if actor else ()
    own = ("registrar", decided.body)
    capacity = next((each for each in mine if each.role == "controller" or (each.role, each.body) == own), None)
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, REGISTRARS, needs="registrar")
    return actor, capacity


def refusals(connection: Connection, person: int, today: date) -> tuple[Refusal, ...] | None:
    """Why this person registers no decision of any body; None: may for some."""
    actor = loading.actor(connection, person, today)
    if actor is not None and any(each.role in REGISTRARS for each in actor.capacities):
        return None
    return Refused.because(RefusalKind.NOT_PERMITTED, REGISTRARS, needs="registrar").refusals


def pot_year(connection: Connection, decided: Registered) -> PotYearState:
    pot = connection.execute(select(schema.pot.c.id).where(schema.pot.c.code == decided.pot)).scalar()
    if pot is None:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="pot", value=decided.pot)
    paying_pots.ensure_pot_year(connection, int(pot), decided.year, decided=False)
    state = paying_pots.pot_state(connection, int(pot), decided.year)
    if state is None:
        raise LookupError(decided.pot)
    return state


def _cover(state: PotYearState, decided: Registered) -> Iterator[Move]:
    balance, amount = state.balance, int(decided.amount)
    most = min(balance["available"], balance["overrun"])
    if amount > most:
        raise Refused.because(
            RefusalKind.POT_SHORT,
            ("council",),
            pot=state.code,
            pot_title=state.title,
            year=state.year,
            missing_ore=amount - most,
            available_ore=balance["available"],
            asked_ore=amount,
        )
    yield "cover", "available", "overrun", amount


def _set(state: PotYearState, decided: Registered) -> Iterator[Move]:
    """What is new covers an överskridande first; what is cut comes from what is left first."""
    balance, amount = state.balance, int(decided.amount)
    more = amount if decided.kind == "supplement" else amount - balance["budget"]
    covered = min(more, balance["overrun"]) if more > 0 else 0
    yield "budget", "budget", "overrun", covered
    yield "budget", "budget", "available", more - covered
    cut = min(-more, balance["available"])
    yield "cut", "available", "budget", cut
    yield "cut", "overrun", "budget", -more - cut


def _write(
    connection: Connection,
    decided: Registered,
    state: PotYearState,
    entries: tuple[Entry, ...],
    actor: Actor,
    capacity: Capacity,
    key: str,
    at: datetime,
) -> str:
    stream, batch, facts = stream_of(decided), Batch(), facts_of(decided, capacity, entries)
    words = {"wording": decided.wording} if decided.wording else {}
    seq = streams.append(connection, batch, stream, "registered", actor=actor.ref, at=at, facts=facts, words=words)
    batch.add(DECISION, stream=stream, seq=seq, sent_at=None, **facts["decision"])
    ledger.write(batch, entries, stream=stream, seq=seq, proposal_id=None, holdings=())
    answer = streams.answer(batch, actor.ref, key, stream, seq)
    batch.run(connection)
    if decided.kind == "budget":
        _DECIDED.run(connection, of_id=state.id)
    return answer


def stream_of(decided: Registered) -> str:
    return f"pot/{decided.pot}/{decided.year}"


def facts_of(decided: Registered, capacity: Capacity, entries: Sequence[Entry]) -> dict[str, Any]:
    """What the event of a registered decision tells."""
    return {
        "registered": decided.kind,
        "pot": decided.pot,
        "year": decided.year,
        "amount": int(decided.amount),
        "decision": _decision(decided),
        "capacity": capacity_facts(capacity),
        "entries": [each.stored(n) for n, each in enumerate(entries, 1)],
    }


def _decision(decided: Registered) -> dict[str, Any]:
    return {
        "instance": decided.body,
        "kind": "board",
        "outcome": "approved",
        "decided_on": decided.decided_on.isoformat(),
        "paragraph": decided.paragraph,
        "delegation_point": None,
        "registry_no": decided.registry_no,
        "adjusted_on": None,
    }
