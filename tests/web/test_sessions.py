"""Sessions as a browser meets them: a cookie set beforehand, a cookie kept after signing out, a role that ends between
the page and the form, and the list of where one is signed in."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.workflow import cast
from web.app import create_app
from web.pages.own_sessions import browser_words
from workflow import Engine
from workflow.people import passwords
from workflow.people.throttling import ACCOUNT

COOKIE = "skede"
PASSWORD = "en lång och fin mening"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sessions") / "seeded.sqlite3"
    cast.seed(f"sqlite:///{path}")
    return path


@pytest.fixture
def engine(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The controller and the officer have passwords."""
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()
    copy = shutil.copy(seeded, tmp_path / "skede.sqlite3")
    with cast.opened(f"sqlite:///{copy}") as engine:
        people = {login: cast.person(engine, login.capitalize()) for login in ("ekonom", "handläggare")}
        with engine.database.writing() as connection:
            for login, person in people.items():
                passwords.create_account(connection, person, login, passwords.hashed(PASSWORD))
        yield engine


@pytest.fixture
def app(engine: Engine) -> Flask:
    app = create_app(engine)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def sign_in(client: FlaskClient, login: str = "ekonom", password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/logga-in", data={"login": login, "password": password}, **more)


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie(COOKIE)
    return found.value if found else ""


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


def test_a_cookie_set_beforehand_is_never_the_session(app: Flask) -> None:
    """Fixation: somebody else's session, or an invented one, is left behind at signing in."""
    attacker, victim = app.test_client(), app.test_client()
    sign_in(attacker, "handläggare")
    for planted in (cookie(attacker), "invented", ""):
        victim.set_cookie(COOKIE, planted)
        assert sign_in(victim).status_code == 303
        assert cookie(victim) not in (planted, "", cookie(attacker))
        assert "Ekonom" in victim.get("/inloggning").text
    assert attacker.get("/att-gora").status_code == 303, "the session that was planted is over"


def test_signing_in_again_gives_another_session_and_ends_the_first(app: Flask) -> None:
    client, kept = app.test_client(), app.test_client()
    sign_in(client)
    kept.set_cookie(COOKIE, cookie(client))
    sign_in(client)
    assert cookie(client) != cookie(kept)
    assert kept.get("/att-gora").status_code == 303


def test_what_was_kept_of_a_session_is_of_no_use_after_signing_out(app: Flask) -> None:
    client, kept = app.test_client(), app.test_client()
    sign_in(client)
    kept.set_cookie(COOKIE, cookie(client))
    assert kept.get("/att-gora").status_code == 200
    client.post("/logga-ut")
    assert kept.get("/att-gora").status_code == 303
    assert kept.post("/inloggning/avsluta").status_code == 401


def test_a_role_that_ends_is_gone_with_the_next_click(app: Flask, engine: Engine) -> None:
    """The page was loaded while the role was held; the form that it holds arrives after it ended."""
    case = cast.Case(engine, "purchase").submit()
    client = app.test_client()
    sign_in(client, "handläggare")
    page = f"/arenden/{case.number}"
    assert client.get(page).status_code == 200
    now, address = case.stands(), f"{page}/steg/accept"
    form = {"key": cast.key(), "seen_version": str(now["version"]), "seen_revision": str(now["revision"])}
    form["accept-remarks"] = "Vi tar emot den."
    ended = text("UPDATE membership SET to_on = :day WHERE person_id = :who")
    yesterday = (case.day - timedelta(days=1)).isoformat()
    with engine.database.writing() as connection:
        connection.execute(ended, {"day": yesterday, "who": cast.person(engine, "Handläggare")})
    assert client.post(address, data=form).status_code == 403
    assert case.stands()["state"] == "idea"
    assert client.get(page).status_code == 403
    client.get("/att-gora")
    assert client.get("/inloggning").status_code == 200, "who has no role is still who it was"


def test_where_somebody_is_signed_in_and_ending_it(app: Flask) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, headers={"User-Agent": FIREFOX})
    sign_in(there, headers={"User-Agent": "curl/8"})
    page = here.get("/inloggning").text
    assert "Firefox, Windows (den här)" in said(page)
    assert "Okänd webbläsare" in said(page)
    assert cookie(here) not in page
    (ref,) = re.findall(r'name="session" value="(\w+)"', page)
    assert here.post("/inloggning/avsluta", data={"session": ref}).status_code == 303
    assert there.get("/att-gora").status_code == 303
    assert here.get("/att-gora").status_code == 200
    sign_in(there)
    assert "1 inloggning är avslutad." in said(here.post("/inloggning/avsluta", follow_redirects=True).text)
    assert there.get("/att-gora").status_code == 303


