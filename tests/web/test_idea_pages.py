"""Handing in without a script: three steps, a draft that keeps everything, a last look, and one proposal in the end."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.torture.hostile_files import document, picture
from tests.web import ideas
from tests.workflow.cast import opened
from web.app import create_app
from workflow import Engine
from workflow.doors import handing_in

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")


@pytest.fixture
def engine(examples: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests of this machine only")
    with opened(f"sqlite:///{examples}", date(2026, 12, 1)) as engine:
        yield engine


@pytest.fixture
def client(engine: Engine) -> FlaskClient:
    return create_app(engine).test_client()


def begun(client: FlaskClient, **said: str) -> str:
    """The address of the second step."""
    return str(ideas.post(client, ideas.FORM, **({"what": "Ett växthus"} | said)).location)


def beside(second: str, step: str) -> str:
    """The address of another step of the draft; its secret may have any signs in it."""
    return second.removesuffix("/2") + step


def typed(engine: Engine, address: str) -> dict[str, str]:
    draft = engine.draft(address.split("/")[2])
    assert draft is not None
    return dict(draft.typed)


def test_what_is_wrong_is_kept_and_told_and_the_way_back_asks_nothing(client: FlaskClient, engine: Engine) -> None:
    second = begun(client)
    answer = ideas.post(client, second, where="", point="någonstans")
    assert answer.status_code == 422
    assert "Berätta var det är." in answer.text
    assert "Punkten går inte att förstå." in answer.text
    assert typed(engine, second)["point"] == "någonstans"
    assert 'value="någonstans"' in unescape(client.get(second).text)
    back = ideas.post(client, second, where="Torg", point="än värre", back="1")
    assert back.location == beside(second, "/1")
    assert "Ett växthus" in client.get(back.location).text
    assert typed(engine, second)["point"] == "än värre"
    ahead = client.get(beside(second, "/skicka"))
    assert ahead.location == f"{second}?fel=1", "nothing is sent before it is right"
    assert "Punkten går inte att förstå." in client.get(ahead.location).text


def test_a_script_saves_as_somebody_types(client: FlaskClient, engine: Engine) -> None:
    form = ideas.hidden(client.get(ideas.FORM).text)
    assert client.post(f"{ideas.FORM}/spara", data=form | {"what": ""}).status_code == 204
    assert "Fortsätt på utkastet" not in client.get(ideas.FORM).text
    assert client.post(f"{ideas.FORM}/spara", data=form | {"what": "Ett väx"}).status_code == 204
    assert "Fortsätt på utkastet" in client.get(ideas.FORM).text
    second = client.post(ideas.FORM, data=form | {"what": "Ett växthus"}).location
    saved = client.post(f"{second}/spara", data=ideas.hidden(client.get(second).text) | {"where": "Stadspar"})
    assert saved.status_code == 204
    assert typed(engine, second) == {"what": "Ett växthus", "where": "Stadspar"}


def test_a_draft_is_read_by_whoever_has_its_address_and_by_nobody_else(client: FlaskClient, engine: Engine) -> None:
    second = begun(client, what="Ett hemligt växthus")
    other = create_app(engine).test_client()
    answer = other.get(beside(second, "/1"))
    assert "Ett hemligt växthus" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert other.get(second[:-5] + "x/2").status_code == 404
    assert ideas.post(other, beside(second, "/1"), what="Ett växthus till").status_code == 303
    assert client.get(second[:-2]).location == beside(second, "/1"), "where one was"
    away = beside(second, "/slang")
    assert "Ett växthus till" in client.get(away).text
    assert client.get(second).status_code == 200, "asking throws nothing away"
    assert ideas.post(other, away).location == "/"
    assert "Utkastet är raderat." in other.get("/").text
    for gone in (second, second[:-2], away):
        assert client.get(gone).status_code == 404


def test_it_is_sent_once_and_its_place_is_kept(client: FlaskClient, engine: Engine) -> None:
    second = begun(client, what="Ett växthus", about="purchase")
    third = ideas.post(client, second, where="Stadsparken", point="59.3097 14.1088").location
    check = ideas.post(client, third, cost="12 tkr").location
    page = unescape(client.get(check).text)
    for said in (
        "Ett växthus",
        "Stadsparken",
        "12\u00a0000\u00a0kr",
        "visas här på webben",
        "lämnas ut om någon begär",
    ):
        assert said in page
    form = ideas.hidden(page)
    for _ in range(2):
        assert client.post(check, data=form).location == "/lamna-forslag/kvitto"
    receipt = client.get("/lamna-forslag/kvitto").text
    assert "öppna den och gör ett bokmärke" in receipt
    number = engine.find("växthus")[0].number
    assert number in receipt
    assert len(engine.find("växthus")) == 1
    assert "59.3097, 14.1088" in client.get(f"/forslag/{number}").text
    assert client.get(check).location == "/lamna-forslag/kvitto"
    assert client.post(check, data=ideas.hidden(client.get(ideas.FORM).text)).location == "/lamna-forslag/kvitto"
    assert create_app(engine).test_client().get(second).location == f"/forslag/{number}"
    assert engine.verify() == ()


def test_the_sender_adds_and_mends_later_and_is_told_what_is_hidden(client: FlaskClient, engine: Engine) -> None:
    third = ideas.post(client, begun(client, what="Ett växthus, ring 0550-123 45"), where="Torget").location
    check = ideas.post(client, third, email="kim@example.org", telephone="0550-888 88").location
    page = unescape(client.get(check).text)
    assert "Det här döljs" in page
    assert "0550-123 45 (telefonnummer)." in page
    assert "0550-888 88 (telefonnummer)" not in page, "which nobody reads anyway"
    for _ in range(2):  # the second click has the words of the first
        client.post(check, data=ideas.hidden(page))
    receipt = client.get("/lamna-forslag/kvitto").text
    assert "till kim@example.org" in receipt
    (secret,) = set(re.findall(r"/mitt/(\w+)", receipt))
    own = ideas.post(client, f"/mitt/{secret}").location
    number = engine.find("växthus")[0].number
    page = client.get(own).text
    assert "någon annan gör" not in page
    assert "<dt>Version" not in page
    assert "i texten är dolt på webben" in page
    none = ideas.post_from(client, own, f"{own}/fil", alt="Taket")
    assert none.status_code == 422
    assert "Välj en fil först." in none.text
    for _ in range(2):
        sent = ideas.post_from(client, own, f"{own}/fil", alt="Taket", file=(io.BytesIO(picture("PNG")), "Tak.png"))
        assert sent.location == f"{own}#bilder"
    assert client.get(own).text.count("väntar på att någon hos oss tittar på den") == 2
    assert engine.files(number) == ()
    assert [each.count for each in engine.files_to_review()[0] if each.number == number] == [2]
    wrong = ideas.post_from(client, own, f"{own}/kontakt", email="kim@", name="Kim")
    assert wrong.status_code == 422
    assert 'value="Kim"' in wrong.text
    mended = {"email": "kim@example.com", "name": "Kim", "telephone": ""}
    assert ideas.post_from(client, own, f"{own}/kontakt", **mended).location == own
    session = engine.session(engine.open_link(secret))
    assert session is not None
    assert engine.own_contact(session.person) == mended
    assert engine.verify() == ()


def test_what_is_like_it_is_shown_before_it_is_sent(client: FlaskClient) -> None:
    check = ideas.post(
        client, ideas.post(client, begun(client, what="Julbelysningen"), where="Kungsgatan").location
    ).location
    page = unescape(client.get(check).text)
    assert "Är det något av dessa?" in page
    assert "Julbelysning längs Kungsgatan" in page
    (number,) = re.findall(r'href="/forslag/(CG-[0-9-]+)#folj"', page)
    assert 'id="folj"' in client.get(f"/forslag/{number}").text
    alone = ideas.post(client, ideas.post(client, begun(client, what="Bastu"), where="Ingenstans").location).location
    assert "Är det något av dessa?" not in client.get(alone).text


def test_who_has_sent_much_is_told_when_to_try_again(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_in, "SENT", handing_in.Limit(0, handing_in.SENT.leak, handing_in.SENT.longest))
    assert "Tack för din idé" in ideas.go_on(client, begun(client), where="Torget").text
    second = begun(client, what="En till")
    answer = ideas.go_on(client, second, where="Torget")
    assert answer.status_code == 429
    assert "Vänta" in answer.text
    assert "En till" in answer.text
    assert typed(engine, second)["what"] == "En till"


def test_a_field_that_people_leave_empty_stops_programmes(client: FlaskClient, engine: Engine) -> None:
    with engine.database.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM draft").scalar_one()
    answer = ideas.post(client, ideas.FORM, what="Köp", webbplats="https://elsewhere.example")
    assert answer.status_code == 422
    assert "Köp" in answer.text
    with engine.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM draft").scalar_one() == before


def test_a_form_that_had_grown_old_is_drawn_again_with_what_was_typed(client: FlaskClient, engine: Engine) -> None:
    second = begun(client)
    answer = client.post(second, data={"where": "Torget", "csrf_token": "old"})
    assert answer.status_code == 400
    assert 'value="Torget"' in answer.text
    assert "Formuläret var för gammalt" in answer.text


def test_a_picture_goes_with_the_idea_and_is_public_when_an_official_has_looked(
    client: FlaskClient, engine: Engine
) -> None:
    third = ideas.post(client, begun(client), where="Torget").location
    files = {"file": (io.BytesIO(picture("PNG")), "Solig.png")}
    refused = ideas.post(client, third, name="Kim", add="1", file=(io.BytesIO(b"<svg/>"), "Solig.svg"))
    assert refused.status_code == 422
    assert "Det är inte en bild" in refused.text
    assert 'value="Kim"' in refused.text
    phone = ideas.post(client, third, add="1", file=(io.BytesIO(b"\0\0\0\x18ftypheic"), "IMG_1.jpg"))
    assert "Mest kompatibel" in phone.text
    none = ideas.post(client, third, add="file", alt="Solen")
    assert none.status_code == 422
    assert re.search(r'href="#file">[^<]*Välj en fil först.', none.text)
    assert 'aria-describedby="file-error file-hint"' in none.text
    assert 'value="Solen"' in none.text
    assert ideas.post(client, third, add="1", alt="Solen", **files).location == f"{third}#filer"
    page = client.get(third).text
    (address,) = re.findall(r'src="(/utkast/[^"]*/filer/\d+)"', page)
    shown = client.get(address)
    assert (shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    (upload,) = re.findall(r'name="alt-(\d+)"', page)
    ideas.go_on(client, third, **{f"alt-{upload}": "Solen över torget"})
    number = engine.find("växthus")[0].number
    assert "/filer/" not in client.get(f"/forslag/{number}").text
    officer = create_app(engine).test_client()
    who = next(each.person for each in engine.demo_people() if each.title == "Handläggare")
    ideas.post(officer, "/logga-in", person=str(who))
    page = officer.get(f"/arenden/{number}/filer").text
    assert 'value="Solen över torget"' in page
    (name,) = set(re.findall(r'href="/filer/([0-9a-f]{32})"', page))
    assert client.get(f"/filer/{name}").status_code == 404
    form = ideas.hidden(page) | {"file": upload, "alt": "Solen över torget", "phase": "before", "shows": "1"}
    assert officer.post(f"/arenden/{number}/filer/granska", data=form).status_code == 303
    public = client.get(f"/forslag/{number}").text
    assert f'src="/filer/{name}/liten"' in public
    assert 'alt="Solen över torget"' in public
    assert "Före" in public
    assert client.get(f"/filer/{name}").data.startswith(b"\xff\xd8\xff")
    assert ideas.post(officer, f"/arenden/{number}/filer", alt="Skissen").status_code == 422
    added = {"file": (io.BytesIO(document()), "Skiss.pdf")}
    assert ideas.post(officer, f"/arenden/{number}/filer", alt="Skissen", **added).status_code == 303
    (name,) = re.findall(r'href="/filer/([0-9a-f]{32})">Skiss.pdf', client.get(f"/forslag/{number}").text)
    assert client.get(f"/filer/{name}").headers["Content-Disposition"].startswith("attachment")
    assert engine.verify() == ()


def test_an_official_writes_down_what_came_by_letter_and_prints_the_receipt(
    client: FlaskClient, engine: Engine
) -> None:
    assert client.get("/skriv-in-forslag").status_code == 303
    who = next(each.person for each in engine.demo_people() if each.title == "Handläggare")
    ideas.post(client, "/logga-in", person=str(who))
    assert "/skriv-in-forslag" in client.get(ideas.FORM).text
    assert "/skriv-in-forslag" in client.get("/att-gora").text
    assert "Vad gäller idén?" in client.get("/skriv-in-forslag").text
    said = {"what": "En fontän", "where": "Torget", "name": "Den som skrev", "channel": "letter"}
    refused = ideas.post(client, "/skriv-in-forslag", **said)
    assert refused.status_code == 422
    assert "En fontän" in refused.text
    came_on = (engine.today() - timedelta(days=3)).isoformat()
    assert ideas.post(client, "/skriv-in-forslag", **said, came_on=came_on).location == "/lamna-forslag/kvitto"
    receipt = client.get("/lamna-forslag/kvitto").text
    assert "Skriv ut sidan" in receipt
    assert "/mitt/" in receipt
    number = engine.find("fontän")[0].number
    case = unescape(client.get(f"/arenden/{number}").text)
    assert "brev. Inskrivet av" in case
    assert f"Inkommet: {came_on}" in case
    first = client.get(f"/forslag/{number}").text.split('id="steg-1"')[1].split("</li>")[0]
    assert f'<time datetime="{came_on}">' in first, "it came in on the day it came in"
    assert "Infört" in first

    outside = next(each.person for each in engine.demo_people() if each.title == "Fastighetsägare")
    other = create_app(engine).test_client()
    ideas.post(other, "/logga-in", person=str(outside))
    assert other.get("/skriv-in-forslag").status_code == 403
