"""What working processes wrote down before and after each of their requests, held against what a database holds.

Written first, and straight to the file, so that a kill takes nothing back. *ok* must be there, once;
*refused* must not; what has no answer may be either.
"""

import base64
import json
import os
import pickle
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.torture import stored
from tests.torture.deeds import Deed
from workflow import Engine, Refused
from workflow.people.sessions import stored_key


@dataclass(slots=True)
class History:
    """The lines that one process writes."""

    path: Path
    _file: int = -1

    def say(self, what: str, key: str = "", **more: Any) -> None:
        if self._file < 0:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        told = {"at": time.monotonic_ns(), "what": what, "key": key, **more}
        os.write(self._file, json.dumps(told, default=str).encode() + b"\n")

    def do(self, engine: Engine, deed: Deed) -> None:
        self.say("invoke", deed.key, method=deed.method, deed=base64.b64encode(pickle.dumps(deed)).decode())
        try:
            answer = deed.do(engine)
        except Refused as refused:
            self.say("refused", deed.key, kind=refused.first.kind.name)
        except Exception as error:
            self.say("unknown", deed.key, error=f"{type(error).__name__}: {error}"[:300])
            raise
        else:
            self.say("ok", deed.key, answer=asdict(answer))


@dataclass(slots=True)
class Told:
    """The histories of several processes, by key: the last word on each."""

    invoked: dict[str, Deed] = field(default_factory=dict)
    ok: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    @property
    def open(self) -> list[Deed]:
        """Asked, and never answered."""
        return [deed for key, deed in self.invoked.items() if key not in self.ok and key not in self.refused]


def read(paths: Iterable[Path]) -> Told:
    told = Told()
    for path in paths:
        for line in path.read_bytes().splitlines() if path.exists() else ():
            _add(told, json.loads(line))
    return told


def _add(told: Told, line: dict[str, Any]) -> None:
    key = line["key"]
    if line["what"] == "invoke":
        told.invoked[key] = pickle.loads(base64.b64decode(line["deed"]))
    elif line["what"] == "ok":
        told.ok[key] = line["answer"]
    elif line["what"] == "refused":
        told.refused.add(key)
    elif line["what"] == "unknown":
        told.errors.append(line["error"])


def wrong(told: Told, url: str, seeded: set[tuple[str, int]]) -> Iterator[str]:
    """Lost, phantom, half and double, in words. ``seeded``: the events that were there before anybody worked."""
    answers, events = stored.answers(url), stored.events(url) - seeded
    done = [(str(each.get("number")), int(each.get("seq", 1))) for each in answers.values()]
    for key, given in told.ok.items():
        kept = answers.get(_kept(told.invoked[key]))
        if kept is None or (kept["number"], kept.get("seq", 1)) not in events:
            yield f"lost: {key} was answered with {given}"
        elif any(given.get(name, value) != value for name, value in kept.items()):
            yield f"other answer: {key} got {given}, {kept} is kept"
    for key in told.refused - told.ok.keys():
        if _kept(told.invoked[key]) in answers:
            yield f"phantom: {key} was refused and is there"
    yield from (f"half: event {each} without its request" for each in sorted(events - set(done)))
    yield from (f"half: request answered {each} without its event" for each in sorted(set(done) - events - seeded))
    yield from (f"double: {each}" for each in sorted(set(done)) if done.count(each) > 1 and each not in seeded)


def unacknowledged(told: Told, url: str) -> int:
    """There, though nobody was told: what makes keys necessary."""
    answers = stored.answers(url)
    return sum(_kept(deed) in answers for deed in told.open)


def _kept(deed: Deed) -> str:
    """The key as the database has it."""
    return stored_key(deed.key) if deed.method == "submit" else deed.key
