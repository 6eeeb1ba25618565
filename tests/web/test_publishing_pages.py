"""Publicering: an officer sees what everybody reads and changes it on one page; nobody else gets there."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.torture.hostile_files import picture
from tests.workflow import cast
from tests.workflow.cast import WORDS, Case, key, person
from web.app import create_app
from web.cli import main
from web.commands.extract_text import TABLES
from workflow import Engine, Refused, Text
from workflow.money.contents import Rows
from workflow.publishing import person_extract
from workflow.publishing.acting_on_words import Why
from workflow.publishing.commenting import Written
from workflow.publishing.erasing import Ruling
from workflow.submission.uploads import Said

TELEPHONE = "070-123 45 67"
RULING = Ruling("Kommunstyrelsen", date(2026, 1, 14), "§ 7")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("publishing") / "seeded.sqlite3"
    cast.seed(f"sqlite:///{path}")
    return path


@pytest.fixture
def world(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Flask, Engine, str]]:
    url = f"sqlite:///{shutil.copy(seeded, tmp_path / 'skede.sqlite3')}"
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with cast.opened(url) as engine:
        said = Text("Bänkar", f"Fyra bänkar. Ring {TELEPHONE}.", "Torget")
        number = engine.submit(process="purchase", by=None, key=key(), text=said, is_example=True).number
        yield create_app(engine), engine, number


def read(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def public_page(app: Flask, number: str) -> str:
    return read(app.test_client(), f"/forslag/{number}")


def officer(app: Flask, engine: Engine, who: str = "Handläggare") -> FlaskClient:
    client = app.test_client()
    send(client, "/logga-in", "/logga-in", person=str(person(engine, who)))
    return client


def send(client: FlaskClient, page: str, path: str, **fields: str | list[str]) -> tuple[int, str]:
    hidden = dict(re.findall(r'name="(csrf_token|key|seen_revision)" value="([^"]*)"', read(client, page)))
    answer = client.post(path, data=hidden | fields)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_text_is_looked_at_and_shown(world: tuple[Flask, Engine, str]) -> None:
    app, engine, number = world
    client, page = officer(app, engine), f"/arenden/{number}/publicering"
    for path in (f"/forslag/{number}", f"/arenden/{number}/forhandsgranska"):
        assert TELEPHONE not in read(client if "arenden" in path else app.test_client(), path), path
    preview = read(client, f"/arenden/{number}/forhandsgranska")
    assert ("/att-gora" in preview, 'action="/kommentar"' in preview) == (False, True), "as a visitor sees it"
    assert number in read(client, "/publicering")
    assert "1 text väntar på granskning" in read(client, "/att-gora")
    assert TELEPHONE in read(client, page)
    status, again = send(client, page, f"{page}/text", **{"review-review": "shown"})
    assert (status, "Skäl" in again) == (422, True), "a reason is asked for"
    same = {"review-review": "corrected", "review-reason": "x"} | {
        f"review-{name}": text for name, text in engine.text_to_review(number).public.items()
    }
    status, again = send(client, page, f"{page}/text", **same)
    assert (status, "desamma som alla redan läser" in again) == (422, True), "a correction corrects something"
    assert send(client, page, f"{page}/text", **(same | {"review-title": ""}))[0] == 422
    assert engine.texts_to_review()[1] == 1
    told = {"review-review": "shown", "review-reason": "Avsändaren vill det."}
    assert send(client, page, f"{page}/text", **told)[0] == 303
    assert TELEPHONE in read(app.test_client(), f"/forslag/{number}")
    assert "väntar på granskning" not in read(client, "/att-gora")


def test_a_text_is_corrected_in_other_words(world: tuple[Flask, Engine, str]) -> None:
    app, engine, number = world
    client, page = officer(app, engine), f"/arenden/{number}/publicering"
    words = {"title": "Fler bänkar", "what": "Fyra bänkar.", "where": "Torget"}
    told = {f"review-{name}": text for name, text in words.items()}
    sent = told | {"review-review": "corrected", "review-reason": "Telefonnumret togs bort."}
    assert send(client, page, f"{page}/text", **sent)[0] == 303
    public = read(app.test_client(), f"/forslag/{number}")
    assert ("Fler bänkar" in public, TELEPHONE in public, "dolt]" in public) == (True, False, False)
    assert TELEPHONE in read(client, page)
    assert "Ordalydelsen är rättad 2 mars 2026." in public.replace("\u00a0", " ")
    assert "Ordalydelsen är rättad" not in read(client, f"/arenden/{number}"), "officials read what is written"


def test_a_proposal_is_unpublished_calmly_and_shown_again(world: tuple[Flask, Engine, str]) -> None:
    app, engine, number = world
    client, page = officer(app, engine), f"/arenden/{number}/publicering"
    assert send(client, page, f"{page}/synlig", **{"hide-reason": "En begäran.", "again": "0"})[0] == 303
    assert "är avpublicerat" in read(client, page), "the receipt does not say that everybody reads it"
    assert "är avpublicerat" in read(client, f"/arenden/{number}")
    assert re.search(rf"Avpublicerade förslag.*{number}", read(client, "/publicering"), re.DOTALL)
    answer = app.test_client().get(f"/forslag/{number}")
    told = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "visas inte just nu" in told
    assert "Fyra bänkar" not in told
    assert "Frågor?" in told, "and whom to ask"
    assert number not in read(app.test_client(), "/forslag") + read(app.test_client(), "/forslag.csv")
    assert send(client, page, f"{page}/synlig", **{"hide-reason": "Klart.", "again": "1"})[0] == 303
    assert app.test_client().get(f"/forslag/{number}").status_code == 200


def test_decisions_are_held_and_published_together(world: tuple[Flask, Engine, str]) -> None:
    app, engine, _ = world
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    case.walk("table", "take_up").act("approve", wording="Bifall till bänkarna.")
    client, page = officer(app, engine), f"/arenden/{case.number}/publicering"
    tabled, seq = re.findall(r"/publicering/(\d+)/vanta", read(client, page))
    for each in (tabled, seq):
        told = {f"hold-{each}-reason": "Protokollet är inte publicerat."}
        assert send(client, page, f"{page}/{each}/vanta", **told)[0] == 303
    assert "Bifall till bänkarna." not in public_page(app, case.number)
    assert send(client, "/publicering", "/publicering", reason="Nu.")[0] == 422, "none is chosen"
    assert "Bifall till bänkarna." in read(client, "/publicering"), "nobody publishes what is not seen"
    word = {f"word-{seq}-public_words": "Bifall.", f"word-{seq}-reason": "Kort.", "field": "wording"}
    same = word | {f"word-{seq}-public_words": "Bifall till bänkarna."}
    assert send(client, page, f"{page}/{seq}/ord", **same)[0] == 422, "other words are other"
    assert send(client, page, f"{page}/{seq}/ord", **word)[0] == 303
    assert "Bifall." not in public_page(app, case.number)
    both = [f"{case.number}/{each}" for each in (tabled, seq)]
    assert send(client, "/publicering", "/publicering", decisions=both, reason="Justerat.")[0] == 303
    assert f"Publicerat för alla: {case.number}." in read(client, "/publicering"), "each once"
    public = public_page(app, case.number)
    assert ("Bifall." in public, "Bifall till bänkarna." in public) == (True, False)
    assert "Ordalydelsen är rättad" in public


def test_a_decision_is_published_on_its_own_page(world: tuple[Flask, Engine, str]) -> None:
    app, engine, _ = world
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    case.act("approve", wording="Bifall till bänkarna.")
    decided = engine.timeline(case.number).decided
    assert decided is not None
    engine.hold_decision(case.number, decided.seq, Why("Väntar."), by=person(engine, "Handläggare"), key=key())
    client, page = officer(app, engine), f"/arenden/{case.number}/publicering"
    assert "Bifall till bänkarna." in read(client, page)
    assert send(client, page, f"{page}/{decided.seq}/publicera")[0] == 422
    assert send(client, page, f"{page}/{decided.seq}/publicera", **{f"publish-{decided.seq}-reason": "Nu."})[0] == 303
    assert "Bifall till bänkarna." in public_page(app, case.number)


def test_an_events_words_are_corrected(world: tuple[Flask, Engine, str]) -> None:
    app, engine, _ = world
    case = Case(engine, "purchase", 20_000).submit()
    case.act("ask_completion", question=f"Ring {TELEPHONE}?")
    client, page = officer(app, engine), f"/arenden/{case.number}/publicering"
    told = {"word-2-public_words": "Ring oss?", "word-2-reason": "Numret togs bort.", "field": "question"}
    assert send(client, page, f"{page}/2/ord", **told)[0] == 303
    public = read(app.test_client(), f"/forslag/{case.number}")
    assert ("Ring oss?" in public, TELEPHONE in public) == (True, False)


def test_files_that_wait_are_seen_where_an_officer_looks_first(world: tuple[Flask, Engine, str]) -> None:
    app, engine, _ = world
    secret = engine.begin_draft(key(), {"what": "En bänk"})
    engine.add_draft_file(secret, "bänk.png", picture("PNG"), "En bänk")
    number = engine.send_draft(secret, process="purchase", by=None, key=key(), text=WORDS, is_example=True).number
    client = officer(app, engine)
    assert f"/arenden/{number}/filer" in read(client, "/publicering")
    queue = read(client, "/att-gora")
    assert "1 bild eller dokument väntar på granskning" in queue
    assert "2 väntar på granskning:" in queue, "a text and a file"
    auditor = officer(app, engine, "Revisor")
    assert "<button" not in read(auditor, f"/arenden/{number}/filer").split("<main")[1].split("</main>")[0]
    assert "väntar på granskning" not in read(auditor, "/att-gora")
    (file,) = engine.files(number, person(engine, "Handläggare"))
    engine.look_at_file(number, file.id, shows=True, alt="En bänk", by=person(engine, "Handläggare"), key=key())
    assert engine.files_to_review() == ((), 0)


@pytest.mark.parametrize("who", ["Ekonom", "Fastighetsägare", "Revisor"])
def test_nobody_else_gets_there(world: tuple[Flask, Engine, str], who: str) -> None:
    app, engine, number = world
    client = officer(app, engine, who)
    for path in ("/publicering", f"/arenden/{number}/publicering", f"/arenden/{number}/forhandsgranska"):
        assert client.get(path).status_code == 403, path
    assert send(client, "/", f"/arenden/{number}/publicering/synlig", again="0")[0] == 403


def test_a_proposal_is_erased_under_a_decision(world: tuple[Flask, Engine, str]) -> None:
    app, engine, number = world
    client, page = officer(app, engine), f"/gallra/{number}"
    assert send(client, page, page, body="KS")[0] == 422
    told = {"body": "Kommunstyrelsen", "decided_on": "2026-02-03", "paragraph": "§ 7", "reason": "Fristen är ute."}
    assert send(client, page, page, **told)[0] == 422, "how much is to be erased is asked for"
    assert send(client, page, page, **told, scope="everything")[0] == 422, "whether it is meant is asked for"
    assert "Bänkar" in read(client, page)
    assert send(client, page, page, **told, scope="everything", sure="y")[0] == 303
    public = read(app.test_client(), f"/forslag/{number}").replace("\u00a0", " ")
    assert "Texten är gallrad" in public
    for reader, path in (
        (client, "arenden"),
        (officer(app, engine, "Revisor"), "arenden"),
        (app.test_client(), "forslag"),
    ):
        history = read(reader, f"/{path}/{number}").replace("\u00a0", " ")
        assert "Texten gallrades" in history
        assert "Efter beslut av kommunstyrelsen 3 februari 2026, § 7." in history
    assert "<dt>Vad</dt>" not in public
    after = read(client, f"/arenden/{number}/publicering")
    assert ("som den är skriven" in after, f"/gallra/{number}" in after) == (False, False)
    assert "Fyra bänkar" not in read(client, f"/arenden/{number}")
    assert client.get("/gallra/SP-1999-001").status_code == 404


@pytest.mark.parametrize("who", ["", "Handläggare", "Revisor"])
def test_every_page_of_an_erased_proposal_answers(world: tuple[Flask, Engine, str], who: str) -> None:
    app, engine, _ = world
    case = Case(engine, "purchase", 20_000).submit()
    by = person(engine, "Handläggare")
    engine.add_file(case.number, picture("PNG"), Said("torget.png", "Torget."), by=by, key=key())
    client = officer(app, engine, who) if who else app.test_client()
    if not who:
        send(client, f"/mitt/{case.secret}", f"/mitt/{case.secret}")
        assert "Ändra texten" in read(client, f"/arenden/{case.number}/min-ide")
    engine.erase(case.number, RULING, Why("Fristen är ute."), by=by, key=key())
    values = {"number": case.number, "stream": case.number, "seq": 1, "duty": 1}
    values["duty"] = engine.case(case.number, by).duties[0].duty
    rules = [each for each in app.url_map.iter_rules() if {"number", "stream"} & set(each.arguments)]
    for rule in (each for each in rules if "GET" in (each.methods or ())):
        with app.test_request_context():
            built = rule.build({name: values.get(name, by) for name in rule.arguments})
        assert built is not None
        assert client.get(built[1]).status_code < 500, built[1]
    if who:
        assert client.get(f"/arenden/{case.number}").status_code == 200
    else:
        assert "Ändra texten" not in read(client, f"/arenden/{case.number}/min-ide")
        assert client.get(f"/arenden/{case.number}/innehall").status_code == 403
        taken = engine.session(engine.open_link(case.secret))
        assert taken is not None
        with pytest.raises(Refused):
            engine.revise(case.number, by=taken.person, key=key(), seen_revision=1, text=WORDS, rows=Rows((), ()))


def test_a_comment_is_erased_under_a_decision(world: tuple[Flask, Engine, str]) -> None:
    app, engine, _ = world
    comment = engine.comment(Written("comment", "/", f"Ring {TELEPHONE}"), key=key()).number
    client, page = officer(app, engine), f"/gallra/{comment}"
    told = {"body": "Kommunstyrelsen", "decided_on": "2026-02-03", "paragraph": "§ 7", "reason": "Fristen är ute."}
    assert send(client, page, page, **told, sure="y")[0] == 303
    assert "Texten är gallrad" in read(client, f"/kommentarer/{comment}")
    assert f"/gallra/{comment}" not in read(client, f"/kommentarer/{comment}")
    assert TELEPHONE not in read(client, "/kommentarer")


def test_the_extract_is_written_by_a_command(
    world: tuple[Flask, Engine, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, engine, number = world
    monkeypatch.setenv("SKEDE_DATABASE_URL", engine.config.database_url)
    written = tmp_path / "utdrag.json"
    assert main(["person-extract", "--json", number, str(written)]) == 0
    (told,) = json.loads(written.read_text(encoding="utf-8"))["persons"]
    assert TELEPHONE in repr(told["revisions"])
    assert written.stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"
    assert main(["person-extract", "nobody@exempel.se"]) == 1
    assert "Ingen person" in capsys.readouterr().err
    engine.comment(Written("comment", "/", "Skriv till Nagon.Annan@exempel.se"), key=key())
    assert main(["person-extract", "nagon.annan@exempel.se"]) == 0, "whom no row knows"
    told = capsys.readouterr().out
    assert "Där andra texter nämner uppgiften" in told
    assert "Skriv till Nagon.Annan@exempel.se" in told
    assert main(["person-extract", number]) == 0
    told = capsys.readouterr().out
    assert TELEPHONE in told
    assert "Det du har skrivit i förslag" in told
    assert "proposal_id" not in told
    assert "{" not in told
    assert {each.name for each in person_extract.pointing()} <= TABLES.keys()
    assert main(["scrub"]) == 0


def test_a_delegates_decision_names_the_role_in_words(world: tuple[Flask, Engine, str]) -> None:
    app, engine, _ = world
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    case.act("approve")
    decided = engine.timeline(case.number).decided
    assert decided is not None
    by = person(engine, "Handläggare")
    engine.hold_decision(case.number, decided.seq, Why("Väntar."), by=by, key=key())
    page = read(officer(app, engine), "/publicering")
    assert f"/arenden/{case.number}" in page
    assert ("budgetansvarig" in page, "budget_holder" in page) == (True, False)
