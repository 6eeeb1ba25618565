"""Which ledger entries the effects of a transition make, and why the pots would refuse them. Knows no database.

A decision is refused when money is short; a fact is never refused. An entry moves an amount between two buckets of
one pot-year: ``budget`` and ``overrun`` are where money comes from, the other five are where it stands, so that
budget + overrun = available + reserved + committed + ordered + spent at every moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from states import FundingRow, Holding, MoneyEffect, Ore, Refusal, RefusalKind, Transition

BUCKETS = ("budget", "overrun", "available", "reserved", "committed", "ordered", "spent")
SOURCES = frozenset({"budget", "overrun"})
OPEN_BUCKETS = ("reserved", "committed", "ordered")
HELD = (*OPEN_BUCKETS, "spent")  # what a funding row holds of its pot-year
YEARLY = ("investment", "operating")
NOTHING = (Ore(0),) * len(HELD)


class Entry(NamedTuple):
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


class PotYearState(NamedTuple):
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
                move(balance, entry)
        return self._replace(balance=balance)


def move(balance: dict[str, int], entry: Entry) -> None:
    """Carries an entry out on a balance: what leaves a source makes the source larger, what leaves a bucket less."""
    balance[entry.from_] += entry.amount if entry.from_ in SOURCES else -entry.amount
    balance[entry.to] += -entry.amount if entry.to in SOURCES else entry.amount


@dataclass(slots=True)
class _Plan:
    """Entries so far, and what every funding row and pot-year would hold after them."""

    rows: Sequence[FundingRow]
    bindings: Mapping[int, str]  # n of a funding row -> binding
    pots: Mapping[tuple[int, int], PotYearState]  # (pot, year), before
    balances: dict[int, dict[str, int]]  # id of the pot-year -> its balance after the entries so far
    held: dict[tuple[str, int], Holding]
    today: date
    entries: list[Entry]

    def move(self, holding: Holding, kind: str, from_: str, to: str, amount: int, year: int) -> None:
        if amount <= 0:
            return
        entry = Entry(holding.pot_year, kind, from_, to, amount, holding.binding, holding.funding, year, self.today)
        self.entries.append(entry)
        self.held[holding.binding, holding.funding] = _held_after(holding, entry)
        move(self.balances[holding.pot_year], entry)

    def of(self, binding: str) -> list[tuple[FundingRow, Holding]]:
        """Every funding row of the binding with what it holds."""
        found = []
        for row in self.rows:
            if self.bindings[row.n] == binding:
                pot = self.pots[row.pot, row.year]
                found.append((row, self.held.get((binding, row.n)) or Holding(binding, row.n, pot.id, *NOTHING)))
        return found


def _release(plan: _Plan, binding: str, _: int | None) -> None:
    years = {pot.id: pot.year for pot in plan.pots.values()}
    for holding in tuple(plan.held.values()):
        if binding in ("open", holding.binding):
            for bucket in OPEN_BUCKETS:
                now = plan.held[holding.binding, holding.funding]
                if ore := getattr(now, bucket):  # a pot of which nothing is left need not be known
                    plan.move(now, "release", bucket, "available", ore, years[now.pot_year])


def _grant(plan: _Plan, binding: str, _: int | None) -> None:
    """What an appropriation or a financier gives is given by this very decision; an earlier gift is not repeated."""
    for row, holding in plan.of(binding):
        if row.source not in YEARLY:
            bound = holding.committed + holding.ordered + holding.spent
            missing = row.amount - bound - max(0, plan.balances[holding.pot_year]["available"])
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
    balances = {each.id: dict(each.balance) for each in pots}
    held = {(each.binding, each.funding): each for each in holdings}
    made = _Plan(known, bindings, before, balances, held, today, [])
    for effect in transition.money:
        _EFFECTS[effect.effect](made, effect.binding, amount)
    return tuple(made.entries), refusals(before.values(), made.entries)


def _concerns(money: Iterable[MoneyEffect], binding: str) -> bool:
    return any(each.binding == binding for each in money)


def refusals(before: Iterable[PotYearState], entries: Sequence[Entry]) -> tuple[Refusal, ...]:
    """Why the pots cannot carry these entries: only what takes from what is available can be refused, and all but the
    amount only where it binds."""
    found: list[Refusal] = []
    for pot in before:
        taken = [each for each in entries if each.pot_year == pot.id and each.from_ == "available"]
        facts = {"pot": pot.code, "pot_title": pot.title, "year": pot.year}
        undecided = pot.kind in YEARLY and not pot.decided
        if any(each.to in OPEN_BUCKETS for each in taken):
            found += _stopped(pot, facts)
        left = pot.after(entries).balance["available"]
        if taken and left < 0 and not undecided:
            asked = sum(each.amount for each in taken)
            there = asked + left  # with what the same step lets go first
            short = {**facts, "missing_ore": -left, "available_ore": there, "asked_ore": asked}
            found.append(Refusal(RefusalKind.POT_SHORT, short, ("executive", "council")))
    return tuple(found)


def _stopped(pot: PotYearState, facts: dict[str, Any]) -> Iterable[Refusal]:
    """Whatever the amount: the year binds nothing new."""
    if pot.kind in YEARLY and not pot.decided:
        yield Refusal(RefusalKind.BUDGET_NOT_DECIDED, facts, ("council",))
    if pot.closed:
        yield Refusal(RefusalKind.YEAR_CLOSED, facts, ("controller",))
    if pot.balance["overrun"]:
        overrun = {**facts, "overrun_ore": pot.balance["overrun"]}
        yield Refusal(RefusalKind.POT_OVERRUN, overrun, ("executive", "council"))


def hold(entries: Sequence[Entry], holdings: Sequence[Holding]) -> Iterable[Holding]:
    """What every funding row that the entries touch holds after them."""
    now = {(each.binding, each.funding, each.pot_year): each for each in holdings}
    touched: dict[tuple[str, int, int], Holding] = {}
    for each in entries:
        key = (each.binding, each.funding, each.pot_year)
        touched[key] = _held_after(touched.get(key) or now.get(key) or Holding(*key, *NOTHING), each)
    return touched.values()


def _held_after(holding: Holding, entry: Entry) -> Holding:
    changed: dict[str, Any] = {}
    if entry.from_ in HELD:
        changed[entry.from_] = Ore(getattr(holding, entry.from_) - entry.amount)
    if entry.to in HELD:
        changed[entry.to] = Ore(getattr(holding, entry.to) + entry.amount)
    return holding._replace(**changed)
