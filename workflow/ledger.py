"""Where money is reserved: which entries an effect makes, and the one function that changes a pot-year.

A decision is refused when money is short; a fact is never refused. An entry moves an amount between two buckets of
one pot-year: ``budget`` and ``overrun`` are where money comes from, the other five are where it stands, so that
budget + overrun = available + reserved + committed + ordered + spent at every moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import FundingRow, Holding, MoneyEffect, Ore, Refusal, RefusalKind, Transition
from workflow import schema
from workflow.statements import Batch, Statement

BUCKETS = ("budget", "overrun", "available", "reserved", "committed", "ordered", "spent")
OPEN_BUCKETS = ("reserved", "committed", "ordered")
YEARLY = ("investment", "operating")


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry: ``amount`` öre from one bucket to another of a pot-year. Never changed once written."""

    pot_year: int
    kind: str
    from_: str
    to: str
    amount: int
    binding: str
    funding: int
    year: int
    accounting_on: date
    supplier: str | None = None
    voucher: str | None = None

    def stored(self, n: int) -> list[object]:
        """As the event's body holds it, in this order."""
        return [
            n,
            self.pot_year,
            self.kind,
            self.from_,
            self.to,
            self.amount,
            self.binding,
            self.funding,
            self.year,
            self.accounting_on.isoformat(),
            self.supplier,
            self.voucher,
        ]


@dataclass(frozen=True, slots=True)
class PotYearState:
    """A pot-year as it stands, in öre, with what a refusal must say about it."""

    id: int
    pot: int
    code: str
    kind: str
    title: str
    year: int
    decided: bool
    closed: bool
    balance: Mapping[str, int]  # bucket -> öre

    def after(self, entries: Iterable[Entry]) -> "PotYearState":
        """As it would stand; a bucket may be below zero, which the caller refuses."""
        balance = dict(self.balance)
        for entry in entries:
            if entry.pot_year == self.id:
                balance[entry.from_] += entry.amount if entry.from_ in ("budget", "overrun") else -entry.amount
                balance[entry.to] += -entry.amount if entry.to in ("budget", "overrun") else entry.amount
        return replace(self, balance=balance)


# --- which entries an effect makes -------------------------------------------------------------------------------


@dataclass(slots=True)
class _Plan:
    """Entries so far, and what every funding row and pot-year would hold after them."""

    rows: Sequence[FundingRow]
    bindings: Mapping[int, str]  # n of a funding row -> binding
    pots: dict[tuple[int, int], PotYearState]  # (pot, year)
    held: dict[tuple[str, int], Holding]
    today: date
    entries: list[Entry]

    def move(self, holding: Holding, kind: str, from_: str, to: str, amount: int, year: int) -> None:
        if amount <= 0:
            return
        entry = Entry(holding.pot_year, kind, from_, to, amount, holding.binding, holding.funding, year, self.today)
        self.entries.append(entry)
        changed: dict[str, Any] = {}
        if from_ not in ("available", "budget"):
            changed[from_] = Ore(getattr(holding, from_) - amount)
        if to not in ("available", "budget"):
            changed[to] = Ore(getattr(holding, to) + amount)
        self.held[holding.binding, holding.funding] = replace(holding, **changed)
        for key, pot in self.pots.items():
            if pot.id == holding.pot_year:
                self.pots[key] = pot.after([entry])

    def of(self, binding: str) -> list[tuple[FundingRow, Holding]]:
        """Every funding row of the binding with what it holds."""
        found = []
        for row in self.rows:
            if self.bindings[row.n] == binding:
                pot = self.pots[row.pot, row.year]
                none = Holding(binding, row.n, pot.id, Ore(0), Ore(0), Ore(0), Ore(0))
                found.append((row, self.held.get((binding, row.n), none)))
        return found


def _release(plan: _Plan, binding: str, _: int | None) -> None:
    years = {pot.id: pot.year for pot in plan.pots.values()}
    for holding in tuple(plan.held.values()):
        if binding in ("open", holding.binding):
            for bucket in OPEN_BUCKETS:
                now = plan.held[holding.binding, holding.funding]
                plan.move(now, "release", bucket, "available", getattr(now, bucket), years[now.pot_year])


def _grant(plan: _Plan, binding: str, _: int | None) -> None:
    """What an appropriation or a financier gives is given by this very decision; an earlier gift is not repeated."""
    for row, holding in plan.of(binding):
        if row.source not in YEARLY:
            bound = holding.committed + holding.ordered + holding.spent
            missing = row.amount - bound - max(0, plan.pots[row.pot, row.year].balance["available"])
            plan.move(holding, "budget", "budget", "available", missing, row.year)


def _reserve(plan: _Plan, binding: str, _: int | None) -> None:
    for row, holding in plan.of(binding):
        if row.source in YEARLY:
            plan.move(holding, "reserve", "available", "reserved", row.amount - holding.reserved, row.year)


