"""Can it be staffed: who is missing, where, from which day, and which proposals stop; and what if somebody is away."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow import cast
from tests.workflow.absences import interested, stand_in
from tests.workflow.administrating import ADMINISTRATOR, change, new_seat, seat
from tests.workflow.cast import Case, clock_of, person
from workflow import Engine, Refused
from workflow.staffing.views_staffing import Away, Gap

DAY = cast.DAY
SOON = DAY + timedelta(days=30)


def gaps(engine: Engine) -> dict[tuple[str, str], Gap]:
    return {(each.needs, each.why): each for each in engine.staffing().gaps}


def end(engine: Engine, title: str, role: str, on: date = SOON) -> None:
    change(engine, "membership", {"id": seat(engine, title, role), "to_on": on})


def test_the_shipped_town_is_staffed(engine):
    found = engine.staffing()
    assert (found.gaps, found.cannot_sign_in, found.until) == ((), (), DAY + timedelta(days=180))


def test_a_seat_that_ends_is_told_with_day_steps_proposals_and_who_held_it(engine):
    waiting = Case(engine, "purchase").submit().walk("accept", "write", "to_review", "recommend", "propose")
    Case(engine, "purchase").submit()
    clock_of(engine).to(waiting.day)
    end(engine, "Budgetansvarig", "budget_holder", waiting.day + timedelta(days=30))
    (gap,) = engine.staffing().gaps
    assert (gap.needs, gap.why, gap.from_on, gap.to_on) == (
        "budget_holder", "vacant", waiting.day + timedelta(days=31), None,
    )  # fmt: skip
    assert gap.last == ("Budgetansvarig",)
    assert {title for _, title in gap.steps} >= {"Budgetbeslut"}
    assert [each.number for each in gap.stops] == [waiting.number]
    assert engine.staffing().stopped == 1
    assert engine.staffing(until=waiting.day + timedelta(days=30)).gaps == (), "beyond the horizon"
    new = new_seat(engine, "Inköpare", "budget_holder", from_on=waiting.day + timedelta(days=41))
    change(engine, "membership", new)
    (gap,) = engine.staffing().gaps
    assert gap.to_on == waiting.day + timedelta(days=40)


def test_a_duty_beside_the_step_stops_a_proposal_too(engine):
    case = Case(engine, "purchase").submit().walk("accept")
    by, written = case.people["officer", None], cast.rows("purchase")
    engine.revise(case.number, by=by, key=cast.key(), seen_revision=1, text=cast.WORDS, rows=written)
    end(engine, "Beslutsattestant", "attestant", DAY + timedelta(days=60))
    gap = gaps(engine)["attestant", "vacant"]
    assert [each.number for each in gap.stops] == [case.number]


def test_the_only_one_who_decides_has_to_have_prepared(engine):
    """Four eyes: who is both the only officer and the only budget holder leaves nobody."""
    change(engine, "membership", new_seat(engine, "Handläggare", "budget_holder"))
    end(engine, "Budgetansvarig", "budget_holder")
    assert gaps(engine)["budget_holder", "prepared"].from_on == SOON + timedelta(days=1)


def test_a_proposal_that_its_only_decider_prepared_stops_alone(engine):
    change(engine, "membership", new_seat(engine, "Handläggare", "budget_holder"))
    change(engine, "membership", new_seat(engine, "Inköpare", "officer"))
    waiting = Case(engine, "purchase").submit().walk("accept", "write", "to_review", "recommend", "propose")
    clock_of(engine).to(waiting.day)
    end(engine, "Budgetansvarig", "budget_holder", waiting.day + timedelta(days=30))
    gap = gaps(engine)["budget_holder", "left"]
    assert ([each.number for each in gap.stops], gap.from_on) == ([waiting.number], waiting.day + timedelta(days=31))


def test_an_interest_that_leaves_nobody_stops_its_proposal(engine):
    waiting = Case(engine, "purchase").submit().walk("accept", "write", "to_review", "recommend", "propose")
    clock_of(engine).to(waiting.day)
    assert engine.staffing().gaps == ()
    interested(waiting, person(engine, "Budgetansvarig"))
    gap = gaps(engine)["budget_holder", "left"]
    assert [each.number for each in gap.stops] == [waiting.number]


def test_a_right_that_ends_leaves_money_nobody_may_decide_about(engine):
    with engine.database.reading() as connection:
        query = text("SELECT id FROM decision_right WHERE source = 'appropriation'")
        right = connection.execute(query).scalar_one()
    change(engine, "decision_right", {"id": right, "to_on": SOON})
    assert gaps(engine)["appropriation", "right"].from_on == SOON + timedelta(days=1)


def test_who_named_a_deputy_is_away_and_an_employees_work_goes_to_an_employee(engine):
    stand_in(engine, "Handläggare", "Inköpare", days=20, start=5)
    assert engine.staffing().gaps == ()
    stand_in(engine, "Beslutsattestant", "Fastighetsägare", days=20, start=5)
    gap = gaps(engine)["attestant", "vacant"]
    assert (gap.from_on, gap.to_on) == (DAY + timedelta(days=5), DAY + timedelta(days=24))


def test_what_if_somebody_is_away(engine):
    """Om planeraren är borta i juli stannar förslagen."""
    numbers = [Case(engine, "purchase").submit().number for _ in range(4)]
    away = Away(person(engine, "Handläggare"), date(2026, 7, 1), date(2026, 7, 31))
    found = engine.staffing(away=away)
    assert found.gaps == ()
    assert {each.needs for each in found.only_away} == {"officer"}
    (gap,) = found.only_away
    assert (gap.from_on, gap.to_on) == (away.from_on, away.to_on)
    assert sorted(each.number for each in gap.stops) == sorted(numbers)
    assert engine.staffing(away=Away(person(engine, "Revisor"), DAY, SOON)).only_away == ()


def test_a_body_that_ends_takes_its_secretary_along(engine):
    with_heir = {"code": "tn", "ended_on": SOON, "successor": "ks"}
    change(engine, "dissolve", with_heir)
    assert engine.staffing().gaps == (), "the successor has a secretary of its own"
    end(engine, "Sekreterare i kommunstyrelsen", "registrar")
    assert gaps(engine)["registrar:ks", "vacant"].from_on == SOON + timedelta(days=1)


def test_who_is_told_in_the_queue_and_who_may_ask(engine):
    end(engine, "Beslutsattestant", "attestant")
    told = {
        title: [each.needs for each in engine.staffing_notice(engine.capacities(person(engine, title)))]
        for title in (ADMINISTRATOR, "Ordförande i Centrumgruppen", "Ekonom")
    }
    assert told == {ADMINISTRATOR: ["attestant"], "Ordförande i Centrumgruppen": [], "Ekonom": []}
    assert engine.staffing_for(person(engine, "Revisor")).gaps
    with pytest.raises(Refused) as caught:
        engine.staffing_for(person(engine, "Fastighetsägare"))
    assert caught.value.first.kind is RefusalKind.NOT_PERMITTED


def person_of(engine: Engine, name: str) -> int:
    (found,) = engine.members_called(name)
    return found


def test_who_holds_something_and_cannot_sign_in_is_told_where_it_is_no_demonstration(engine):
    with engine.database.writing() as connection:
        connection.execute(text("DELETE FROM mark WHERE name = 'demo'"))
    engine.invite(person_of(engine, "Handläggare"), "handlaggare", by=None, key="a key")
    found = engine.staffing().cannot_sign_in
    assert "Budgetansvarig" in found
    assert "Handläggare" not in found
    assert len(found) == 16
