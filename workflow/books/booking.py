"""Facts that move no proposal: invoices and credit notes. A fact is never refused for money.

An invoice takes what was ordered, then what was committed; what is above that stands as överskridande on the pot
until a registered decision covers it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from states import Capacity, FundingRow, Holding, Ore, RefusalKind
from workflow.acts.changing import touch
from workflow.acts.moving import DUTY
from workflow.acts.situations import Situation, situate
from workflow.money import ledger
from workflow.money.effects import Entry, PotYearState
from workflow.proposals.entering import STAYS
from workflow.records import calendar_days, claims, loading
from workflow.records.announcing import announce
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

BOOKERS = ("controller",)
DAYS_TO_ATTEND = 10

Move = tuple[str, str, str, int]  # kind, from, to, öre


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
    today = local_date(at)
    proposal = loading.load(connection, number)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    actor, capacity = _booker(connection, by, today)
    before = claims.claim(connection, actor.ref, key, {"number": number, "invoice": invoice}, moment(at))
    if before is not None:
        return before
    return _write(connection, situate(connection, definitions, proposal, actor, today), invoice, capacity, key, at)


def _booker(connection: Connection, by: int, today: date) -> tuple[Actor, Capacity]:
    actor = loading.actor(connection, by, today)
    capacity = next((each for each in actor.capacities if each.role in BOOKERS), None) if actor else None
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, BOOKERS, needs="controller")
    return actor, capacity


def _write(connection: Connection, now: Situation, invoice: Invoice, capacity: Capacity, key: str, at: datetime) -> str:
    """Adds entries and event; an invoice that nobody expected here becomes a duty for the budget holder."""
    proposal, entries, batch = now.proposal, _entries(now, invoice), Batch()
    expected = now.bindings[invoice.funding] in now.node.state.spends
    facts = {
        "entries": [each.stored(n) for n, each in enumerate(entries, 1)],
        "capacity": capacity_facts(capacity),
        "given": {"funding": invoice.funding, "amount": int(invoice.amount)},
        "expected": int(expected),
        "booked": invoice.kind,
    }
    words = {"supplier": invoice.supplier, "voucher": invoice.voucher}
    answer = touch(batch, proposal, now.actor, "booked", facts, words, at, key, now.node.state.title)
    seq = proposal.seq + 1
    if not expected:
        soon = calendar_days.add_working_days(now.today, DAYS_TO_ATTEND).isoformat()
        batch.add(
            DUTY, proposal_id=proposal.id, seq=seq, kind=STAYS, holder="budget_holder",
            since=now.today.isoformat(), due_on=soon, version=1,
        )  # fmt: skip
        announce(batch, proposal.number, seq, "booked", ("budget_holder",), at)
    ledger.write(batch, entries, stream=proposal.number, seq=seq, proposal_id=proposal.id, holdings=now.holdings)
    batch.run(connection)
    return answer


def _entries(now: Situation, invoice: Invoice) -> tuple[Entry, ...]:
    """Raises Refused(FIELD_INVALID) for a row that is not there, and for an amount that is none."""
    row = next((each for each in now.funding if each.n == invoice.funding), None)
    pot = next((each for each in now.pots if row and (each.pot, each.year) == (row.pot, row.year)), None)
    if row is None or pot is None or invoice.amount <= 0:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="funding")
    held = _held(now, row, pot)
    moves = _credit(int(invoice.amount), held, pot) if invoice.kind == "credit" else _spend(int(invoice.amount), held)
    return tuple(
        Entry(
            pot.id, kind, from_, to, amount, held.binding, row.n, row.year, invoice.accounting_on, invoice.supplier,
            invoice.voucher,
        )
        for kind, from_, to, amount in moves
        if amount > 0
    )  # fmt: skip


def _held(now: Situation, row: FundingRow, pot: PotYearState) -> Holding:
    binding = now.bindings[row.n]
    none = Holding(binding, row.n, pot.id, Ore(0), Ore(0), Ore(0), Ore(0))
    return next((each for each in now.holdings if (each.binding, each.funding) == (binding, row.n)), none)


def _spend(amount: int, held: Holding) -> Iterator[Move]:
    ordered = min(amount, int(held.ordered))
    committed = min(amount - ordered, int(held.committed))
    yield "spend", "ordered", "spent", ordered
    yield "spend", "committed", "spent", committed
    yield "spend", "overrun", "spent", amount - ordered - committed


def _credit(amount: int, held: Holding, pot: PotYearState) -> Iterator[Move]:
    """Lifts an överskridande first; the rest is ordered again."""
    if amount > held.spent:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="amount", most_ore=int(held.spent))
    above = min(amount, pot.balance["overrun"])
    yield "credit", "spent", "overrun", above
    yield "credit", "spent", "ordered", amount - above
