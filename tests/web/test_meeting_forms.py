"""The forms of a board's meeting as they are sent: what went through is done, what did not says why at its point and
keeps what was typed; and a protocol that is adjusted as one."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.workflow import cast
from tests.workflow.cast import Case, clock_of, person
from web.app import create_app

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
MEETING = date(2026, 3, 11)
HERE = f"/moten/ks/{MEETING}"
TO_BOARD = ("accept", "write", "to_review", "recommend", "propose")


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FlaskClient, Case, Case]]:
    """The board's secretary on the day of its meeting, signed in, and two proposals that wait for the board."""
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    url = f"sqlite:///{tmp_path / 'skede.sqlite3'}"
    cast.seed(url)
    with cast.opened(url) as engine:
        waiting = [Case(engine, "purchase", 400_000).submit().walk(*TO_BOARD) for _ in range(2)]
        clock_of(engine).to(MEETING)
        client = create_app(engine).test_client()
        by = person(engine, "Sekreterare i kommunstyrelsen")
        client.post("/logga-in", data={"csrf_token": token(client, "/logga-in"), "person": str(by)})
        yield client, waiting[0], waiting[1]


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def sent(client: FlaskClient, *cases: Case, **changed: str) -> dict[str, str]:
    """A bifall for each, as the page asks for it."""
    data = {"csrf_token": token(client, f"{HERE}/registrera"), "key": cast.key()}
    for n, case in enumerate(cases, 1):
        now = case.stands()
        data |= {f"{case.number}-outcome": "approve", f"{case.number}-seen": f"{now['version']} {now['revision']}"}
        said = {"paragraph": str(40 + n), "wording": f"Beslut {n}.", "financing": "Potten"}
        data |= {f"{case.number}-approve-{name}": text for name, text in said.items()}
    return data | changed


def test_what_stops_is_told_at_its_point_and_the_rest_is_done(board: tuple[FlaskClient, Case, Case]) -> None:
    client, a, b = board
    data = sent(client, a, b)
    b.day = MEETING - timedelta(days=1)
    b.act("table")  # somebody was faster
    answer = client.post(f"{HERE}/registrera", data=data)
    assert answer.status_code == 409
    assert "1 av 2 registrerades" in answer.text
    points = {number: part for part in answer.text.split('<li id="punkt-') if (number := part.split('"')[0])}
    assert "Registrerat:" in points[a.number]
    assert "Någon annan har gjort något i ärendet" in points[b.number]
    assert "Beslut 2." in points[b.number], "what was typed for a way that is gone"
    assert a.stands()["state"] == "procurement"
    again = client.post(f"{HERE}/registrera", data=data | {"csrf_token": token(client, f"{HERE}/registrera")})
    assert a.taken()[-1] == ("budget_approval", "approve")
    assert "1 av 2 registrerades" in again.text, "what went through answers as before"
    assert len([step for step in a.taken() if step[1] == "approve"]) == 1


def test_a_fault_in_one_field_stops_all_and_keeps_everything(board: tuple[FlaskClient, Case, Case]) -> None:
    client, a, b = board
    data = sent(
        client, a, b, **{f"{b.number}-approve-wording": "", "guest-1": "Föreläsaren", "guest-1-category": "other"}
    )
    answer = client.post(f"{HERE}/registrera", data=data)
    assert answer.status_code == 422
    assert "Beslut 1." in answer.text
    assert "Föreläsaren" in answer.text
    assert [case.stands()["state"] for case in (a, b)] == ["budget_approval"] * 2


def test_a_row_more_is_asked_for_without_registering(board: tuple[FlaskClient, Case, Case]) -> None:
    client, a, _ = board
    data = sent(client, a) | {
        f"{a.number}-outcome": "approve_with_change",
        f"{a.number}-approve_with_change-add": "line",
    }
    answer = client.post(f"{HERE}/registrera", data=data)
    assert answer.status_code == 200
    assert answer.text.count(f'name="{a.number}-approve_with_change-lines-') > 0
    assert a.stands()["state"] == "budget_approval"


def test_a_protocol_is_adjusted_and_posted_on_all_its_decisions(board: tuple[FlaskClient, Case, Case]) -> None:
    client, a, b = board
    assert client.post(f"{HERE}/registrera", data=sent(client, a, b)).status_code == 303
    notes = f"{HERE}/anteckningar"
    assert client.get(notes).text.count("Beslutat, protokollet är inte justerat.") == 2
    data = {"csrf_token": token(client, notes), "key": cast.key()}
    assert client.post(f"{HERE}/protokoll", data=data).status_code == 422
    late = client.post(f"{HERE}/protokoll", data=data | {"posted_on": MEETING.isoformat()})
    assert late.status_code == 409
    assert late.text.count("Det saknas något") == 2
    data |= {"immediately": "y", "posted_on": MEETING.isoformat(), "key": cast.key()}
    assert client.post(f"{HERE}/protokoll", data=data).status_code == 303
    shown = client.get(notes).text
    assert "protokollet är inte justerat" not in shown
    assert shown.count("Kan överklagas till och med 1") == 2
