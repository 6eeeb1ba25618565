"""A round of the worker against a real mail server: what arrives, in which words, and what becomes of what does not."""

import shutil
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
import trustme
from flask import Flask
from sqlalchemy import text

from tests.mail_server import DROPPED, LATER, NEVER, NO_TLS, UNANSWERED, MailServer
from tests.workflow.cast import WORDS, Case, clock_of, key, person
from tests.workflow.posting import BASE_URL, one_round, posting
from tests.workflow.test_mail import HOLDER, OFFICER, SENDER, handed_in, mails, reach
from workflow import Engine, Text

Post = tuple[Engine, Flask, MailServer]


@pytest.fixture
def one_url(seeded_sqlite: str, tmp_path: Path) -> str:
    """For what is worded and sent, which no database knows of; the post itself is tried on both."""
    return f"sqlite:///{shutil.copy(seeded_sqlite, tmp_path / 'one.sqlite3')}"


@pytest.fixture
def post(one_url: str, tmp_path: Path) -> Iterator[Post]:
    with MailServer() as server, posting(one_url, tmp_path, server) as (engine, app):
        yield engine, app, server


def arrived(post: Post) -> list[Message]:
    engine, app, server = post
    before = len(server.accepted)
    one_round(engine, app)
    return [each.message for each in server.accepted[before:]]


def body(message: Message, kind: str = "plain") -> str:
    found = message.get_body((kind,))  # type: ignore[attr-defined]
    return str(found.get_content())