def _commit(plan: _Plan, binding: str, _: int | None) -> None:
    for row, holding in plan.of(binding):
        wanted = row.amount - holding.committed - holding.ordered - holding.spent
        taken = min(wanted, holding.reserved)
        plan.move(holding, "commit", "reserved", "committed", taken, row.year)
        now = plan.held.get((binding, row.n), holding)
        plan.move(now, "commit", "available", "committed", wanted - max(0, taken), row.year)


def _raise(plan: _Plan, binding: str, _: int | None) -> None:
    for row, holding in plan.of(binding):
        bound = holding.reserved + holding.committed + holding.ordered + holding.spent
        to = "ordered" if holding.ordered or holding.spent else "committed"
        plan.move(holding, "raise", "available", to, row.amount - bound, row.year)


def _order(plan: _Plan, binding: str, amount: int | None) -> None:
    """A contract below the commitment orders its own amount, the first funding rows first; the rest stays committed."""
    left = amount
    for row, holding in plan.of(binding):
        part = holding.committed if left is None else min(left, holding.committed)
        plan.move(holding, "order", "committed", "ordered", part, row.year)
        left = None if left is None else left - part


_EFFECTS = {
    "release": _release,
    "grant": _grant,
    "reserve": _reserve,
    "commit": _commit,
    "raise": _raise,
    "order": _order,
}


def plan(
    transition: Transition,
    *,
    rows: Sequence[FundingRow],
    bindings: Mapping[int, str],
    holdings: Sequence[Holding],
    pots: Sequence[PotYearState],
    today: date,
    amount: int | None = None,
) -> tuple[tuple[Entry, ...], tuple[Refusal, ...]]:
    """The entries that a transition's effects make, and every reason why the pots cannot carry them.

    ``amount`` is the contract amount in öre where an order has one. Effects apply in the order of the process language.
    """
    before = {(each.pot, each.year): each for each in pots}
    missing = tuple(
        Refusal(RefusalKind.BUDGET_NOT_DECIDED, {"pot": row.source, "year": row.year}, ("council",))
        for row in rows
        if (row.pot, row.year) not in before and _concerns(transition.money, bindings[row.n])
    )
    if missing:
        return (), missing[:1]
    known = [row for row in rows if (row.pot, row.year) in before]
    made = _Plan(known, bindings, dict(before), {(each.binding, each.funding): each for each in holdings}, today, [])
    for effect in transition.money:
        _EFFECTS[effect.effect](made, effect.binding, amount)
    return tuple(made.entries), _refusals(before.values(), made)


def _concerns(money: Iterable[MoneyEffect], binding: str) -> bool:
    return any(each.binding == binding for each in money)


def _refusals(before: Iterable[PotYearState], made: _Plan) -> tuple[Refusal, ...]:
    """Only what binds new money can be refused: taking it from what is available."""
    found: list[Refusal] = []
    for pot in before:
        binds = sum(each.amount for each in made.entries if each.pot_year == pot.id and each.from_ == "available")
        if not binds:
            continue
        facts = {"pot": pot.code, "pot_title": pot.title, "year": pot.year}
        if pot.kind in YEARLY and not pot.decided:
            found.append(Refusal(RefusalKind.BUDGET_NOT_DECIDED, facts, ("council",)))
        if pot.closed:
            found.append(Refusal(RefusalKind.YEAR_CLOSED, facts, ("controller",)))
        if pot.balance["overrun"]:
            overrun = {**facts, "overrun_ore": pot.balance["overrun"]}
            found.append(Refusal(RefusalKind.POT_OVERRUN, overrun, ("executive", "council")))
        left = made.pots[pot.pot, pot.year].balance["available"]
        if left < 0 and not (pot.kind in YEARLY and not pot.decided):
            short = {**facts, "missing_ore": -left, "available_ore": pot.balance["available"], "asked_ore": binds}
            found.append(Refusal(RefusalKind.POT_SHORT, short, ("executive", "council")))
    return tuple(found)


# --- writing them ------------------------------------------------------------------------------------------------

_P, _Y, _H = schema.pot.c, schema.pot_year.c, schema.holding.c

_POTS = (
    select(
        _Y.id,
        _Y.pot_id,
        _P.code,
        _P.kind,
        _P.title,
        _Y.year,
        _Y.decided,
        _Y.closed_on,
        *(_Y[f"{bucket}_ore"] for bucket in BUCKETS),
    )
    .join_from(schema.pot_year, schema.pot)
    .join(schema.funding, (schema.funding.c.pot_id == _Y.pot_id) & (schema.funding.c.year == _Y.year))
    .where(schema.funding.c.proposal_id == bindparam("proposal_id"), schema.funding.c.revision == bindparam("revision"))
    .order_by(_Y.id)
)
LOCK_POTS = Statement("lock pots", _POTS.with_for_update(of=schema.pot_year))
LOOK_AT_POTS = Statement("look at pots", _POTS)

