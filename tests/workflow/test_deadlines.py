"""When something is due: working days around the Swedish holidays, the town's own day, a body's next meeting and its
last day for papers. It is decided when a state is entered, and stays."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from tests.workflow.cast import WORDS, Case, clock_of, key, person, woken
from workflow import Engine
from workflow.mail.reminding import working_days_before
from workflow.records.calendar_days import add_working_days, is_working_day, local_date, working_days_between


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-04-01", 1, "2026-04-02"),  # Maundy Thursday is a working day
        ("2026-04-01", 2, "2026-04-07"),  # Good Friday, Easter Monday
        ("2026-04-30", 1, "2026-05-04"),  # the first of May, a Friday
        ("2026-05-13", 1, "2026-05-15"),  # Ascension Day; the day after is worked
        ("2025-06-05", 1, "2025-06-09"),  # the national day, a Friday
        ("2026-06-18", 1, "2026-06-22"),  # Midsummer Eve
        ("2026-12-23", 1, "2026-12-28"),  # Christmas Eve is no working day, by custom
        ("2026-12-30", 1, "2027-01-04"),  # New Year's Eve
        ("2026-12-30", 3, "2027-01-07"),  # Epiphany
        ("2026-03-27", 1, "2026-03-30"),  # over the night when the clocks go forward
        ("2026-10-23", 1, "2026-10-26"),  # and back
        ("2028-02-28", 1, "2028-02-29"),
    ],
)
def test_working_days_are_counted_as_a_swedish_municipality_does(start: str, days: int, end: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert add_working_days(first, days) == last
    assert working_days_between(first, last) == days
    assert is_working_day(last)
    assert working_days_before(last, days) >= first, "the latest day from which it is as far"
    assert add_working_days(working_days_before(last, days), days) == last


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T22:59:59", "2026-03-28"), ("2026-03-28T23:00:00", "2026-03-29"),
        ("2026-03-29T21:59:59", "2026-03-29"), ("2026-03-29T22:00:00", "2026-03-30"),
        ("2026-10-24T21:59:59", "2026-10-24"), ("2026-10-24T22:00:00", "2026-10-25"),
        ("2026-10-25T22:59:59", "2026-10-25"), ("2026-10-25T23:00:00", "2026-10-26"),
        ("2026-12-31T23:00:00", "2027-01-01"),
    ],
)  # fmt: skip
def test_a_moment_belongs_to_the_day_on_the_towns_clocks(moment: str, day: str) -> None:
    assert local_date(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == date.fromisoformat(day)


def duties(engine: Engine, case: Case) -> dict[str, str | None]:
    """By holder: until when."""
    shown = engine.case(case.number, case.people["officer", None])
    return {each.holder: each.due.isoformat() if each.due else None for each in shown.duties}


def test_the_day_is_decided_on_entry_by_the_towns_calendar_and_stays(engine: Engine) -> None:
    clock = clock_of(engine)
    clock.at = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # half past midnight on the first of April
    case = Case(engine, "purchase", 20_000, day=date(2026, 4, 1))
    case.number = engine.submit(process="purchase", by=None, key=key(), text=WORDS, is_example=True).number
    case.people["officer", None] = person(engine, "Handläggare")
    assert duties(engine, case) == {"officer": "2026-04-17"}
    clock.at = datetime(2026, 3, 1, 9, tzinfo=UTC)  # a clock that goes back
    assert woken(engine) == ()
    assert duties(engine, case) == {"officer": "2026-04-17"}


def test_papers_are_due_for_the_first_meeting_that_can_still_be_reached(engine: Engine) -> None:
    """The executive meets on 8 April, with papers by 25 March; then on 6 May, with papers by 22 April."""
    before, after = (Case(engine, "purchase", 400_000, day=day) for day in (date(2026, 3, 9), date(2026, 3, 21)))
    for each in (before, after):
        each.submit().walk("accept", "write", "to_review", "recommend")
    assert (before.day, after.day) == (date(2026, 3, 13), date(2026, 3, 25))
    assert [each.stands()["due_on"] for each in (before, after)] == ["2026-03-25", "2026-04-22"]
    engine.configure(
        "meeting", {"body_id": body(engine, "ks"), "held_on": date(2026, 4, 20), "papers_due_on": date(2026, 4, 7)},
        by=person(engine, "Administratör"), key=key(),
    )  # fmt: skip
    assert before.stands()["due_on"] == "2026-03-25", "what was decided on entry stays"
    before.act("propose")
    assert before.stands()["due_on"] == "2026-04-08", "the next meeting itself"
    assert engine.timeline(after.number).now.papers_due is None


def body(engine: Engine, code: str) -> int:
    with engine.database.reading() as connection:
        return int(connection.execute(text("SELECT id FROM body WHERE code = :code"), {"code": code}).scalar_one())


def test_what_was_left_when_it_was_parked_is_left_when_it_wakes(engine: Engine) -> None:
    """Parked after midnight in the town, when it is still yesterday in UTC."""
    case = Case(engine, "purchase", 20_000).submit().walk("accept")
    due = date.fromisoformat(case.stands()["due_on"])
    clock = clock_of(engine)
    clock.at = datetime(2026, 4, 12, 22, 30, tzinfo=UTC)  # Monday the 13th
    left = working_days_between(date(2026, 4, 13), due)
    seen = case.stands()
    engine.act(
        case.number, "park", by=case.people["officer", None], seen_version=seen["version"],
        seen_revision=seen["revision"], key=key(), form={"reason": "Väntar.", "parked_until": date(2026, 6, 18)},
    )  # fmt: skip
    clock.at = datetime(2026, 6, 18, 9, tzinfo=UTC)
    assert [each.number for each in woken(engine)] == [case.number]
    assert woken(engine) == ()
    assert case.stands()["due_on"] == add_working_days(date(2026, 6, 18), left).isoformat()
