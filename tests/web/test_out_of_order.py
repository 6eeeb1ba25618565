"""While nothing can be saved: 503 with words, what was typed on the page, pages shown; and on by itself afterwards."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web import ideas
from tests.workflow.cast import clock_of, opened
from web.app import create_app
from workflow import Engine

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
TYPED = "En bänk vid ån som jag har tänkt länge på."


@pytest.fixture
def engine(examples: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests of this machine only")
    with opened(f"sqlite:///{examples}", date(2026, 12, 1)) as engine:
        yield engine


def most_pages(engine: Engine, n: int) -> None:
    """No more than the file has now, which SQLite takes as a full disk; or as many as it likes."""
    with engine.database.writing() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {n}")


IDEA = {"what": TYPED, "where": "Ån", "why": "Därför. " * 600}


def send_until_full(client: FlaskClient) -> tuple[str, dict[str, str], Any]:
    """The address, the form and the answer of the first step that could not be saved."""
    for _ in range(50):
        address = ideas.FORM
        while address.startswith((ideas.FORM, "/utkast/")) and not address.endswith("/kvitto"):
            sent = ideas.hidden(client.get(address).text) | IDEA
            answer = client.post(address, data=sent)
            if answer.status_code != 303:
                return address, sent, answer
            address = answer.location
    raise AssertionError("it was never full")


def test_a_full_disk_is_told_in_words_and_the_same_form_is_good_afterwards(engine: Engine) -> None:
    client = create_app(engine).test_client()
    most_pages(engine, 1)
    address, sent, answer = send_until_full(client)
    assert answer.status_code == 503
    assert "Inget är sparat" in answer.text
    assert TYPED in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/forslag").status_code == 200
    before = len(numbers(engine))
    assert engine.verify() == ()
    most_pages(engine, 1_000_000)
    for _ in range(2):
        answer = client.post(address, data=sent)
        assert answer.status_code == 303
    assert "Tack för din idé" in ideas.go_on(client, answer.location, **IDEA).text
    assert len(numbers(engine)) == before + 1
    assert engine.verify() == ()


def numbers(engine: Engine) -> list[str]:
    with engine.database.reading() as connection:
        return list(connection.exec_driver_sql("SELECT number FROM proposal").scalars())


def test_who_is_signed_in_stays_so_though_the_visit_cannot_be_noted(engine: Engine) -> None:
    clock = clock_of(engine)
    token = engine.sign_in_as(engine.demo_people()[0].person)
    clock.at += timedelta(minutes=30)
    with engine.database.writing() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    assert engine.session(token) is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        engine.sign_out(token)
