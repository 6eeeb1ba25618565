"""A fresh process with one thread: what it forks is sound, and what it is patched with dies with it."""

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


def answer_of(work: Callable[..., T], *given: Any) -> T:
    """What ``work`` returns when a process of its own runs it; its exception is raised here as a RuntimeError."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.workflow.cast"])  # imported once, before anything is open
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, given, there))
    process.start()
    there.close()
    try:
        fault, answer = here.recv()
    except EOFError:
        fault, answer = "it ended without an answer", None
    process.join()
    if fault:
        raise RuntimeError(f"{work.__name__}: {fault}")
    return answer  # type: ignore[no-any-return]


def _run(work: Callable[..., Any], given: tuple[Any, ...], there: Connection) -> None:
    try:
        there.send(("", work(*given)))
    except BaseException:  # noqa: BLE001 - raised again where it was asked for
        there.send((traceback.format_exc(), None))


def forked(work: Callable[[], object]) -> int:
    """The id of a copy of this process that does the work and ends: with 0, or with 1 after an exception.

    Only for a process of one thread that holds no database open: a connection must never pass through a fork.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _end_with(work)
    return child


def _end_with(work: Callable[[], object]) -> NoReturn:
    try:
        work()
    except BaseException:  # noqa: BLE001 - nobody above this process would tell it
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """Waits; the exit code, or the signal that ended it as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
