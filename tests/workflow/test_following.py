"""Bodies that end and days that move: what is refused, and what open proposals follow by themselves."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.workflow import cast
from tests.workflow.administrating import DAY, change, new_seat, refused, rows, told
from tests.workflow.cast import Case, clock_of, person
from workflow import Engine
from workflow.storage import schema


@pytest.fixture(autouse=True)
def sound(engine: Engine) -> Any:
    yield
    assert engine.verify() == ()


# --- bodies -------------------------------------------------------------------------------------------------------


def waits_for_the_executive(engine: Engine) -> Case:
    case = Case(engine, "purchase", 400_000).submit()
    return case.walk("accept", "write", "to_review", "recommend", "propose")


def ready_heir(engine: Engine) -> dict[str, Any]:
    """A new body with a secretary and a meeting, and how the executive hands over to it."""
    change(engine, "body", {"code": "ksau", "kind": "board", "title": "Samhällsnämnden", "level": 30})
    change(engine, "membership", new_seat(engine, "Sekreterare i kommunstyrelsen", "registrar", body="ksau"))
    change(engine, "meeting", {"body": "ksau", "held_on": date(2026, 6, 10), "papers_due_on": date(2026, 6, 1)})
    return {"code": "ks", "ended_on": date(2026, 4, 30), "successor": "ksau"}


def test_open_proposals_their_duties_and_the_decision_rights_follow_the_successor(engine):
    case = waits_for_the_executive(engine)
    assert case.stands()["awaits_body"] == "ks"
    given = ready_heir(engine)
    clock_of(engine).to(date(2026, 4, 1))
    change(engine, "dissolve", given)
    assert {"what": told(engine)["what"], "did": told(engine)["did"]} == {"what": "meeting", "did": "removed"}
    assert rows(engine, "SELECT max(held_on) < '2026-05-01' FROM meeting WHERE body_id = "
                        "(SELECT id FROM body WHERE code = 'ks')")[0][0] in (True, 1, None)  # fmt: skip
    assert case.stands()["awaits_body"] == "ks", "until its last day has passed"
    clock_of(engine).to(date(2026, 5, 4))
    (done,) = cast.woken(engine)
    assert done.number == case.number
    now = case.stands()
    assert (now["awaits_body"], now["due_on"]) == ("ksau", "2026-06-10")
    holders = rows(engine, "SELECT holder, due_on FROM duty WHERE answered_at IS NULL AND kind = 'step'")
    assert holders == [("registrar:ksau", "2026-06-10")]
    assert cast.woken(engine) == (), "twice changes nothing"
    assert [step.title for step in engine.timeline(case.number).steps][-1] == "En annan instans tog över ärendet"
    case.day = date(2026, 5, 5)
    old = case.people["registrar", "ks"]
    case.people["registrar", "ksau"] = old
    case.act("approve")
    case.act("sign")
    assert case.stands()["state"] == "installation"


def test_who_registers_for_the_body_that_decided_follows_too(engine):
    """The work rests on a decision of a body that has ended: its successor's secretary registers what comes of it."""
    case = waits_for_the_executive(engine).walk("approve")
    change(engine, "dissolve", ready_heir(engine))
    clock_of(engine).to(date(2026, 5, 4))
    cast.woken(engine)
    secretary = person(engine, "Sekreterare i kommunfullmäktige")
    change(engine, "membership", new_seat(engine, "Sekreterare i kommunfullmäktige", "registrar", body="ksau",
                                          from_on=date(2026, 5, 4)))  # fmt: skip
    offered = {each.transition.id: each.allowed for each in engine.options(case.number, secretary)}
    assert [way for way, allowed in offered.items() if allowed]


def test_a_seat_in_a_body_that_has_ended_is_none(engine):
    change(engine, "dissolve", ready_heir(engine))
    clock_of(engine).to(date(2026, 5, 4))
    assert "ks" not in {each.body for each in engine.capacities(person(engine, "Sekreterare i kommunstyrelsen"))}


def test_what_is_no_body_and_no_end_is_refused(engine):
    add = {"code": "nytt", "kind": "board", "title": "Nya nämnden", "level": 20}
    for row, why in (
        (add | {"title": "Kommunstyrelsen"}, "body_exists"),
        (add | {"code": "ks"}, "body_exists"),
        (add | {"code": "Nytt organ"}, "code"),
        (add | {"kind": "church"}, "kind"),
        (add | {"level": 0}, "level"),
        (add | {"kind": "forum"}, "level"),
        (add | {"title": ""}, "title"),
    ):
        assert refused(engine, "body", row) == why
    end = {"code": "ks", "ended_on": DAY, "successor": "kf"}
    for row, why in (
        (end | {"successor": "ks"}, "successor_has_ended"),
        (end | {"successor": "centrumgruppen"}, "successor_decides_nothing"),
        (end | {"successor": "nowhere"}, "successor"),
        (end | {"ended_on": date(2026, 1, 1)}, "in_the_past"),
        ({"code": "kommunledning", "ended_on": DAY, "successor": "tekniska"}, "last_administrator"),
    ):
        assert refused(engine, "dissolve", row) == why
    change(engine, "dissolve", end)
    assert refused(engine, "dissolve", end) == "body_has_ended"
    assert refused(engine, "membership", new_seat(engine, "Revisor", "registrar", body="ks")) == "body_has_ended"
    change(engine, "rename", {"code": "kf", "title": "Fullmäktige"})
    assert (told(engine)["before"][0]["title"], told(engine)["rows"][0]["title"]) == (
        "Kommunfullmäktige", "Fullmäktige",
    )  # fmt: skip
    assert refused(engine, "rename", {"code": "tn", "title": "Fullmäktige"}) == "body_exists"


