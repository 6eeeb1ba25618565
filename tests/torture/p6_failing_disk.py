"""P6: what was acknowledged is kept, though the disk fails or is full; who sent it is told what became of it, and the
site goes on by itself when the disk does. Asked over HTTP, of the site as a town serves it.

What the page says is held against the database: "Inget är sparat" must mean it, and a form sent again counts once.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres
from tests.torture.failing_disk import FailingDisk, built, small_disk
from tests.torture.report import Figure, Run
from tests.torture.visitor import REFUSED, SAVED, UNKNOWN, Answer, Visitor, served, there
from tests.workflow import cast

MOST_SENT = 400  # before a disk must have failed
FARTHEST = 8  # the sync at which it fails, counted from where it was armed
SIZE, BALLAST = "3m", 1_000_000


@dataclass(slots=True)
class Account:
    """What was sent and what was answered, idea by idea."""

    visitor: Visitor
    url: str
    told: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    outages: int = 0

    def send(self, what: str, form: dict[str, str] | None = None) -> Answer:
        answer = self.visitor.send(form or self.visitor.form(what))
        self.told[what] = answer.outcome
        if answer.outcome != SAVED:
            self.outages += 1
            if answer.status != 503:
                self.faults.append(f"{what}: status {answer.status}, not 503: {answer.body[:80]!r}")
        return answer

    def again(self, what: str, form: dict[str, str]) -> None:
        """The very same form, once the disk works: kept once, whatever had become of it."""
        if self.send(what, form).outcome != SAVED:
            self.faults.append(f"{what}: not saved when sent again")

    def check(self) -> None:
        for what, outcome in self.told.items():
            n = there(self.url, what)
            wanted = {SAVED: (1,), REFUSED: (0,), UNKNOWN: (0, 1)}[outcome]
            if n not in wanted:
                self.faults.append(f"{what}: the page said {outcome}, and it is there {n} times")

    def figure(self, run: Run, what: str, database: str, n: int, *, twin: bool | None, note: str = "") -> Figure:
        note = "; ".join(
            filter(None, (f"{len(self.told)} sent, {self.outages} answers of 503", note, *self.faults[:3]))
        )
        return Figure("P6", what, database, n, len(self.faults), run.seed, twin, note)


def figures(run: Run) -> Iterator[Figure]:
    ways = (_fails, _full, _server_ends)
    for way in ways if run.whole else [run.random("p6").choice(ways)]:  # a sample takes one
        yield way(run)


def skipped(run: Run, what: str, why: str) -> Figure:
    return Figure("P6", what, "sqlite", 0, 0, run.seed, None, f"skipped: {why}")


def _fails(run: Run) -> Figure:
    disk = built(run.folder("disk"))
    if not disk:
        return skipped(run, "EIO at fdatasync", "no C compiler")
    n = run.n(sample=1, whole=200)
    with run.database("sqlite") as url:
        sound = _fail(url, run, disk, n, "web.cli")
    with run.database("sqlite", sabotaged=True) as url:
        twin = _fail(url, run, disk, 2, "tests.torture.badly_kept")
    return sound.figure(run, "EIO at the k-th fdatasync", "sqlite", n, twin=bool(twin.faults))


def _fail(url: str, run: Run, disk: FailingDisk, n: int, module: str) -> Account:
    """As many failures, each after a few ideas that were kept; half of what failed is sent again."""
    chance, folder = run.random(f"failing {module}"), run.folder("served")
    with served(url, folder, disk.environment, module) as address:
        account = Account(Visitor(address), url)
        for k in range(n):
            _until_it_fails(account, disk, f"k{k}", chance)
        disk.arm(0)
        account.check()
    return account


def _until_it_fails(account: Account, disk: FailingDisk, name: str, chance: random.Random) -> None:
    """The disk works while an idea is written, so that it fails where it is sent."""
    before, left = disk.failures, chance.randint(1, FARTHEST)
    for n in range(MOST_SENT):
        what = f"{name} {n}"
        form = account.visitor.form(what)
        disk.arm(left)
        answer = account.send(what, form)
        left = disk.disarm()
        if disk.failures > before:
            if answer.outcome != SAVED and chance.random() < 0.5:
                account.again(what, form)
            return
    account.faults.append(f"{name}: the disk never failed")


def _full(run: Run) -> Figure:
    """Filled until nothing more can be saved; pages are shown all the same; then room is made."""
    rounds = run.n(sample=1, whole=5)
    folder = run.folder("small")
    with small_disk(folder, SIZE) as permitted:
        if not permitted:
            return skipped(run, "full disk", "no disk may be mounted here")
        url = f"sqlite:///{folder}/skede.sqlite3"
        cast.seed(url)
        with served(url, run.folder("served"), {"SQLITE_TMPDIR": str(folder)}) as address:
            account = Account(Visitor(address), url)
            for n in range(rounds):
                _fill_and_make_room(account, folder / f"ballast{n}", f"full {n}")
            account.check()
        with cast.opened(url) as engine:
            account.faults += engine.verify()
    return account.figure(run, f"full disk of {SIZE}", "sqlite", account.outages, twin=None)


def _fill_and_make_room(account: Account, ballast: Path, name: str) -> None:
    _write_until_full(ballast)
    lost: list[tuple[str, dict[str, str]]] = []
    for n in range(MOST_SENT):
        what = f"{name} {n}"
        form = account.visitor.form(what)
        if "csrf_token" not in form:
            account.faults.append(f"{what}: no form is shown while the disk is full")
            break
        if account.send(what, form).outcome != SAVED:
            lost.append((what, form))
        if len(lost) == 3:
            break
    if not lost:
        account.faults.append(f"{name}: the disk was never full")
    for path in ("/", "/forslag"):
        if account.visitor.ask(path).status != 200:
            account.faults.append(f"{name}: {path} is not shown while the disk is full")
    ballast.unlink()
    for what, form in lost[1:]:  # the first is never sent again
        account.again(what, form)
    if account.send(f"{name} afterwards").outcome != SAVED:
        account.faults.append(f"{name}: nothing is saved though there is room")


def _write_until_full(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _server_ends(run: Run) -> Figure:
    """The database server ends without flushing anything, again and again, and comes back."""
    rounds = run.n(sample=1, whole=20)
    with postgres.running() as server, server.database() as url:
        cast.seed(url)  # a copy of a template would not know after a crash how far its sequences had come
        with served(url, run.folder("served")) as address:
            account = Account(Visitor(address), url)
            for n in range(rounds):
                _crash(account, server, f"crash {n}")
            account.check()
        with cast.opened(url) as engine:
            account.faults += engine.verify()
    note = "EIO and full disk inside PostgreSQL are not tried: it ends itself then, as here"
    what = "the database server ends without flushing and comes back"
    return account.figure(run, what, "postgresql", rounds, twin=None, note=note)


def _crash(account: Account, server: postgres.Server, name: str) -> None:
    for n in range(3):
        account.send(f"{name} {n}")
    what = f"{name} in between"
    form = account.visitor.form(what)
    server.crash()
    account.send(what, form)
    if (shown := account.visitor.ask("/forslag").status) != 503:
        account.faults.append(f"{name}: {shown}, not 503, while there is no database")
    server.start()
    account.again(what, form)
