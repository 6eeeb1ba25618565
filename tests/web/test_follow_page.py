"""Följ: from the page to the mail, by one click, and away again; the page says the same to everybody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.mail_server import MailServer
from tests.workflow import cast, posting
from tests.workflow.cast import Case
from workflow import Engine

ANNA = "anna@example.org"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def town(tmp_path: Path, server: MailServer) -> Iterator[tuple[Engine, Flask]]:
    url = f"sqlite:///{tmp_path / 'skede.sqlite3'}"
    cast.seed(url)
    with posting.posting(url, tmp_path, server) as opened:
        yield opened


@pytest.fixture
def case(town: tuple[Engine, Flask]) -> Case:
    return Case(town[0], "purchase").submit()


class Visitor:
    """A browser at the configured address."""

    def __init__(self, app: Flask) -> None:
        self._client, self._base = app.test_client(), f"{posting.BASE_URL}/"

    def get(self, address: str) -> TestResponse:
        return self._client.get(address, base_url=self._base, headers={"Accept-Language": "sv"})

    def post(self, address: str, **fields: str) -> TestResponse:
        headers = {"Accept-Language": "sv", "Referer": self._base}
        return self._client.post(address, base_url=self._base, headers=headers, data=fields)

    def send(self, address: str, **fields: str) -> TestResponse:
        """The form of a page about following."""
        page = self.get(address)
        assert page.status_code == 200, address
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        return self.post(address, csrf_token=token[1], key=cast.key(), **fields)


def path_in(mail: object, what: str) -> str:
    found = re.search(rf"https://skede\.example\.org(/{what}/\S+)", mail.get_body(("plain",)).get_content())  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


def test_from_the_page_to_the_mail_and_away(town: tuple[Engine, Flask], case: Case, server: MailServer) -> None:
    engine, app = town
    client = Visitor(app)
    answer = client.send(f"/forslag/{case.number}/folj", email=ANNA)
    assert answer.status_code == 303
    assert "Titta i din e-post" in client.get(answer.location).text
    posting.one_round(engine, app)
    (asked,) = [each.message for each in server.accepted]
    assert "Bänkar" not in asked.as_string()  # nobody sends a text of theirs through us
    link = path_in(asked, "folj")
    for _ in range(2):  # opened by a mail programme: nothing happens
        assert "Ja, skicka mejl till mig" in client.get(link).text
    assert client.send(link).location.endswith(f"/forslag/{case.number}")
    case.act("accept")
    posting.one_round(engine, app)
    news = server.accepted[-1].message
    assert news["To"] == ANNA
    told = " ".join(news.get_body(("plain",)).get_content().split())
    assert "därför att du följer förslaget" in told
    due = engine.timeline(case.number).now.due
    assert due is not None
    assert f"Väntas senast {due.day} " in told
    assert "Därefter: avstämning." in told
    leave = news["List-Unsubscribe"].strip(" <>").removeprefix(posting.BASE_URL)
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = client.get(leave.removesuffix("/av")).text
    button = page.index("Sluta följa <span")
    assert "Bänkar" in page[button:][:60], "which one, and first of all"
    assert button < page.index("Hur ofta vill du")
    assert client.post(leave, **{"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "Du följer inte förslaget längre" in client.get(leave.removesuffix("/av")).text
    case.write()
    sent = len(server.accepted)
    posting.one_round(engine, app)
    assert len(server.accepted) == sent


def test_the_page_says_the_same_whatever_is_known(town: tuple[Engine, Flask], case: Case, server: MailServer) -> None:
    engine, app = town
    known, new = Visitor(app), Visitor(app)
    known.send(f"/forslag/{case.number}/folj", email=ANNA)
    posting.one_round(engine, app)
    known.send(path_in(server.accepted[-1].message, "folj"))
    page, bo = f"/forslag/{case.number}/folj", "bo@example.org"
    answers = [known.send(page, email=ANNA), new.send(page, email=bo)]
    assert {(each.status_code, each.location, each.text) for each in answers} == {
        (303, f"/forslag/{case.number}/folj?skickat=1", answers[0].text)
    }


def test_what_is_no_address_is_kept_and_told(town: tuple[Engine, Flask], case: Case) -> None:
    answer = Visitor(town[1]).send(f"/forslag/{case.number}/folj", email="anna@<b>")
    assert answer.status_code == 422
    assert 'value="anna@&lt;b&gt;"' in answer.text
    assert "namn@exempel.se" in answer.text


def test_a_link_that_we_did_not_make_opens_nothing(town: tuple[Engine, Flask], case: Case) -> None:
    client = Visitor(town[1])
    for token in ("x", "MQ.x", "1"):
        assert client.get(f"/folj/{token}").status_code == 404
    assert client.get("/forslag/CG-1999-001/folj").status_code == 404


def test_an_ended_proposal_offers_no_following(town: tuple[Engine, Flask], case: Case) -> None:
    client = Visitor(town[1])
    assert 'id="folj"' in client.get(f"/forslag/{case.number}").text
    case.act("close")
    assert 'id="folj"' not in client.get(f"/forslag/{case.number}").text
