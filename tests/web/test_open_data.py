"""Open data: the JSON keeps to its own document, the feeds to their standards, and nothing tells more than the page."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from pydantic import BaseModel

from tests.workflow import cast
from tests.workflow.cast import Case
from web.app import create_app
from web.open_data import openapi, records, telling
from web.open_data.telling import coming_days
from web.pages.people import token_cookie
from workflow import Engine, Text

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CANARY = "Kanarie"
BASE = "http://localhost:8000"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seeded") / "skede.sqlite3"
    cast.seed(f"sqlite:///{path}")
    return path


@pytest.fixture
def engine(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    path = tmp_path / "skede.sqlite3"
    shutil.copy(seeded, path)
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with cast.opened(f"sqlite:///{path}") as engine:
        yield engine


@pytest.fixture
def case(engine: Engine) -> Case:
    return Case(engine, "purchase").submit().walk("accept", "write")


@pytest.fixture
def reader(engine: Engine) -> FlaskClient:
    return create_app(engine).test_client()


def read(reader: FlaskClient, address: str, of: type[BaseModel] | None = None) -> Any:
    answer = reader.get(address)
    assert answer.status_code == 200, (address, answer.text[:300])
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    if of is not None:
        of.model_validate_json(answer.data, strict=False)
    return answer.json


def test_every_address_of_the_document_answers_as_it_says(reader: FlaskClient, case: Case) -> None:
    told = read(reader, "/api/v1/openapi.json")
    assert told["openapi"] == "3.1.0"
    assert told["info"]["license"] == {"name": "ej angivet"}
    parts = {"number": case.number, "pot": "investment", "year": "2026", "process_id": "purchase"}
    for path in openapi.PATHS:
        assert path.path in told["paths"]
        shown = read(reader, "/api/v1" + path.path.format(**parts), path.answer)
        assert shown.get("items", shown), path.path
    served = {rule.rule for rule in reader.application.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert len(served) == len(openapi.PATHS) + 1
    refs = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(told)))
    assert refs == set(told["components"]["schemas"])


def test_the_licence_that_a_town_has_chosen_is_told(engine: Engine, reader: FlaskClient) -> None:
    assert "har inte valt licens än" in reader.get("/oppna-data", headers={"Accept-Language": "sv"}).text
    engine.config = engine.config.model_copy(
        update={"open_data": engine.config.open_data.model_copy(update={"licence": "CC0-1.0"})}
    )
    license_ = read(reader, "/api/v1/openapi.json")["info"]["license"]
    assert license_ == {"name": "CC0-1.0", "identifier": "CC0-1.0"}
    assert read(reader, "/api/v1/pots")["licence"] == "CC0-1.0"
    assert "creativecommons.org/publicdomain/zero" in reader.get("/oppna-data").text


def test_one_proposal_says_what_its_page_says(engine: Engine, reader: FlaskClient, case: Case) -> None:
    told = read(reader, f"/api/v1/proposals/{case.number}", records.Proposal)
    assert (told["number"], told["title"], told["where"]) == (case.number, "Bänkar", "Torget")
    assert told["now"].startswith("Nu väntar vi på")
    assert told["cost_ore"] == cast.WORK * 100
    assert [each["kind"] for each in told["events"]][:2] == ["submitted", "moved"]
    assert told["url"] == f"{BASE}/forslag/{case.number}"
    assert told == read(reader, f"/forslag/{case.number}.json")
    with pytest.raises(ValueError, match="not public"):
        telling.proposal(engine.timeline(case.number, cast.person(engine, "Handläggare")))


def test_pages_of_proposals_follow_on_each_other(engine: Engine, reader: FlaskClient) -> None:
    numbers = [Case(engine, "purchase").submit().number for _ in range(5)][::-1]
    met, address = [], "/api/v1/proposals?limit=2&q=bankar"
    while address:
        told = read(reader, address.removeprefix(BASE), records.Page[records.ProposalRow])
        met += [each["number"] for each in told["items"]]
        address = told["next"]
    assert met == numbers


def test_pages_of_entries_follow_on_each_other(engine: Engine, reader: FlaskClient) -> None:
    for ore in (100, 200, 300):
        cast.budget(engine, ore, kind="supplement")
    whole = read(reader, "/api/v1/pots/investment/2026/entries")["items"]
    assert len(whole) == 4
    first = read(reader, "/api/v1/pots/investment/2026/entries?limit=3")
    cast.budget(engine, 400, kind="supplement")  # what comes in meanwhile moves nothing
    rest = read(reader, first["next"].removeprefix(BASE))
    whole = read(reader, "/api/v1/pots/investment/2026/entries")["items"]
    assert [*first["items"], *rest["items"]] == whole
    assert rest["next"] is None


NO_QUESTIONS = (
    "proposals?limit=0", "proposals?limit=x", "proposals?limit=-1", "proposals?nothing=1", "proposals?q=a&q=b",
    "proposals?year=99999", "proposals?q=" + "x" * 101, "pots?x=1", "pots/investment/2026/entries?after=-1",
    "pots/investment/2026/entries?after=a%20b%20c",
    "processes/purchase?x=", "proposals?after=" + "9" * 50,
)  # fmt: skip
NOT_THERE = ("proposals/CG-1999-001", "pots/none/2026/entries", "pots/investment/1/entries", "processes/none", "none")


def test_what_has_no_answer_is_told_as_json(reader: FlaskClient, case: Case) -> None:
    for status, addresses in ((400, NO_QUESTIONS), (404, NOT_THERE)):
        for each in addresses:
            answer = reader.get(f"/api/v1/{each}")
            assert answer.status_code == status, each
            assert answer.content_type == "application/problem+json"
            records.Problem.model_validate_json(answer.data)
    assert reader.post("/api/v1/proposals").status_code in (400, 405)


def test_who_has_it_already_is_told_so(reader: FlaskClient, case: Case) -> None:
    feeds = ("json", "atom", "ics")
    for address in ("/api/v1/pots", *(f"/forslag/{case.number}.{each}" for each in feeds), "/sitemap.xml"):
        first = reader.get(address)
        again = reader.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b""), address


# --- feeds ---------------------------------------------------------------------------------------------------------


def test_the_timeline_as_atom(engine: Engine, reader: FlaskClient, case: Case) -> None:
    feed = Xml.fromstring(reader.get(f"/forslag/{case.number}.atom", headers={"Accept-Language": "sv"}).data)
    assert feed.find(f"{ATOM}title").text == "Bänkar"  # type: ignore[union-attr]
    assert "ns0:" not in reader.get(f"/forslag/{case.number}.atom").text
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(engine.timeline(case.number).steps)
    for name in ("id", "title", "updated", "author"):
        assert all(each.find(ATOM + name) is not None for each in (*entries, feed))
    ids = [each.findtext(f"{ATOM}id") for each in entries]
    assert len(set(ids)) == len(ids)
    assert ids[-1] == f"{BASE}/forslag/{case.number}#steg-1"
    assert [each.findtext(f"{ATOM}updated") for each in entries] == sorted(
        (each.findtext(f"{ATOM}updated") or "" for each in entries), reverse=True
    )


def test_what_xml_cannot_hold_breaks_no_feed(engine: Engine, reader: FlaskClient) -> None:
    text = Text("]]> <b>&amp; \x0b\x01", "a\x02b", "\ufffe")
    number = engine.submit(process="purchase", by=None, key=cast.key(), text=text).number
    for address in (f"/forslag/{number}.atom", "/handelser.atom"):
        assert "]]> <b>&amp;" in "".join(Xml.fromstring(reader.get(address).data).itertext())


def test_all_steps_as_atom_and_as_a_table(reader: FlaskClient, case: Case) -> None:
    feed = Xml.fromstring(reader.get("/handelser.atom").data)
    titles = [each.findtext(f"{ATOM}title") or "" for each in feed.findall(f"{ATOM}entry")]
    assert len(titles) == 2
    assert all(title.startswith("Bänkar: ") for title in titles)
    rows = list(csv.reader(io.StringIO(reader.get("/handelser-2026.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == [case.number] * 2
    assert len(list(csv.reader(io.StringIO(reader.get("/handelser-2025.csv").text)))) == 1


def test_coming_days_as_a_calendar(engine: Engine, reader: FlaskClient, case: Case) -> None:
    read_back = Calendar.from_ical(reader.get(f"/forslag/{case.number}.ics").data)
    days = {str(each["uid"]): each["dtstart"].dt for each in read_back.walk("VEVENT")}
    now = engine.timeline(case.number).now
    assert now.due is not None
    assert days[f"senast-{case.number}@localhost"] == now.due
    shown = engine.timeline(case.number)
    with reader.application.test_request_context():
        names = [[what for what, *_ in coming_days(shown, now.due + timedelta(days=late))] for late in (0, 1)]
    assert [("senast" in each) for each in names] == [True, False], "a day that has passed is not to come"


def test_pages_name_their_feeds(reader: FlaskClient, case: Case) -> None:
    page = reader.get(f"/forslag/{case.number}").text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    for kind in ("atom", "json", "ics"):
        assert f'href="/forslag/{case.number}.{kind}"' in page
    assert 'href="/handelser.atom"' in reader.get("/").text
    for form in ("atom", "json", "ics"):
        assert reader.get(f"/forslag/CG-1999-001.{form}").status_code == 404


def test_search_engines_find_every_proposal_and_nothing_private(reader: FlaskClient, case: Case) -> None:
    robots = reader.get("/robots.txt").text
    assert f"Sitemap: {BASE}/sitemap.xml" in robots
    closed = re.findall(r"^Disallow: (/\S+)$", robots, re.MULTILINE)
    assert {"/mejl", "/folj", "/arenden", "/utkast", "/mitt"} <= set(closed)
    parts = [each.text or "" for each in Xml.fromstring(reader.get("/sitemap.xml").data).iter(f"{SITEMAP}loc")]
    pages = [
        each.text or ""
        for part in parts
        for each in Xml.fromstring(reader.get(part.removeprefix(BASE)).data).iter(f"{SITEMAP}loc")
    ]
    for address in (f"/forslag/{case.number}", "/lamna-forslag", "/ordlista", "/tillganglighet", "/processer/purchase"):
        assert BASE + address in pages
    for each in pages:
        assert not each.removeprefix(BASE).startswith(tuple(closed)), each
        assert reader.get(each.removeprefix(BASE)).status_code == 200, each
    assert reader.get("/sitemap-1999.xml").status_code == reader.get("/sitemap-x.xml").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/handelser-0000.csv", "/handelser-9999.xlsx", f"/potter/investment/{10**30}", f"/potter/x/{2**63}.csv",
     f"/api/v1/pots/investment/{10**30}/entries"],
)  # fmt: skip
def test_a_year_that_is_none_is_not_there(reader: FlaskClient, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_an_address_that_is_none_breaks_no_form(reader: FlaskClient) -> None:
    """What P24 once found."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.get("/oppna-data").text)
    assert token is not None
    for path, name in (("/sprak", "next"), ("/kommentar", "page")):
        for given in ("http://[", "//[", "http://[x]"):
            sent = {"csrf_token": token[1], name: given, "language": "sv", "comment": "Bra"}
            assert reader.post(path, data=sent).status_code < 500
            assert reader.post(path, data=sent, headers={"Origin": given}).status_code == 400


