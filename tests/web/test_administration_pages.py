"""Administration in the hands of an administrator: each form, what is refused in words on its own page, the history of
it, and a revisor who reads and changes nothing."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.workflow import cast
from web.app import create_app
from web.forms.administration_forms import code_of
from workflow import Engine

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
GROUP = "/administration/organ/centrumgruppen"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("administration") / "seeded.sqlite3"
    cast.seed(f"sqlite:///{path}")
    return path


@pytest.fixture
def engine(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with cast.opened(f"sqlite:///{shutil.copy(seeded, tmp_path / 'skede.sqlite3')}") as engine:
        yield engine
        assert engine.verify() == ()


@pytest.fixture
def app(engine: Engine) -> Flask:
    app = create_app(engine)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def admin(app: Flask, engine: Engine) -> FlaskClient:
    return as_(app, engine, "Administratör")


def as_(app: Flask, engine: Engine, title: str) -> FlaskClient:
    client = app.test_client()
    client.post("/logga-in", data={"person": str(cast.person(engine, title))})
    return client


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


def send(client: FlaskClient, path: str, name: str, row: int | None = None, /, **fields: object) -> Any:
    """A form as the page makes it."""
    prefix = name if row is None else f"{name}-{row}"
    data = {f"{prefix}-{field}": str(value) for field, value in fields.items()}
    if row is not None:
        data["row"] = str(row)
    return client.post(f"{path}/{name}", data=data)


def done(client: FlaskClient, answer: Any, words: str) -> str:
    """It was done, and the page that follows says so."""
    assert answer.status_code == 303, said(answer.text)
    page = said(client.get(answer.location).text)
    assert words in page
    return page


def test_a_body_a_person_and_a_seat_and_what_is_told_of_them(admin: FlaskClient, engine: Engine) -> None:
    base = "/administration/andra"
    done(admin, send(admin, base, "body", title="Samhällsnämnden", kind="board", level="25"), "Organet är tillagt.")
    page = done(
        admin, send(admin, base, "person", name="Samordnare", title="Centrumsamordnare", email="s@example.org"),
        "Personen är tillagd.",
    )  # fmt: skip
    assert "Centrumsamordnare" in page
    (who,) = engine.members_called("samordnare")
    body = "/administration/organ/samhallsnamnden"
    seat = {"person": who, "role": "officer", "category": "municipality", "from_on": "2026-03-02", "source": "Avtal"}
    answer = send(admin, body, "seat", **seat | {"category": "trade"})
    assert answer.status_code == 422
    assert "kan bara innehas av den som är anställd" in said(answer.text)
    assert 'value="Avtal"' in answer.text, "what was typed is kept"
    page = done(admin, send(admin, body, "seat", **seat), "Uppdraget är tillagt.")
    (mine,) = engine.seats("samhallsnamnden")
    answer = send(admin, body, "end_seat", mine.id, to_on="2026-01-01")
    assert (answer.status_code, "är före den första" in said(answer.text)) == (422, True)
    done(admin, send(admin, body, "end_seat", mine.id, to_on="2026-06-30"), "Uppdraget har fått en sista dag.")
    history = said(admin.get("/administration/historik").text)
    assert "Uppdrag: fick en sista dag" in history
    assert re.search(r"Förut: Samordnare, handläggare.+tills vidare.+nu: Samordnare.+30 juni 2026", history)
    assert "Administratör, administratör" in history
    assert "Samordnare, Centrumsamordnare, s@example.org" in history
    done(admin, send(admin, body, "rename", title="Nämnden för samhället"), "Namnet är ändrat.")
    heir = {"ended_on": "2026-12-31", "successor": "ks"}
    page = done(admin, send(admin, body, "dissolve", **heir), "Upphör 31 december 2026.")
    assert "Kommunstyrelsen tar över öppna ärenden" in page


def test_days(admin: FlaskClient, engine: Engine) -> None:
    path = "/administration/organ/tn"
    done(admin, send(admin, path, "meeting", held_on="2027-10-06", papers_due_on="2027-09-22"), "Mötet är tillagt.")
    (day,) = (each for each in engine.meetings_of("tn") if each.held_on.isoformat() == "2027-10-06")
    answer = send(admin, path, "move_meeting", day.id, held_on="2027-10-06", papers_due_on="2027-11-01")
    assert "Sista dagen för handlingar är efter mötet" in said(answer.text)
    done(admin, send(admin, path, "move_meeting", day.id, held_on="2027-10-13"), "13 oktober 2027")
    done(admin, send(admin, path, "cancel_meeting", day.id), "Mötet är inställt.")
    base = "/administration/andra"
    quiet = {"title": "Sportlov", "from_on": "2027-03-01", "to_on": "2027-03-07"}
    done(admin, send(admin, base, "quiet", **quiet), "Sportlov")
    (each,) = (each for each in engine.quiet_periods() if each.title == "Sportlov")
    done(admin, send(admin, base, "end_quiet", each.id, to_on="2027-03-08"), "8 mars 2027")
    done(admin, send(admin, base, "cancel_quiet", each.id), "borttagen")
    history = said(admin.get("/administration/historik").text)
    assert re.search(r"Möte: flyttat.+6 oktober 2027.+13 oktober 2027", history)


def test_rights(admin: FlaskClient, engine: Engine) -> None:
    base = "/administration/andra"
    right = {
        "holder": "budget_holder", "source": "investment", "up_to": "400 tkr", "point": "3.1", "from_on": "2026-05-01",
        "basis": "KF § 88", "substitute": "",
    }  # fmt: skip
    answer = send(admin, base, "right", **right)
    assert "finns redan för samma slags pengar" in said(answer.text)
    old = next(
        each for each in engine.decision_rights() if (each.holder, each.source) == ("budget_holder", "investment")
    )
    done(admin, send(admin, base, "end_right", old.id, to_on="2026-04-30"), "har fått en sista dag")
    page = done(admin, send(admin, base, "right", **right), "Beslutanderätten är införd.")
    assert "Högst 400 000 kr" in page
    assert "Centrumgruppen: tar ställning och rekommenderar" in page
    assert send(admin, base, "right", **right | {"up_to": "mycket"}).status_code == 422


def test_a_mandate_period(admin: FlaskClient, engine: Engine) -> None:
    seats = engine.ending_seats("centrumgruppen", engine.today().replace(year=2027, month=1, day=1))
    stay = [str(each.id) for each in seats[1:]]
    page = admin.get(f"{GROUP}/mandatperiod").text
    assert page.count("checked") == len(seats), "everybody stays until somebody says otherwise"
    nobody = {"person": "", "role": "member", "category": "other"}
    given = {
        "from_on": "2027-01-01", "to_on": "2030-12-31", "source": "KS § 12", "stay": stay,
        "person1": str(cast.person(engine, "Inköpare")), "role1": "member", "category1": "municipality",
        **{f"{name}{n}": value for n in (2, 3, 4) for name, value in nobody.items()},
        "key": cast.key(),
    }  # fmt: skip
    assert admin.post(f"{GROUP}/mandatperiod", data=given | {"source": ""}).status_code == 422
    for _ in range(2):
        done(admin, admin.post(f"{GROUP}/mandatperiod", data=given), "Mandatperioden är införd.")
    renewed = [each for each in engine.seats("centrumgruppen") if each.from_on.year == 2027]
    assert len(renewed) == len(stay) + 1
    assert "Uppdrag: ny mandatperiod" in said(admin.get("/administration/historik").text)


def test_signing_in_is_given_taken_and_given_back(admin: FlaskClient, app: Flask, engine: Engine) -> None:
    who = cast.person(engine, "Ekonom")
    path = f"/administration/personer/{who}"
    answer = admin.post(f"{path}/bjud-in", data={"login": "ekonom", "key": cast.key()})
    (link,) = re.findall(r"<code>http://localhost:8000(/valj-losenord/\w+)</code>", answer.text)
    theirs = app.test_client()
    chosen = {"password": "en lång och fin mening", "password_again": "en lång och fin mening"}
    assert theirs.post(link, data=chosen).status_code == 303
    assert theirs.get("/att-gora").status_code == 200
    done(admin, send(admin, path, "close"), "Inloggningen är avstängd")
    assert theirs.get("/att-gora").status_code == 303
    done(admin, send(admin, path, "open"), "Inloggningen är öppen igen.")
    given = {"name": "Ekonom", "title": "Controller", "email": "inte en adress"}
    assert send(admin, path, "details", **given).status_code == 422
    done(admin, send(admin, path, "details", **given | {"email": "e@example.org"}), "e@example.org")
    assert "Titel: Controller" in said(admin.get("/administration/historik").text)
    taken = admin.post(f"/administration/personer/{cast.person(engine, 'Revisor')}/bjud-in", data={"login": "EKONOM"})
    assert (taken.status_code, "upptaget" in taken.text) == (422, True)


def test_a_revisor_reads_and_changes_nothing_and_others_do_not_read(app: Flask, engine: Engine) -> None:
    revisor, officer = as_(app, engine, "Revisor"), as_(app, engine, "Handläggare")
    person = f"/administration/personer/{cast.person(engine, 'Ekonom')}"
    for path in ("/administration", "/administration/beslutanderatt", "/administration/historik", GROUP,
                 f"{GROUP}/mandatperiod", person):  # fmt: skip
        shown = revisor.get(path)
        assert shown.status_code == 200
        buttons = re.findall(r'<form[^>]*method="post"[^>]*action="(/administration[^"]*)"', shown.text)
        assert buttons in ([], [f"{GROUP}/mandatperiod"])
        assert "Inför mandatperioden" not in shown.text
        assert officer.get(path).status_code == 403
    for client in (revisor, officer):
        assert send(client, GROUP, "rename", title="X").status_code == 403
        assert send(client, person, "close").status_code == 403
    assert revisor.get("/administration/personer/99999").status_code == 404
    assert revisor.get("/administration/organ/ingen").status_code == 404


def test_what_is_no_form_of_the_page_is_not_found(admin: FlaskClient) -> None:
    for path in (f"{GROUP}/close", "/administration/andra/rename", "/administration/personer/2/body"):
        assert admin.post(path, data={}).status_code == 404
    assert send(admin, GROUP, "end_seat", 10**8, to_on="2026-06-30").status_code == 404


@pytest.mark.parametrize(("title", "code"), [("Miljö- & byggnämnden 2", "miljo-byggnamnden"), ("Ω", "organ")])
def test_a_body_gets_a_code_of_its_first_name(title: str, code: str) -> None:
    assert code_of(title) == code