def test_changing_the_password(app: Flask) -> None:
    client, elsewhere = app.test_client(), app.test_client()
    sign_in(client)
    sign_in(elsewhere)
    new = "en annan och ny mening"

    def change(now: str, first: str, again: str) -> Any:
        given = {"password_now": now, "password": first, "password_again": again}
        return client.post("/inloggning/losenord", data=given)

    for given, status, words in (
        (("fel", new, new), 403, "Namnet och lösenordet hör inte ihop."),
        ((PASSWORD, "kort", "kort"), 422, "Skriv minst 12 tecken"),
        ((PASSWORD, new, new + "!"), 422, "De två lösenorden är inte lika."),
    ):
        answer = change(*given)
        assert (answer.status_code, words in said(answer.text)) == (status, True)
        assert new not in answer.text, "no page repeats a password"
    assert change(PASSWORD, new, new).status_code == 303
    assert client.get("/att-gora").status_code == 200
    assert elsewhere.get("/att-gora").status_code == 303
    assert sign_in(elsewhere).status_code == 403
    assert sign_in(elsewhere, password=new).status_code == 303


def test_an_invitation_is_read_without_using_it_up_and_used_once(app: Flask, engine: Engine) -> None:
    secret, at = passwords.invitation_secret("a key"), cast.clock_of(engine).at
    with engine.database.writing() as connection:
        passwords.create_account(connection, cast.person(engine, "Revisor"), "revisor")
        passwords.invite(connection, cast.person(engine, "Revisor"), secret, at)
    client, address = app.test_client(), f"/valj-losenord/{secret}"
    for _ in range(2):
        answer = client.get(address)
        assert "Inbjudan gäller Revisor. Användarnamnet är revisor." in said(answer.text)
        assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert client.post(address, data={"password": "kort", "password_again": "kort"}).status_code == 422
    chosen = {"password": PASSWORD, "password_again": PASSWORD}
    assert client.post(address, data=chosen).status_code == 303
    assert client.get("/att-gora").status_code == 200
    assert client.get(address).status_code == 404
    assert client.post(address, data=chosen).status_code == 404


@pytest.mark.parametrize("login", ["ekonom", "finns-inte"])
def test_guesses_wait_in_the_same_words_whether_the_login_is_known_or_not(app: Flask, login: str) -> None:
    client = app.test_client()
    answers = [sign_in(client, login, "fel lösenord") for _ in range(ACCOUNT.free + 2)]
    assert [each.status_code for each in answers] == [403] * (ACCOUNT.free + 1) + [429]
    assert "Vänta 2 sekunder och försök igen." in said(answers[-1].text)
    told = {re.sub(login, "", said(each.text)) for each in answers[:-1]}
    assert len(told) == 1
    assert "Wait 2 seconds" in said(sign_in(client, login, "fel", headers={"Accept-Language": "en"}).text)


def test_a_browser_that_was_signed_in_before_is_known_again(app: Flask) -> None:
    mine, strange = app.test_client(), app.test_client()
    sign_in(mine)
    mine.post("/logga-ut")
    for _ in range(ACCOUNT.free + 1):
        sign_in(strange, password="fel")
    assert sign_in(strange).status_code == 429
    assert sign_in(mine).status_code == 303
    strange.set_cookie("skede_known", mine.get_cookie("skede_known").value + "x")
    assert sign_in(strange).status_code == 429, "a cookie that is not ours is none"


def test_behind_a_proxy_the_network_is_the_visitors(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    server = engine.config.server.model_copy(update={"proxies": 1})
    monkeypatch.setattr(engine, "config", engine.config.model_copy(update={"server": server}))
    app = create_app(engine)
    app.config["WTF_CSRF_ENABLED"] = False
    invented = {"X-Forwarded-For": "192.0.2.1, 203.0.113.9"}
    sign_in(app.test_client(), "någon", "fel", headers=invented)
    with engine.database.reading() as connection:
        networks = connection.execute(text("SELECT counter FROM attempt WHERE counter LIKE 'network/%'")).scalars()
        assert list(networks) == ["network/203.0.113.0/24"]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent: str, words: str) -> None:
    assert browser_words(agent) == words