# --- nothing private -----------------------------------------------------------------------------------------------


def test_nothing_private_gets_out(engine: Engine, reader: FlaskClient) -> None:
    contact = {name: f"{CANARY} {name}" for name in ("name", "telephone")} | {"email": "kanarie@example.se"}
    engine.submit(process="purchase", by=None, key=cast.key(), text=cast.WORDS, contact=contact)
    case = Case(engine, "purchase").submit().act("accept", assessment=f"{CANARY} bedömning").write()
    officer = case.people["officer", None]
    engine.note(case.number, f"{CANARY} intern", by=officer, key=cast.key())
    with reader.application.app_context():
        reader.set_cookie(token_cookie(), engine.sign_in_as(officer))  # open data is the same for an official
    addresses = [
        "/api/v1/proposals", f"/api/v1/proposals/{case.number}", f"/forslag/{case.number}.json",
        f"/forslag/{case.number}.atom", f"/forslag/{case.number}.ics", "/handelser.atom", "/handelser-2026.csv",
        "/api/v1/pots/investment/2026/entries", "/api/v1/processes/purchase",
        *(f"/api/v1/proposals?q={word}" for word in (CANARY, "kanarie@example.se", "bedömning", "intern")),
    ]  # fmt: skip
    for each in addresses:
        answer = reader.get(each)
        assert answer.status_code == 200, each
        if "?q=" in each:
            assert answer.json["items"] == [], each  # type: ignore[index]
        assert CANARY.lower() not in answer.text.lower().replace("q=kanarie", ""), each
