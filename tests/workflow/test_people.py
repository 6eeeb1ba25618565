"""Capacities by dated memberships, whose right covers a sum, and sessions that begin, idle out and end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from states import Awaited, Capacity, RefusalKind
from workflow.bodies import seeding
from workflow.money.contents import Text
from workflow.people import passwords, people, rights, sessions
from workflow.records.refused import Refused
from workflow.settings.configuration import read
from workflow.storage.columns import moment
from workflow.storage.database import Database
from workflow.storage.schema import (
    account,
    body,
    decision_right,
    definition,
    link,
    membership,
    metadata,
    person,
    proposal,
    session,
)

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ON = date(2026, 11, 24)
SHIPPED = Path(__file__).resolve().parents[2] / "config.toml"
PASSWORD = "en lång och fin mening"


@pytest.fixture
def connection(database_url) -> Iterator[Connection]:
    """To a database seeded with the configuration that ships."""
    with Database(database_url) as database:
        database.create()
        with database.writing() as connection:
            seeding.seed(connection, read(SHIPPED), AT)
            yield connection


def by_name(connection: Connection, name: str) -> int:
    return connection.execute(select(person.c.id).where(person.c.name == name)).scalar_one()


def account_of(connection: Connection, who: int, login: str) -> None:
    passwords.create_account(connection, who, login, passwords.hashed(PASSWORD))


def sign_in(connection: Connection, login: str, password: str, at: datetime) -> str:
    return sessions.begin(connection, passwords.proved(passwords.known(connection, login), password), None, at)


def new_proposal(connection: Connection, proposer: int, number: str = "CG-2026-001", is_example: int = 1) -> int:
    made = insert(definition).values(process=number, version=1, digest="", body="", stored_at="")
    definition_id = connection.execute(made.returning(definition.c.id)).scalar_one()
    row = dict.fromkeys(("state", "origin", "awaits_role", "awaits_body", "head", "since", "created_at"), "")
    counts = dict.fromkeys(("version", "revision", "seq"), 1)
    values = {**row, **counts, "number": number, "definition_id": definition_id, "proposer_id": proposer}
    inserted = insert(proposal).values({**values, "is_example": is_example}).returning(proposal.c.id)
    return connection.execute(inserted).scalar_one()


def roles(connection: Connection, person_id: int, on: date = ON, number: str | None = None) -> list[str]:
    return [each.role for each in people.capacities(connection, person_id, on, number)]


def test_a_membership_gives_its_role_and_that_of_a_mixed_group(connection):
    held = people.capacities(connection, by_name(connection, "Handläggare"), ON)
    assert [(each.role, each.body, each.body_kind) for each in held] == [
        ("officer", "kommunledning", "department"),
        ("member", "arbetsgruppen", "working_group"),
        ("working_group", "arbetsgruppen", "working_group"),
        ("member", "centrumgruppen", "forum"),
        ("forum", "centrumgruppen", "forum"),
    ]
    assert all(each.membership for each in held)


def test_property_owners_are_not_in_the_working_group_and_nobody_outside_is_employed(connection):
    assert roles(connection, by_name(connection, "Fastighetsägare")) == ["external", "forum"]
    assert "working_group" in roles(connection, by_name(connection, "Ledamot från Omtänksamma Kristinehamn"))
    assert not people.is_employee(connection, by_name(connection, "Ledamot från Näringslivssamverkan"), ON)
    assert not people.is_employee(connection, by_name(connection, "Revisor"), ON)
    assert people.is_employee(connection, by_name(connection, "Handläggare"), ON)


def test_memberships_and_bodies_last_through_their_last_day(connection):
    who = by_name(connection, "Ekonom")
    connection.execute(update(membership).where(membership.c.person_id == who).values(to_on="2026-11-24"))
    assert roles(connection, who) == ["controller"]
    assert roles(connection, who, date(2026, 11, 25)) == []
    assert roles(connection, who, date(2018, 12, 31)) == []
    connection.execute(update(body).where(body.c.code == "tn").values(ended_on="2026-11-23"))
    assert roles(connection, by_name(connection, "Sekreterare i tekniska nämnden")) == []


def test_a_sender_is_the_proposer_of_that_proposal_only(connection):
    sender, ref = people.new_proposer(connection, {"name": " Privatperson ", "email": "a@example.org"}, AT)
    found = people.find_person(connection, sender)
    assert (found.ref, found.kind, found.name, found.telephone) == (ref, "proposer", "Privatperson", "")
    new_proposal(connection, sender)
    assert people.capacities(connection, sender, ON, "CG-2026-001") == (Capacity("proposer"),)
    assert people.capacities(connection, sender, ON) == ()
    assert people.capacities(connection, by_name(connection, "Revisor"), ON, "CG-2026-001")[0].role == "auditor"
    assert people.capacities(connection, 10**6, ON) == ()
    assert people.find_person(connection, 10**6) is None


def test_the_clock_acts_as_the_clock(connection):
    assert roles(connection, by_name(connection, "Klockan")) == ["clock"]


HOLDER = Awaited(role="budget_holder")
KS, KF = Awaited(body="ks", body_kind="executive"), Awaited(body="kf", body_kind="council")


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        ({"investment": 30_000_000}, HOLDER),
        ({"investment": 30_000_001}, KS),
        ({"investment": 100, "operating": 20_000_001}, KS),
        ({"operating": 20_000_000, "investment": 0}, HOLDER),
        ({"investment": 100, "outside": 100}, KF),
        ({"appropriation": 10**12}, KF),
        ({"investment": 100, "lottery": 100}, None),
        ({}, None),
    ],
)
def test_the_highest_of_the_lowest_who_may_decides(connection, sums, expected):
    assert rights.decider(connection, sums, ON) == expected


def test_rights_are_dated_and_pass_to_a_successor(connection):
    assert rights.decider(connection, {"investment": 100}, date(2018, 12, 31)) is None
    connection.execute(
        update(decision_right).where(decision_right.c.holder == "budget_holder").values(to_on=ON.isoformat())
    )
    assert rights.decider(connection, {"investment": 100}, ON) == HOLDER
    assert rights.decider(connection, {"investment": 100}, ON + timedelta(1)) == KS
    new = insert(body).values(code="kn", kind="executive", title="Nya styrelsen", level=30).returning(body.c.id)
    successor = connection.execute(new).scalar_one()
    connection.execute(update(body).where(body.c.code == "ks").values(ended_on=ON.isoformat(), successor_id=successor))
    later = rights.decider(connection, {"investment": 100}, ON + timedelta(1))
    assert later == Awaited(body="kn", body_kind="executive")
    connection.execute(update(body).where(body.c.code == "ks").values(successor_id=None))
    assert rights.decider(connection, {"investment": 100}, ON + timedelta(1)) is None


def test_awaited_bodies_and_meetings(connection):
    assert people.awaited_body(connection, "forum") == Awaited(body="centrumgruppen", body_kind="forum")
    assert people.awaited_body(connection, "department") is None, "three departments: none is meant"
    assert people.awaited_body(connection, "officer") is None
    found = people.next_meeting(connection, "ks", ON)
    assert (found.body, found.held_on, found.papers_due) == ("Kommunstyrelsen", date(2026, 12, 9), date(2026, 11, 25))
    assert people.next_meeting(connection, "ks", date(2026, 12, 9)).held_on == date(2027, 1, 13)
    assert people.next_meeting(connection, "ks", date(2027, 12, 31)) is None


def test_limits_of_the_day_leave_out_what_nobody_has_given(connection):
    found = people.limits(connection, ON)
    assert found["review_limit"] == 5_000_000
    assert found["capitalisation_limit"] == 2_960_000
    assert "internal_interest" not in found
    later = people.limits(connection, date(2027, 1, 1))
    assert not {"price_base_amount", "capitalisation_limit"} & later.keys()
    assert "direct_award_limit" not in people.limits(connection, date(2022, 1, 31))


def test_a_password_opens_a_session_that_idles_out(connection):
    who = by_name(connection, "Ekonom")
    account_of(connection, who, "Ekonom@Example.org")
    token = sign_in(connection, " ekonom@example.ORG", PASSWORD, AT)
    signed = sessions.session(connection, token, AT)
    assert (signed.person, signed.name, signed.proposal, signed.is_employee) == (who, "Ekonom", None, True)
    assert [each.role for each in signed.capacities] == ["controller"]
    assert token not in str(connection.execute(select(session)).all()), "stored as a digest only"
    assert not sessions.needs_touch(connection, token, AT + timedelta(minutes=4))
    assert sessions.needs_touch(connection, token, AT + timedelta(minutes=5))
    assert sessions.session(connection, token, AT + timedelta(hours=8)) is None
    sessions.touch(connection, token, AT + timedelta(hours=7))
    assert sessions.session(connection, token, AT + timedelta(hours=14))
    sessions.touch(connection, token, AT + timedelta(hours=15))
    assert sessions.session(connection, token, AT + timedelta(hours=15)) is None, "a touch revives nothing"


def test_a_session_ends_after_a_week_at_sign_out_and_with_its_account(connection):
    who = by_name(connection, "Ekonom")
    account_of(connection, who, "ekonom")
    token = sign_in(connection, "ekonom", PASSWORD, AT)
    for hours in range(7, 7 * 24, 7):
        sessions.touch(connection, token, AT + timedelta(hours=hours))
    assert sessions.session(connection, token, AT + timedelta(days=7, seconds=-1))
    assert sessions.session(connection, token, AT + timedelta(days=7)) is None
    other = sign_in(connection, "ekonom", PASSWORD, AT)
    sessions.sign_out(connection, other, AT)
    assert sessions.session(connection, other, AT) is None
    third = sign_in(connection, "ekonom", PASSWORD, AT)
    connection.execute(update(account).values(disabled_at=moment(AT)))
    assert sessions.session(connection, third, AT) is None
    with pytest.raises(Refused):
        sign_in(connection, "ekonom", PASSWORD, AT)
    assert sessions.session(connection, "nonsense", AT) is None


def test_a_private_link_makes_its_holder_the_proposer_and_nothing_else(connection):
    officer = by_name(connection, "Handläggare")
    sent = new_proposal(connection, officer)
    secret, renewed = sessions.link_secret("one key"), sessions.link_secret("another key")
    sessions.new_link(connection, sent, officer, secret, AT)
    assert secret not in str(connection.execute(select(link)).all())
    token = sessions.open_link(connection, secret, AT)
    signed = sessions.session(connection, token, AT)
    assert (signed.proposal, signed.capacities, signed.is_employee) == ("CG-2026-001", (Capacity("proposer"),), False)
    sessions.new_link(connection, sent, officer, renewed, AT)
    assert sessions.session(connection, token, AT) is None
    for unknown in (secret, "", "nonsense"):
        with pytest.raises(Refused) as caught:
            sessions.open_link(connection, unknown, AT)
        assert caught.value.first.kind is RefusalKind.NOT_FOUND
    assert sessions.session(connection, sessions.open_link(connection, renewed, AT), AT)


def test_only_a_demonstration_lets_people_in_without_a_password(connection):
    holder = by_name(connection, "Budgetansvarig")
    assert not sessions.is_demo(connection)
    assert sessions.demo_people(connection, ON) == ()
    with pytest.raises(Refused):
        sessions.sign_in_as(connection, holder, AT)
    sessions.mark_demo(connection)
    sessions.mark_demo(connection)
    assert sessions.session(connection, sessions.sign_in_as(connection, holder, AT), AT).name == "Budgetansvarig"
    for nobody in (by_name(connection, "Klockan"), 10**6):
        with pytest.raises(Refused):
            sessions.sign_in_as(connection, nobody, AT)


def test_whom_a_visitor_may_be(connection):
    sessions.mark_demo(connection)
    shown = {each.title: each for each in sessions.demo_people(connection, ON)}
    assert len(shown) == 17
    assert next(iter(shown)) == "Handläggare"
    assert shown["Sekreterare i kommunstyrelsen"].body == "Kommunstyrelsen"


def test_a_database_in_use_never_becomes_a_demonstration(connection):
    new_proposal(connection, by_name(connection, "Handläggare"), is_example=0)
    with pytest.raises(Refused):
        sessions.mark_demo(connection)
    assert not sessions.is_demo(connection)


def test_what_is_stored_of_a_hand_in_does_not_tell_the_secret_of_its_link(engine):
    """Neither the answer kept for a repeat nor the key kept beside it opens the link."""
    key = "0f0c8f0e-3c1f-4e5e-9b53-1d7f6ad3a0c1"
    handed_in = {"process": "purchase", "by": None, "key": key, "text": Text("Bänkar", "Fyra bänkar", "Torget")}
    receipt = engine.submit(**handed_in)
    assert engine.submit(**handed_in) == receipt
    with engine.database.reading() as connection:
        tables = [table for table in metadata.sorted_tables if table.name != "link"]
        stored = "".join(str(connection.execute(select(table)).all()) for table in tables)
    assert receipt.number in stored
    assert receipt.secret not in stored
    assert key not in stored
    assert engine.session(engine.open_link(receipt.secret)).proposal == receipt.number
