"""How long a step usually takes, from the town's own history; roughly when the rest begins; what was reported back."""

from datetime import date, timedelta

import pytest

from states import Ore
from tests.workflow.cast import DAY, PROCESSES, Case, clock_of, key
from workflow import Engine
from workflow.cases.usual_times import FEWEST, UsualTimes, coming, usual_days
from workflow.records.calendar_days import add_working_days

MONDAY = date(2026, 3, 2)
LENGTHS = (2, 3, 4, 9, 40)  # working days as ideas


def taken_on(engine: Engine, *lengths: int, process: str = "purchase") -> list[Case]:
    """Ideas that came in on one day and were taken on after so many working days."""
    cases = [Case(engine, process).submit() for _ in lengths]
    for case, days in zip(cases, lengths, strict=True):
        case.day = add_working_days(MONDAY, days) - timedelta(days=1)  # a day passes with each step
        case.act("accept")
    return cases


def usual(engine: Engine) -> dict[tuple[str, str], int]:
    with engine.database.reading() as connection:
        return usual_days(connection, engine._definitions)


def test_the_median_of_those_that_have_left(engine: Engine) -> None:
    few = taken_on(engine, *LENGTHS[:4])
    assert len(few) == FEWEST - 1
    assert usual(engine) == {}, "so few tell of chance"
    clock_of(engine).to(few[-1].day)
    late = Case(engine, "purchase", day=few[-1].day).submit()
    late.day = add_working_days(late.day, 40) - timedelta(days=1)
    late.act("accept")
    Case(engine, "purchase", day=late.day).submit()  # still waits: not an answer to how long it takes
    assert usual(engine) == {("purchase", "idea"): 4}


def test_a_step_that_was_corrected_never_was(engine: Engine) -> None:
    last = taken_on(engine, *LENGTHS)[-1]
    by = last.people["officer", None]
    seen = last.stands()["version"]
    engine.correct(last.number, by=by, reason="Fel förslag.", seen_version=seen, key=key())
    assert usual(engine) == {}


def test_the_page_tells_it_with_what_remains(engine: Engine) -> None:
    taken_on(engine, *LENGTHS)
    waiting = Case(engine, "purchase", day=add_working_days(MONDAY, 41)).submit()
    shown = engine.timeline(waiting.number)
    assert shown.now.usual_days == 4
    assert [each.title for each in shown.coming][:2] == ["Beredning", "Avstämning"]
    assert [each.title for each in shown.coming][-1] == "Klart"
    begins = [each.begins for each in shown.coming if each.begins]
    assert begins[0] == shown.now.due, "this step is due then"
    assert begins == sorted(begins)
    assert begins[1] == add_working_days(begins[0], 40), "preparation is reckoned with forty working days"


def test_nothing_is_counted_from_a_day_that_has_passed_nor_through_a_step_without_length(engine: Engine) -> None:
    waiting = Case(engine, "rebuild").submit()
    now = engine.timeline(waiting.number).now
    assert now.due is not None
    late = coming(PROCESSES["rebuild"], "idea", now, {}, now.due + timedelta(days=1))
    assert {each.begins for each in late} == {None}
    found = {each.title: each.begins for each in coming(PROCESSES["rebuild"], "idea", now, {}, DAY)}
    assert found["Byggnation"] is not None
    assert found["Slutbesiktning och överlämnande"] is None, "how long it is built stands in the contract"
    assert found["Klart"] is None


def test_it_is_read_anew_after_a_while(engine: Engine) -> None:
    seconds = [0.0]
    times = UsualTimes(lasts_s=10, clock=lambda: seconds[0])
    with engine.database.reading() as connection:
        assert times.read(connection, engine._definitions) == {}
    taken_on(engine, *LENGTHS)
    for seconds[0], known in ((9.9, {}), (10.0, {("purchase", "idea"): 4})):
        with engine.database.reading() as connection:
            assert times.read(connection, engine._definitions) == known


@pytest.mark.parametrize(("final", "told"), [(Ore(190_000_00), 190_000_00), (None, None)])
def test_what_is_reported_back_is_everybodys_to_read(engine: Engine, final: Ore | None, told: int | None) -> None:
    case = Case(engine, "purchase").submit()
    case.walk("accept", "write", "to_review", "recommend", "propose", "approve", "sign", "delivered")
    assert engine.timeline(case.number).report is None, "not before it is done"
    until = date(2028, 5, 1)
    case.act("complete_all", report="Bänkarna används.", final_cost=final, warranty_until=until)
    report = engine.timeline(case.number).report
    assert report is not None
    assert (report.text, report.final_cost, report.warranty_until) == ("Bänkarna används.", told, until)
    assert engine.timeline(case.number).because is None


def test_why_it_does_not_go_on_is_everybodys_to_read(engine: Engine) -> None:
    case = Case(engine, "purchase").submit().walk("accept")
    case.act("close", reason="Platsen byggs om ändå.")
    shown = engine.timeline(case.number)
    assert (shown.because, shown.report, shown.coming) == ("Platsen byggs om ändå.", None, ())
