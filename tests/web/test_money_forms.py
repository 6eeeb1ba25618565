"""Forms about money in the hands of officials: rates, what a cost is classified as, and what else is said of it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from states import CostLine, Ore
from tests.workflow import cast
from web.app import create_app
from web.words import rate_words
from workflow import Engine, FundingAsk, LineDetails, Rows
from workflow.money import rates

# Choices as pairs work in every release that may be installed; their successor only in the newest.
pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices as tuples:DeprecationWarning")


@pytest.fixture
def engine(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    url = f"sqlite:///{tmp_path}/skede.sqlite3"
    monkeypatch.setenv("SKEDE_DATABASE_URL", url)
    cast.seed(url)
    with cast.opened(url) as engine:
        yield engine


@pytest.fixture
def app(engine: Engine) -> Flask:
    app = create_app(engine)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def signed_in(app: Flask, engine: Engine, title: str) -> FlaskClient:
    client = app.test_client()
    client.post("/logga-in", data={"person": str(cast.person(engine, title))})
    return client


def case(engine: Engine, kind: str = "furniture", kronor: int = 40_000, year: int = 2026) -> cast.Case:
    """A purchase that nobody has classified."""
    made = cast.Case(engine, "purchase").submit().walk("accept")
    line = CostLine(1, "Fyra bänkar", kind, Ore(kronor * 100), 10, "municipality")
    rows = Rows((line,), (FundingAsk(1, "investment", year, Ore(kronor * 100)),))
    engine.revise(
        made.number, by=made.people["officer", None], key=cast.key(), seen_revision=1, text=cast.WORDS, rows=rows
    )
    return made


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


# --- classification -----------------------------------------------------------------------------------------------


def classify(client: FlaskClient, number: str, **fields: str) -> tuple[int, str]:
    path = f"/arenden/{number}/drift-eller-investering"
    form = {"key": cast.key(), "seen_revision": "2", **{f"line-1-{name}": value for name, value in fields.items()}}
    answer = client.post(path, data=form)
    return answer.status_code, said(answer.text)


def test_the_proposal_is_filled_in_and_agreed_to_without_a_reason(app: Flask, engine: Engine) -> None:
    made = case(engine)
    client = signed_in(app, engine, "Beslutsattestant")
    page = client.get(f"/arenden/{made.number}/drift-eller-investering").text
    assert "Föreslås: investering." in said(page)
    assert "Hela köpet kostar 40 000 kr, och gränsen är 29 600 kr: 50 % av prisbasbeloppet 2026." in said(page)
    assert re.search(r'<input checked[^>]*value="investment"', page)
    status, _ = classify(client, made.number, to="investment", why="")
    assert status == 303
    history = said(client.get(f"/arenden/{made.number}").text)
    assert "Kostnad 1, Fyra bänkar : investering, som föreslaget." in history


def test_another_pot_needs_a_reason_and_both_stand_in_the_history(app: Flask, engine: Engine) -> None:
    made = case(engine, "conference")
    client = signed_in(app, engine, "Beslutsattestant")
    status, page = classify(client, made.number, to="investment", why=" ")
    assert (status, "Skriv varför det inte blir som föreslaget." in page) == (422, True)
    assert engine.case(made.number, made.people["attestant", None]).timeline.steps[-1].kind == "revised"
    status, _ = classify(client, made.number, to="investment", why="Konferensen är ett köp.")
    assert status == 303
    history = said(client.get(f"/arenden/{made.number}").text)
    assert "investering, inte som föreslaget. Föreslås: drift. Konferens: här köps ingenting" in history
    assert "Beslutsattestantens skäl: Konferensen är ett köp." in history


def test_a_year_without_a_price_base_amount_asks_and_leads_to_the_rates(app: Flask, engine: Engine) -> None:
    made = case(engine, year=2027)
    page = signed_in(app, engine, "Beslutsattestant").get(f"/arenden/{made.number}/drift-eller-investering").text
    assert "Går inte att avgöra än. Prisbasbelopp 2027 är inte angivet; ange det eller avgör själv." in said(page)
    assert "/belopp?name=price_base_amount&amp;year=2027" in page
    assert not re.search(r"<input checked", page)


# --- rates --------------------------------------------------------------------------------------------------------

GIVEN = {
    "name": "price_base_amount", "value": "60 000", "from_on": "2027-01-01", "to_on": "2027-12-31",
    "source": "SFS 2026:1", "set_by": "Regeringen",
}  # fmt: skip


def send(client: FlaskClient, **changed: str) -> tuple[int, str]:
    answer = client.post("/belopp", data={"key": cast.key(), **GIVEN, **changed})
    return answer.status_code, said(answer.text)


def given(engine: Engine, on: date = date(2027, 1, 1)) -> int | None:
    rows = [each for each in engine.rates() if each.name == "price_base_amount" and each.from_on == on]
    return rows[0].value


def test_everybody_reads_the_rates_with_their_sources(app: Flask) -> None:
    page = app.test_client().get("/belopp").text
    told = said(page)
    for words in (
        "Prisbasbelopp 59 200 kr gäller i dag.",
        "SFS 2025:872",
        "Internränta Inget värde är angivet för i dag.",
    ):
        assert words in told
    assert "LOU 19 a kap. 2 §" in told
    assert '<form method="post" action="/belopp"' not in page


def test_every_rate_that_ships_is_known_in_its_unit_and_has_words(engine: Engine) -> None:
    assert {each.name: each.unit for each in engine.rates()} == dict(rates.UNITS)
    assert set(rate_words.RATES) == set(rates.UNITS)


def test_who_keeps_the_books_gives_a_rate(app: Flask, engine: Engine) -> None:
    client = signed_in(app, engine, "Ekonom")
    form = client.get("/belopp?name=price_base_amount&year=2027").text
    assert 'value="2027-01-01"' in form
    assert "/belopp?name=price_base_amount&amp;year=2027#nytt" in form
    assert send(client)[0] == 303
    assert given(engine) == 60_000_00
    told = said(client.get("/belopp").text)
    assert "2027 60 000 kr SFS 2026:1 Regeringen" in told
    assert "2027 (ersatt) ej angivet" in told


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value": "6o 000"}, "Beloppet går inte att förstå."),
        ({"value": "-1"}, "Beloppet går inte att förstå."),
        ({"value": ""}, "Fyll i värde."),
        ({"name": "internal_interest", "value": "2,555"}, "Skriv en procentsats, till exempel 2,5."),
        ({"name": "capitalisation_years", "value": "tre"}, "Skriv ett helt antal, till exempel 3."),
        ({"name": "nothing"}, "Välj ett av alternativen."),
        ({"to_on": "2026-12-31"}, "Sista dagen är före den första."),
        ({"from_on": "i morgon"}, "Datumet går inte att förstå."),
        ({"source": ""}, "Fyll i källa."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_changes(
    app: Flask, engine: Engine, changed: dict[str, str], words: str
) -> None:
    before = engine.rates()
    status, page = send(signed_in(app, engine, "Ekonom"), **changed)
    assert (status, words in page) == (422, True), page
    assert engine.rates() == before


def test_not_stated_is_a_value(app: Flask, engine: Engine) -> None:
    client = signed_in(app, engine, "Administratör")
    assert send(client)[0] == 303
    assert send(client, value="Ej angivet", source="ej angivet")[0] == 303
    assert given(engine) is None


def test_an_officer_gets_no_form_and_no_rate(app: Flask, engine: Engine) -> None:
    client = signed_in(app, engine, "Handläggare")
    assert "Spara värdet" not in client.get("/belopp").text
    status, page = send(client)
    assert (status, given(engine)) == (403, None)
    assert "Det görs av ekonom" in page


# --- what else is said of a cost ----------------------------------------------------------------------------------


def test_account_and_running_cost_are_written_and_shown(app: Flask, engine: Engine) -> None:
    made = case(engine)
    client = signed_in(app, engine, "Handläggare")
    path = f"/arenden/{made.number}/innehall"
    form = {
        "key": cast.key(), "seen_revision": "2", "title": "Bänkar", "what": "Fyra bänkar", "where": "Torget",
        "lines-0-n": "1", "lines-0-what": "Fyra bänkar", "lines-0-kind": "furniture", "lines-0-amount": "40 000",
        "lines-0-life_years": "10", "lines-0-owner": "municipality", "lines-0-project_no": "P-1204",
        "lines-0-responsibility": "4100", "lines-0-activity": "2490", "lines-0-account": "1180",
        "lines-0-care_ore": "2 000,50", "lines-0-winter_ore": "1 tkr", "funding-0-line": "1",
        "funding-0-source": "investment:2026", "funding-0-amount": "40 000",
    }  # fmt: skip
    assert client.post(path, data={**form, "lines-0-power_ore": "0,001"}).status_code == 422
    assert client.post(path, data=form).status_code == 303
    (line,) = engine.timeline(made.number, made.people["officer", None]).content.lines
    assert line.details == LineDetails("P-1204", "4100", "2490", "1180", care_ore=2_000_50, winter_ore=1_000_00)
    page = client.get(path).text
    assert 'value="P-1204"' in page
    assert 'value="2 000,50"' in page
    told = said(client.get(f"/arenden/{made.number}").text)
    for words in ("Projektnummer P-1204", "Konto 1180", "Driftkostnad 3 000,50 kr per år", "vinter 1 000 kr"):
        assert words in told
    assert "Kapitalkostnaden kan inte räknas ut än. Internräntan 2026 är inte angiven." in told
    everybody = app.test_client().get(f"/forslag/{made.number}").text
    assert "P-1204" not in everybody


def test_the_capital_cost_is_shown_before_the_decision(app: Flask, engine: Engine) -> None:
    made = case(engine, kronor=300_000)
    client = signed_in(app, engine, "Ekonom")
    rate = {"name": "internal_interest", "value": "2,5", "from_on": "2026-01-01", "to_on": "2026-12-31"}
    assert send(client, **rate)[0] == 303
    told = said(signed_in(app, engine, "Budgetansvarig").get(f"/arenden/{made.number}").text)
    assert "Kapitalkostnad 37 500 kr första året och 30 750 kr det sista, år 10." in told
    assert "Internränta 2,5 % (2026), 41 250 kr i allt." in told
