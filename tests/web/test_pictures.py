"""The stage track and the pot bar say in words and shape what they draw; no picture needs colour or an inline style."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask, render_template_string

from web.pages.public import public
from web.request import language
from web.words import words
from workflow.money.views_money import PotYear
from workflow.proposals.views_overview import ProcessCount
from workflow.views.views import Station, Track

TITLES = ("Idé", "Beredning", "Skiss", "Budgetbeslut", "Byggnation")


@pytest.fixture
def app() -> Flask:
    app = Flask("web")
    app.secret_key = "for tests"
    language.init_app(app)
    words.register(app)
    app.register_blueprint(public)
    return app


def track(here: int = 4, side: Station | None = None) -> Track:
    """Five stations, the third skipped and the second visited twice."""
    stations = []
    for n, title in enumerate(TITLES, 1):
        status = "done" if n < here else "here" if n == here else "ahead"
        on, left = (date(2026, 3, n) if n <= known else None for known in (here, here - 1))
        stations.append(Station(n, f"s{n}", title, status, on=on, left=left))
    stations[1] = replace(stations[1], times=2)
    if here > 3:
        stations[2] = replace(stations[2], status="skipped", reason="Det räcker med ett program")
    return Track(tuple(stations), side)


POT = PotYear(
    "CG-1/outside/Å & Ö", "Driftspott", "operating", 2026, True, 500_000_00, 0, 230_000_00, 60_000_00, 90_000_00,
    45_000_00, 75_000_00, False, None, None,
)  # fmt: skip


def drawn(app: Flask, call: str, **given: object) -> str:
    """What a macro makes of it, on one line and without runs of spaces."""
    source = (
        '{% from "macros/track.html" import track, track_mini, track_counts with context %}'
        '{% from "macros/pot.html" import pot_bar, pot_card, pot_table, pot_change %}{{ ' + call + " }}"
    )
    with app.test_request_context(headers={"Accept-Language": "sv"}):
        return re.sub(r"\s+", " ", render_template_string(source, **given))


def spoken(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_track_marks_where_the_proposal_is(app: Flask) -> None:
    page = drawn(app, "track(given)", given=track())
    wide, narrow = page.split('class="track-narrow"')
    assert wide.count('aria-current="step"') == narrow.count('aria-current="step"') == 1
    assert "Budgetbeslut här nu" in spoken(wide)
    assert "Steg 4 av 5: Budgetbeslut" in spoken(narrow)


def test_every_station_says_its_state_in_words(app: Flask) -> None:
    said = spoken(drawn(app, "track(given)", given=track()))
    assert "Idé klart 2026-03-01" in said
    assert "Skiss hoppades över Det räcker med ett program" in said
    assert "Byggnation återstår" in said
    assert "2 gånger" in said


def test_every_state_has_a_shape_of_its_own(app: Flask) -> None:
    page = drawn(app, "track(given, 'Klart')", given=track())
    assert {"is-done", "is-here", "is-ahead", "is-skipped", "is-end"} <= set(re.findall(r"is-\w+", page))


def test_a_side_road_branches_where_it_was_taken(app: Flask) -> None:
    page = drawn(app, "track(given)", given=track(2, Station(0, "parked", "Vilar", "here")))
    assert page.count('class="branch"') == 2
    assert "Vilar här nu, på sidospår från Beredning" in spoken(page)
    assert "Steg 2 av 5: Vilar" in spoken(page)


def test_an_ended_track_has_an_end(app: Flask) -> None:
    ended = Track(tuple(replace(each, status="done") for each in track().stations), None)
    assert "Klart avslutat" in spoken(drawn(app, "track(given, 'Klart')", given=ended))


def test_a_small_track_counts_its_steps(app: Flask) -> None:
    assert "Steg 4 av 5" in spoken(drawn(app, "track_mini(given)", given=track()))


def test_counts_lead_to_the_proposals_that_stand_there(app: Flask) -> None:
    counted = Track((Station(1, "idea", "Idé", "ahead", count=3), Station(2, "review", "Avstämning", "ahead")), None)
    page = drawn(app, "track_counts(given)", given=ProcessCount("purchase", "Inköp", counted, (), 0, 0))
    assert 'href="/forslag?process=purchase&amp;state=idea"' in page
    assert "3 Idé , 3 förslag" in spoken(page)
    assert "Avstämning , inga förslag just nu" in spoken(page)
    assert page.count("<a ") == 1


def test_the_bar_is_as_long_as_its_parts(app: Flask) -> None:
    page = drawn(app, "pot_bar(given)", given=POT)
    wide = [float(share) for share in re.findall(r'y="1" width="([\d.]+)%"', page)]
    assert wide == [15.0, 9.0, 18.0, 12.0, 46.0]
    assert sum(wide) == pytest.approx(100)


def test_the_bar_says_its_figures(app: Flask) -> None:
    page = drawn(app, "pot_bar(given)", given=POT).replace("\u00a0", " ")
    assert 'role="img" aria-label="Driftspott 2026: Bokfört 75 000 kr, Beställt 45 000 kr' in page


def test_the_patterns_are_found_whatever_the_pot_is_called(app: Flask) -> None:
    page = drawn(app, "pot_bar(given)", given=POT)
    named, used = set(re.findall(r'<pattern id="([\w-]+)"', page)), set(re.findall(r"url\(#([\w-]+)\)", page))
    assert len(used) == 3
    assert used <= named


def test_an_overrun_is_a_column_only_when_there_is_one(app: Flask) -> None:
    calm = drawn(app, "pot_table([given], 'Siffror')", given=POT)
    over = drawn(app, "pot_table([given], 'Siffror')", given=replace(POT, overrun=5_000_00, spent=80_000_00))
    assert "Överskridande" not in calm
    assert "Överskridande" in over


def test_a_year_without_a_budget_is_a_state(app: Flask) -> None:
    unset = replace(POT, decided=False, budget=0, available=0, reserved=0, committed=0, ordered=0, spent=0)
    page = drawn(app, "pot_card(given)", given=unset)
    assert "Budget 2026 är inte beslutad." in page
    assert "<svg" not in page


def test_a_decision_shows_the_pot_before_and_after(app: Flask) -> None:
    after = replace(POT, available=200_000_00, committed=120_000_00)
    said = spoken(drawn(app, "pot_change([given], [after])", given=POT, after=after)).replace("\u00a0", " ")
    assert "Driftspott 2026 230 000 kr 200 000 kr" in said
    assert drawn(app, "pot_change([given], [])", given=POT).strip() == ""


@pytest.mark.parametrize("call", ["track(line)", "pot_card(pot)", "pot_table([pot], 'x')", "track_mini(line)"])
def test_nothing_is_styled_in_place(app: Flask, call: str) -> None:
    page = drawn(app, call, line=track(), pot=POT)
    assert " style=" not in page
    assert "<style" not in page
    assert "<script" not in page
