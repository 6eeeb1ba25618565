"""The demonstration: Kristinehamn's real cases and open examples at every stage, played through the engine with the
clock as an argument. Nothing is inserted behind the engine's back; what the sources do not give says "exempel"."""

from datetime import UTC, date, datetime
from pathlib import Path

from workflow.demo import (
    demo_acting,
    demo_attention,
    demo_history,
    demo_meetings,
    demo_open,
    demo_publishing,
    demo_staffing,
    staging,
)
from workflow.engine import Engine


def play(path: str | Path, last: date | None = None) -> None:
    """Loads the demo into the empty database of a configuration. ``last`` is the day on which it ends: today."""
    clock = staging.Clock()
    with Engine.open(path, clock=clock) as engine:
        if not engine.is_empty():
            return
        engine.mark_demo()
        today = last or datetime.now(UTC).date()
        scripts = [
            *demo_history.scripts(), *demo_open.scripts(today, _years(engine, today)), *demo_meetings.scripts(today),
            demo_attention.script(today), demo_publishing.script(today),
        ]  # fmt: skip
        staging.play(engine, clock, scripts, today)
        clock.to(today)
        demo_acting.play(engine, today)
        demo_staffing.play(engine, today)
        engine.tick()


def _years(engine: Engine, today: date) -> dict[str, int]:
    """The budget year that an example rests on, by pot: this one, or the latest that has been decided."""
    decided = [each for each in engine.pots() if each.decided and each.year <= today.year]
    return {each.pot: each.year for each in sorted(decided, key=lambda each: each.year)}
