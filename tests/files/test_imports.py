"""Invoices and budgets from the accounting system: every row has its fate and reason, is booked once however often and
by whom the file comes, and a bad row stops nothing else. On both databases."""

from typing import Any

import pytest

from states import Ore
from tests.files.importing import BUDGET_FAULTS, FAULTS, KRONOR, brought, budgets, dry, fates, invoice, invoices
from tests.files.making import FORMS, INVOICES, csv_file
from tests.states.test_money import REFUSED, UNDERSTOOD
from tests.workflow.cast import DAY, Case, budget, everything
from tests.workflow.cast import rows as rows_of
from workflow import Engine, FundingAsk, Rows
from workflow.imports.file_tables import FileFault
from workflow.imports.import_rows import told_of

# --- what a row becomes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_invoices_and_credit_notes_are_booked_as_by_hand(
    engine: Engine, bought: Case, controller: int, form: str
) -> None:
    data = invoices(
        invoice(bought), invoice(bought, Belopp=234.5, Slag="Kreditfaktura", Verifikationsnummer="A 2"), form=form
    )
    assert dry(engine, data, controller) == [("books",), ("books",)]
    shown = brought(engine, data, controller)
    assert shown.counts == {"books": 0, "fault": 0, "exists": 0, "booked": 2}
    assert [(row.stream, row.seq) for row in shown.rows] == [(bought.number, 10), (bought.number, 11)]
    assert bought.pots()["investment"] == {"available": 98_000_000, "ordered": 1_900_000, "spent": 100_000}
    (first, *_) = engine.entries("investment", 2026, "spent", viewer=controller)
    assert (first.supplier, first.voucher, first.on) == ("Bänkar AB", "A 2", DAY)
    assert engine.verify() == ()


@pytest.mark.parametrize("form", FORMS)
def test_budgets_are_registered_decisions(engine: Engine, controller: int, form: str) -> None:
    data = budgets({}, {"Slag": "Tilläggsbudget", "Belopp": 1000, "Paragraf": "§ 10"}, form=form)
    assert dry(engine, data, controller) == [("books",), ("books",)]
    brought(engine, data, controller)
    pot = next(each for each in engine.pots(2027) if each.pot == "operating")
    assert (pot.decided, pot.budget, pot.decision) == (True, 150_100_000, "KF § 10 2026-03-02")
    assert engine.verify() == ()


def test_the_dry_run_changes_nothing(engine: Engine, bought: Case, controller: int) -> None:
    before = everything(engine)
    for data in (invoices(invoice(bought), invoice(bought, Belopp="x")), budgets({})):
        engine.check_import(data, by=controller)
        engine.keep_import(data, "fil.csv", by=controller)
    assert everything(engine) == before


@pytest.mark.parametrize("form", FORMS)
def test_a_bad_row_is_listed_with_its_reason_and_stops_nothing_else(
    engine: Engine, bought: Case, controller: int, form: str
) -> None:
    bad = [invoice(bought, **row) for row, _ in FAULTS.values()]
    good = [invoice(bought, Verifikationsnummer=f"B {n}", Belopp=1) for n in range(len(bad))]
    data = invoices(*(each for pair in zip(bad, good, strict=True) for each in pair), form=form)
    wanted = [("fault", *reasons) for _, reasons in FAULTS.values()]
    # the rows before have booked what a credit takes back, so that only the amount is judged here
    found = dry(engine, data, controller)
    assert dict(zip(FAULTS, found[::2], strict=True)) == dict(zip(FAULTS, wanted, strict=True))
    assert found[1::2] == [("books",)] * len(good)
    shown = brought(engine, data, controller)
    assert (shown.counts["fault"], shown.counts["booked"]) == (len(bad), len(good))
    assert bought.pots()["investment"]["spent"] == 100 * len(good)
    assert engine.verify() == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_bad_budget_is_listed_with_its_reason(engine: Engine, controller: int, form: str) -> None:
    data = budgets(*(row for row, _ in BUDGET_FAULTS.values()), {}, form=form)
    wanted = [("fault", *reasons) for _, reasons in BUDGET_FAULTS.values()]
    assert dry(engine, data, controller) == [*wanted, ("books",)]


