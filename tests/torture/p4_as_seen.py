"""P4: you decide on what you saw. Of two ways out of one version only one is taken, in either order and at once; an
amount raised behind an open page is not approved by it; duties of two people do not make each other stale.
The twin leaves the version out of the WHERE."""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text, update

from states import Ore, RefusalKind, Transition
from tests.torture.p8_declared import standing
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import DAY, PROCESSES, WORDS, Case, key, opened, rows
from tests.workflow.test_journeys import STANDS, at, plenty
from workflow import Engine, Invoice, Refused
from workflow.acts import deciding, moving
from workflow.storage import schema
from workflow.storage.statements import Statement

STALE = {RefusalKind.STALE_VERSION, RefusalKind.STALE_REVISION}
PAIRS = [
    (name, node.id, one.id, other.id)
    for name, process in PROCESSES.items()
    for node in process.nodes.values()
    for one, other in itertools.product([way for way in node.transitions if way.role is not None], repeat=2)
]


@dataclass(frozen=True, slots=True)
class Page:
    """What somebody has open: everything that the form will send, as it was when the page was drawn."""

    case: Case
    way: Transition
    by: int
    version: int
    revision: int
    form: dict[str, Any]

    def send(self) -> object:
        return self.case.engine.act(
            self.case.number, self.way.id, by=self.by, seen_version=self.version, seen_revision=self.revision,
            key=key(), form=self.form,
        )  # fmt: skip


def open_page(case: Case, transition: str) -> Page:
    now = case.stands()
    node = f"{now['state']}@{now['origin']}" if now["origin"] else now["state"]
    way = PROCESSES[case.process].nodes[node].transition(transition)
    assert way is not None
    return Page(case, way, case.who(way, now), now["version"], now["revision"], case.form(way))


def figures(run: Run) -> Iterator[Figure]:
    chance = run.random("p4")
    pairs = PAIRS if run.whole else chance.sample(PAIRS, 8)
    meetings = [pair for pair in pairs if pair[2] <= pair[3]] if run.whole else pairs[:4]
    for kind in run.databases("p4_as_seen"):
        with run.database(kind, sabotaged=True) as url, opened(url) as engine, without_the_version():
            plenty(engine)
            caught = not all(raised(engine))
        with run.database(kind) as url, opened(url) as engine:
            plenty(engine)
            told: list[str] = []
            answers = [one_after_the_other(engine, *pair, told) for pair in pairs]
            yield figure(run, kind, "every pair of ways out of one version, one after the other", answers, caught, told)
            told = []
            answers = [at_once(engine, *pair, told) for pair in meetings]
            yield figure(run, kind, "every pair of ways out of one version, at once", answers, caught, told)
            rounds = run.n(sample=1, whole=20)
            answers = [answer for _ in range(rounds) for answer in raised(engine)]
            yield figure(run, kind, "the amount was raised after the page was opened", answers, caught, [])
            answers = [answer for _ in range(rounds) for answer in side_by_side(engine)]
            yield figure(run, kind, "duties of two people at once", answers, None, [])


def figure(run: Run, kind: str, what: str, answers: list[bool | None], caught: bool | None, told: list[str]) -> Figure:
    """``None`` is a way that its own rules stopped, so that it proves nothing."""
    judged = [each for each in answers if each is not None]
    aside = len(answers) - len(judged)
    note = "; ".join([*([f"{aside} pairs whose first way was stopped by a rule"] if aside else []), *told[:3]])
    return Figure("P4", what, kind, len(judged), judged.count(False), run.seed, caught, note)


# --- two ways out of one version


def there(engine: Engine, name: str, node: str, leaving: str) -> Case:
    return at(engine, name, node, leaving) if (name, node) in STANDS else standing(engine, name, node)


def one_after_the_other(engine: Engine, name: str, node: str, one: str, other: str, told: list[str]) -> bool | None:
    """The second page is stale, whatever it asks for, and changes nothing."""
    case = there(engine, name, node, one)
    first, second = open_page(case, one), open_page(case, other)
    try:
        first.send()
    except Refused:
        return None
    after = case.stands()
    answer = outcome(second)
    good = answer in STALE and case.stands() == after
    if not good:
        told.append(f"{name} {node}: {other} after {one}: {answer}")
    return good


