"""What each worker knew and when: a line in a file of its own before it asks, and another when it has its answer.

An ask without an answer is unknown: it may have happened or not. Whether the rest is true is asked of the database.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workflow import Refused

Outcome = Literal["ok", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing that one worker asked for, with what it was told."""

    worker: str
    asked: dict[str, Any]
    outcome: Outcome
    told: dict[str, Any]
    seconds: float


class Log:
    """Written without a buffer, so that a killed worker has said what it was about to do."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._n = 0

    @contextmanager
    def asking(self, **asked: Any) -> Iterator[dict[str, Any]]:
        """The block asks; what it puts into the dict is what it was told. A refusal is swallowed, and written down."""
        self._n += 1
        told: dict[str, Any] = {}
        self._write("invoke", asked)
        try:
            yield told
        except Refused as refused:
            facts = {name: value for name, value in refused.first.facts.items() if isinstance(value, int | str)}
            self._write("refused", {"kind": refused.first.kind.name, **facts})
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody knows whether it happened
            self._write("unknown", {"error": repr(error)[:300]})
        else:
            self._write(told.pop("outcome", "ok"), told)

    def _write(self, what: str, facts: dict[str, Any]) -> None:
        row = {"n": self._n, "at": time.monotonic(), "what": what, "facts": facts}
        os.write(self._file, (json.dumps(row, ensure_ascii=False) + "\n").encode())


def read(folder: Path) -> list[Attempt]:
    """Every attempt of every worker."""
    return [each for path in sorted(folder.glob("*.log")) for each in _of_one(path)]


def _of_one(path: Path) -> Iterator[Attempt]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    answers = {row["n"]: row for row in rows if row["what"] != "invoke"}
    for row in rows:
        if row["what"] == "invoke":
            answer = answers.get(row["n"], {"what": "unknown", "facts": {"error": "no answer"}, "at": row["at"]})
            yield Attempt(path.stem, row["facts"], answer["what"], answer["facts"], answer["at"] - row["at"])


def percentile(attempts: list[Attempt], share: float) -> float:
    """Milliseconds within which this share of the answers came."""
    times = sorted(each.seconds for each in attempts)
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1) if times else 0.0
