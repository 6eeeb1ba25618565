"""The demonstration: every role finds work in it, and nothing in it was put there behind the engine's back."""

from datetime import date
from pathlib import Path

import pytest

from tests.workflow.cast import CONFIG, opened
from workflow import demo, demo_history, demo_open

TODAY = date(2026, 11, 24)
WITHOUT_WORK = {
    "Revisor",
    "Administratör",
    "Sekreterare i tekniska nämnden",
}  # they read, or nothing is theirs to decide


def url_of(path: Path) -> str:
    return f"sqlite:///{path / 'skede.sqlite3'}"


@pytest.fixture
def loaded(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SKEDE_DATABASE_URL", database_url)
    demo.play(CONFIG, TODAY)
    return database_url


def test_everybody_has_work_and_the_books_agree(loaded: str) -> None:
    with opened(loaded, TODAY) as engine:
        assert list(engine.verify()) == []
        idle = set()
        for person in engine.demo_people():
            page = engine.queue(person.person)
            if not (page.waiting or page.group or page.overruns or page.unexpected):
                idle.add(person.title)
        assert idle == WITHOUT_WORK


def test_it_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKEDE_DATABASE_URL", url_of(tmp_path))
    demo.play(CONFIG, TODAY)
    with opened(url_of(tmp_path), TODAY) as engine:
        before = engine.overview()
    demo.play(CONFIG, TODAY)
    with opened(url_of(tmp_path), TODAY) as engine:
        assert engine.overview() == before


@pytest.mark.parametrize("today", [date(2026, 1, 5), date(2027, 3, 1), date(2031, 6, 7)], ids=str)
def test_it_plays_on_any_day(today: date, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKEDE_DATABASE_URL", url_of(tmp_path))
    demo.play(CONFIG, today)
    with opened(url_of(tmp_path), today) as engine:
        assert list(engine.verify()) == []
        assert all(engine.find(each.title) for each in demo_open.OPEN)


def test_steps_are_told_in_the_order_of_their_days() -> None:
    """A script that goes back in time would be played in another order than it is written."""
    years = {"investment": 2026, "operating": 2026}
    for script in (*demo_history.scripts(), *demo_open.scripts(TODAY, years)):
        days = [on for on, _ in script.steps]
        assert days == sorted(days)
        assert days[-1] <= TODAY


def test_all_of_it_comes_in_day_by_day(loaded: str) -> None:
    """Numbers rise with the days, whichever proposal they belong to."""
    with opened(loaded, TODAY) as engine, engine.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT number, created_at FROM proposal ORDER BY id").all()
    assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)
    assert len(rows) == len(demo_history.scripts()) + len(demo_open.OPEN)
