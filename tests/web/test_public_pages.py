"""Anyone may read where everything stands: each address answers with one heading, its facts, and ways on."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from states import CostLine, Ore
from web.files.exports import exports
from web.open_data import api, feeds, open_pages
from web.pages import follow_page, stylesheet
from web.pages.public import public
from web.pages.rates_page import rates
from web.request import language
from web.words import process_words, words
from web.words.rate_words import FILTERS
from workflow import Engine, FundingAsk, Refused, Rows, Text
from workflow.money.views_money import Entry

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ("activity", "purchase", "rebuild")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("public")
        patch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{folder}/skede.sqlite3")
        with Engine.open(ROOT / "config.toml") as engine:
            yield engine


@pytest.fixture(scope="module")
def number(engine: Engine) -> str:
    """A proposal just handed in, with a title that must not become markup."""
    text = Text("Bänkar <b>vid</b> ån & torget", "Tre bänkar.", "Vid ån", "Det finns ingenstans att vila.")
    line = CostLine(1, "Bänkar", "furniture", Ore(120_000_00), 15, "municipality")
    rows = Rows((line,), (FundingAsk(1, "investment", 2026, Ore(120_000_00)),))
    return engine.submit(process="purchase", by=None, key=str(uuid4()), text=text, rows=rows).number


@pytest.fixture(scope="module")
def reader(engine: Engine, number: str) -> FlaskClient:
    app = Flask("web", root_path=str(ROOT / "web"))
    app.secret_key = "for tests"
    app.extensions["skede"] = engine
    stylesheet.init_app(app)
    language.init_app(app)
    words.register(app)
    process_words.register(app)
    app.jinja_env.filters.update(FILTERS)
    app.register_blueprint(public)
    app.register_blueprint(exports)
    app.register_blueprint(rates)
    for each in (api.api, feeds.feeds, open_pages.open_pages, follow_page.follow):
        app.register_blueprint(each)
    app.jinja_env.globals["csrf_token"] = app.jinja_env.globals["new_key"] = lambda: ""
    app.context_processor(
        lambda: {"identity": engine.config.identity, "contact": engine.config.contact, "signed": None, "badge": 0}
    )
    app.testing = True
    return app.test_client()


def read(reader: FlaskClient, address: str) -> str:
    answer = reader.get(address, headers={"Accept-Language": "sv"})
    assert answer.status_code == 200, address
    return answer.text.replace("\u00a0", " ")


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def addresses(number: str) -> list[str]:
    fixed = [
        "/",
        "/forslag",
        "/forslag?q=ån",
        "/forslag?q=finnsinte",
        "/potter",
        "/potter/investment/2026",
        "/processer",
    ]
    return [*fixed, f"/forslag/{number}", *(f"/processer/{each}" for each in PROCESSES)]


def test_every_page_has_one_heading_and_a_way_to_the_content(reader: FlaskClient, number: str) -> None:
    for address in addresses(number):
        page = read(reader, address)
        assert page.count("<h1") == 1, address
        assert 'href="#innehall"' in page, address
        assert 'id="innehall"' in page, address
        assert '<html lang="sv">' in page, address


def test_every_page_says_whom_to_ask(reader: FlaskClient, engine: Engine, number: str) -> None:
    for address in addresses(number):
        assert f"Frågor? Kontakta {engine.config.contact.title.lower()}" in said(read(reader, address)), address


def test_no_page_needs_more_than_its_policy_allows(reader: FlaskClient, number: str) -> None:
    for address in addresses(number):
        page = read(reader, address)
        assert not re.search(r"<style|<script|\sstyle=|\son\w+=|https?://(?!www\.w3\.org)", page), address


def test_links_lead_somewhere(reader: FlaskClient, number: str) -> None:
    others = ("/lamna-forslag", "/logga-in", "/personuppgifter", "/tillganglighet", "/ordlista")
    found = {link for address in addresses(number) for link in re.findall(r'href="(/[^"#]*)', read(reader, address))}
    for link in sorted(found):
        if not link.startswith((*others, "/bootstrap/")):
            with reader.get(link.replace("&amp;", "&")) as answer:
                assert answer.status_code == 200, link


def test_a_proposal_tells_whom_it_waits_for_and_what_pays(reader: FlaskClient, number: str) -> None:
    page = said(read(reader, f"/forslag/{number}"))
    assert "Nu väntar vi på arbetsgruppens första svar." in page
    assert "Därefter: beredning." in page
    assert "Steg 1 av 8" in page
    assert "Beräknad kostnad 120 000 kr exklusive moms." in page
    assert "Förslaget lämnades in." in page


def test_what_people_write_stays_text(reader: FlaskClient, number: str) -> None:
    for address in ("/", "/forslag", f"/forslag/{number}"):
        page = read(reader, address)
        assert "Bänkar &lt;b&gt;vid&lt;/b&gt; ån &amp; torget" in page
        assert "<b>vid" not in page


def test_the_overview_counts_where_proposals_stand(reader: FlaskClient) -> None:
    page = read(reader, "/")
    assert "/forslag?process=purchase&amp;state=idea" in page
    assert "1 Idé , 1 förslag" in said(page)


def test_a_count_opens_the_proposals_behind_it(reader: FlaskClient, number: str) -> None:
    assert number in read(reader, "/forslag?process=purchase&state=idea")
    there = read(reader, "/forslag?process=purchase&state=preparation")
    assert number not in there
    assert "Inga förslag passar." in there


def test_a_proposal_is_found_by_number_and_by_word(reader: FlaskClient, number: str) -> None:
    assert number in read(reader, f"/forslag?q={number}")
    assert number in read(reader, "/forslag?q=BÄNKAR")
    nothing = read(reader, "/forslag?q=<i>zebra</i>")
    assert "Inga förslag passar." in nothing
    assert "<i>zebra" not in nothing


def test_the_list_combines_words_and_filters(reader: FlaskClient, number: str) -> None:
    year = number.split("-")[1]
    assert number in read(reader, f"/forslag?q=bankar&process=purchase&state=idea&year={year}")
    assert number not in read(reader, f"/forslag?q=bankar&process=purchase&state=idea&year={int(year) - 1}")
    page = read(reader, f"/forslag?q=bankar&process=purchase&year={year}")
    assert f"/forslag.csv?q=bankar&amp;process=purchase&amp;year={year}" in page
    assert "Räknat " in page


def test_a_misspelt_word_is_told_and_found(reader: FlaskClient, number: str) -> None:
    page = read(reader, "/forslag?q=bnäkar")
    assert number in page
    assert "Inget förslag innehåller ”bnäkar”." in said(page).replace("&#34;", '"')


def test_a_filter_that_is_none_finds_nothing_and_breaks_nothing(reader: FlaskClient, number: str) -> None:
    for asked in ("process=x", "state=x", "pot=x", "criterion=x", "q=&place=x", "after=x"):
        assert number not in read(reader, f"/forslag?{asked}"), asked
    assert number in read(reader, "/forslag?year=x")


def test_a_pot_shows_the_decision_behind_its_budget(reader: FlaskClient) -> None:
    page = said(read(reader, "/potter/investment/2026"))
    assert "1 000 000 kr kvar av 1 000 000 kr" in page
    assert "Beslutad: KF" in page
    assert "Budget 2027 är inte beslutad." in said(read(reader, "/potter"))


def test_a_pot_with_very_many_entries_shows_the_newest_and_tells_of_the_rest(reader: FlaskClient) -> None:
    each = Entry(
        "spend", 100, "ordered", "spent", date(2026, 3, 2), date(2026, 3, 2), 2026, "", None, None, None, None, ""
    )
    with reader.application.test_request_context(headers={"Accept-Language": "sv"}):
        macro = reader.application.jinja_env.get_template("macros/parts.html").make_module({}).entries
        few, many = str(macro((each,) * 200, "Bokfört", 200)), str(macro((each,) * 203, "Bokfört", 203))
    assert few.count("<time") == many.count("<time") == 200
    assert "3 äldre poster finns i filen nedan." in many
    assert "filen nedan" not in few


def test_a_process_is_told_as_list_and_as_picture(reader: FlaskClient) -> None:
    page = read(reader, "/processer/rebuild")
    assert page.count('class="process-step"') > 14
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="process-map"' in page
    answer = reader.get("/processer/rebuild.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


@pytest.mark.parametrize(
    "address", ["/potter/investment/1999", "/potter/nothing/2026", "/processer/x", "/processer/x.svg"]
)
def test_what_is_not_there_is_not_found(reader: FlaskClient, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_an_unknown_proposal_is_refused_by_the_engine(reader: FlaskClient) -> None:
    with pytest.raises(Refused):
        reader.get("/forslag/CG-1999-001")


def test_reading_needs_no_method_but_get(reader: FlaskClient, number: str) -> None:
    for address in addresses(number):
        assert reader.post(address).status_code == 405, address