# The guard of every decision, said in the database: what is bound must be there, unless the caller books a fact.
_CHANGE = Statement(
    "change pot-year",
    update(schema.pot_year)
    .where(
        _Y.id == bindparam("pot_year"),
        _Y.available_ore + bindparam("d_available") >= 0,
        (bindparam("binds") == 0) | ((_Y.overrun_ore == 0) & (_Y.decided == 1) & _Y.closed_on.is_(None)),
    )
    .values({f"{bucket}_ore": _Y[f"{bucket}_ore"] + bindparam(f"d_{bucket}") for bucket in BUCKETS}),
    guarded=True,
)
_ENTRY_COLUMNS = [column.name for column in schema.ledger_entry.c]
_ENTRY = Statement("ledger entry", schema.ledger_entry.insert(), columns=_ENTRY_COLUMNS)
_hold = upsert(schema.holding)
_HOLD = Statement(
    "holding",
    _hold.on_conflict_do_update(
        index_elements=["proposal_id", "binding", "funding", "pot_year_id"],
        set_={name: _hold.excluded[name] for name in ("reserved_ore", "committed_ore", "ordered_ore", "spent_ore")},
    ),
    columns=[column.name for column in schema.holding.c],
)


def read_pots(
    connection: Connection, proposal_id: int, revision: int, *, lock: bool = True
) -> tuple[PotYearState, ...]:
    """The pot-years that the funding rows of a revision name, locked in id order where the database locks rows."""
    seen: dict[int, PotYearState] = {}
    for row in (LOCK_POTS if lock else LOOK_AT_POTS).rows(connection, proposal_id=proposal_id, revision=revision):
        seen[row[0]] = pot_year_of(row)
    return tuple(seen.values())


def pot_year_of(row: Sequence[object]) -> PotYearState:
    """From id, pot, code, kind, title, year, decided, closed_on and the seven buckets."""
    year_id, pot, code, kind, title, year, decided, closed, *amounts = row
    balance = {bucket: _whole(amount) for bucket, amount in zip(BUCKETS, amounts, strict=True)}
    return PotYearState(
        _whole(year_id),
        _whole(pot),
        str(code),
        str(kind),
        str(title),
        _whole(year),
        bool(decided),
        bool(closed),
        balance,
    )


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def write(
    batch: Batch,
    entries: Sequence[Entry],
    *,
    stream: str,
    seq: int,
    proposal_id: int | None,
    holdings: Sequence[Holding],
) -> None:
    """Adds the entries, one change for each pot-year (in id order) and what each funding row then holds.

    The only place that changes a pot-year. Raises Contested from the batch when a pot cannot carry a decision.
    """
    for pot_year in sorted({each.pot_year for each in entries}):
        mine = [each for each in entries if each.pot_year == pot_year]
        deltas = dict.fromkeys(BUCKETS, 0)
        for each in mine:
            deltas[each.from_] += each.amount if each.from_ in ("budget", "overrun") else -each.amount
            deltas[each.to] += -each.amount if each.to in ("budget", "overrun") else each.amount
        binds = any(each.from_ == "available" and each.to in OPEN_BUCKETS for each in mine)
        # A grant in the same decision makes the pot-year decided; only yearly pots are guarded by that mark.
        batch.add(_CHANGE, pot_year=pot_year, binds=int(binds), **{f"d_{k}": v for k, v in deltas.items()})
    for n, each in enumerate(entries, 1):
        batch.add(_ENTRY, **dict(zip(_ENTRY_COLUMNS, (stream, seq, *each.stored(n)), strict=True)))
    if proposal_id is not None:
        _write_holdings(batch, entries, proposal_id, holdings)


def _write_holdings(batch: Batch, entries: Sequence[Entry], proposal_id: int, holdings: Sequence[Holding]) -> None:
    for held in hold(entries, holdings).values():
        batch.add(
            _HOLD,
            proposal_id=proposal_id,
            binding=held.binding,
            funding=held.funding,
            pot_year_id=held.pot_year,
            reserved_ore=int(held.reserved),
            committed_ore=int(held.committed),
            ordered_ore=int(held.ordered),
            spent_ore=int(held.spent),
        )


def hold(entries: Sequence[Entry], holdings: Sequence[Holding]) -> dict[tuple[str, int, int], Holding]:
    """What every funding row that the entries touch holds after them."""
    now = {(each.binding, each.funding, each.pot_year): each for each in holdings}
    touched: dict[tuple[str, int, int], Holding] = {}
    for each in entries:
        key = (each.binding, each.funding, each.pot_year)
        none = Holding(each.binding, each.funding, each.pot_year, Ore(0), Ore(0), Ore(0), Ore(0))
        held = touched.get(key) or now.get(key) or none
        changed: dict[str, Any] = {}
        if each.from_ in (*OPEN_BUCKETS, "spent"):
            changed[each.from_] = Ore(getattr(held, each.from_) - each.amount)
        if each.to in (*OPEN_BUCKETS, "spent"):
            changed[each.to] = Ore(getattr(held, each.to) + each.amount)
        touched[key] = replace(held, **changed)
    return touched
