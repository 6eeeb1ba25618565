"""A row is booked once, however often and by whom the file comes and whatever breaks it off, and only by who may."""

import pkgutil
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from states import Ore, RefusalKind
from tests.files.importing import KRONOR, brought, budgets, dry, fates, invoice, invoices
from tests.workflow.cast import DAY, Case, clock_of, everything, key, person
from tests.workflow.cast import rows as rows_of
from workflow import Engine, FundingAsk, Invoice, Refused, Registered, Rows
from workflow.imports import importing

# --- once, however often ------------------------------------------------------------------------------------------


def second_controller(engine: Engine) -> int:
    """The officer keeps the books too."""
    by, officer = person(engine, "Administratör"), person(engine, "Handläggare")
    with engine.database.reading() as connection:
        body = connection.execute(text("SELECT id FROM body WHERE code = 'kommunledning'")).scalar_one()
    row = {"person_id": officer, "body_id": body, "role": "controller", "category": "municipality",
           "from_on": date(2026, 1, 1), "source": "x"}  # fmt: skip
    engine.configure("membership", row, by=by, key=key())
    return officer


@pytest.mark.parametrize("who", ["the same", "another"])
def test_a_second_import_changes_nothing(engine: Engine, bought: Case, controller: int, who: str) -> None:
    files = [invoices(invoice(bought), invoice(bought, Verifikationsnummer="A 2")), budgets({}, {"År": 2028})]
    other = second_controller(engine) if who == "another" else controller
    for data in files:
        brought(engine, data, controller)
    before = everything(engine)
    for data in files:
        assert {fate for fate, *_ in dry(engine, data, other)} == {"exists"}
        assert brought(engine, data, other).counts["exists"] == 2
    assert everything(engine) == before


def test_the_same_row_twice_in_a_file_is_one(engine: Engine, bought: Case, controller: int) -> None:
    data = invoices(invoice(bought), invoice(bought, Belopp="1 234,50 kr", Slag="FAKTURA"))
    assert dry(engine, data, controller) == [("books",), ("exists", "same_row")]
    brought(engine, data, controller)
    assert bought.pots()["investment"]["spent"] == 123_450


def test_what_was_booked_by_hand_is_not_booked_again(engine: Engine, bought: Case, controller: int) -> None:
    by_hand = Invoice("invoice", 1, Ore(123_450), DAY, "Bänkar AB", "A 1")
    engine.book(bought.number, by_hand, by=controller, key=key())
    decided = Registered("supplement", "kf", DAY, "§ 9", "", "operating", 2027, Ore(150_000_000))
    engine.register(decided, by=controller, key=key())
    before = everything(engine)
    for data in (invoices(invoice(bought)), budgets({"Slag": "tilläggsbudget"})):
        assert dry(engine, data, controller) == [("exists", "by_hand")]
        assert brought(engine, data, controller).counts["exists"] == 1
    assert everything(engine) == before


def test_what_came_by_hand_after_the_dry_run_is_not_booked_again(engine: Engine, bought: Case, controller: int) -> None:
    batch = engine.keep_import(invoices(invoice(bought)), "fil.csv", by=controller)
    by_hand = Invoice("invoice", 1, Ore(123_450), DAY, "Bänkar AB", "A 1")
    engine.book(bought.number, by_hand, by=controller, key=key())
    engine.book_import(batch, by=controller)
    assert fates(engine.import_batch(batch, by=controller).rows) == [("exists", "by_hand")]
    assert bought.pots()["investment"]["spent"] == 123_450


