"""What an administrator changes: bodies that end and are followed, seats, a mandate period, rights, days and people.
Each change is an event, nothing is done twice, and what does not go together is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from states import RefusalKind
from tests.workflow.administrating import ADMINISTRATOR, DAY, change, new_seat, refused, rows, seat, told
from tests.workflow.cast import Case, clock_of, key, person
from workflow import Engine, Refused
from workflow.bodies import seats
from workflow.bodies.configuring import HANDLERS
from workflow.people import passwords
from workflow.storage import schema


@pytest.fixture(autouse=True)
def sound(engine: Engine) -> Any:
    yield
    assert engine.verify() == ()


# --- seats --------------------------------------------------------------------------------------------------------


def test_a_seat_begins_and_ends_as_events_that_name_the_person_by_reference(engine):
    change(engine, "membership", new_seat(engine, "Inköpare", "officer"))
    assert [each.role for each in engine.capacities(person(engine, "Inköpare"))] == ["buyer", "officer"]
    event = told(engine)
    assert (event["did"], event["rows"][0]["body"], event["rows"][0]["source"]) == (
        "added", "kommunledning", "Anställningsavtal",
    )  # fmt: skip
    assert event["capacity"]["role"] == "administrator"
    change(engine, "membership", {"id": seat(engine, "Inköpare", "officer"), "to_on": DAY})
    assert told(engine)["before"][0]["to_on"] is None
    assert "officer" in {each.role for each in engine.capacities(person(engine, "Inköpare"))}, "the last day counts"
    clock_of(engine).to(DAY + timedelta(days=1))
    assert "officer" not in {each.role for each in engine.capacities(person(engine, "Inköpare"))}


def test_what_is_no_seat_is_refused(engine):
    given = new_seat(engine, "Inköpare", "officer")
    earlier = DAY - timedelta(days=1)
    for row, why in (
        (given | {"to_on": earlier}, "ends_before_it_begins"),
        (given | {"category": "trade"}, "not_employed"),
        (given | {"role": "king"}, "role"),
        (given | {"body": "nowhere"}, "body"),
        (given | {"person_id": 10**6}, "person"),
        (given | {"source": " "}, "source"),
        (given | {"from_on": "i går"}, "from_on"),
        (new_seat(engine, "Handläggare", "officer", from_on=date(2030, 1, 1)), "already_member"),
        (new_seat(engine, "Revisor", "chair", body="centrumgruppen", category="other"), "second_chair"),
        ({"id": 10**6, "to_on": DAY}, RefusalKind.NOT_FOUND),
        ({"id": seat(engine, "Ekonom", "controller"), "to_on": date(2018, 1, 1)}, "ends_before_it_begins"),
        ({"id": seat(engine, "Ekonom", "controller"), "to_on": DAY - timedelta(days=2)}, "in_the_past"),
    ):
        assert refused(engine, "membership", row) == why
    assert refused(engine, "membership", given, "Ekonom") == RefusalKind.NOT_PERMITTED
    change(engine, "membership", {"id": seat(engine, "Ekonom", "controller"), "to_on": DAY})
    clock_of(engine).to(DAY + timedelta(days=9))
    ((ended,),) = rows(engine, "SELECT id FROM membership WHERE role = 'controller'")
    assert refused(engine, "membership", {"id": ended, "to_on": DAY + timedelta(days=20)}) == "has_ended"


def test_a_chair_may_follow_a_chair(engine):
    change(engine, "membership", {"id": seat(engine, "Ordförande i Centrumgruppen", "chair"), "to_on": DAY})
    row = new_seat(engine, "Fastighetsägare", "chair", body="centrumgruppen", category="property_owner")
    change(engine, "membership", row | {"from_on": DAY + timedelta(days=1)})
    chairs = rows(engine, "SELECT from_on, to_on FROM membership WHERE role = 'chair' ORDER BY from_on")
    assert [tuple(each) for each in chairs][-1] == ((DAY + timedelta(days=1)).isoformat(), None)
    assert tuple(chairs[-2])[1] == DAY.isoformat()
    assert engine.verify() == ()


def test_there_is_always_an_administrator(engine, monkeypatch):
    mine = seat(engine, ADMINISTRATOR, "administrator")
    last = DAY + timedelta(days=30)
    assert refused(engine, "membership", {"id": mine, "to_on": last}) == "last_administrator"
    with engine.database.writing() as connection:
        passwords.create_account(connection, person(engine, ADMINISTRATOR), "admin")
    close = {"person_id": person(engine, ADMINISTRATOR), "open": False}
    assert refused(engine, "sign_in", close) == "last_administrator"
    change(engine, "membership", new_seat(engine, "Ekonom", "administrator", from_on=last + timedelta(days=2)))
    assert refused(engine, "membership", {"id": mine, "to_on": last}) == "last_administrator", "one day without"
    change(engine, "membership", {"id": mine, "to_on": last + timedelta(days=1)})
    monkeypatch.setattr(seats, "require_administrator", lambda *_: None)  # the twin
    change(engine, "membership", {"id": mine, "to_on": DAY})


def test_a_mandate_period_renews_a_body_in_one_pass_and_twice_changes_nothing(engine):
    first, ends = date(2027, 1, 1), date(2030, 12, 31)
    members = "SELECT id FROM membership WHERE body_id = (SELECT id FROM body WHERE code = 'centrumgruppen')"
    all_ = [row[0] for row in rows(engine, f"{members} ORDER BY id")]
    stay, goes = all_[:-1], all_[-1]
    new = {"person_id": person(engine, "Revisor"), "role": "external", "category": "other"}
    given = {
        "body": "centrumgruppen", "from_on": first, "to_on": ends, "source": "KS § 12 2026-12-09",
        "stay": tuple(stay), "new": (new,),
    }  # fmt: skip
    change(engine, "mandate", given, of="one key")
    event = told(engine)
    assert (event["did"], len(event["before"]), len(event["rows"])) == ("renewed", len(all_), len(all_) + len(stay) + 1)
    assert rows(engine, f"{members} AND to_on = '2026-12-31' ORDER BY id") == [(each,) for each in all_]
    renewed = rows(engine, f"{members} AND from_on = '2027-01-01' AND to_on = '2030-12-31'")
    assert len(renewed) == len(stay) + 1
    before = rows(engine, "SELECT count(*) FROM event")
    change(engine, "mandate", given, of="one key")
    change(engine, "mandate", given)
    assert rows(engine, "SELECT count(*) FROM event") == before
    assert rows(engine, f"{members} AND from_on = '2027-01-01'") == renewed
    clock_of(engine).to(first)
    ((left,),) = rows(engine, "SELECT person_id FROM membership WHERE id = :goes", goes=goes)
    assert "centrumgruppen" not in {each.body for each in engine.capacities(left)}
    assert refused(engine, "mandate", given | {"stay": (10**6,), "from_on": date(2028, 1, 1)}) == "stay"
    assert refused(engine, "mandate", given | {"from_on": DAY}) == "in_the_past"


# --- rights, people, and who may ----------------------------------------------------------------------------------


def test_decision_rights_are_dated_and_do_not_overlap(engine):
    right = {
        "holder": "budget_holder", "source": "investment", "up_to_ore": 40_000_000, "point": "3.2", "basis": "KS § 9",
        "from_on": date(2026, 5, 1),
    }  # fmt: skip
    assert refused(engine, "decision_right", right) == "right_already"
    ((old,),) = rows(engine, "SELECT id FROM decision_right WHERE holder = 'budget_holder' AND source = 'investment'")
    change(engine, "decision_right", {"id": old, "to_on": date(2026, 4, 30)})
    change(engine, "decision_right", right)
    assert told(engine)["rows"][0]["up_to_ore"] == 40_000_000
    for row, why in (
        (right | {"holder": "officer"}, "body"),
        (right | {"holder": "centrumgruppen"}, "decides_nothing"),
        (right | {"up_to_ore": 0}, "up_to_ore"),
        (right | {"source": "lottery"}, "source"),
        (right | {"basis": ""}, "basis"),
        ({"id": old, "to_on": date(2025, 1, 1)}, "in_the_past"),
    ):
        assert refused(engine, "decision_right", row) == why
    case = Case(engine, "purchase", 350_000).submit()
    case.pass_days(70)
    case.walk("accept", "write", "to_review", "recommend", "propose")
    assert case.stands()["awaits_role"] == "budget_holder"


def test_people_are_told_by_reference_and_their_details_beside(engine):
    given = {"name": "Planeringsarkitekt", "title": "Planeringsarkitekt", "email": "p@example.org"}
    change(engine, "person", given)
    ((who, ref),) = rows(engine, "SELECT id, ref FROM person WHERE name = 'Planeringsarkitekt'")
    assert told(engine)["rows"] == [{"ref": ref, "kind": "member"}]
    assert refused(engine, "person", given) == "person_exists"
    assert refused(engine, "person", given | {"name": ""}) == "name"
    assert refused(engine, "person", given | {"name": "X", "email": "inte en adress"}) == "email"
    change(engine, "person", given | {"person_id": who, "email": "q@example.org"})
    event = told(engine)
    assert event["rows"] == [{"ref": ref, "fields": ["email"]}]
    words = dict(rows(engine, "SELECT field, content FROM passage WHERE stream = 'configuration' AND seq = :seq",
                      seq=event["seq"]))  # fmt: skip
    assert words == {"email": "q@example.org", "before email": "p@example.org"}
    before = rows(engine, "SELECT count(*) FROM event")
    change(engine, "person", given | {"person_id": who, "email": "q@example.org"})
    assert rows(engine, "SELECT count(*) FROM event") == before


def test_a_closed_sign_in_ends_every_session_and_opens_again(engine):
    who = person(engine, "Ekonom")
    assert refused(engine, "sign_in", {"person_id": who, "open": False}) == "has_no_login"
    secret = engine.invite(who, "ekonom", by=person(engine, ADMINISTRATOR), key="a key")
    assert engine.invite(who, "ekonom", by=person(engine, ADMINISTRATOR), key="a key") == secret
    token = engine.choose_password(secret, "en lång och fin mening")
    change(engine, "sign_in", {"person_id": who, "open": False})
    assert engine.session(token) is None
    before = rows(engine, "SELECT count(*) FROM event")
    change(engine, "sign_in", {"person_id": who, "open": False})
    assert rows(engine, "SELECT count(*) FROM event") == before
    change(engine, "sign_in", {"person_id": who, "open": True})
    assert engine.sign_in("ekonom", "en lång och fin mening")
    with pytest.raises(Refused):
        engine.invite(who, "ekonom", by=who, key=key())


def test_nobody_but_an_administrator_configures(engine):
    for what in (*HANDLERS, "nonsense"):
        with pytest.raises(Refused) as caught:
            change(engine, what, {}, "Budgetansvarig")
        assert caught.value.first.kind is RefusalKind.NOT_PERMITTED


def test_verify_finds_a_row_that_no_event_tells(engine):
    with engine.database.writing() as connection:
        connection.execute(
            update(schema.membership).where(schema.membership.c.role == "auditor").values(role="officer")
        )
    found = engine.verify()
    assert len(found) == 2
    assert any("auditor" in each and "missing" in each for each in found)
    with engine.database.writing() as connection:
        again = schema.membership.c.source.is_not(None) & (schema.membership.c.category == "elected")
        connection.execute(update(schema.membership).where(again).values(role="auditor"))


def test_the_history_says_why_somebody_was_entitled_to_officials_only(engine):
    """The event names the seat; what that rests on stays though it ends, and a new one says something else."""
    case = Case(engine, "purchase").submit()
    case.act("accept")
    change(engine, "membership", {"id": seat(engine, "Handläggare", "officer"), "to_on": case.day})
    later = new_seat(engine, "Handläggare", "officer", from_on=case.day + timedelta(days=1), source="Nytt avtal")
    change(engine, "membership", later)
    case.act("close")
    official = engine.timeline(case.number, person(engine, "Handläggare")).steps
    assert [(step.entitled.source, step.entitled.role, step.entitled.since) for step in official if step.entitled] == [
        ("ej angivet", "officer", date(2019, 1, 1)), ("Nytt avtal", "officer", later["from_on"]),
    ]  # fmt: skip
    assert all(step.entitled is None for step in engine.timeline(case.number).steps)
