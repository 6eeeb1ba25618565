"""Passwords and the guessing of them: what is counted, for how long somebody waits, and that nobody is kept out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text

from states import RefusalKind
from tests.workflow import cast
from workflow import Engine, Refused
from workflow.people import passwords, throttling
from workflow.people.throttling import ACCOUNT, NETWORK, SeenFrom
from workflow.storage.schema import attempt, session

PASSWORD = "en lång och fin mening"
AWAY = SeenFrom("198.51.100.7", "Mozilla/5.0 (X11; Linux) Firefox/140.0")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same argon2 with little memory: what is tried here is what is counted, not what it costs."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()


@pytest.fixture
def signing(engine: Engine) -> Engine:
    """An engine whose controller has a password."""
    cast.clock_of(engine).to(cast.DAY)
    with engine.database.writing() as connection:
        passwords.create_account(connection, cast.person(engine, "Ekonom"), "ekonom", passwords.hashed(PASSWORD))
    return engine


def wrong(engine: Engine, login: str = "ekonom", seen: SeenFrom = AWAY) -> RefusalKind:
    with pytest.raises(Refused) as caught:
        engine.sign_in(login, "fel lösenord", seen)
    return caught.value.first.kind


def at_once(work, times: int) -> list:
    with ThreadPoolExecutor(times) as threads:
        return [each.result() for each in [threads.submit(work) for _ in range(times)]]


def later(engine: Engine, **time: int) -> None:
    cast.clock_of(engine).at += timedelta(**time)


def test_the_right_password_opens_a_session_and_forgets_the_guesses(signing):
    for _ in range(ACCOUNT.free):
        assert wrong(signing) is RefusalKind.NOT_PERMITTED
    token = signing.sign_in(" Ekonom ", PASSWORD, AWAY)
    (mine,) = signing.own_sessions(cast.person(signing, "Ekonom"), token)
    assert (mine.is_this, mine.agent) == (True, AWAY.agent)
    with signing.database.reading() as connection:
        counted = {row.counter: row.tries for row in connection.execute(select(attempt))}
        stored = str(connection.execute(select(session)).all())
    assert counted == {"network/198.51.100.0/24": ACCOUNT.free}, "the guess that was right is none"
    assert token not in stored


def test_after_the_free_guesses_each_one_waits_twice_as_long_and_never_for_ever(signing, monkeypatch):
    proved: list[object] = []
    verify = passwords.verified
    monkeypatch.setattr(passwords, "verified", lambda *given: proved.append(given) or verify(*given))
    for _ in range(ACCOUNT.free):
        wrong(signing)
    waits = []
    for _ in range(12):
        assert wrong(signing) is RefusalKind.NOT_PERMITTED
        with pytest.raises(Refused) as caught:
            signing.sign_in("ekonom", PASSWORD, AWAY)
        assert caught.value.first.kind is RefusalKind.TOO_MANY_TRIES, "even the right one waits"
        waits.append(caught.value.first.facts["seconds"])
        later(signing, seconds=waits[-1])
    assert waits[:9] == [2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert max(waits) == ACCOUNT.longest.total_seconds()
    assert len(proved) == ACCOUNT.free + 12, "what waits is not proved"
    assert signing.sign_in("ekonom", PASSWORD, AWAY)


def test_a_sign_that_no_database_takes_is_no_part_of_a_login(signing):
    assert signing.sign_in("eko\0nom", PASSWORD, AWAY)
    with pytest.raises(Refused) as caught:
        signing.sign_in("\0", PASSWORD, AWAY)
    assert caught.value.first.kind is RefusalKind.NOT_PERMITTED


def test_guesses_leak_away(signing):
    for _ in range(ACCOUNT.free + 1):
        wrong(signing)
    assert wrong(signing) is RefusalKind.TOO_MANY_TRIES
    later(signing, minutes=61)
    assert [wrong(signing) for _ in range(3)] == [RefusalKind.NOT_PERMITTED] * 2 + [RefusalKind.TOO_MANY_TRIES]
    later(signing, days=3)
    with signing.database.writing() as connection:
        throttling.forget(connection, cast.clock_of(signing).at)
        assert connection.execute(select(attempt)).all() == []


def test_unknown_logins_are_counted_and_told_the_same(signing):
    for login in ("ekonom", "finns-inte"):
        seen = SeenFrom(f"203.0.113.{len(login)}" if login == "ekonom" else "192.0.2.1")
        found = [wrong(signing, login, seen) for _ in range(ACCOUNT.free + 2)]
        assert found == [RefusalKind.NOT_PERMITTED] * (ACCOUNT.free + 1) + [RefusalKind.TOO_MANY_TRIES]


def test_one_password_on_many_accounts_is_stopped_by_the_network(signing):
    neighbours = [SeenFrom(f"198.51.100.{n}") for n in range(NETWORK.free + 1)]
    assert {wrong(signing, f"konto{n}", seen) for n, seen in enumerate(neighbours)} == {RefusalKind.NOT_PERMITTED}
    assert wrong(signing, "ett till", neighbours[0]) is RefusalKind.TOO_MANY_TRIES
    with pytest.raises(Refused) as caught:
        signing.sign_in("ekonom", PASSWORD, AWAY)
    assert caught.value.first.kind is RefusalKind.TOO_MANY_TRIES
    assert signing.sign_in("ekonom", PASSWORD, SeenFrom("203.0.113.9")), "from elsewhere the owner comes in"


def test_a_known_browser_comes_in_while_others_guess(signing):
    for n in range(ACCOUNT.free + 1):
        wrong(signing, seen=SeenFrom(f"10.0.{n}.1"))
    own = SeenFrom("203.0.113.9", known="this browser")
    with pytest.raises(Refused):
        signing.sign_in("ekonom", PASSWORD, SeenFrom("203.0.113.9"))
    assert signing.sign_in("ekonom", PASSWORD, own)
    assert [wrong(signing, seen=own) for _ in range(ACCOUNT.free + 2)][-1] is RefusalKind.TOO_MANY_TRIES


def test_many_at_once_are_not_all_the_first(signing, monkeypatch):
    """The twin counts after the guess instead of before it: then all of them pass."""

    def guess() -> RefusalKind:
        try:
            signing.sign_in("ekonom", "fel lösenord", SeenFrom())
        except Refused as refused:
            return refused.first.kind
        raise AssertionError

    def proved_of(times: int) -> int:
        return at_once(guess, times).count(RefusalKind.NOT_PERMITTED)

    assert proved_of(12) == ACCOUNT.free + 1
    with signing.database.writing() as connection:
        connection.execute(text("DELETE FROM attempt"))
    monkeypatch.setattr(throttling, "count", lambda *_: None)
    assert proved_of(12) == 12


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_neighbours_are_one_network(address, network):
    assert throttling.network_of(address) == network


@pytest.mark.parametrize(
    ("login", "password"), [("ekonom", "fel"), ("ingen", PASSWORD), ("", ""), ("ekonom", "x" * 5000)]
)
def test_wrong_and_unknown_are_refused_alike_with_the_same_effort(signing, monkeypatch, login, password):
    verified = []
    verify = passwords.verified
    monkeypatch.setattr(passwords, "verified", lambda *given: verified.append(given) or verify(*given))
    with pytest.raises(Refused) as caught:
        signing.sign_in(login, password)
    assert caught.value.first.kind is RefusalKind.NOT_PERMITTED
    assert caught.value.first.facts == {"what": "sign_in"}
    assert len(verified) == 1
    with signing.database.reading() as connection:
        assert connection.execute(select(session)).all() == []


def test_a_disabled_account_is_refused_while_its_password_is_proved(signing, monkeypatch):
    proved = passwords.proved

    def disabled_meanwhile(*given):
        with signing.database.writing() as connection:
            connection.execute(text("UPDATE account SET disabled_at = '2026-03-02T08:00:00.000000Z'"))
        return proved(*given)

    monkeypatch.setattr(passwords, "proved", disabled_meanwhile)
    with pytest.raises(Refused):
        signing.sign_in("ekonom", PASSWORD, AWAY)


def test_a_person_ends_own_sessions_and_nobody_elses(signing):
    who, other = cast.person(signing, "Ekonom"), cast.person(signing, "Revisor")
    first, second = signing.sign_in("ekonom", PASSWORD), signing.sign_in("ekonom", PASSWORD)
    strange = signing.sign_in_as(other)
    named = {each.is_this: each.ref for each in signing.own_sessions(who, second)}
    assert signing.end_session(other, named[False]) == 0
    assert signing.session(first)
    assert signing.end_session(who, named[False]) == 1
    assert signing.session(first) is None
    assert [each.is_this for each in signing.own_sessions(who, second)] == [True]
    third = signing.sign_in("ekonom", PASSWORD)
    assert signing.end_other_sessions(who, third) == 1
    assert (signing.session(second), signing.session(third) is None) == (None, False)
    assert signing.session(strange)


def test_a_new_password_ends_every_other_session(signing):
    who = cast.person(signing, "Ekonom")
    here, elsewhere = signing.sign_in("ekonom", PASSWORD), signing.sign_in("ekonom", PASSWORD)
    for present, chosen, kind in (
        ("fel", "en annan lång mening", RefusalKind.NOT_PERMITTED),
        (PASSWORD, "kort", RefusalKind.FIELD_INVALID),
    ):
        with pytest.raises(Refused) as caught:
            signing.change_password(who, here, present, chosen)
        assert caught.value.first.kind is kind
    signing.change_password(who, here, PASSWORD, "en annan lång mening")
    assert signing.session(here)
    assert signing.session(elsewhere) is None
    assert wrong(signing) is RefusalKind.NOT_PERMITTED
    assert signing.sign_in("ekonom", "en annan lång mening")


def test_an_invitation_is_used_once_and_a_newer_one_replaces_it(signing):
    who, at = cast.person(signing, "Ekonom"), cast.clock_of(signing).at
    before = signing.sign_in("ekonom", PASSWORD)
    first, second = passwords.invitation_secret("one"), passwords.invitation_secret("two")
    with signing.database.writing() as connection:
        passwords.invite(connection, who, first, at)
        passwords.invite(connection, who, second, at)
    assert signing.invited(second) == ("Ekonom", "ekonom")
    answers = at_once(lambda: chosen(signing, second), 2)
    assert sorted(map(str, answers)) == ["False", "True"]
    assert signing.session(before) is None
    for gone in (first, second, "", "nonsense"):
        with pytest.raises(Refused) as caught:
            signing.invited(gone)
        assert caught.value.first.facts == {"what": "invitation"}
    with signing.database.writing() as connection:
        passwords.invite(connection, who, "late", datetime(2026, 2, 1, tzinfo=UTC))
    assert not chosen(signing, "late")


def chosen(engine: Engine, secret: str) -> bool:
    try:
        return bool(engine.session(engine.choose_password(secret, "en vald och lång mening")))
    except Refused:
        return False


@pytest.mark.parametrize("login", ["EKONOM", " "])
def test_an_account_needs_a_free_login(signing, login):
    with signing.database.writing() as connection, pytest.raises(Refused) as caught:
        passwords.create_account(connection, cast.person(signing, "Revisor"), login)
    assert caught.value.first.facts["field"] == "login"


@pytest.mark.parametrize("password", ["kort", "x" * 1001])
def test_a_password_is_long_and_not_endless(password):
    with pytest.raises(Refused) as caught:
        passwords.hashed(password)
    assert caught.value.first.facts["field"] == "password"


def test_an_account_without_a_password_lets_nobody_in(signing):
    with signing.database.writing() as connection:
        passwords.create_account(connection, cast.person(signing, "Revisor"), "revisor")
    assert wrong(signing, "revisor") is RefusalKind.NOT_PERMITTED
    with pytest.raises(Refused):
        signing.sign_in("revisor", "")