def test_whoever_must_act_reads_what_and_why_and_where(post: Post) -> None:
    engine, *_ = post
    reach(engine, OFFICER)
    case = Case(engine, "purchase", 20_000).submit()
    (mail,) = arrived(post)
    assert mail["Subject"] == "Väntar på dig: Idé, Bänkar"
    assert mail["To"] == "Handläggare <hand@example.org>"
    assert mail["From"] == "Centrumgruppen <centrum@example.org>"
    assert mail["Message-ID"].endswith("@skede.example.org>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        told = " ".join(body(mail, kind).split())
        assert "Det väntar på dig, senast 16 mars 2026." in told
        assert "Du får det här mejlet därför att du är handläggare." in told
        assert f"{BASE_URL}/arenden/{case.number}" in told
    assert arrived(post) == []


def test_the_sender_reads_public_words_in_the_language_of_the_form(post: Post) -> None:
    engine, *_ = post
    case = handed_in(engine, language="en")
    (receipt,) = arrived(post)
    assert receipt["Subject"] == f"We have received your idea, {case.number}"
    assert WORDS.title not in receipt.as_string(), "nobody can have a text of theirs sent to somebody else"
    case.walk("accept", "write", "to_review", "recommend", "propose", "approve")
    *_, decided = arrived(post)
    told = body(decided)
    assert "Approved. Budget holder" in told
    assert "Handläggare" not in told
    assert "We are now waiting for the procurement." in told
    assert f"{BASE_URL}/forslag/{case.number}" in told
    assert decided["References"] == f"<{case.number}@skede.example.org>"


def test_one_click_ends_the_mail_of_a_private_person(post: Post) -> None:
    engine, app, _ = post
    case = handed_in(engine)
    (mail,) = arrived(post)
    address = mail["List-Unsubscribe"].strip(" <>").removeprefix(BASE_URL)
    client = app.test_client()
    headers = {"Host": "skede.example.org"}
    assert client.get(address, headers=headers).status_code == 303
    case.walk("accept")
    assert len(arrived(post)) == 1, "looking at it changes nothing"
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"}, headers=headers)
    assert answer.status_code == 200
    case.walk("write", "to_review")
    assert arrived(post) == []
    forged = address.replace("/mejl/", "/mejl/x")
    assert client.post(forged, data={"List-Unsubscribe": "One-Click"}, headers=headers).status_code == 404


def test_what_somebody_wrote_becomes_no_header(post: Post) -> None:
    engine, *_ = post
    reach(engine, OFFICER)
    title = "Bänkar\r\nBcc: all@example.org\r\n\r\nKöp nu\u2028\u202e"
    engine.submit(process="purchase", by=None, key=key(), text=Text(title, "x", "y"), is_example=True)
    (mail,) = arrived(post)
    assert mail["Subject"] == "Väntar på dig: Idé, Bänkar Bcc: [e-postadress dold] Köp nu"
    assert mail["Bcc"] is None
    assert post[2].accepted[-1].recipients == ("hand@example.org",)


def test_what_the_server_does_not_take_is_tried_again_or_put_aside(seeded_url: str, tmp_path: Path) -> None:
    with MailServer() as server, posting(seeded_url, tmp_path, server) as (engine, app):
        fail_in_each_way(engine, app, server)


def fail_in_each_way(engine: Engine, app: Flask, server: MailServer) -> None:
    faults = {LATER: "data", DROPPED: "rcpt", UNANSWERED: "data", NEVER: "rcpt"}
    for fault, at in faults.items():
        handed_in(engine)
        server.choose = lambda step, fault=fault, at=at: fault if step == at else None
        did = one_round(engine, app)
        assert (did.sent, did.put_aside, did.later) == ((0, 1, 0) if fault == NEVER else (0, 0, 1)), fault
        server.choose = lambda _: None
        clock_of(engine).at += timedelta(minutes=3)
        if fault == NEVER:
            assert one_round(engine, app).sent == 0
            engine.try_mail_again(None, by=person(engine, "Administratör"), key=key())
        assert one_round(engine, app).sent == 1, fault
    assert {each["state"] for each in mails(engine)} == {"sent"}
    assert len({each.message_id for each in server.accepted}) == len(faults)
    assert len(server.accepted) == len(faults) + 1, "the unanswered one came twice, under one name"


def test_a_server_without_tls_gets_nothing_in_the_clear(one_url: str, tmp_path: Path) -> None:
    with MailServer() as server, posting(one_url, tmp_path, server, security="starttls") as (engine, app):
        handed_in(engine)
        assert one_round(engine, app).later == 1
        assert server.accepted == []


def test_tls_is_spoken_with_a_server_that_proves_who_it_is(one_url: str, tmp_path: Path) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    for name, ca in (("known", authority), ("strange", stranger)):
        ca.cert_pem.write_to_path(tmp_path / f"{name}.pem")
    answers = iter([NO_TLS])
    with MailServer(tls=tls, choose=lambda step: next(answers, None) if step == "starttls" else None) as server:
        with posting(one_url, tmp_path, server, security="starttls", ca_file="strange.pem") as (engine, app):
            handed_in(engine)
            assert [one_round(engine, app).later, one_round(engine, app).later] == [1, 0]
            clock_of(engine).at += timedelta(minutes=3)
            assert one_round(engine, app).later == 1, "a certificate that nobody here vouches for"
            assert server.accepted == []
        with posting(one_url, tmp_path, server, security="starttls", ca_file="known.pem") as (engine, app):
            clock_of(engine).at += timedelta(minutes=10)
            assert one_round(engine, app).sent == 1
    assert server.refused == {NO_TLS: 1}


def test_without_a_mail_server_the_post_waits_and_says_so(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    handed_in(engine)
    did = one_round(engine, Flask("no page is worded"))
    assert (did.problem, did.sent, did.addressed > 0) == ("not_given", 0, True)
    office = engine.post_office(person(engine, "Administratör"))
    assert (office.problem, office.waiting, office.worker_seen) == ("not_given", 1, clock_of(engine).at)
    assert "Budgetansvarig" in office.without_address


def test_a_letter_that_cannot_be_worded_does_not_stop_the_others(post: Post) -> None:
    engine, app, server = post
    reach(engine, OFFICER, HOLDER)
    for _ in range(2):
        Case(engine, "purchase", 20_000).submit()
    engine.address_notices()
    with engine.database.writing() as connection:
        connection.execute(text("UPDATE mail SET duty_id = NULL WHERE id = 1"))
    assert [each.recipients for each in server.accepted] == []
    did = one_round(engine, app)
    assert (did.sent, did.put_aside) == (1, 1)


def test_the_address_of_somebody_else_is_never_shown(post: Post) -> None:
    engine, *_ = post
    handed_in(engine)
    reach(engine, OFFICER)
    for mail in arrived(post):
        if mail["To"] != SENDER:
            assert SENDER not in mail.as_string()