def at_once(engine: Engine, name: str, node: str, one: str, other: str, told: list[str]) -> bool | None:
    """Exactly one wins; the other is told that the page is old."""
    case = there(engine, name, node, one)
    before = case.stands()["version"]
    answers = together([open_page(case, one), open_page(case, other)])
    won = answers.count(None)
    if any(each is not None and each not in STALE for each in answers):
        return None if won <= 1 else False
    good = won == 1 and case.stands()["version"] == before + 1
    if not good:
        told.append(f"{name} {node}: {one} and {other}: {answers}")
    return good


def outcome(page: Page) -> RefusalKind | None:
    """None when it was accepted."""
    try:
        page.send()
    except Refused as refused:
        return refused.first.kind
    return None


def together(pages: list[Page]) -> list[RefusalKind | None]:
    line = threading.Barrier(len(pages))

    def one(page: Page) -> RefusalKind | None:
        line.wait(60)
        return outcome(page)

    with ThreadPoolExecutor(len(pages)) as pool:
        return list(pool.map(one, pages))


# --- an amount raised behind an open page


def raised(engine: Engine) -> Iterator[bool]:
    """The delegate has the page of a purchase open; it is taken back, made dearer and proposed again."""
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    page = open_page(case, "approve")
    case.act("refer_back.drafting").write(rows("purchase", 40_000)).act("propose")
    yield stopped(page) and committed(case) == 0
    yield outcome(open_page(case, "approve")) is None and committed(case) == 4_000_000
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write")
    page = open_page(case, "to_review")
    case.write(rows("purchase", 30_000))
    yield stopped(page)
    yield outcome(open_page(case, "to_review")) is None


def stopped(page: Page) -> bool:
    before = page.case.stands()
    return outcome(page) in STALE and page.case.stands() == before


def committed(case: Case) -> int:
    query = text("SELECT coalesce(sum(committed_ore), 0) FROM holding WHERE proposal_id = :id")
    with case.engine.database.reading() as connection:
        return int(connection.execute(query, {"id": case.stands()["id"]}).scalar_one())


# --- duties of two people


def side_by_side(engine: Engine) -> Iterator[bool]:
    """Classifying, booking and attending void nobody's page, whichever comes first."""
    case = Case(engine, "purchase", 20_000).submit().walk("accept")
    officer, attestant = case.people["officer", None], case.people["attestant", None]
    engine.revise(case.number, by=officer, key=key(), seen_revision=1, text=WORDS, rows=rows("purchase", 20_000))
    said = {1: ("investment", "Så är det.")}
    yield both(
        open_page(case, "to_review"),
        lambda: engine.classify(case.number, by=attestant, key=key(), seen_revision=2, classifications=said),
    )
    case.walk("recommend", "propose", "approve")
    bill = Invoice("invoice", 1, Ore(100), DAY, "Leverantör", "1")
    controller, holder = case.people["controller", None], case.people["budget_holder", None]
    yield both(open_page(case, "cancel_procurement"), lambda: engine.book(case.number, bill, by=controller, key=key()))
    (notice,) = (each for each in engine.queue(holder, limit=100_000).unexpected if each.number == case.number)
    yield both(
        open_page(case, "cancel_procurement"),
        lambda: engine.attend(case.number, notice.duty, by=holder, key=key(), remarks="Klart."),
    )


def both(page: Page, other: Callable[[], object]) -> bool:
    """Sent at once, both are accepted."""
    line = threading.Barrier(2)

    def one(send: Callable[[], object]) -> bool:
        line.wait(60)
        try:
            send()
        except Refused as refused:
            print(f"    {page.case.number} {page.way.id}: {refused}")
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        return all(pool.map(one, (page.send, other)))


# --- the twin


def without_the_version() -> ExitStack:
    """What somebody saw is neither compared nor named in the WHERE."""
    columns = schema.proposal.c
    values = {name: bindparam(f"new_{name}") for name in moving.PLACE}
    values |= {"version": columns.version + 1, "seq": columns.seq + 1}
    anyhow = update(schema.proposal).where(columns.id == bindparam("of_id")).values(values)
    stack = ExitStack()
    stack.enter_context(broken(moving, "MOVE", Statement("move proposal", anyhow, guarded=True)))
    stack.enter_context(broken(deciding, "_refuse_stale", lambda *_: None))
    return stack
