"""What is measured is the same work: the engine and the raw driver write the same rows. No time is judged here."""

from collections.abc import Callable

import pytest

from tests import bench_act, bench_queue, bench_scale, bench_writers
from tests.workflow import cast
from tests.workflow.cast import ROOT


@pytest.mark.parametrize("ratio", [bench_act.sqlite_ratio, bench_act.postgresql_ratio])
def test_both_sides_write_the_same_rows(
    ratio: Callable[[int, int, int], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``measure`` compares every table at the end and raises when one differs."""
    monkeypatch.setenv("SKEDE_DATABASE_URL", "")
    monkeypatch.chdir(ROOT)
    assert ratio(2, 2, 2)


def test_many_proposals_are_as_true_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """``measure`` verifies what was loaded in bulk before it measures anything."""
    monkeypatch.setenv("SKEDE_DATABASE_URL", "")
    monkeypatch.chdir(ROOT)
    figures = bench_scale.measure(few=5, many=40, times=1)
    assert figures["40"]["events"] > figures["5"]["events"]
    assert set(figures["growth"]) == {"queue", "timeline", "options", "pots", "list", "list_searched"}


def test_a_long_queue_is_made_of_as_many_duties_as_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKEDE_DATABASE_URL", "")
    monkeypatch.chdir(ROOT)
    figures = bench_queue.measure(little=30, much=60, times=1)
    assert set(figures["growth"]) == {*bench_queue.OPENS, "at a stage", "at a place", "paid by a pot", "largest amount"}


def test_the_raw_side_sees_what_goes_past_the_library(seeded_sqlite: str) -> None:
    with cast.opened(f"sqlite:///{seeded_sqlite}") as engine:
        sent = bench_scale._sent_by(lambda: engine.badge(1))
    assert any("FROM person" in each and "'2026-03-02'" in each for each in sent)  # who acts, with the day in it


def test_many_writers_write_what_the_driver_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKEDE_DATABASE_URL", "")
    monkeypatch.chdir(ROOT)
    figures = bench_writers.measure(writers=3, each=2)
    assert figures["engine"]["n"] == figures["raw"]["n"] == 6
