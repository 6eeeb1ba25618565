"""Mina utskick and Utskick as people use them: what is chosen holds, what is typed is kept, an address in a mail lets
its reader choose and nothing else."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from tests.web.test_routes import send, visitor
from tests.workflow import cast
from tests.workflow.cast import WORDS, Case, key, person
from web.app import create_app
from web.mail import mail_links, mail_words
from workflow.mail.sending import NotSent
from workflow.people import sessions

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
World = tuple[Flask, Case]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A proposal handed in with an address."""
    url = f"sqlite:///{tmp_path_factory.mktemp('mail') / 'skede.sqlite3'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKEDE_SECRET_KEY", "for tests")
        cast.seed(url)
        with cast.opened(url) as engine:
            case = Case(engine, "purchase", 20_000).submit()
            contact = {"email": "sender@example.org"}
            given = engine.submit(process="purchase", by=None, key=key(), text=WORDS, contact=contact, is_example=True)
            case.number, case.secret = given.number, given.secret
            yield create_app(engine), case


def test_a_member_chooses_and_what_is_typed_is_kept(world: World) -> None:
    app, case = world
    client, who = visitor(app, case, "Handläggare"), person(case.engine, "Handläggare")
    page = client.get("/mina-utskick").get_data(as_text=True)
    assert 'value="none"' not in page, "whose move it may be cannot leave"
    assert send(client, "/mina-utskick", email="inte en adress", pace="weekly", language="en") == 422
    assert send(client, "/mina-utskick", email="a@b.se", pace="none", language="en") == 422
    assert case.engine.mail_choice(who).address == ""
    assert send(client, "/mina-utskick", email="officer@example.org", pace="weekly", language="en") == 303
    chosen = case.engine.mail_choice(who)
    assert (chosen.address, chosen.pace, chosen.language) == ("officer@example.org", "weekly", "en")
    assert 'value="officer@example.org"' in client.get("/mina-utskick").get_data(as_text=True)


def test_a_sender_leaves_and_takes_the_address_back(world: World) -> None:
    app, case = world
    client, sender = visitor(app, case, "sender"), case.proposer()
    assert 'value="sender@example.org"' in client.get("/mina-utskick").get_data(as_text=True)
    assert send(client, "/mina-utskick", email="", pace="none", language="sv") == 303
    assert (case.engine.mail_choice(sender).address, case.engine.mail_choice(sender).pace) == ("", "none")


