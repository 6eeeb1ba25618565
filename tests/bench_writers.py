"""How long one of sixteen who all decide at once waits on SQLite: a served site, and the raw driver writing the same
rows from as many connections. Part of `make bench`."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests import bench_act
from workflow.demo.staging import Clock

WRITERS, EACH = 16, 25


def measure(writers: int = WRITERS, each: int = EACH) -> dict[str, Any]:
    """Milliseconds that a decision took at the median, the 99th percentile and the longest; raw, and ours."""
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder, "a.sqlite3"), Path(folder, "b.sqlite3")
        numbers = bench_act.prepare(f"sqlite:///{path}", writers * each)
        shares = [numbers[n::writers] for n in range(writers)]
        shutil.copy(path, other)
        clock = Clock()
        clock.to(bench_act.DAY)
        with bench_act.opened(f"sqlite:///{path}", clock) as engine:
            person = next(one.person for one in engine.demo_people() if one.title == "Budgetansvarig")
            ours = _at_once(shares, lambda share: [bench_act.approve(engine, person, [number]) for number in share])
            plans = {number: bench_act.Plan(engine, person, number) for number in numbers}
        raw = _at_once(shares, lambda share: _by_the_driver(f"sqlite:///{other}", [plans[number] for number in share]))
        bench_act.compare(f"sqlite:///{path}", f"sqlite:///{other}")
    return {"writers": writers, "each": each, "engine": _told(ours), "raw": _told(raw)}


def _by_the_driver(url: str, plans: Sequence[bench_act.Plan]) -> list[float]:
    raw = bench_act.Raw(url)
    raw.run(f"PRAGMA busy_timeout = {60_000}", ())
    found = []
    for plan in plans:
        begun = time.perf_counter()
        raw.decide(plan)
        found.append(time.perf_counter() - begun)
    raw.connection.close()
    return found


def _at_once(shares: Sequence[Sequence[str]], work: Callable[[Sequence[str]], list[float]]) -> list[float]:
    """Seconds that each decision took; all begin together. Raises what a thread raised."""
    gate, found, broken = threading.Barrier(len(shares)), list[float](), list[BaseException]()

    def one(share: Sequence[str]) -> None:
        gate.wait()
        try:
            found.extend(work(share))
        except BaseException as error:  # noqa: BLE001 - told to whoever started the thread
            broken.append(error)

    threads = [threading.Thread(target=one, args=(share,)) for share in shares]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if broken:
        raise broken[0]
    return found


def _told(seconds: list[float]) -> dict[str, float]:
    ranked = sorted(seconds)
    at = {"p50_ms": len(ranked) // 2, "p99_ms": min(len(ranked) - 1, len(ranked) * 99 // 100), "most_ms": -1}
    return {"n": len(ranked)} | {name: round(ranked[place] * 1000, 1) for name, place in at.items()}


def tell(figures: dict[str, Any]) -> None:
    for name in ("engine", "raw"):
        each = figures[name]
        print(
            f"{figures['writers']} writers at once on SQLite, {name}: n {each['n']}, p50 {each['p50_ms']} ms,"
            f" p99 {each['p99_ms']} ms, longest {each['most_ms']} ms"
        )
