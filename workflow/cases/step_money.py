"""The money that one step moved, as its reader may see it. Reads entries; moves nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from workflow.money.views_money import Entry

# How a state names that the contract amount and the tenders wait until signing.
CONTRACT_FIELDS = frozenset({"contract_amount", "tenders"})


def money_of(entries: Sequence[Entry], hidden: frozenset[str]) -> tuple[Entry, ...]:
    """What was ordered and what returned from it tell the contract amount. What only moves from one bucket of a pot on
    to the next is told once: nothing was given back."""
    moved = Counter[tuple[str, int]]()
    for entry in entries:
        if entry.from_ == "available":
            moved[entry.pot_title, entry.year] += abs(entry.amount)
    shown = []
    for entry in entries:
        if hidden & CONTRACT_FIELDS and "ordered" in (entry.from_, entry.to):
            continue
        kept = _given_back(entry, moved)
        if kept is not None:
            shown.append(kept)
    return tuple(shown)


def _given_back(entry: Entry, moved: Counter[tuple[str, int]]) -> Entry | None:
    """The entry without what the same step took again from the same pot."""
    if entry.kind != "release":
        return entry
    again = min(abs(entry.amount), moved[entry.pot_title, entry.year])
    moved[entry.pot_title, entry.year] -= again
    left = abs(entry.amount) - again
    return replace(entry, amount=left if entry.amount > 0 else -left) if left else None