def test_a_cell_too_many_makes_the_row_uncertain(engine: Engine, bought: Case, controller: int) -> None:
    row = [invoice(bought).get(name, "") for name in INVOICES]
    assert dry(engine, csv_file([INVOICES, [*row, "", ""], [*row, "x"]]), controller) == [
        ("books",),
        ("fault", "shape"),
    ]


def test_several_rows_that_fit_ask_for_the_one(engine: Engine, controller: int) -> None:
    case = Case(engine, "purchase", KRONOR).submit().walk("accept")
    half = FundingAsk(1, "investment", 2026, Ore(KRONOR * 50))
    lines = Rows(rows_of(case.process, case.kronor).lines, (half, half))
    case.write(lines)
    assert dry(engine, invoices(invoice(case)), controller) == [("fault", "several_payers")]
    both = [invoice(case, Finansieringsrad=n) for n in (1, 2)]
    assert fates(brought(engine, invoices(*both), controller).rows) == [("booked",), ("booked",)]


# --- amounts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_amounts_are_those_of_the_one_parser(engine: Engine, bought: Case, controller: int, form: str) -> None:
    """Every amount that is understood in a form is understood in a file, and no other."""
    texts = [*UNDERSTOOD, *(each for each in REFUSED if form == "xlsx" or "\x00" not in each)]
    rows = [invoice(bought, Belopp=each, Verifikationsnummer=f"C {n}") for n, each in enumerate(texts)]
    _, found = engine.check_import(invoices(*rows, form=form), by=controller)
    assert {text for text, row in zip(texts, found, strict=True) if row.fate == "books"} == {*UNDERSTOOD}
    understood = [row for row in found if row.fate == "books"]
    told = [told_of("invoices", row.said, DAY) for row in understood]
    assert [each.amount for each in told] == list(UNDERSTOOD.values())


# --- which file it is ---------------------------------------------------------------------------------------------


def test_headings_are_found_in_any_order_and_case(engine: Engine, bought: Case, controller: int) -> None:
    row = invoice(bought)
    names = [*reversed(row), "Annat"]
    data = csv_file([[f" {each.upper()}  " for each in names], [*(row[each] for each in reversed(row)), "x"]])
    assert engine.check_import(data, by=controller)[0] == "invoices"
    assert dry(engine, data, controller) == [("books",)]


@pytest.mark.parametrize(
    ("headings", "kind", "facts"),
    [
        (("a", "b"), "columns", {"budgets": ["Pott", "År", "Belopp", "Instans", "Beslutsdatum"]}),
        (INVOICES[:-1], "columns", {"invoices": ["Slag"]}),
        ([each for each in INVOICES if each not in ("Finansieringsrad", "År")], "columns", {"invoices": ["År"]}),
        ((*INVOICES, "BELOPP"), "twice", {"heading": "Belopp"}),
    ],
)
def test_a_file_without_its_headings_is_refused(
    engine: Engine, controller: int, headings: tuple[str, ...], kind: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(FileFault) as caught:
        engine.check_import(csv_file([headings, ["x"] * len(headings)]), by=controller)
    assert caught.value.kind == kind
    assert {name: caught.value.facts[name] for name in facts} == facts


def test_a_budget_cut_by_a_file_is_booked_and_stands_as_an_overrun(
    engine: Engine, bought: Case, controller: int
) -> None:
    budget(engine, 2_000_000)
    brought(engine, budgets({"Pott": "investment", "År": 2026, "Belopp": 1}), controller)
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    assert (pot.budget, pot.overrun) == (100, 1_999_900)
    assert engine.verify() == ()
