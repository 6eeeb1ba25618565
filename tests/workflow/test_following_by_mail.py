"""Following by mail: asked, confirmed, told, left; nobody is flooded, nobody learns who follows."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from states import RefusalKind
from tests.workflow import cast
from tests.workflow.cast import Case, clock_of
from tests.workflow.test_mail import letters, told
from workflow import Engine, Refused
from workflow.mail.views_mail import Letter
from workflow.publishing.acting_on_words import Why
from workflow.storage import schema
from workflow.subscribing import following

ANNA, BO = "anna@example.org", "bo@example.org"


@pytest.fixture
def case(engine: Engine) -> Case:
    return Case(engine, "purchase").submit()


def ask(case: Case, address: str = ANNA, *, network: str = "192.0.2.1", key: str = "", language: str = "sv") -> None:
    case.engine.ask_to_follow(case.number, address, language=language, key=key or cast.key(), network=network)


def follower(case: Case, address: str = ANNA, language: str = "sv") -> int:
    """Somebody who has asked and confirmed."""
    ask(case, address, language=language)
    (letter,) = letters(case.engine)
    case.engine.confirm_following(letter.person)
    return letter.person


def addresses(engine: Engine) -> list[str]:
    query = select(schema.person.c.email).where(schema.person.c.kind == "follower").order_by(schema.person.c.id)
    with engine.database.reading() as connection:
        return list(connection.execute(query).scalars())


def test_a_step_is_told_to_who_has_confirmed_and_to_nobody_else(engine: Engine, case: Case) -> None:
    anna = follower(case)
    ask(case, BO)
    (letter,) = letters(engine)
    assert (letter.kind, letter.follows, letter.address) == ("confirm", case.number, BO)
    case.act("accept", assessment="Bara för oss.")
    (news,) = letters(engine)
    assert (news.kind, news.address, news.person) == ("followed", ANNA, anna)
    assert news.news is not None
    assert news.news.timeline.viewer == "public"
    assert "Bara för oss." not in repr(news.news)
    assert engine.verify() == ()


def test_what_happened_before_somebody_followed_is_not_told(engine: Engine, case: Case) -> None:
    ask(case)
    case.act("accept")
    (letter,) = [each for each in letters(engine) if each.kind == "confirm"]
    case.pass_days(1)
    engine.confirm_following(letter.person)
    assert letters(engine) == []


def test_a_corrected_step_is_not_told(engine: Engine, case: Case) -> None:
    follower(case)
    case.act("accept")
    by = case.people["officer", None]
    engine.correct(case.number, by=by, key=cast.key(), seen_version=case.stands()["version"], reason="Fel knapp")
    assert [each.news.step.kind for each in letters(engine) if each.news] == ["corrected"]


def test_two_follow_two_proposals_each_alone(engine: Engine, case: Case) -> None:
    other = Case(engine, "purchase").submit()
    follower(case)
    follower(other)
    follower(other, BO, "en")
    case.act("accept")
    assert told(letters(engine)) == [("anna", "followed")]
    other.act("accept")
    assert sorted((each.address, each.language) for each in letters(engine)) == [(ANNA, "sv"), (BO, "en")]


def test_one_click_leaves_and_the_address_is_gone(engine: Engine, case: Case) -> None:
    anna = follower(case)
    case.act("accept")
    engine.address_notices()
    for _ in range(2):  # twice is once
        engine.choose_mail(anna, key=cast.key(), pace="none", language="sv")
        assert addresses(engine) == [""]
    assert letters(engine) == []
    assert engine.verify() == ()
    follower(case)  # and may come back
    assert addresses(engine) == ["", ANNA]


def test_who_follows_may_have_one_letter_a_week(engine: Engine, case: Case) -> None:
    anna = follower(case)
    engine.choose_mail(anna, key=cast.key(), pace="weekly", language="en")
    case.act("accept")
    assert letters(engine) == []
    clock_of(engine).to(case.day + timedelta(days=14))
    engine.write_weekly()
    (letter,) = letters(engine)
    assert (letter.kind, letter.language, len(letter.steps)) == ("digest", "en", 1)


def test_what_nobody_confirms_is_erased(engine: Engine, case: Case) -> None:
    ask(case)
    (letter,) = letters(engine)
    case.pass_days(2)
    engine.tick()
    assert addresses(engine) == [ANNA]
    case.pass_days(2)
    engine.tick()
    assert addresses(engine) == [""]
    assert engine.verify() == ()
    with pytest.raises(Refused) as refused:
        engine.confirm_following(letter.person)
    assert refused.value.first.kind is RefusalKind.NOT_FOUND


def test_who_has_confirmed_is_not_erased(engine: Engine, case: Case) -> None:
    follower(case)
    case.pass_days(40)
    engine.tick()
    assert addresses(engine) == [ANNA]


def test_asking_again_for_one_who_follows_sends_nothing(engine: Engine, case: Case) -> None:
    follower(case)
    ask(case, ANNA.upper())
    assert letters(engine) == []
    assert addresses(engine) == [ANNA]


def test_the_same_form_twice_is_one_letter(engine: Engine, case: Case) -> None:
    key = cast.key()
    ask(case, key=key)
    ask(case, key=key)
    assert len(letters(engine)) == 1
    with pytest.raises(Refused) as refused:
        ask(case, BO, key=key)
    assert refused.value.first.kind is RefusalKind.KEY_REUSED


def test_no_address_is_flooded_however_many_networks_ask(engine: Engine, case: Case) -> None:
    sent: list[Letter] = []
    for n in range(15):
        ask(case, network=f"203.0.{n}.1")
        sent += letters(engine)
        clock_of(engine).at += timedelta(minutes=1)
    assert len(sent) == following.ADDRESS.free + 1


def test_no_network_floods_others(engine: Engine, case: Case) -> None:
    for n in range(following.NETWORK.free + 1):
        ask(case, f"a{n}@example.org")
    with pytest.raises(Refused) as refused:
        ask(case)
    assert refused.value.first.kind is RefusalKind.TOO_MANY_TRIES
    assert len(addresses(engine)) == following.NETWORK.free + 1
    ask(case, network="198.51.100.1")  # others may


NO_ADDRESSES = ["", "anna", "anna@", "a b@example.org", "a@example.org\nBcc: b@example.org", "x" * 300]


def test_what_is_no_address_is_refused(case: Case) -> None:
    for address in NO_ADDRESSES:
        with pytest.raises(Refused) as refused:
            ask(case, address)
        assert refused.value.first.kind is RefusalKind.FIELD_INVALID, address
    assert addresses(case.engine) == []


def test_no_event_and_no_claim_holds_the_address(engine: Engine, case: Case) -> None:
    follower(case)
    with engine.database.reading() as connection:
        for table in (schema.event, schema.passage, schema.request, schema.attempt, schema.refusal, schema.notice):
            assert "anna" not in repr(connection.execute(select(table)).all()), table.name


def test_what_is_unpublished_is_neither_told_nor_followed(engine: Engine, case: Case) -> None:
    follower(case)
    case.act("accept")
    engine.address_notices()
    by = case.people["officer", None]
    engine.unpublish(case.number, Why("Fel person utpekas"), by=by, key=cast.key())
    assert letters(engine) == []
    with pytest.raises(Refused) as refused:
        ask(case, BO)
    assert refused.value.first.kind is RefusalKind.NOT_SHOWN


def test_verify_finds_who_follows_against_the_events(engine: Engine, case: Case) -> None:
    person = follower(case)
    mine, them = schema.follow.c.person_id == person, schema.person.c.id == person
    for harm, mend in (
        (update(schema.follow).where(mine).values(state="asked"), {"state": "confirmed"}),
        (update(schema.person).where(them).values(email=""), {"email": ANNA}),
    ):
        with engine.database.writing() as connection:
            connection.execute(harm)
        assert any(fault.startswith("follow (") for fault in engine.verify())
        with engine.database.writing() as connection:
            table = schema.follow if "state" in mend else schema.person
            connection.execute(update(table).where(mine if "state" in mend else them).values(**mend))
    assert engine.verify() == ()
