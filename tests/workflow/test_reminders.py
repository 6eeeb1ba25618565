"""Reminders come before the last day, on it and after it, once each, and the weekly letter once a week: however often
and by however many it is asked, in no quiet period, and not again when the clock goes back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.workflow.cast import Case, clock_of, key, person
from tests.workflow.test_mail import BEFORE, HOLDER, OFFICER, handed_in, letters, mails, reach, told
from workflow import Engine
from workflow.mail import reminding

STAGES = ("before", "due", "after")


def at(engine: Engine, day: str, hour: int = 9) -> None:
    clock_of(engine).at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour)


def reminders(engine: Engine) -> list[str]:
    return [each["kind"] for each in mails(engine) if each["kind"] in STAGES]


def by_day(engine: Engine, first: str, last: str) -> dict[str, list[str]]:
    """What is new on each day, asked for twice."""
    day, found = date.fromisoformat(first), {}
    while day <= date.fromisoformat(last):
        before = len(reminders(engine))
        at(engine, day.isoformat())
        for _ in range(2):
            engine.remind()
        if new := reminders(engine)[before:]:
            found[day.isoformat()] = new
        day += timedelta(days=1)
    return found


def test_each_comes_once_on_its_day(engine: Engine) -> None:
    reach(engine, OFFICER)
    case = Case(engine, "purchase", 20_000).submit()
    assert case.stands()["due_on"] == "2026-03-16"
    wanted = {"2026-03-11": ["before"], "2026-03-16": ["due"], "2026-03-23": ["after"]}
    assert by_day(engine, "2026-03-09", "2026-03-27") == wanted
    at(engine, "2026-03-11")
    assert engine.remind() == 0, "a clock that goes back"
    at(engine, "2026-03-27")
    found = letters(engine)
    assert sorted(told(found)) == sorted([("hand", "duty"), *(("hand", stage) for stage in STAGES)])
    assert engine.verify() == ()


def test_two_workers_at_once_write_one_and_the_passed_stages_are_left_out(engine: Engine) -> None:
    reach(engine, OFFICER)
    cases = [Case(engine, "purchase", 20_000).submit() for _ in range(5)]
    at(engine, "2026-03-17")
    with ThreadPoolExecutor(4) as threads:
        counted = sum(threads.map(lambda _: engine.remind(), range(4)))
    assert (counted, reminders(engine)) == (len(cases), ["due"] * len(cases))
    at(engine, "2026-03-12")
    assert engine.remind() == 0, "what was passed over does not come when the clock goes back"
    assert reminders(engine) == ["due"] * len(cases)


def waiting_from_june(engine: Engine) -> Case:
    """For the budget holder, since 20 June."""
    at(engine, "2026-06-15")
    return Case(engine, "purchase", 20_000, day=date(2026, 6, 15)).submit().walk(*BEFORE)


def test_nobody_is_reminded_of_what_is_answered_or_just_begun_or_by_a_quiet_day(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(engine, HOLDER)
    waiting_from_june(engine).act("approve")
    assert by_day(engine, "2026-06-29", "2026-07-01") == {}, "answered"
    case = waiting_from_june(engine)
    assert case.stands()["due_on"] == "2026-07-03"
    assert by_day(engine, "2026-06-26", "2026-08-04") == {"2026-06-30": ["before"], "2026-08-03": ["after"]}
    monkeypatch.setattr(reminding, "is_quiet", lambda *_: False)  # the twin: July is as any month
    waiting_from_june(engine)
    assert "2026-07-03" in by_day(engine, "2026-07-02", "2026-07-03")


def test_without_stated_days_only_the_last_day_itself_is_told(engine: Engine) -> None:
    reach(engine, OFFICER)
    for name in (reminding.BEFORE_DAYS, reminding.AFTER_DAYS):
        row = {"name": name, "value": None, "unit": "working_days", "from_on": date(2026, 1, 1), "to_on": None}
        engine.configure("rate", row | {"source": "§ 1", "set_by": "ks"}, by=person(engine, "Ekonom"), key=key())
    Case(engine, "purchase", 20_000).submit()
    assert by_day(engine, "2026-03-10", "2026-03-25") == {"2026-03-16": ["due"]}


# --- the weekly letter -------------------------------------------------------------------------------------------


def weekly(engine: Engine) -> Callable[[str, int], int]:
    def write(day: str, hour: int) -> int:
        at(engine, day, hour)
        return engine.write_weekly()

    return write


def test_a_weekly_letter_comes_once_a_week_and_instead_of_the_others(engine: Engine) -> None:
    reach(engine, OFFICER, pace="weekly", language="en")
    case = Case(engine, "purchase", 20_000).submit()  # on Monday, 2 March
    assert letters(engine) == []
    write = weekly(engine)
    assert write("2026-03-09", 5) == 0, "before seven in Sweden"
    with ThreadPoolExecutor(3) as threads:
        at(engine, "2026-03-09", 7)
        assert sum(threads.map(lambda _: engine.write_weekly(), range(3))) == 1
    assert [write("2026-03-12", 9), write("2026-03-02", 9)] == [0, 0], "later in the week, and when the clock goes back"
    at(engine, "2026-03-12")
    (letter,) = letters(engine)
    assert (letter.kind, letter.language, letter.waiting_count) == ("digest", "en", 1)
    assert [each.number for each in letter.waiting] == [case.number]
    at(engine, "2026-03-16")
    engine.remind()
    assert reminders(engine) == [], "the letter tells the days"
    assert write("2026-03-16", 9) == 1
    case.day = date(2026, 3, 17)
    case.act("close")
    assert write("2026-03-23", 9) == 0, "nothing waits, and nothing has happened"


def test_a_sender_reads_a_weeks_steps_together_and_what_was_kept_is_never_lost(engine: Engine) -> None:
    case = handed_in(engine)
    letters(engine)
    sender = mails(engine)[0]["person_id"]
    engine.choose_mail(sender, key=key(), pace="weekly", language="sv")
    case.walk("accept", "write", "to_review")
    assert letters(engine) == []
    assert weekly(engine)("2026-03-09", 9) == 1
    (letter,) = letters(engine)
    assert [each.step.title for each in letter.steps] == [
        each.title for each in engine.timeline(case.number).steps if each.kind == "moved"
    ]
    assert letter.waiting == ()
    case.day = date(2026, 3, 10)
    case.act("recommend")
    assert letters(engine) == []
    engine.choose_mail(sender, key=key(), pace="each", language="sv")
    assert told(letters(engine)) == [("sender", "step")]
    assert weekly(engine)("2026-03-16", 9) == 0
    assert engine.verify() == ()


def test_a_quiet_week_has_no_letter_and_the_next_tells_it(engine: Engine) -> None:
    reach(engine, OFFICER, pace="weekly")
    Case(engine, "purchase", 20_000, day=date(2026, 6, 29)).submit()
    write = weekly(engine)
    assert [write(day, 9) for day in ("2026-07-06", "2026-07-27", "2026-08-01", "2026-08-03")] == [0, 0, 1, 1]