def test_the_group_that_will_take_over_is_not_awaited_yet(engine):
    change(engine, "body", {"code": "stadskarnan", "kind": "forum", "title": "Stadskärnegruppen", "level": 0})
    change(engine, "dissolve", {"code": "centrumgruppen", "ended_on": date(2026, 12, 31), "successor": "stadskarnan"})
    case = Case(engine, "purchase").submit().walk("accept", "write", "to_review")
    assert case.stands()["awaits_body"] == "centrumgruppen"


# --- days ---------------------------------------------------------------------------------------------------------


def test_open_deadlines_follow_a_meeting_that_is_moved_or_cancelled(engine):
    case = waits_for_the_executive(engine)
    first = case.stands()["due_on"]
    ((moved,),) = rows(engine, "SELECT id FROM meeting WHERE held_on = :day AND body_id = "
                               "(SELECT id FROM body WHERE code = 'ks')", day=first)  # fmt: skip
    day = date.fromisoformat(first) + timedelta(days=2)
    change(engine, "meeting", {"id": moved, "held_on": day})
    assert (case.stands()["due_on"], told(engine)["did"]) == (day.isoformat(), "moved")
    given = dict(engine.timeline(case.number).steps[-1].given)
    assert given == {"day_before": date.fromisoformat(first), "day_after": day}, "from which to which"
    earlier = case.day + timedelta(days=5)
    change(engine, "meeting", {"body": "ks", "held_on": earlier})
    assert case.stands()["due_on"] == earlier.isoformat()
    for (each,) in rows(engine, "SELECT id FROM meeting WHERE held_on >= :today AND body_id = "
                                "(SELECT id FROM body WHERE code = 'ks')", today=case.day.isoformat()):  # fmt: skip
        change(engine, "meeting", {"id": each, "cancelled": True})
    due = rows(engine, "SELECT kind, holder FROM duty WHERE answered_at IS NULL ORDER BY id")
    assert ("missing_meeting_date", "registrar:ks") in due, "somebody is asked for a day"
    assert case.stands()["due_on"] != earlier.isoformat()
    change(engine, "meeting", {"body": "ks", "held_on": date(2026, 9, 9)})
    assert case.stands()["due_on"] == "2026-09-09"
    assert "missing_meeting_date" not in {
        kind for (kind,) in rows(engine, "SELECT kind FROM duty WHERE answered_at IS NULL")
    }
    before = rows(engine, "SELECT count(*) FROM event")
    engine.tick()
    engine.tick()
    assert rows(engine, "SELECT count(*) FROM event WHERE stream LIKE 'CG-%'") <= before


def test_a_day_that_was_missed_stays_missed(engine):
    case = waits_for_the_executive(engine)
    due = date.fromisoformat(case.stands()["due_on"])
    clock_of(engine).to(due + timedelta(days=1))
    change(engine, "meeting", {"body": "ks", "held_on": due + timedelta(days=10)})
    assert case.stands()["due_on"] == due.isoformat()


def test_what_is_no_day_is_refused(engine):
    (held, past), = rows(engine, "SELECT max(id), min(id) FROM meeting WHERE body_id = "
                                 "(SELECT id FROM body WHERE code = 'ks')")  # fmt: skip
    ((day,),) = rows(engine, "SELECT held_on FROM meeting WHERE id = :id", id=past)
    clock_of(engine).to(date.fromisoformat(day) + timedelta(days=1))
    later = date(2027, 10, 1)
    for row, why in (
        ({"body": "ks", "held_on": day}, "meets_that_day"),
        ({"body": "ks", "held_on": later, "papers_due_on": later + timedelta(days=1)}, "papers_after_meeting"),
        ({"body": "nowhere", "held_on": later}, "body"),
        ({"id": past, "held_on": later}, "meeting_was_held"),
        ({"id": past, "cancelled": True}, "meeting_was_held"),
        ({"id": held, "held_on": date(2020, 1, 1)}, "in_the_past"),
    ):
        assert refused(engine, "meeting", row) == why


def test_quiet_periods(engine):
    row = {"from_on": date(2026, 7, 6), "to_on": date(2026, 8, 2), "title": "Semester"}
    with engine.database.writing() as connection:
        known = connection.execute(select(schema.quiet_period.c.from_on)).scalars().all()
    assert "2026-07-06" not in known
    for (each,) in rows(engine, "SELECT id FROM quiet_period WHERE from_on > :today", today=DAY.isoformat()):
        change(engine, "quiet_period", {"id": each, "cancelled": True})
    change(engine, "quiet_period", row)
    ((mine,),) = rows(engine, "SELECT id FROM quiet_period WHERE title = 'Semester'")
    assert refused(engine, "quiet_period", row) == "quiet_already"
    assert refused(engine, "quiet_period", row | {"to_on": date(2026, 7, 1)}) == "ends_before_it_begins"
    change(engine, "quiet_period", {"id": mine, "to_on": date(2026, 8, 9)})
    clock_of(engine).to(date(2026, 7, 10))
    assert refused(engine, "quiet_period", {"id": mine, "cancelled": True}) == "has_begun"
