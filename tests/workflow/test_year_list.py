"""Årslistan: what asks for a year's money, where it ends, what another order would do, and the decision over it."""

from datetime import date
from typing import Any

import pytest

from states import RefusalKind
from tests.workflow.cast import Case, budget, clock_of, key, line, paid, person
from workflow import Engine, Refused
from workflow.books.year_list import Chosen, ListDecision
from workflow.money.contents import Rows

YEAR = 2027
FORM: dict[str, object] = {
    "decided_on": date(2026, 3, 2), "paragraph": "§ 141", "wording": "Årslistan för 2027 bifalls.",
    "financing": "Investeringspotten 2027",
}  # fmt: skip
TO_DECISION = ("to_review", "recommend", "propose")


def asking(engine: Engine, kronor: int, *steps: str, year: int = YEAR) -> Case:
    case = Case(engine, "purchase", kronor).submit().walk("accept")
    rows = Rows((line(1, "furniture", kronor),), (paid(1, "investment", kronor, year),))
    return case.write(rows).walk(*steps)


@pytest.fixture
def three(engine: Engine) -> list[Case]:
    """60 000 and 30 000 kr before a decision, 50 000 still being drafted; the pot of 2027 holds 100 000."""
    budget(engine, 100_000_00, year=YEAR)
    steps = (TO_DECISION, TO_DECISION[:2], TO_DECISION)
    return [asking(engine, kronor, *each) for kronor, each in zip((60_000, 50_000, 30_000), steps, strict=True)]


def shown(engine: Engine, order: list[str] | None = None) -> list[tuple[str, int, bool]]:
    found = engine.year_list(YEAR)
    rows = found.rows if order is None else found.ordered(order).rows
    return [(row.number, row.left["investment"], row.fits) for row in rows]


def test_the_line_where_the_money_ends(three: list[Case]) -> None:
    engine, (a, b, c) = three[0].engine, [each.number for each in three]
    asking(engine, 10_000, year=2026)
    assert shown(engine) == [(a, 40_000_00, True), (b, -10_000_00, False), (c, -40_000_00, False)]


def test_what_if_one_is_moved(three: list[Case]) -> None:
    engine, (a, b, c) = three[0].engine, [each.number for each in three]
    assert shown(engine, [a, c, b]) == [(a, 40_000_00, True), (c, 10_000_00, True), (b, -40_000_00, False)]
    assert [number for number, _, _ in shown(engine)] == [a, b, c], "nothing has been saved"


def test_an_order_is_saved_with_who_and_when(three: list[Case]) -> None:
    engine, (a, b, c) = three[0].engine, [each.number for each in three]
    engine.rank(YEAR, [c, a], by=person(engine, "Handläggare"), key=key())
    assert [number for number, _, _ in shown(engine)] == [c, a, b]
    assert engine.year_list(YEAR).ranked_on == clock_of(engine).at.date()
    late = asking(engine, 1_000).number
    assert [number for number, _, _ in shown(engine)] == [c, a, b, late], "what comes later comes last"
    assert engine.verify() == ()


@pytest.mark.parametrize("title", ["Ekonom", "Fastighetsägare", "Revisor"])
def test_only_an_officer_saves_an_order(three: list[Case], title: str) -> None:
    engine = three[0].engine
    with pytest.raises(Refused) as caught:
        engine.rank(YEAR, [three[0].number], by=person(engine, title), key=key())
    assert caught.value.first.kind is RefusalKind.NOT_PERMITTED


def decision(cases: list[Case], body: str = "budget_holder", **changed: Any) -> ListDecision:
    chosen = []
    for each in cases:
        now = each.stands()
        chosen.append(Chosen(each.number, now["version"], now["revision"]))
    return ListDecision(YEAR, body, tuple(chosen), FORM | changed)


def test_one_decision_and_a_step_for_each_that_was_chosen(three: list[Case]) -> None:
    engine, (a, b, c) = three[0].engine, three
    asked, by, same = decision([a, c, b]), person(engine, "Budgetansvarig"), key()
    answers = engine.decide_list(asked, by=by, key=same)
    assert [(each.number, each.to_title, [why.kind for why in each.refusals]) for each in answers] == [
        (a.number, "Upphandling eller avrop", []),
        (c.number, "Upphandling eller avrop", []),
        (b.number, "", [RefusalKind.NOT_HERE]),
    ]
    (pot,) = (each for each in engine.pots(YEAR) if each.pot == "investment")
    assert (pot.committed, pot.available, pot.reserved) == (90_000_00, 10_000_00, 0)
    assert a.taken()[-1] == ("budget_approval", "approve")
    assert engine.verify() == ()


def test_an_interrupted_list_is_sent_again(three: list[Case]) -> None:
    engine, (a, b, c) = three[0].engine, three
    asked, by, same = decision([a, c]), person(engine, "Budgetansvarig"), key()
    first = engine.decide_list(asked, by=by, key=same)
    events = len(a.taken()), len(c.taken())
    assert engine.decide_list(asked, by=by, key=same) == first
    assert (len(a.taken()), len(c.taken())) == events
    assert b.stands()["state"] == "drafting"


def test_what_has_changed_since_it_was_seen_is_named(three: list[Case]) -> None:
    engine, (a, _, c) = three[0].engine, three
    asked = decision([a, c])
    c.act("refer_back.drafting")
    answers = engine.decide_list(asked, by=person(engine, "Budgetansvarig"), key=key())
    assert [[why.kind for why in each.refusals] for each in answers] == [[], [RefusalKind.STALE_VERSION]]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Handläggare", "budget_holder"),
        ("Ekonom", "ks"),
        ("Sekreterare i kommunstyrelsen", "kf"),
        ("Budgetansvarig", "ks"),
    ],
)
def test_nobody_decides_for_another_instance(three: list[Case], title: str, body: str) -> None:
    engine = three[0].engine
    with pytest.raises(Refused) as caught:
        engine.decide_list(decision(three, body), by=person(engine, title), key=key())
    assert caught.value.first.kind is RefusalKind.NOT_PERMITTED
    assert [each.stands()["state"] for each in three] == ["budget_approval", "drafting", "budget_approval"]


def test_a_list_of_nobody_is_no_decision(three: list[Case]) -> None:
    engine = three[0].engine
    with pytest.raises(Refused) as caught:
        engine.decide_list(decision([]), by=person(engine, "Budgetansvarig"), key=key())
    assert caught.value.first.kind is RefusalKind.FIELD_MISSING
