"""A proposal whose row somebody damaged at the database: its pages still answer, in words, and nothing can be done."""

import re
import sqlite3
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.workflow.cast import CONFIG
from web.app import create_app
from workflow import Engine

DAMAGES = {
    "unknown": ("no_such_state", ""),
    "unknown origin": ("parked", "no_such_state"),
    "side road from nowhere": ("parked", ""),
}


@pytest.fixture(params=DAMAGES)
def number(damaged: sqlite3.Connection, request: pytest.FixtureRequest) -> str:
    """One of the examples that waits for somebody, with a state that its process does not have."""
    ((found,),) = damaged.execute("SELECT number FROM proposal WHERE state = 'drafting' AND origin = '' LIMIT 1")
    change = "UPDATE proposal SET state = ?, origin = ? WHERE number = ?"
    damaged.execute(change, (*DAMAGES[request.param], found))
    damaged.commit()
    return str(found)


@pytest.fixture
def officer(number: str) -> Iterator[FlaskClient]:
    with Engine.open(CONFIG) as engine:
        app = create_app(engine)
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        who = next(each.person for each in engine.demo_people() if each.title == "Handläggare")
        assert client.post("/logga-in", data={"person": str(who)}).status_code == 303
        yield client


def test_every_page_of_it_answers_and_says_so(officer: FlaskClient, number: str) -> None:
    for address in (f"/forslag/{number}", f"/arenden/{number}", "/", "/forslag", "/att-gora", "/potter"):
        answer = officer.get(address)
        assert answer.status_code == 200, address
    assert "Okänt läge" in officer.get(f"/arenden/{number}").text


def test_no_way_leads_out_of_it(officer: FlaskClient, number: str, damaged: sqlite3.Connection) -> None:
    page = officer.get(f"/arenden/{number}").text
    assert not re.search(rf'action="/arenden/{number}/steg/', page)
    query = "SELECT version, revision FROM proposal WHERE number = ?"
    ((version, revision),) = damaged.execute(query, (number,))
    sent = {"seen_version": version, "seen_revision": revision}
    answer = officer.post(f"/arenden/{number}/steg/propose", data=sent)
    assert answer.status_code == 409
    assert "Okänt läge".lower() in answer.text.lower()
