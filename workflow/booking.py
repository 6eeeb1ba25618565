"""Facts and decisions that move no proposal: invoices, budgets, covering decisions. A fact is never refused for money.

An invoice takes what was ordered, then what was committed; what is above that stands as överskridande on the pot
until a registered decision covers it. So does a budget cut below what is bound.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import Holding, Ore, RefusalKind
from workflow import calendar_days, claims, ledger, loading, paying_pots, schema
from workflow.changing import touch
from workflow.columns import moment
from workflow.deciding import DECISION, DUTY, STOCKHOLM, capacity_facts, write_event
from workflow.definitions import Definitions
from workflow.effects import Entry, PotYearState
from workflow.entering import STAYS
from workflow.history import GENESIS, canonical, record
from workflow.loading import Actor
from workflow.refused import Refused
from workflow.situations import Situation, situate
from workflow.statements import Batch, Statement

BOOKERS = ("controller",)
DAYS_TO_ATTEND = 10
REGISTRARS = ("registrar", "controller")


@dataclass(frozen=True, slots=True)
class Invoice:
    """A supplier's invoice, or a credit note, on one funding row. ``amount`` in öre, excluding VAT, above zero."""

    kind: str  # invoice, credit
    funding: int
    amount: Ore
    accounting_on: date
    supplier: str
    voucher: str


def book(
    connection: Connection, definitions: Definitions, number: str, invoice: Invoice, *, by: int, key: str, at: datetime
) -> str:
    """Books a fact in any state, ends included, and leaves the version that deciders saw alone. Returns the answer.

    Raises Refused: NOT_PERMITTED, FIELD_INVALID (no such funding row, a credit above what is spent).
    """
    today = at.astimezone(STOCKHOLM).date()
    proposal = loading.load(connection, number)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    actor = loading.actor(connection, by, today)
    capacity = next((each for each in actor.capacities if each.role in BOOKERS), None) if actor else None
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, BOOKERS, needs="controller")
    before = claims.claim(connection, actor.ref, key, {"number": number, "invoice": invoice}, moment(at))
    if before is not None:
        return before
    now = situate(connection, definitions, proposal, actor, today)
    entries = _spend(now, invoice)
    batch = Batch()
    expected = now.bindings[invoice.funding] in now.node.state.spends
    facts = {
        "entries": [each.stored(n) for n, each in enumerate(entries, 1)],
        "capacity": capacity_facts(capacity),
        "given": {"funding": invoice.funding, "amount": int(invoice.amount)},
        "expected": int(expected),
        "booked": invoice.kind,
    }
    words = {"supplier": invoice.supplier, "voucher": invoice.voucher}
    answer = touch(batch, proposal, actor, "booked", facts, words, at, key, now.node.state.title)
    if not expected:
        soon = calendar_days.add_working_days(today, DAYS_TO_ATTEND).isoformat()
        batch.add(
            DUTY, proposal_id=proposal.id, seq=proposal.seq + 1, kind=STAYS, holder="budget_holder",
            since=today.isoformat(), due_on=soon, version=1,
        )  # fmt: skip
    ledger.write(batch, entries, stream=number, seq=proposal.seq + 1, proposal_id=proposal.id, holdings=now.holdings)
    batch.run(connection)
    return answer


def _spend(now: Situation, invoice: Invoice) -> tuple[Entry, ...]:
    row = next((each for each in now.funding if each.n == invoice.funding), None)
    pot = next((each for each in now.pots if row and (each.pot, each.year) == (row.pot, row.year)), None)
    if row is None or pot is None or invoice.amount <= 0:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="funding")
    binding = now.bindings[row.n]
    none = Holding(binding, row.n, pot.id, Ore(0), Ore(0), Ore(0), Ore(0))
    held = next((each for each in now.holdings if (each.binding, each.funding) == (binding, row.n)), none)
    made: list[Entry] = []

    def add(kind: str, from_: str, to: str, amount: int) -> None:
        if amount > 0:
            made.append(
                Entry(
                    pot.id,
                    kind,
                    from_,
                    to,
                    amount,
                    binding,
                    row.n,
                    row.year,
                    invoice.accounting_on,
                    invoice.supplier,
                    invoice.voucher,
                )
            )

    amount = int(invoice.amount)
    if invoice.kind == "credit":
        if amount > held.spent:
            raise Refused.because(RefusalKind.FIELD_INVALID, field="amount", most_ore=int(held.spent))
        above = min(amount, pot.balance["overrun"])
        add("credit", "spent", "overrun", above)
        add("credit", "spent", "ordered", amount - above)
        return tuple(made)
    ordered = min(amount, int(held.ordered))
    committed = min(amount - ordered, int(held.committed))
    add("spend", "ordered", "spent", ordered)
    add("spend", "committed", "spent", committed)
    add("spend", "overrun", "spent", amount - ordered - committed)
    return tuple(made)


# --- registered decisions about a pot ----------------------------------------------------------------------------


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