def test_the_address_in_a_mail_lets_its_reader_choose_and_nothing_else(world: World) -> None:
    app, case = world
    officer = person(case.engine, "Byggledare")
    case.engine.choose_mail(officer, key=key(), pace="each", language="sv", address="kept@example.org")
    with app.test_request_context():
        path, away = mail_links.choice(officer).split("localhost")[1], mail_links.leave(officer).split("localhost")[1]
    client = app.test_client()
    assert client.get(path).status_code == 200
    assert case.engine.mail_choice(officer).pace == "each"
    assert client.post(path, data={"pace": "weekly", "language": "sv"}).status_code == 400, "no form of ours"
    assert send(client, path, pace="weekly", language="en", email="mine@example.org") == 303
    chosen = case.engine.mail_choice(officer)
    assert (chosen.pace, chosen.language, chosen.address) == ("weekly", "en", "kept@example.org")
    case.engine.choose_mail(officer, key=key(), pace="each", language="sv")
    assert client.post(away, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert case.engine.mail_choice(officer).pace == "weekly", "a member leaves single mails for one a week"
    for forged in (path + "x", "/mejl/MQ", "/mejl/MQ.xxxx/av"):
        assert client.get(forged, follow_redirects=True).status_code == 404
        assert send(client, forged, pace="each", language="sv") == 404


def test_whoever_looks_after_the_post_sees_what_is_dead_and_tries_again(world: World) -> None:
    app, case = world
    engine = case.engine
    holder = person(engine, "Budgetansvarig")
    engine.choose_mail(holder, key=key(), pace="each", language="sv", address="holder@example.org")
    Case(engine, "purchase", 20_000, day=engine.today()).submit().walk(
        "accept", "write", "to_review", "recommend", "propose"
    )
    engine.address_notices()
    taken = engine.take_mail()
    assert taken is not None
    engine.mail_not_sent(taken, NotSent("550 <b>No such mailbox</b>", for_good=True))
    assert send(visitor(app, case, "Handläggare"), "/utskick", mail=str(taken.id)) == 403
    auditor = visitor(app, case, "Revisor").get("/utskick").get_data(as_text=True)
    assert "holder@example.org" in auditor
    assert "Försök igen" not in auditor
    client = visitor(app, case, "Administratör")
    page = client.get("/utskick").get_data(as_text=True)
    assert "550 &lt;b&gt;No such mailbox" in page
    assert "Ingen e-postserver är angiven" in page
    assert send(client, "/utskick", mail=str(taken.id)) == 303
    assert "holder@example.org" not in client.get("/utskick").get_data(as_text=True)
    assert engine.take_mail() is not None
    assert engine.verify() == ()


def test_the_receipt_carries_a_private_link_that_dies_with_the_one_it_stands_for(world: World) -> None:
    app, case = world
    contact = {"email": "other@example.org"}
    given = case.engine.submit(process="purchase", by=None, key=key(), text=WORDS, contact=contact, is_example=True)
    with case.engine.database.reading() as connection:
        query = "SELECT person_id, secret_hash FROM link JOIN proposal p ON p.id = proposal_id WHERE p.number = :number"
        ((who, digest),) = connection.execute(text(query), {"number": given.number})
        assert sessions.link_digest(connection, who, given.number) == digest
    while case.engine.address_notices():
        pass
    body = next(letter for letter in letters(app, case) if given.number in letter)
    assert given.secret not in body
    (address,) = set(re.findall(r"http://[^/]+(/mitt/[\w.\-]+)", body))
    client = app.test_client()
    assert send(client, address) == 303
    assert client.get(f"/arenden/{given.number}/min-ide").status_code == 200
    assert send(app.test_client(), address + "x") == 404
    assert send(app.test_client(), f"/mitt/{digest}") == 404, "what is stored opens nothing"
    with case.engine.database.writing() as connection:
        connection.execute(text("UPDATE link SET revoked_at = created_at WHERE person_id = :who"), {"who": who})
    assert send(app.test_client(), address) == 404


def test_a_private_link_promises_what_is_true_at_that_moment(world: World) -> None:
    app, case = world
    contact = {"email": "own@example.org"}
    own = Case(case.engine, "purchase", 20_000).submit()
    given = case.engine.submit(process="purchase", by=None, key=key(), text=WORDS, contact=contact, is_example=True)
    own.number, own.secret = given.number, given.secret

    def said() -> tuple[str, str]:
        while case.engine.address_notices():
            pass
        told = [letter for letter in letters(app, case) if own.number in letter and "/mitt/" in letter]
        client = app.test_client()
        send(client, f"/mitt/{own.secret}")
        page = client.get(f"/arenden/{own.number}/min-ide").get_data(as_text=True)
        assert ("/innehall" in page) == ("Du kan ändra texten" in page)
        return told[-1], page

    text_too, files_only = "Du kan ändra texten", "Texten går inte att ändra medan vi arbetar med den"
    for words in said():
        assert text_too in words
        assert files_only not in words
    own.act("accept")
    for words in said():
        assert files_only in words
        assert "ta tillbaka idén" in words
        assert text_too not in words
    own.act("ask_completion")
    for words in said():
        assert text_too in words
        assert files_only not in words
    own.act("go_on").act("close")
    for words in said():
        assert "Idén är avslutad" in words


def letters(app: Flask, case: Case) -> Iterator[str]:
    """Every mail that waits, in its words."""
    with app.app_context(), app.test_request_context():
        while taken := case.engine.take_mail():
            yield str(mail_words.written(case.engine.letter(taken)))
            case.engine.mail_sent(taken)
