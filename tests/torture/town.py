"""A town that Hypothesis draws: proposals and pots, done by the engine and by the naive ledger at once."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from states import Ore
from tests.torture import deeds
from tests.torture.deeds import Deed
from tests.torture.naive_ledger import BUCKETS, NaiveLedger, Paper, Payer, Pot
from tests.torture.report import Run
from tests.torture.walker import Walker
from tests.workflow.cast import DAY, Case, line, opened
from workflow import Engine, Refused
from workflow.money.contents import FundingAsk, Rows

MOST = 6  # open proposals
ORE = st.one_of(st.integers(1, 40), st.integers(1, 2_000), st.sampled_from((1, 100, 999, 1_000, 1_001)))
WHICH = st.integers(0, MOST - 1)
YEARS = (2026, 2027)
PAYERS: dict[str, tuple[Payer, ...]] = {
    "purchase": (("investment", 2026), ("operating", 2026), ("investment", 2027)),
    "activity": (("operating", 2026), ("operating", 2027)),
}
SOURCES = st.sampled_from([("purchase", 1), ("purchase", 2), ("purchase", 3), ("activity", 1), ("activity", 2)])
YEARLY = st.sampled_from([(pot, year) for pot in ("investment", "operating") for year in YEARS])
INVOICES = st.sampled_from(("invoice", "invoice", "credit"))
SHARES = st.lists(ORE, min_size=4, max_size=4)
BEFORE_DECISION = ("drafting", "preparation")
OPEN = (*BEFORE_DECISION, "budget_approval", "procurement", "installation", "held", "follow_up")


class Town(RuleBasedStateMachine):
    torture: ClassVar[Run]
    kind: ClassVar[str]
    twin: ClassVar[bool]
    steps_taken: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.ends = ExitStack()
        url = self.ends.enter_context(self.torture.database(self.kind, sabotaged=self.twin))
        self.engine: Engine = self.ends.enter_context(opened(url))
        self.people = Walker(self.engine, self.torture.random("town")).people
        self.cases: list[Case] = []
        self.states: dict[str, str] = {}
        self.before: dict[str, tuple[str, int] | None] = {}  # where the latest step came from, and who took it
        self.agreed: set[str] = set()  # where the financier outside has signed
        self.naive = NaiveLedger({(each.pot, each.year): _pot(each) for each in self.shown()})
        for pot in ("investment", "operating"):
            self.decided("budget", (pot, 2026), 3_000)

    # --- both do it ----------------------------------------------------------------------------------------------

    def agree(self, deed: Deed, expected: Callable[[], object]) -> bool:
        """The engine carries it out if and only if the ledger can. A fact has no False: it is never refused."""
        wanted, told = expected() is not False, ""
        try:
            deed.do(self.engine)
        except Refused as refused:
            told = str(refused)
        assert wanted is not bool(told), told or "carried out, but the ledger cannot carry it"
        return wanted

    def step(
        self,
        given: Case,
        transition: str,
        to: str,
        *money: Callable[[Paper], None],
        form: dict[str, Any] | None = None,
        possible: bool = True,
    ) -> None:
        """A transition whose money the ledger moves by these rules."""
        old, asked = self.states[given.number], deeds.act(given, transition, **(form or {}))
        if self.agree(asked, lambda: possible and self.naive.decide(given.number, *money)):
            self.states[given.number] = to
            self.before[given.number] = (old, asked.told["by"])

    def decided(self, kind: str, payer: Payer, ore: int) -> None:
        """About a pot, by nobody's proposal."""
        deed = deeds.register(kind, ore, *payer, self.people["controller", None])
        self.agree(deed, lambda: getattr(self.naive, kind)(payer, ore))

    def shown(self) -> list[Any]:
        return [each for year in YEARS for each in self.engine.pots(year)]

    def at(self, *states: str) -> list[Case]:
        return [case for case in self.cases if self.states[case.number] in states]

    def chosen(self, which: int, *states: str) -> Case:
        standing = self.at(*states)
        return standing[which % len(standing)]

    def rows(self, given: Case, shares: list[int]) -> tuple[Rows, dict[Payer, int]]:
        """The same payers as before, with other amounts."""
        return _rows(given, list(self.naive.papers[given.number].rows), shares)

    # --- proposals -----------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.at(*OPEN)) < MOST)
    @rule(sources=SOURCES, outside=st.booleans(), shares=SHARES)
    def hand_in(self, sources: tuple[str, int], outside: bool, shares: list[int]) -> None:
        process, n = sources
        asked = deeds.submit(process)
        number = asked.do(self.engine).number
        given = Case(self.engine, process, 1, number, "", DAY, self.people)
        payers = list(PAYERS[process][:n])
        if outside and process == "purchase":
            payers.append((f"{number}/outside/{deeds.FINANCIER}", 2026))
        written, paid_by = _rows(given, payers, shares)
        given.act("accept").write(written)
        self.naive.papers[number] = Paper({})
        self.naive.restate(paid_by)(self.naive.papers[number])
        self.cases.append(given)
        self.states[number] = "preparation"
        if process == "purchase":
            self.step(given, "skip_review", "drafting")

    @precondition(lambda self: self.at(*BEFORE_DECISION))
    @rule(which=WHICH)
    def propose(self, which: int) -> None:
        given = self.chosen(which, *BEFORE_DECISION)
        direct = self.states[given.number] == "preparation"
        if direct and given.process == "purchase":
            self.step(given, "skip_review", "drafting")
        self.step(
            given,
            "propose_directly" if given.process == "activity" else "propose",
            "budget_approval",
            self.naive.reserve,
        )

    @precondition(lambda self: self.at("budget_approval"))
    @rule(which=WHICH, shares=st.none() | SHARES)
    def approve(self, which: int, shares: list[int] | None) -> None:
        given, naive = self.chosen(which, "budget_approval"), self.naive
        money: list[Callable[[Paper], None]] = [naive.release, naive.grant, naive.commit]
        if given.process == "activity":
            money = [naive.release, naive.commit, naive.order()]
        to = "held" if given.process == "activity" else "procurement"
        if shares is None:
            return self.step(given, "approve", to, *money)
        return self.restated(given, "approve_with_change", to, shares, *money)

    def restated(
        self, given: Case, transition: str, to: str, shares: list[int], *money: Callable[[Paper], None]
    ) -> None:
        """A step that states anew what everything costs."""
        written, paid_by = self.rows(given, shares)
        possible = _keeps_what_is_paid(self.naive.papers[given.number], paid_by)
        first = self.naive.restate(paid_by)
        self.step(given, transition, to, first, *money, form={"lines": written}, possible=possible)

    @precondition(lambda self: self.at("budget_approval"))
    @rule(which=WHICH, how=st.sampled_from(("refer_back.preparation", "reject")))
    def turn_down(self, which: int, how: str) -> None:
        given = self.chosen(which, "budget_approval")
        self.step(given, how, "rejected" if how == "reject" else "preparation", self.naive.release)

    @precondition(lambda self: self.at("procurement"))
    @rule(which=WHICH, share=st.integers(1, 110))
    def sign(self, which: int, share: int) -> None:
        """A contract for a part of what is committed, all of it, or more, which is refused."""
        given = self.chosen(which, "procurement")
        committed = sum(held["committed"] for held in self.naive.papers[given.number].held.values())
        contract = max(1, committed * share // 100)
        self.step(
            given, "sign", "installation", self.naive.order(contract), form={"contract_amount": Ore(contract)},
            possible=contract <= committed and (given.number in self.agreed or not self.outsiders(given)),
        )  # fmt: skip

    @precondition(lambda self: self.at(*OPEN))
    @rule(which=WHICH, standing=st.sampled_from(("promised", "agreed", "received", "agreed")))
    def hear_from_outside(self, which: int, standing: str) -> None:
        """How sure the money is: a fact, which moves nothing, and which a contract may wait for."""
        given = self.chosen(which, *OPEN)
        if self.outsiders(given):
            deeds.cofinance(given, standing).do(self.engine)
            self.before[given.number] = None
            (self.agreed.discard if standing == "promised" else self.agreed.add)(given.number)

    def outsiders(self, given: Case) -> list[Payer]:
        return [payer for payer in self.naive.papers[given.number].rows if "/outside/" in payer[0]]

    @precondition(lambda self: self.at("procurement"))
    @rule(which=WHICH, shares=SHARES)
    def tenders_above(self, which: int, shares: list[int]) -> None:
        given = self.chosen(which, "procurement")
        self.restated(given, "tenders_above", "budget_approval", shares, self.naive.release, self.naive.reserve)

    @precondition(lambda self: self.at("installation", "held"))
    @rule(which=WHICH, shares=SHARES)
    def supplement(self, which: int, shares: list[int]) -> None:
        """Asked for and decided; where it is refused the proposal stays in the side state and is turned down."""
        given, naive = self.chosen(which, "installation", "held"), self.naive
        back = self.states[given.number]
        money = (naive.add,) if given.process == "activity" else (naive.grant, naive.add)
        self.step(given, "ask_supplement", "supplement")
        self.restated(given, "approve_supplement", back, shares, *money)
        if self.states[given.number] == "supplement":
            self.step(given, "reject_supplement", back)

    @precondition(lambda self: self.at("installation", "held", "follow_up"))
    @rule(which=WHICH)
    def finish(self, which: int) -> None:
        given = self.chosen(which, "installation", "held", "follow_up")
        if self.states[given.number] != "follow_up":
            self.step(given, "delivered" if given.process == "purchase" else "was_held", "follow_up")
        else:
            self.step(given, "complete_all", "completed", self.naive.release)

    @precondition(lambda self: self.at("procurement", "installation", "held"))
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        self.step(self.chosen(which, "procurement", "installation", "held"), "cancel", "cancelled", self.naive.release)

    @precondition(lambda self: self.correctable())
    @rule(which=WHICH)
    def correct(self, which: int) -> None:
        """The latest step undone by whoever took it."""
        standing = self.correctable()
        given = standing[which % len(standing)]
        state, by = self.before[given.number] or ("", 0)
        if self.agree(deeds.correct(given, by), lambda: self.naive.undo(given.number)):
            self.states[given.number], self.before[given.number] = state, None

    def correctable(self) -> list[Case]:
        """Those whose latest event is a step."""
        papers = self.naive.papers
        return [case for case in self.cases if self.before.get(case.number) and papers[case.number].latest is not None]

    # --- facts, and decisions on a pot ---------------------------------------------------------------------------

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 20), row=st.integers(0, 3), ore=ORE, kind=INVOICES)
    def book(self, which: int, row: int, ore: int, kind: str) -> None:
        """In any state, ends included."""
        given = self.cases[which % len(self.cases)]
        payers = list(self.naive.papers[given.number].rows)
        n, account = row % len(payers), self.naive.invoice if kind == "invoice" else self.naive.credit
        if self.agree(deeds.book(given, kind, ore, n + 1), lambda: account(given.number, payers[n], ore)):
            self.before[given.number] = None

    @rule(payer=YEARLY, ore=ORE, kind=st.sampled_from(("budget", "supplement", "cover")))
    def decide_a_pot(self, payer: Payer, ore: int, kind: str) -> None:
        self.decided(kind, payer, ore * 3 if kind == "budget" else ore)

    # --- and agree -----------------------------------------------------------------------------------------------

    @invariant()
    def every_figure_is_the_same(self) -> None:
        type(self).steps_taken += 1
        there = {(each.pot, each.year): _sums(each) for each in self.shown()}
        assert there == {payer: pot.sums for payer, pot in self.naive.pots.items()}

    def teardown(self) -> None:
        self.ends.close()


