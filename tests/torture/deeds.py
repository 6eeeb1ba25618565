"""Deeds that are carried out once, or killed: each is worked out beforehand, with its key, and any engine can do it.

``WAYS`` names, for every kind of change, how a proposal is brought to where it can be done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from states import CostLine, Ore
from tests.workflow.cast import DAY, PROCESSES, WORDS, Case, key, line, paid, person, rows
from workflow import Engine, Invoice, Registered
from workflow.books.cofinancing import Noted
from workflow.money.contents import FundingAsk, Rows

BEFORE = ("accept", "write", "to_review", "recommend")
FINANCIER = "Handeln"
SHARED = Rows(  # two pots and a financier pay one purchase
    (line(1, "furniture", 900), line(2, "other", 300), line(3, "furniture", 500)),
    (paid(1, "investment", 900), paid(2, "operating", 300), FundingAsk(3, "outside", 2026, Ore(50_000), FINANCIER)),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One change by one person, ready to be sent as often as anybody likes, by any process."""

    day: date
    method: str  # of the engine
    about: tuple[Any, ...]
    told: Mapping[str, Any]

    @property
    def key(self) -> str:
        return str(self.told["key"])

    def do(self, engine: Engine) -> Any:
        return getattr(engine, self.method)(*self.about, **self.told)


Way = Callable[[Engine], Deed]


def case(engine: Engine, *steps: str, process: str = "purchase", kronor: int = 1_000) -> Case:
    return Case(engine, process, kronor).submit().walk(*steps)


def shared(engine: Engine, *steps: str) -> Case:
    return case(engine, "accept").write(SHARED).walk("to_review", "recommend", *steps)


def act(given: Case, transition: str, **form: Any) -> Deed:
    """The transition as whoever may take it would ask for it now."""
    given.pass_days(1)
    now = given.stands()
    node = f"{now['state']}@{now['origin']}" if now["origin"] else now["state"]
    way = PROCESSES[given.process].nodes[node].transition(transition)
    if way is None:
        raise LookupError(f"{transition} at {node}")
    asked = {
        "by": given.who(way, now), "seen_version": now["version"], "seen_revision": now["revision"], "key": key(),
        "form": given.form(way) | form,
    }  # fmt: skip
    return Deed(given.day, "act", (given.number, transition), asked)


def book(given: Case, kind: str, ore: int, funding: int = 1) -> Deed:
    told = Invoice(kind, funding, Ore(ore), given.day, "Leverantör", "1")
    return Deed(given.day, "book", (given.number, told), {"by": given.people["controller", None], "key": key()})


def cofinance(given: Case, standing: str) -> Deed:
    told = {"by": given.people["officer", None], "key": key()}
    return Deed(given.day, "note_cofinancing", (given.number, Noted(FINANCIER, standing, given.day)), told)


def correct(given: Case, by: int) -> Deed:
    told = {"by": by, "key": key(), "seen_version": given.stands()["version"], "reason": "Fel."}
    return Deed(given.day, "correct", (given.number,), told)


def revise(given: Case, written: Rows) -> Deed:
    seen, by = given.stands()["revision"], given.people["officer", None]
    told = {"by": by, "key": key(), "seen_revision": seen, "text": WORDS, "rows": written}
    return Deed(given.day, "revise", (given.number,), told)


def classify(given: Case, said: Mapping[int, tuple[str, str]]) -> Deed:
    seen, by = given.stands()["revision"], given.people["attestant", None]
    told = {"by": by, "key": key(), "seen_revision": seen, "classifications": dict(said)}
    return Deed(given.day, "classify", (given.number,), told)


def submit(process: str = "purchase", written: Rows | None = None) -> Deed:
    told = {"process": process, "by": None, "key": key(), "text": WORDS, "rows": written, "is_example": True}
    return Deed(DAY, "submit", (), told)


def register(kind: str, ore: int, pot: str, year: int, by: int) -> Deed:
    decided = Registered(kind, "kf", DAY, "§ 1", "Beslut.", pot, year, Ore(ore))
    return Deed(DAY, "register", (decided,), {"by": by, "key": key()})


def _credited(engine: Engine) -> Deed:
    given = case(engine, *BEFORE, "propose", "approve", "sign")
    book(given, "invoice", 90_000).do(engine)
    return book(given, "credit", 40_000)


def _corrected(engine: Engine) -> Deed:
    given = case(engine, *BEFORE, "propose", "approve")
    given.pass_days(1)
    return correct(given, given.people["budget_holder", None])


def _lines(kronor: int) -> Rows:
    bench = CostLine(1, "furniture", "furniture", Ore(kronor * 100), 10, "municipality")
    return Rows((bench,), (paid(1, "investment", kronor),))


ACTS: dict[str, Way] = {
    "accept": lambda engine: act(case(engine), "accept"),
    "propose": lambda engine: act(shared(engine), "propose"),
    "approve": lambda engine: act(shared(engine, "propose"), "approve"),
    "approve an activity": lambda engine: act(
        case(engine, "accept", "write", "propose_directly", process="activity"), "approve"
    ),
    "approve_with_change": lambda engine: act(
        case(engine, *BEFORE, "propose"), "approve_with_change", lines=_lines(1_200)
    ),
    "refer_back.preparation": lambda engine: act(shared(engine, "propose"), "refer_back.preparation"),
    "sign": lambda engine: act(case(engine, *BEFORE, "propose", "approve"), "sign", contract_amount=Ore(90_000)),
    "tenders_above": lambda engine: act(
        case(engine, *BEFORE, "propose", "approve"), "tenders_above", lines=_lines(1_300)
    ),
    "approve_supplement": lambda engine: act(
        case(engine, *BEFORE, "propose", "approve", "sign", "ask_supplement"), "approve_supplement", lines=_lines(1_400)
    ),
    "complete_all": lambda engine: act(
        case(engine, *BEFORE, "propose", "approve", "sign", "delivered"), "complete_all"
    ),
}  # fmt: skip
OTHERS: dict[str, Way] = {
    "submit": lambda _: submit(written=rows("purchase", 10)),
    "revise": lambda engine: revise(case(engine, "accept", "write"), SHARED),
    "classify": lambda engine: classify(case(engine, "accept", "write"), {1: ("operating", "Så är det.")}),
    "credit": _credited,
    "correct": _corrected,
    "register": lambda engine: register("supplement", 100, "investment", 2026, person(engine, "Ekonom")),
    "invoice": lambda engine: book(case(engine, *BEFORE, "propose", "approve", "sign"), "invoice", 150_000),
}
WAYS = ACTS | OTHERS
