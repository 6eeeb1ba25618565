"""`make bench`: decisions against the raw driver, many deciding at once, and pages when there are very many proposals.
Writes build/bench.json."""

import json
import sys
from pathlib import Path
from typing import Any

from tests import bench_act, bench_queue, bench_scale, bench_writers

RESULT = Path("build/bench.json")


def main() -> int:
    figures: dict[str, Any] = {"act_sqlite": bench_act.sqlite_ratio(), "act_postgresql": bench_act.postgresql_ratio()}
    figures["act_sqlite_ratio"] = figures["act_sqlite"]["ratio"]
    figures["act_pg_ratio"] = figures["act_postgresql"]["ratio"]
    figures["writers"] = bench_writers.measure()
    figures["scale"] = bench_scale.measure()
    figures["queue"] = bench_queue.measure()
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    for name in ("act_sqlite", "act_postgresql"):
        bench_act.tell(name, figures[name])
    bench_writers.tell(figures["writers"])
    bench_scale.tell(figures["scale"])
    bench_queue.tell(figures["queue"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
