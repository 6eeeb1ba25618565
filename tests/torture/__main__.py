"""`python -m tests.torture [--sample] [--seed N] [--only p1 p5]`: every programme, one after another, from one seed."""

import argparse
import importlib
import pkgutil
import random
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import tests.torture
from tests.torture import report
from tests.torture.report import Figure, Run

RESULT = Path("build/torture.json")
Programme = Callable[[Run], Iterator[Figure]]


def programmes() -> dict[str, Programme]:
    """``figures`` of every module called p<N>_<name>, by that name, in the order of the promises."""
    names = [each.name for each in pkgutil.iter_modules(tests.torture.__path__) if re.match(r"p\d+_", each.name)]
    names.sort(key=lambda name: int(name[1:].partition("_")[0]))
    return {name: importlib.import_module(f"tests.torture.{name}").figures for name in names}


def run_one(name: str, programme: Programme, run: Run) -> Iterator[Figure]:
    """What the programme finds, and at last whether `skede verify` is clean on the databases that it left."""
    before, already = len(run.faults), run.verified
    yield from programme(run)
    found = run.faults[before:]
    promise, n = name.partition("_")[0].upper(), run.verified - already
    if n:
        yield Figure(promise, "skede verify afterwards", "both", n, len(found), run.seed, None, "; ".join(found[:3]))


def until_it_breaks(name: str, programme: Programme, run: Run) -> Iterator[Figure]:
    """A programme that breaks down is a failure of its own, and the others still run."""
    try:
        yield from run_one(name, programme, run)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must be told
        traceback.print_exc()
        yield Figure(name.partition("_")[0].upper(), f"{name} broke down", "-", 1, 1, run.seed, None, repr(error)[:300])


def main(arguments: list[str] | None = None) -> int:
    asked = parsed(arguments)
    chosen = {
        name: each
        for name, each in programmes().items()
        if not asked.only or {name, name.partition("_")[0]} & {*asked.only}
    }
    print(f"seed {asked.seed}, commit {report.commit()}, {'a sample' if asked.sample else 'everything'}", flush=True)
    figures: list[Figure] = []
    with Run(asked.seed, whole=not asked.sample) as run:
        for name, programme in chosen.items():
            begun = time.monotonic()
            for figure in until_it_breaks(name, programme, run):
                figures.append(figure)
                report.write(figures, RESULT)
                print(report.line(figure), flush=True)
            print(f"    {name}: {time.monotonic() - begun:.0f} s", flush=True)
    bad = [each for each in figures if not each.holds]
    print(f"{len(figures)} figures, {len(bad)} do not hold; again with --seed {asked.seed}; {RESULT}")
    return 1 if bad or not figures else 0


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--sample", action="store_true", help="a little of everything, in a minute")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 10**6))
    parser.add_argument("--only", nargs="+", default=[], metavar="pN", help="only these, by promise or by name")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
