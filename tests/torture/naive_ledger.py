"""An account of the pots kept apart from the engine and in another way: sums in dictionaries, a whole copy put back
where a pot cannot carry what was asked. Written from what the accountant says, not from the code it is held against.

Every krona of a pot and year stands somewhere: what a budget gave, and what facts took above it, is what is available,
reserved, committed, ordered and spent. A decision takes from what is available and is refused where that is too little,
where an overrun stands, or where no budget is decided. A fact is never refused.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

Payer = tuple[str, int]  # a pot's code and the budget year
Move = tuple[Payer, str, str, int]
GIVEN = ("budget", "overrun")
OPEN = ("reserved", "committed", "ordered")
BUCKETS = (*GIVEN, "available", *OPEN, "spent")


@dataclass
class Pot:
    decided: bool
    yearly: bool = True
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BUCKETS, 0))


@dataclass
class Paper:
    """A proposal: what pays it, in order, and what it holds of each."""

    rows: dict[Payer, int]
    held: dict[Payer, dict[str, int]] = field(default_factory=dict)
    latest: list[Move] | None = None  # what the latest step moved; None when something else came after it

    def of(self, payer: Payer) -> dict[str, int]:
        return self.held.setdefault(payer, dict.fromkeys((*OPEN, "spent"), 0))


@dataclass
class NaiveLedger:
    pots: dict[Payer, Pot]
    papers: dict[str, Paper] = field(default_factory=dict)
    done: list[Move] = field(default_factory=list)

    # --- decisions on a proposal ---------------------------------------------------------------------------------

    def decide(self, number: str, *steps: Callable[[Paper], None]) -> bool:
        """All of the steps, or nothing and False."""
        before = deepcopy((self.pots, self.papers))
        stopped = {payer for payer, pot in self.pots.items() if pot.sums["overrun"] or not pot.decided}
        self.done = []
        for step in steps:
            step(self.papers[number])
        taken = {payer for payer, from_, to, _ in self.done if from_ == "available" and to in OPEN}
        if taken & stopped or any(pot.sums["available"] < 0 for pot in self.pots.values()):
            self.pots, self.papers = before
            return False
        self.papers[number].latest, self.done = self.done, []
        return True

    def restate(self, rows: dict[Payer, int]) -> Callable[[Paper], None]:
        def step(paper: Paper) -> None:
            paper.rows = dict(rows)
            for payer in rows:  # a financier's promise is a pot of its own, from the day it is written down
                self.pots.setdefault(payer, Pot(decided=True, yearly=False))

        return step

    def release(self, paper: Paper) -> None:
        for payer, held in paper.held.items():
            for bucket in OPEN:
                self._move(paper, payer, bucket, "available", held[bucket])

    def grant(self, paper: Paper) -> None:
        for payer, ore in paper.rows.items():
            if not self.pots[payer].yearly:
                held, left = paper.of(payer), max(0, self.pots[payer].sums["available"])
                self._move(
                    paper,
                    payer,
                    "budget",
                    "available",
                    ore - held["committed"] - held["ordered"] - held["spent"] - left,
                )

    def reserve(self, paper: Paper) -> None:
        for payer, ore in paper.rows.items():
            if self.pots[payer].yearly:
                self._move(paper, payer, "available", "reserved", ore - paper.of(payer)["reserved"])

    def commit(self, paper: Paper) -> None:
        """What is reserved was released just before."""
        for payer, ore in paper.rows.items():
            held = paper.of(payer)
            self._move(
                paper, payer, "available", "committed", ore - held["committed"] - held["ordered"] - held["spent"]
            )

    def add(self, paper: Paper) -> None:
        """A supplement."""
        for payer, ore in paper.rows.items():
            held = paper.of(payer)
            to = "ordered" if held["ordered"] or held["spent"] else "committed"
            self._move(paper, payer, "available", to, ore - sum(held.values()))

    def order(self, contract: int | None = None) -> Callable[[Paper], None]:
        def step(paper: Paper) -> None:
            left = contract
            for payer in paper.rows:
                part = paper.of(payer)["committed"] if left is None else min(left, paper.of(payer)["committed"])
                self._move(paper, payer, "committed", "ordered", part)
                left = None if left is None else left - part

        return step

    def undo(self, number: str) -> bool:
        """The latest step backwards."""
        moves = self.papers[number].latest or []

        def step(paper: Paper) -> None:
            for payer, from_, to, ore in reversed(moves):
                self._move(paper, payer, to, from_, ore)

        possible = self.decide(number, step)
        if possible:
            self.papers[number].latest = None
        return possible

    # --- facts, and decisions on a pot ---------------------------------------------------------------------------

    def invoice(self, number: str, payer: Payer, ore: int) -> None:
        paper = self.papers[number]
        for bucket in ("ordered", "committed"):
            part = min(ore, paper.of(payer)[bucket])
            self._move(paper, payer, bucket, "spent", part)
            ore -= part
        self._move(paper, payer, "overrun", "spent", ore)
        paper.latest = None

    def credit(self, number: str, payer: Payer, ore: int) -> bool:
        paper = self.papers[number]
        if ore > paper.of(payer)["spent"]:
            return False
        above = min(ore, self.pots[payer].sums["overrun"])
        self._move(paper, payer, "spent", "overrun", above)
        self._move(paper, payer, "spent", "ordered", ore - above)
        paper.latest = None
        return True

    def budget(self, payer: Payer, ore: int) -> None:
        """The year's budget is this much; what is bound above it is an overrun."""
        self.supplement(payer, ore - self.pots[payer].sums["budget"])
        self.pots[payer].decided = True

    def supplement(self, payer: Payer, ore: int) -> None:
        sums = self.pots[payer].sums
        part = min(ore, sums["overrun"]) if ore > 0 else max(ore, -sums["available"])
        sums["budget"] += ore
        if ore > 0:
            sums["overrun"] -= part
            sums["available"] += ore - part
        else:
            sums["available"] += part
            sums["overrun"] += part - ore

    def cover(self, payer: Payer, ore: int) -> bool:
        sums = self.pots[payer].sums
        if ore > min(sums["available"], sums["overrun"]):
            return False
        sums["available"] -= ore
        sums["overrun"] -= ore
        return True

    def _move(self, paper: Paper, payer: Payer, from_: str, to: str, ore: int) -> None:
        if ore <= 0:
            return
        for bucket, change in ((from_, -ore), (to, ore)):
            self.pots[payer].sums[bucket] += -change if bucket in GIVEN else change
            if bucket in paper.of(payer):
                paper.of(payer)[bucket] += change
        self.done.append((payer, from_, to, ore))
