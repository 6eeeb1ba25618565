"""What the engine names by id is told in words, in both languages; figures are written as officials write them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from states import vocabulary
from web.request import figures, language
from web.words import content_words, words
from workflow.money.views_money import PotYear
from workflow.views.views import Awaits, Decision, Now

NB = "\u00a0"


@pytest.fixture
def app() -> Flask:
    app = Flask("web")
    language.init_app(app)
    words.register(app)
    return app


@pytest.fixture
def swedish(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "sv"}):
        yield


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def now(**changed: object) -> Now:
    given: dict[str, object] = {
        "state": "budget_approval", "title": "Budgetbeslut", "public": "beslut av {awaits}",
        "awaits": Awaits("Kommunstyrelsen", is_role=False), "since": date(2026, 11, 3), "waited_days": 14, "due": None,
        "may_wait": None, "next_meeting": None, "papers_due": None, "until": None, "ended": False, "advice": None,
    }  # fmt: skip
    return Now(**(given | changed))


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (vocabulary.ROLES, words.ROLES), (vocabulary.BODY_KINDS, words.BODY_KINDS), (vocabulary.FIELDS, words.FIELDS),
        (vocabulary.OUTCOMES, words.OUTCOMES), (vocabulary.POSITIONS, words.POSITIONS),
        (vocabulary.DUTIES, words.DUTIES), (vocabulary.SOURCES, words.SOURCES),
        (vocabulary.LINE_KINDS, content_words.LINES),
    ],
)  # fmt: skip
def test_every_name_of_the_registry_has_words(named: Mapping[str, object], told: Mapping[str, object]) -> None:
    assert set(named) <= set(told)


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "Nu väntar vi på beslut av kommunstyrelsen."),
        ({"awaits": Awaits("Kristinehamn AB", is_role=False)}, "Nu väntar vi på beslut av Kristinehamn AB."),
        ({"awaits": Awaits("budget_holder", is_role=True)}, "Nu väntar vi på beslut av budgetansvarig."),
        ({"public": "den {until}", "until": date(2027, 3, 1)}, f"Nu väntar vi på den 1{NB}mars{NB}2027."),
        ({"public": "den {until}"}, "Nu väntar vi på den ett datum som inte är angivet."),
        ({"ended": True, "public": "Klart", "awaits": None}, "Nu: klart."),
    ],
)  # fmt: skip
def test_now_is_told_in_one_sentence(changed: dict[str, object], sentence: str) -> None:
    assert words.now_sentence(now(**changed)) == sentence


@pytest.mark.usefixtures("english")
def test_now_is_told_in_english_too() -> None:
    awaited = now(public="arbetsgruppens första svar", awaits=Awaits("working_group", is_role=True))
    assert words.now_sentence(awaited).startswith("We are now waiting for ")
    assert words.role("budget_holder") == "Budget holder"


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("holder", "body", "why"),
    [
        ("budget_holder", None, "därför att du är budgetansvarig"),
        ("officer", None, "därför att du är handläggare"),
        ("registrar:ks", "Kommunstyrelsen", "därför att du för in beslut av kommunstyrelsen"),
        ("proposer", None, "därför att du lämnade förslaget"),
        ("technical", None, "därför att du hör till tekniska förvaltningen"),
    ],
)
def test_why_a_duty_is_mine(holder: str, body: str | None, why: str) -> None:
    assert words.why_mine(holder, body) == why


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(("paragraph", "cited"), [("112", f"§{NB}112"), ("§ 112", "§ 112")])
def test_a_decision_is_cited_by_body_day_and_paragraph(paragraph: str, cited: str) -> None:
    decision = Decision(
        "Kommunstyrelsen", "board", "approved", date(2026, 12, 9), paragraph, None, None, None, None, None
    )
    assert words.decided(decision) == f"Kommunstyrelsen, 9{NB}december{NB}2026, {cited}"


@pytest.mark.usefixtures("swedish")
def test_a_pot_is_told_in_one_sentence() -> None:
    pot = PotYear(
        "drift", "Driftspott", "operating", 2026, True, 500_000_00, 0, 455_000_00, 0, 0, 0, 45_000_00, False, None, None
    )
    assert words.pot_words(pot) == f"Driftspott 2026: Bokfört 45{NB}000{NB}kr, Kvar 455{NB}000{NB}kr"


@pytest.mark.parametrize(
    ("title", "inside"),
    [
        ("Tekniska nämnden", "tekniska nämnden"),
        ("KF", "KF"),
        ("Omtänksamma Kristinehamn", "Omtänksamma Kristinehamn"),
        ("", ""),
    ],
)
def test_names_keep_their_capitals_inside_a_sentence(title: str, inside: str) -> None:
    assert words.running(title) == inside


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("ore", "written"),
    [
        (1_000_000_00, f"1{NB}000{NB}000{NB}kr"), (0, f"0{NB}kr"), (-12_000_00, f"\u221212{NB}000{NB}kr"),
        (99_50, f"99,50{NB}kr"), (5, f"0,05{NB}kr"), (None, "inte känt än"),
    ],
)  # fmt: skip
def test_amounts(ore: int | None, written: str) -> None:
    assert figures.kr(ore) == written


@pytest.mark.usefixtures("english")
def test_amounts_have_a_point_in_english() -> None:
    assert figures.kr(1_234_50) == f"1{NB}234.50{NB}kr"
    assert figures.datum(date(2026, 11, 23)) == f"23{NB}November{NB}2026"


@pytest.mark.usefixtures("swedish")
def test_days_are_told_as_they_were_in_sweden() -> None:
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert figures.datum(new_year) == f"1{NB}januari{NB}2027"
    assert figures.kortdatum(new_year) == "2027-01-01"
    assert figures.klockslag(new_year) == f"1{NB}januari{NB}2027 kl. 00.30"
    assert figures.datum(None) == "ej angivet"


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "sedan i dag"), (1, f"väntat 1{NB}arbetsdag"), (12, f"väntat 12{NB}arbetsdagar")],
)
def test_working_days(days: int, told: str) -> None:
    assert figures.dagar(days) == told


def test_counters_stop_at_99() -> None:
    assert [figures.badge(count) for count in (1, 99, 100)] == ["1", "99", "99+"]


def test_a_number_is_dialled_without_spaces() -> None:
    assert figures.tel("+46 550-880 00") == "+4655088000"
