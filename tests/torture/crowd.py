"""Many processes that do the same at the same moment, each with a share of its own and a log of its own."""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from tests.torture import history
from tests.torture.history import Attempt, Log

PATIENCE_S = 1200  # for the slowest worker, from start to end; a crowd that hangs is a failure

Work = Callable[..., None]


def crowd(work: Work, url: str, shares: Sequence[Any], folder: Path) -> list[Attempt]:
    """``work(url, line, log, share)`` in a process for each share. All that was asked; raises when a worker broke."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.workflow.cast"])  # imported once, before anything is open
    line = context.Barrier(len(shares))
    workers = [
        context.Process(target=_run, args=(work, url, line, folder / f"{n:02}.log", share), daemon=True)
        for n, share in enumerate(shares)
    ]
    try:
        for each in workers:
            each.start()
        for each in workers:
            each.join(PATIENCE_S)
        codes = [each.exitcode for each in workers]
        if any(codes) or None in codes:
            raise RuntimeError(f"workers ended with {codes}")
    finally:
        for each in workers:
            if each.is_alive():
                each.kill()
    return history.read(folder)


def _run(work: Work, url: str, line: Barrier, path: Path, share: Any) -> None:
    try:
        work(url, line, Log(path), share)
    except BaseException:
        traceback.print_exc()
        line.abort()
        raise


def dealt(cards: Sequence[Any], hands: int) -> list[list[Any]]:
    """As equal as can be."""
    return [list(cards[n::hands]) for n in range(hands)]
