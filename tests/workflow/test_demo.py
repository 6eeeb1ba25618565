"""The demonstration: every role finds work in it, and nothing in it was put there behind the engine's back."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.cast import CONFIG, opened
from workflow import Engine
from workflow.demo import demo, demo_history, demo_open, demo_publishing
from workflow.submission import file_storing

TODAY = date(2026, 11, 24)
WITHOUT_WORK = {
    "Revisor",
    "Administratör",
}  # they read, or nothing is theirs to decide


def url_of(path: Path) -> str:
    return f"sqlite:///{path / 'skede.sqlite3'}"


def test_everybody_has_work_and_the_books_agree(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Played once, looked at from every side: it takes a while."""
    monkeypatch.setenv("SKEDE_DATABASE_URL", database_url)
    demo.play(CONFIG, TODAY)
    with opened(database_url, TODAY) as engine:
        assert list(engine.verify()) == []
        assert "sha256=" in engine.seal()
        assert idle(engine) == WITHOUT_WORK
        assert comes_in_day_by_day(engine)
        before = engine.overview()
    demo.play(CONFIG, TODAY)
    with opened(database_url, TODAY) as engine:
        assert engine.overview() == before, "it is loaded once"
        shutil.rmtree(file_storing.folder_of(engine.config))  # PostgreSQL has no folder of this test's own


def idle(engine: Engine) -> set[str]:
    """The titles of those who find nothing to do."""
    found = set()
    for person in engine.demo_people():
        page = engine.queue(person.person)
        if not (page.waiting or page.group or page.overruns or page.unexpected):
            found.add(person.title)
    return found


def comes_in_day_by_day(engine: Engine) -> bool:
    """Numbers rise with the days, whichever proposal they belong to, and none is left out."""
    with engine.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT number, created_at FROM proposal ORDER BY id").all()
    days = [row.created_at for row in rows]
    handed_in = len(demo_history.scripts()) + len(demo_open.OPEN) + demo_publishing.HANDED_IN
    return days == sorted(days) and len(rows) == handed_in


@pytest.mark.parametrize("today", [date(2026, 1, 5), date(2031, 6, 7)], ids=str)
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