def test_the_key_is_what_keeps_two_from_being_booked(
    engine: Engine, bought: Case, controller: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a key for each attempt, and no look at what is there, the second import is booked again."""
    data = invoices(invoice(bought))
    brought(engine, data, controller)
    attempts = iter(range(9))
    monkeypatch.setattr(importing, "row_key", lambda _: f"attempt {next(attempts)}")
    monkeypatch.setattr("workflow.imports.import_lookups.Known.booked", lambda *_: None)
    brought(engine, data, controller)
    assert bought.pots()["investment"]["spent"] == 2 * 123_450


def test_an_invoice_over_two_rows_of_a_proposal_is_booked_on_both(engine: Engine, controller: int) -> None:
    case = Case(engine, "rebuild").submit().walk("accept", "write")
    rows = [invoice(case, Pott="operating", Finansieringsrad=n, Belopp=100) for n in (1, 2)]
    assert fates(brought(engine, invoices(*rows), controller).rows) == [("booked",), ("booked",)]
    assert case.pots()["operating"]["spent"] == 20_000


# --- broken off, repeated, changed in between ---------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


def stopping(work: Callable[..., Any], after: int) -> Callable[..., Any]:
    left = iter(range(after))

    def stopped(*args: Any, **kwargs: Any) -> Any:
        if next(left, None) is None:
            raise Killed
        return work(*args, **kwargs)

    return stopped


@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("where", ["workflow.imports.importing.book", "workflow.imports.import_batches.settle"])
def test_a_booking_that_was_broken_off_goes_on_where_it_was(
    engine: Engine, bought: Case, controller: int, where: str, after: int
) -> None:
    """Before a row is booked, or after it is booked and before that is noted."""
    rows = [invoice(bought, Verifikationsnummer=f"D {n}") for n in range(4)]
    batch = engine.keep_import(invoices(*rows), "fil.csv", by=controller)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, stopping(pkgutil.resolve_name(where), after))
        with pytest.raises(Killed):
            engine.book_import(batch, by=controller)
    counts = engine.import_batch(batch, by=controller).counts
    assert (counts["booked"], counts["books"]) == (after, 4 - after)
    assert bought.pots()["investment"].get("spent", 0) == after * 123_450
    engine.book_import(batch, by=controller)
    engine.book_import(batch, by=controller)
    assert engine.import_batch(batch, by=controller).counts["booked"] == 4
    assert bought.pots()["investment"]["spent"] == 4 * 123_450
    assert engine.verify() == ()


def test_what_changed_after_the_dry_run_is_told_at_the_booking(engine: Engine, controller: int) -> None:
    case = Case(engine, "purchase", KRONOR).submit().walk("accept", "write")
    by_row = invoice(case, Finansieringsrad=1, Pott="", År="", Verifikationsnummer="E 1")
    data = invoices(invoice(case), by_row, invoice(case, Slag="kreditfaktura", Verifikationsnummer="E 2"))
    batch = engine.keep_import(data, "fil.csv", by=controller)
    assert fates(engine.import_batch(batch, by=controller).rows) == [("books",)] * 3
    case.write(Rows(rows_of(case.process, case.kronor).lines, (FundingAsk(1, "operating", 2026, Ore(KRONOR * 100)),)))
    engine.book_import(batch, by=controller)
    found = fates(engine.import_batch(batch, by=controller).rows)
    assert found == [("fault", "not_paid_by")] * 3
    assert engine.verify() == ()


def test_a_credit_that_nothing_is_left_for_is_refused_in_words(engine: Engine, bought: Case, controller: int) -> None:
    brought(engine, invoices(invoice(bought)), controller)
    batch = engine.keep_import(
        invoices(invoice(bought, Slag="kreditfaktura", Verifikationsnummer="F 1")), "fil.csv", by=controller
    )
    taken = Invoice("credit", 1, Ore(1), DAY, "Bänkar AB", "F 2")
    engine.book(bought.number, taken, by=controller, key=key())
    engine.book_import(batch, by=controller)
    (row,) = engine.import_batch(batch, by=controller).rows
    assert (row.fate, row.reasons[0].kind) == ("fault", "refused")
    assert row.reasons[0].facts == {
        "refusal": int(RefusalKind.FIELD_INVALID), "facts": {"field": "amount", "most_ore": 123_449},
    }  # fmt: skip


# --- who, and for how long ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["Handläggare", "Budgetansvarig", "Revisor", "Fastighetsägare", "Administratör"])
def test_only_the_controller_brings_files_in(engine: Engine, bought: Case, controller: int, title: str) -> None:
    data, by = invoices(invoice(bought)), person(engine, title)
    batch = engine.keep_import(data, "fil.csv", by=controller)
    before = everything(engine)
    for asked in (
        lambda: engine.check_import(data, by=by), lambda: engine.keep_import(data, "fil.csv", by=by),
        lambda: engine.imports(by), lambda: engine.import_batch(batch, by=by), lambda: engine.book_import(batch, by=by),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            asked()
        assert caught.value.first.kind is RefusalKind.NOT_PERMITTED
    assert everything(engine) == before
    with engine.database.reading() as connection:
        tried = connection.execute(text("SELECT what FROM refusal WHERE actor = :by"), {"by": str(by)}).scalars()
        assert sorted(tried) == [f"book import {batch}", "check import", "check import"]


def test_files_are_thrown_away_after_thirty_days(engine: Engine, bought: Case, controller: int) -> None:
    old = engine.keep_import(invoices(invoice(bought)), "gammal.csv", by=controller)
    engine.book_import(old, by=controller)
    clock_of(engine).to(bought.day + timedelta(days=31))
    new = engine.keep_import(invoices(invoice(bought)), "ny.csv", by=controller)
    assert [each.id for each in engine.imports(controller)] == [new]
    with pytest.raises(Refused) as caught:
        engine.import_batch(old, by=controller)
    assert caught.value.first.kind is RefusalKind.NOT_FOUND
    assert fates(engine.import_batch(new, by=controller).rows) == [("exists", "imported")]


def test_a_file_is_shown_a_page_at_a_time_and_by_fate(engine: Engine, bought: Case, controller: int) -> None:
    rows = [invoice(bought, Verifikationsnummer=f"G {n}", Belopp=n % 2) for n in range(9)]
    batch = engine.keep_import(invoices(*rows), "fil.csv", by=controller)
    first = engine.import_batch(batch, by=controller, fate="books", limit=3)
    assert ([row.n for row in first.rows], first.after) == ([3, 5, 7], 7)
    rest = engine.import_batch(batch, by=controller, fate="books", after=7, limit=3)
    assert ([row.n for row in rest.rows], rest.after) == ([9], None)
    assert first.counts == {"books": 4, "fault": 5, "exists": 0, "booked": 0}
