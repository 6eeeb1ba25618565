"""P21: eighty hostile files are sent as anybody may send one. None is kept outside its folder, none comes back as
something that a browser would run, nothing of what stood beside a picture is kept, and memory and disk stay bounded."""

import ctypes
import gc
import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

from flask.testing import FlaskClient

from tests.torture.hostile_files import CANARY, Hostile, corpus
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.web import ideas
from tests.workflow.cast import opened
from web.app import create_app
from workflow.submission import file_reading, file_storing
from workflow.submission.file_reading import Sound

MOST_GROWTH = 200_000_000  # bytes of memory
MOST_ANSWERS = (303, 413, 422)
KEPT_NAME = re.compile(r"[0-9a-f]{32}(\.small)?")
NETWORKS = int(ip_address("10.0.0.0"))


def figures(run: Run) -> Iterator[Figure]:
    files = corpus(whole=run.whole)
    chosen = files if run.whole else tuple(run.random("p21").sample(files, 14))
    for kind in run.databases("p21"):
        with run.database(kind) as url:
            faults, growth, size = _all(url, run, chosen)
        with run.database(kind, sabotaged=True) as url, broken(file_reading, "read", _as_it_came):
            caught = bool(_all(url, run, [each for each in files if "polyglot" in each.what])[0])
        note = f"{growth / 1e6:.0f} MB of memory at most, {size / 1e6:.1f} MB kept; {'; '.join(faults[:3])}"
        yield Figure("P21", "hostile files that could do harm", kind, len(chosen), len(faults), run.seed, caught, note)


def _as_it_came(name: str, data: bytes) -> Sound:
    """The broken design: whatever has a picture's name is a picture."""
    return Sound("picture", data, data, 1, 1) if len(data) < file_reading.MOST_BYTES else file_reading.read(name, data)


def _all(
    url: str, run: Run, files: Iterator[Hostile] | list[Hostile] | tuple[Hostile, ...]
) -> tuple[list[str], int, int]:
    place = run.folder("uploads")
    with opened(url) as engine:
        server = engine.config.server.model_copy(update={"files": str(place / "kept")})
        engine.config = engine.config.model_copy(update={"server": server})
        client, faults, most = create_app(engine).test_client(), [], 0
        for n, each in enumerate(files):
            client.environ_base["REMOTE_ADDR"] = str(ip_address(NETWORKS + 256 * n))
            with _cut_off(each):
                growth = _growth(lambda each=each: faults.extend(_sent(client, each)))  # type: ignore[misc]
            most = max(most, growth)
            if growth > MOST_GROWTH:
                faults.append(f"{each.what}: {growth / 1e6:.0f} MB of memory")
        faults += _strays(place, file_storing.folder_of(engine.config))
        faults += engine.verify()
    if not any(place.rglob("*.small")):
        faults.append("no picture at all was kept: nothing was tried")
    return faults, most, sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


@contextmanager
def _cut_off(file: Hostile) -> Iterator[None]:
    """A body that is larger than may be is read no further: its part lies in a file without a name, which is closed
    when nobody remembers the request."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        if len(file.data) > file_reading.MOST_BYTES:
            gc.collect()


def _sent(client: FlaskClient, file: Hostile) -> Iterator[str]:
    """What is wrong with what became of one file."""
    second = ideas.post(client, ideas.FORM, what="En idé").location
    third = ideas.post(client, second, where="Torget").location
    form = ideas.hidden(client.get(third).text) | {"add": "file", "alt": "En bild"}
    answer = client.post(third, data=form | {"file": (io.BytesIO(file.data), file.name)})
    if answer.status_code not in MOST_ANSWERS:
        yield f"{file.what}: answered {answer.status_code}"
    page = client.get(third).text
    found = re.findall(r'name="remove" value="(\d+)"', page)
    if found and not file.may_be_kept:
        yield f"{file.what}: was kept"
    if "<img src=x" in page or "\u202e" in page:
        yield f"{file.what}: its name became markup"
    for upload in found:
        yield from _served(client, third.removesuffix("/3") + f"/filer/{upload}", file)


def _served(client: FlaskClient, address: str, file: Hostile) -> Iterator[str]:
    answer = client.get(address)
    headers, body = answer.headers, answer.data
    if headers["X-Content-Type-Options"] != "nosniff" or "sandbox" not in headers["Content-Security-Policy"]:
        yield f"{file.what}: served without its headers"
    inline = headers["Content-Disposition"].startswith("inline")
    if inline and (headers["Content-Type"] != "image/jpeg" or not body.startswith(b"\xff\xd8\xff")):
        yield f"{file.what}: served inline as {headers['Content-Type']}"
    if inline and (CANARY in body or b"<script" in body or b"Exif" in body):
        yield f"{file.what}: what stood beside the picture is still there"


def _strays(place: Path, folder: Path) -> list[str]:
    """Files outside the folder, under names that somebody chose, or open to others."""
    found = [path for path in place.rglob("*") if path.is_file()]
    wrong = [path for path in found if path.parent != folder or not KEPT_NAME.fullmatch(path.name)]
    wrong += [path for path in found if path.stat().st_mode & 0o077]
    return [f"{path}: not where or as it should be kept" for path in wrong]


def _growth(work: Callable[[], object]) -> int:
    """How much more memory was held at the height of some work than before it; 0 where the system does not tell."""
    _give_back()
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        work()
        return 0
    before = _memory("VmRSS")
    work()
    return _memory("VmHWM") - before


def _give_back() -> None:
    """What is free goes back to the system, or the next one would grow into it unseen; where the C library can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _memory(which: str) -> int:
    told = Path("/proc/self/status").read_text()
    return int(re.search(rf"{which}:\s+(\d+) kB", told)[1]) * 1000  # type: ignore[index]
