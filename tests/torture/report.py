"""What a programme of the torture is given (seeded chance, fresh databases, how much to do) and what it reports."""

import json
import random
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Self

from tests import postgres
from tests.workflow import cast

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured line: ``n`` trials, how many went wrong, and whether the broken design was caught.

    ``twin_failed`` is None only where another figure of the same programme holds the twin.
    """

    promise: str
    what: str
    database: str
    n: int
    failures: int
    seed: int
    twin_failed: bool | None
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.failures == 0 and self.twin_failed is not False and (self.n > 0 or bool(self.note))


@dataclass(slots=True)
class Run:
    """One run from one seed: the whole programme, or a sample of it. A context: its server is stopped at the end."""

    seed: int
    whole: bool
    server: postgres.Server | None = None  # somebody else's to stop; without one, a server of one's own when asked for
    faults: list[str] = field(default_factory=list)  # what verify found in sound databases
    verified: int = 0
    _ends: ExitStack = field(default_factory=ExitStack)
    _templates: dict[str, str] = field(default_factory=dict)
    _folder: Path | None = None

    def n(self, *, sample: int, whole: int) -> int:
        return whole if self.whole else sample

    def databases(self, name: str) -> tuple[str, ...]:
        """Both; a sample takes one of them, drawn for the programme of this name."""
        return DATABASES if self.whole else (self.random(f"{name} on").choice(DATABASES),)

    def random(self, name: str) -> random.Random:
        """The same for the same seed and name, whatever was drawn elsewhere."""
        return random.Random(f"{self.seed} {name}")

    def folder(self, name: str) -> Path:
        """An empty folder of one's own, gone after the run."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="skede-torture-"))
            self._ends.callback(shutil.rmtree, self._folder)
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._folder))

    @contextmanager
    def database(self, kind: str, *, sabotaged: bool = False) -> Iterator[str]:
        """A fresh database with the shipped configuration. Verified at the end, unless a twin was let loose in it."""
        with self._copy(kind) as url:
            yield url
            if not sabotaged:
                self._verify(url)

    def _verify(self, url: str) -> None:
        with cast.opened(url) as engine:
            self.faults += engine.verify()
        self.verified += 1

    @contextmanager
    def _copy(self, kind: str) -> Iterator[str]:
        if kind not in self._templates:
            self._templates[kind] = self._seeded_sqlite() if kind == "sqlite" else self._seeded_postgresql()
        if kind == "sqlite":
            path = self.folder("sqlite") / "skede.sqlite3"
            shutil.copy(self._templates[kind], path)
            yield f"sqlite:///{path}"
            return
        assert self.server is not None
        with self.server.database(self._templates[kind]) as url:
            yield url

    def _seeded_sqlite(self) -> str:
        path = self.folder("template") / "skede.sqlite3"
        cast.seed(f"sqlite:///{path}")
        return str(path)

    def _seeded_postgresql(self) -> str:
        if self.server is None:
            self.server = self._ends.enter_context(postgres.running())
        name = f"template_{uuid.uuid4().hex}"
        self.server.make_template(name, cast.seed)
        return name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()


@lru_cache(1)
def commit() -> str:
    """Of the code that ran, with a plus where files differ from it; a dash in a copy without its history."""
    head = git("rev-parse", "--short", "HEAD")
    return head + ("+" if git("status", "--porcelain") else "") if head else "-"


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=cast.ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode else done.stdout.strip()


def write(figures: Iterable[Figure], path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = [asdict(each) | {"commit": commit()} for each in figures]
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=False), encoding="utf-8")


def line(figure: Figure) -> str:
    twin = {None: "-", True: "caught", False: "NOT CAUGHT"}[figure.twin_failed]
    told = f"  {figure.note}" if figure.note else ""
    return (
        f"{'ok ' if figure.holds else 'BAD'} {figure.promise:<4}{figure.database:<11}n={figure.n:<7}"
        f"failures={figure.failures:<4}twin={twin:<7}{figure.what}{told}"
    )
