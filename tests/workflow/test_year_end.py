"""When a budget year ends: nothing moves by itself, a decision carries what is open, closing stops new decisions."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from states import Ore, RefusalKind
from tests.workflow.cast import Case, budget, clock_of, key, person
from workflow import Engine, Refused
from workflow.books.booking import Invoice
from workflow.books.carrying import Carry, CarryRow

ORDERED = ("accept", "write", "to_review", "recommend", "propose", "approve", "sign")
BOUGHT = 20_000_00  # öre
IN_FEBRUARY = date(2027, 2, 1)


@pytest.fixture
def ordered(engine: Engine) -> Case:
    """A purchase that is ordered for 19 000,01 of 20 000 and paid for to 5 000; the year has ended."""
    case = Case(engine, "purchase", 20_000).submit().walk(*ORDERED[:-1]).act("sign", contract_amount=Ore(19_000_01))
    book(case, 5_000_00)
    budget(engine, 1_000_000_00, year=2027)
    clock_of(engine).to(IN_FEBRUARY)
    return case


def book(case: Case, ore: int, row: int = 1) -> None:
    told = Invoice("invoice", row, Ore(ore), case.day, "Leverantör", "1")
    case.engine.book(case.number, told, by=case.people["controller", None], key=key())


def carry(engine: Engine, *rows: CarryRow, key_: str = "", year: int = 2026) -> None:
    asked = Carry("kf", IN_FEBRUARY, "§ 12", "Ombudgetering enligt underlaget.", "investment", year, rows)
    engine.carry(asked, by=person(engine, "Ekonom"), key=key_ or key())


def figures(engine: Engine, year: int) -> dict[str, int]:
    (pot,) = (each for each in engine.pots(year) if each.pot == "investment")
    names = ("budget", "overrun", "available", "reserved", "committed", "ordered", "spent")
    return {name: getattr(pot, name) for name in names if getattr(pot, name)}


def listed(engine: Engine, year: int = 2026) -> list[CarryRow]:
    return [CarryRow(each.number, each.funding, Ore(each.open)) for each in engine.to_carry("investment", year)]


def test_nothing_moves_by_itself(ordered: Case) -> None:
    engine = ordered.engine
    before = figures(engine, 2026), figures(engine, 2027)
    assert listed(engine) == [CarryRow(ordered.number, 1, Ore(BOUGHT - 5_000_00))]
    engine.tick()
    assert (figures(engine, 2026), figures(engine, 2027)) == before


def test_what_is_open_is_carried_with_the_money_behind_it(ordered: Case) -> None:
    engine = ordered.engine
    carry(engine, *listed(engine))
    assert figures(engine, 2026) == {"budget": 985_000_00, "available": 980_000_00, "spent": 5_000_00}
    assert figures(engine, 2027) == {
        "budget": 1_015_000_00, "available": 1_000_000_00, "committed": 999_99, "ordered": 14_000_01,
    }  # fmt: skip
    rows = {each.year: (each.n, each.amount) for each in engine.timeline(ordered.number).content.funding}
    assert rows == {2026: (1, 5_000_00), 2027: (2, 15_000_00)}
    assert engine.verify() == ()


def test_what_was_carried_is_paid_from_the_new_year_and_the_rest_is_given_back(ordered: Case) -> None:
    engine = ordered.engine
    carry(engine, *listed(engine))
    ordered.day = IN_FEBRUARY
    book(ordered, 14_000_01, row=2)
    ordered.act("delivered").act("complete_all")
    assert figures(engine, 2027) == {"budget": 1_015_000_00, "available": 1_000_999_99, "spent": 14_000_01}
    assert engine.verify() == ()


def test_the_same_list_twice_moves_once(ordered: Case) -> None:
    engine = ordered.engine
    rows = listed(engine)
    carry(engine, *rows, key_="the list of 2026")
    after = figures(engine, 2026), figures(engine, 2027)
    carry(engine, *rows, key_="the list of 2026")
    with pytest.raises(Refused) as caught:
        carry(engine, *rows)
    assert caught.value.first.kind is RefusalKind.NOTHING_OPEN
    assert (figures(engine, 2026), figures(engine, 2027)) == after
    assert listed(engine) == []


def test_a_list_that_is_no_longer_true_moves_nothing(ordered: Case) -> None:
    engine = ordered.engine
    rows = listed(engine)
    book(ordered, 1_00)
    before = figures(engine, 2026), figures(engine, 2027)
    with pytest.raises(Refused) as caught:
        carry(engine, *rows)
    assert caught.value.first.facts["open_ore"] == rows[0].amount - 1_00
    assert (figures(engine, 2026), figures(engine, 2027)) == before
    assert engine.verify() == ()


def test_several_proposals_in_one_decision_or_none(ordered: Case) -> None:
    engine = ordered.engine
    clock_of(engine).at = datetime(2026, 3, 20, 9, tzinfo=UTC)
    other = Case(engine, "purchase", 30_000).submit().walk(*ORDERED)
    clock_of(engine).to(IN_FEBRUARY)
    rows = listed(engine)
    assert [each.number for each in rows] == [ordered.number, other.number]
    with pytest.raises(Refused):
        carry(engine, rows[0], rows[1]._replace(amount=Ore(1)))
    assert listed(engine) == rows
    carry(engine, *rows)
    assert listed(engine) == []
    assert listed(engine, 2027) == [
        CarryRow(ordered.number, 2, rows[0].amount),
        CarryRow(other.number, 2, rows[1].amount),
    ]
    assert engine.verify() == ()


def test_the_next_year_must_be_decided_and_open(ordered: Case) -> None:
    engine = ordered.engine
    carry(engine, *listed(engine))
    with pytest.raises(Refused) as caught:
        carry(engine, *listed(engine, 2027), year=2027)
    assert caught.value.first.kind is RefusalKind.BUDGET_NOT_DECIDED


@pytest.mark.parametrize("title", ["Handläggare", "Budgetansvarig", "Fastighetsägare", "Sekreterare i kommunstyrelsen"])
def test_only_the_books_keeper_or_the_councils_registrar_carries(ordered: Case, title: str) -> None:
    engine = ordered.engine
    asked = Carry("kf", IN_FEBRUARY, "§ 12", "", "investment", 2026, tuple(listed(engine)))
    with pytest.raises(Refused) as caught:
        engine.carry(asked, by=person(engine, title), key=key())
    assert caught.value.first.kind is RefusalKind.NOT_PERMITTED


def test_a_step_before_the_carrying_is_not_corrected(ordered: Case) -> None:
    engine = ordered.engine
    case = Case(engine, "purchase", 30_000)
    clock_of(engine).at = datetime(2026, 3, 20, 9, tzinfo=UTC)
    case.submit().walk(*ORDERED)
    clock_of(engine).to(IN_FEBRUARY)
    carry(engine, *listed(engine))
    signer = case.people["buyer", None]
    with pytest.raises(Refused):
        engine.correct(case.number, by=signer, key=key(), seen_version=case.stands()["version"], reason="Fel.")
    assert engine.verify() == ()


# --- closing -----------------------------------------------------------------------------------------------------


def closed(engine: Engine) -> set[tuple[str, int]]:
    return {(each.pot, each.year) for each in engine.pots() if each.closed}


def test_a_year_closes_on_its_day_and_not_before(engine: Engine) -> None:
    """Thirty working days into 2026 is 13 February (holidays: 1 and 6 January)."""
    old = {(pot, year) for pot in ("investment", "operating") for year in range(2020, 2026)}
    clock_of(engine).at = datetime(2026, 2, 12, 9, tzinfo=UTC)
    engine.tick()
    assert closed(engine) == {each for each in old if each[1] < 2025}
    clock_of(engine).at = datetime(2026, 2, 13, 9, tzinfo=UTC)
    assert len(engine.tick()) == 2
    assert closed(engine) == old
    assert engine.tick() == ()
    assert engine.verify() == ()


def test_a_closed_year_takes_no_decision_but_every_invoice(engine: Engine) -> None:
    waiting = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    clock_of(engine).to(date(2027, 1, 4))
    engine.close_year("investment", 2026, by=person(engine, "Ekonom"), key=key())
    waiting.day = date(2027, 1, 4)
    (left,) = engine.queue(person(engine, "Handläggare")).stranded
    assert (left.number, left.reserved) == (waiting.number, BOUGHT)
    with pytest.raises(Refused) as caught:
        waiting.act("approve")
    assert caught.value.first.kind is RefusalKind.YEAR_CLOSED
    book(waiting, 1_00)
    assert figures(engine, 2026)["spent"] == 1_00
    engine.close_year("investment", 2026, by=person(engine, "Ekonom"), key=key(), again=True)
    assert closed(engine) == set()
    assert engine.verify() == ()


def never(engine: Engine) -> None:
    engine.close_year("investment", 2026, by=person(engine, "Ekonom"), key=key())


def twice(engine: Engine) -> None:
    for _ in range(2):
        engine.close_year("investment", 2025, by=person(engine, "Ekonom"), key=key())


def unknown(engine: Engine) -> None:
    engine.close_year("investment", 1999, by=person(engine, "Ekonom"), key=key())


def somebody(engine: Engine) -> None:
    engine.close_year("investment", 2025, by=person(engine, "Handläggare"), key=key())


@pytest.mark.parametrize(
    ("way", "kind"),
    [
        (never, RefusalKind.FIELD_INVALID),
        (twice, RefusalKind.FIELD_INVALID),
        (unknown, RefusalKind.NOT_FOUND),
        (somebody, RefusalKind.NOT_PERMITTED),
    ],
)
def test_what_cannot_be_closed(engine: Engine, way: Callable[[Engine], None], kind: RefusalKind) -> None:
    with pytest.raises(Refused) as caught:
        way(engine)
    assert caught.value.first.kind is kind