_S = schema.stream.c
HEAD = Statement("head", select(_S.seq, _S.head).where(_S.name == bindparam("stream")).with_for_update())
_new_head = upsert(schema.stream)
SET_HEAD = Statement(
    "set head",
    _new_head.on_conflict_do_update(
        index_elements=["name"], set_={"seq": _new_head.excluded.seq, "head": _new_head.excluded.head}
    ),
    columns=["name", "seq", "head"],
)
_Y = schema.pot_year.c
_DECIDED = Statement("budget decided", update(schema.pot_year).where(_Y.id == bindparam("of_id")).values(decided=1))


def register(connection: Connection, decided: Registered, *, by: int, key: str, at: datetime) -> str:
    """Registers the decision, its entries and its event in the stream ``pot/<code>/<year>``. Returns the answer.

    Raises Refused: NOT_PERMITTED, FIELD_INVALID; POT_SHORT when a covering decision has nothing to cover with.
    """
    today = at.astimezone(STOCKHOLM).date()
    actor = loading.actor(connection, by, today)
    capacity = (
        next((each for each in actor.capacities if _may_register(each.role, each.body, decided.body)), None)
        if actor
        else None
    )
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, REGISTRARS, needs="registrar")
    before = claims.claim(connection, actor.ref, key, {"registered": decided}, moment(at))
    if before is not None:
        return before
    state = _pot_year(connection, decided)
    entries = _entries(state, decided, today)
    return _write(connection, decided, state, entries, actor, capacity_facts(capacity), key, at)


def _may_register(role: str, body: str | None, decided_by: str) -> bool:
    """A body's own registrar; the controller keeps the pots' books."""
    return role == "controller" or (role == "registrar" and body == decided_by)


def _pot_year(connection: Connection, decided: Registered) -> PotYearState:
    pot = connection.execute(select(schema.pot.c.id).where(schema.pot.c.code == decided.pot)).scalar()
    if pot is None:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="pot", value=decided.pot)
    paying_pots.ensure_pot_year(connection, int(pot), decided.year, decided=False)
    state = paying_pots.pot_state(connection, int(pot), decided.year)
    if state is None:
        raise LookupError(decided.pot)
    return state


def _entries(state: PotYearState, decided: Registered, today: date) -> tuple[Entry, ...]:
    made: list[Entry] = []

    def add(kind: str, from_: str, to: str, amount: int) -> None:
        if amount > 0:
            made.append(Entry(state.id, kind, from_, to, amount, "", 0, decided.year, today))

    balance, amount = state.balance, int(decided.amount)
    if decided.kind == "cover":
        if amount > balance["available"] or amount > balance["overrun"]:
            raise Refused.because(
                RefusalKind.POT_SHORT,
                ("council",),
                pot=state.code,
                pot_title=state.title,
                year=state.year,
                missing_ore=amount - min(balance["available"], balance["overrun"]),
                available_ore=balance["available"],
                asked_ore=amount,
            )
        add("cover", "available", "overrun", amount)
        return tuple(made)
    more = amount if decided.kind == "supplement" else amount - balance["budget"]
    covered = min(more, balance["overrun"]) if more > 0 else 0
    add("budget", "budget", "overrun", covered)
    add("budget", "budget", "available", more - covered)
    cut = min(-more, balance["available"])
    add("cut", "available", "budget", cut)
    add("cut", "overrun", "budget", -more - cut)
    return tuple(made)


def _write(
    connection: Connection,
    decided: Registered,
    state: PotYearState,
    entries: tuple[Entry, ...],
    actor: Actor,
    capacity: dict[str, Any],
    key: str,
    at: datetime,
) -> str:
    stream = f"pot/{decided.pot}/{decided.year}"
    found = HEAD.rows(connection, stream=stream)
    seq, head = found[0] if found else (0, GENESIS)
    decision = {
        "instance": decided.body,
        "kind": "board",
        "outcome": "approved",
        "decided_on": decided.decided_on.isoformat(),
        "paragraph": decided.paragraph,
        "delegation_point": None,
        "registry_no": decided.registry_no,
        "adjusted_on": None,
    }
    event = record(
        stream=stream,
        seq=seq + 1,
        previous=head,
        kind="registered",
        actor=actor.ref,
        at=moment(at),
        words={"wording": decided.wording} if decided.wording else {},
        facts={
            "registered": decided.kind,
            "pot": decided.pot,
            "year": decided.year,
            "amount": int(decided.amount),
            "decision": decision,
            "capacity": capacity,
            "entries": [each.stored(n) for n, each in enumerate(entries, 1)],
        },
    )
    batch = Batch()
    batch.add(SET_HEAD, name=stream, seq=seq + 1, head=event.hash)
    write_event(batch, event)
    batch.add(DECISION, stream=stream, seq=seq + 1, sent_at=None, **decision)
    ledger.write(batch, entries, stream=stream, seq=seq + 1, proposal_id=None, holdings=())
    answer = canonical({"number": stream, "seq": seq + 1, "version": 1, "node": "", "to_title": ""})
    batch.add(claims.ANSWER, of_actor=actor.ref, of_key=key, given=answer)
    batch.run(connection)
    if decided.kind == "budget":
        _DECIDED.run(connection, of_id=state.id)
    return answer
