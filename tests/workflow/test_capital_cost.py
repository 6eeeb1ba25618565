"""What an investment costs every year: to the öre, against the formula in fractions, and before anybody decides."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from states import Ore
from tests.workflow.cast import Case, key, line, paid, person
from workflow import Engine, LineDetails, Rows
from workflow.money import capital_cost
from workflow.money.line_details import NOTHING
from workflow.views.views_work import Investment

AMOUNT, LIFE, INTEREST = some.integers(1, 10**12), some.integers(1, 100), some.integers(0, 2_000)


def test_the_known_case() -> None:
    """300 000 kr, ten years, 2,5 %."""
    years = capital_cost.capital_cost(Ore(300_000_00), 10, 250)
    assert [each.n for each in years] == list(range(1, 11))
    assert (years[0].depreciation, years[0].interest, years[0].cost) == (30_000_00, 7_500_00, 37_500_00)
    assert (years[9].depreciation, years[9].interest, years[9].cost) == (30_000_00, 750_00, 30_750_00)
    assert sum(each.interest for each in years) == 41_250_00


@given(AMOUNT, LIFE, INTEREST)
def test_every_year_is_the_formula_rounded_and_the_years_add_up(amount: int, life: int, interest: int) -> None:
    years = capital_cost.capital_cost(Ore(amount), life, interest)
    rate, straight = Fraction(interest, 10_000), Fraction(amount, life)
    assert sum(each.depreciation for each in years) == amount
    for t, each in enumerate(years, 1):
        assert abs(int(each.depreciation) - straight) < 1
        exact = rate * (amount - (t - 1) * straight)
        assert abs(int(each.interest) - exact) <= Fraction(1, 2) + rate  # the book value itself is in whole öre
    assert all(later.interest <= earlier.interest for earlier, later in pairwise(years))
    assert years[0].interest == int(rate * amount + Fraction(1, 2))


def test_rounding_each_year_by_itself_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: A/n rounded down every year, which loses öre."""

    def careless(amount: Ore, life: int, interest: int) -> tuple[capital_cost.CapitalYear, ...]:
        del interest
        return tuple(capital_cost.CapitalYear(n, Ore(amount // life), Ore(0)) for n in range(1, life + 1))

    monkeypatch.setattr(capital_cost, "capital_cost", careless)
    with pytest.raises((AssertionError, ExceptionGroup)):  # several faults at once come as a group
        test_every_year_is_the_formula_rounded_and_the_years_add_up()


@pytest.mark.parametrize(("amount", "life", "interest"), [(1, 0, 1), (1, -1, 1), (-1, 1, 1), (1, 1, -1)])
def test_what_has_no_cost_is_refused(amount: int, life: int, interest: int) -> None:
    with pytest.raises(ValueError, match="no capital cost"):
        capital_cost.capital_cost(Ore(amount), life, interest)


# --- before anybody decides ---------------------------------------------------------------------------------------

RATE = {
    "name": "internal_interest", "value": 250, "unit": "basis_points", "from_on": date(2026, 1, 1),
    "to_on": date(2026, 12, 31), "source": "Budgetbeslut", "set_by": "Kommunfullmäktige",
}  # fmt: skip
RUNNING = LineDetails(care_ore=2_000_00, winter_ore=500_00)


def drafted(engine: Engine, details: LineDetails = NOTHING, **said: object) -> Case:
    bench = line(1, "furniture", 300_000)._replace(**said)
    paying = (paid(1, "investment", 300_000),) if bench.amount else ()
    written = Rows((bench, line(2, "conference", 1_000)), (*paying, paid(2, "operating", 1_000)), {1: details})
    return Case(engine, "purchase", 300_000).submit().walk("accept").write(written)


def shown(case: Case) -> tuple[Investment, ...]:
    return case.engine.case(case.number, case.people["officer", None]).investments


def test_an_investment_shows_what_it_will_cost_every_year(engine: Engine) -> None:
    case = drafted(engine, RUNNING)
    (found,) = shown(case)
    assert (found.line, found.years, found.missing, found.year) == (1, (), ("internal_interest",), 2026)
    engine.configure("rate", RATE, by=person(engine, "Administratör"), key=key())
    (found,) = shown(case)
    assert [found.years[0].cost, found.years[-1].cost, found.interest_in_all] == [37_500_00, 30_750_00, 41_250_00]
    assert found.running.running_ore == 2_500_00
    assert found.missing == ()


def test_what_is_missing_is_named(engine: Engine) -> None:
    engine.configure("rate", RATE, by=person(engine, "Administratör"), key=key())
    (found,) = shown(drafted(engine, life_years=None))
    assert (found.missing, found.years) == (("life_years",), ())
    (found,) = shown(drafted(engine, amount=Ore(0)))
    assert (found.missing, found.years) == (("amount",), ())


def test_a_decided_investment_costs_operations_from_the_year_after(engine: Engine) -> None:
    case = drafted(engine, RUNNING).walk("to_review", "recommend", "propose")
    assert engine.running_costs(2027) == ()  # nobody has decided yet
    case.act("approve")
    assert engine.running_costs(2026) == ()
    for year in (2027, 2036):
        (found,) = engine.running_costs(year)
        assert (found.number, found.what, found.care, found.power, found.winter) == (
            case.number, "furniture", 2_000_00, None, 500_00,
        )  # fmt: skip
        assert (found.total, found.from_year, found.to_year) == (2_500_00, 2027, 2036)
    assert engine.running_costs(2037) == ()
    case.act("sign")
    assert len(engine.running_costs(2027)) == 1


def test_a_cancelled_investment_costs_nothing_to_run(engine: Engine) -> None:
    case = drafted(engine, RUNNING).walk("to_review", "recommend", "propose", "approve")
    case.act("cancel")
    assert engine.running_costs(2027) == ()