def _sums(shown: Any) -> dict[str, int]:
    return {bucket: int(getattr(shown, bucket)) for bucket in BUCKETS}


def _pot(shown: Any) -> Pot:
    return Pot(decided=shown.decided, yearly=shown.kind in ("investment", "operating"), sums=_sums(shown))


def _rows(given: Case, payers: list[Payer], shares: list[int]) -> tuple[Rows, dict[Payer, int]]:
    """One cost line for each payer."""
    kinds = {"purchase": {"operating": "other"}, "activity": {"operating": "study_visit"}}[given.process]
    lines, asks = [], []
    for n, ((pot, year), ore) in enumerate(zip(payers, shares, strict=False), 1):
        lines.append(line(n, kinds.get(pot, "furniture"), 1)._replace(amount=Ore(ore)))
        name, _, title = pot.partition("/")[2].partition("/")
        asks.append(FundingAsk(n, name or pot, year, Ore(ore), title))
    return Rows(tuple(lines), tuple(asks)), dict(zip(payers, shares, strict=False))


def _keeps_what_is_paid(paper: Paper, rows: dict[Payer, int]) -> bool:
    """No row may say less than what has been paid from it, as far as it was to be paid at all."""
    return all(min(held["spent"], paper.rows.get(payer, 0)) <= rows.get(payer, 0) for payer, held in paper.held.items())
