"""P13: people who handed something in, each with details and words that nobody else has, are erased under a decision.
Then every byte is searched: the database's files, its log, what is listed beside it, exports, uploads, the outbox. An
older backup is restored and erased again by itself. On PostgreSQL every row of every table is searched, not its files.
"""

import io
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from PIL import Image
from sqlalchemy import Connection, make_url

from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import key, opened, person
from workflow import Engine, Text
from workflow.publishing import wiping
from workflow.publishing.acting_on_words import Why
from workflow.publishing.commenting import Written
from workflow.publishing.erasing import Ruling
from workflow.searching.views_searching import Sought
from workflow.storage.schema import metadata
from workflow.submission import file_storing
from workflow.submission.uploads import Said

WHY = Why("Gallringsfristen har gått ut.")
RULING = Ruling("Kommunstyrelsen", date(2026, 1, 14), "§ 7")
FIELDS = 11  # canaries of each person: name, address, telephone, five fields of text, a comment, two of a picture


def figures(run: Run) -> Iterator[Figure]:
    for kind in run.databases("p13"):
        people = run.n(sample=4, whole=1_000)
        caught = _is_caught(run, kind)
        with run.database(kind) as url:
            left, again, faults = erased(url, people)
        planted = people * FIELDS
        yield Figure("P13", "canaries left in any byte after gallring", kind, planted, len(left), run.seed, caught)
        yield Figure(
            "P13", "canaries left after an older backup is restored", kind, planted, len(again), run.seed, None
        )  # fmt: skip
        yield Figure("P13", "faults of the chain after gallring", kind, people, len(faults), run.seed, None)


def erased(url: str, people: int) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Canaries that are found afterwards, those after a backup is restored, and what verify finds."""
    with opened(url) as engine:
        planted = [each for n in range(people) for each in _hand_in(engine, n)]
        names = [canary for _, canaries in planted for canary in canaries]
        backup = _backed_up(url, engine)
        assert len(_found(url, engine, names)) == len(names), "each was there to begin with"
        for number, _ in planted:
            engine.erase(number, RULING, WHY, by=person(engine, "Handläggare"), key=key())
        engine.scrub()
        left, faults = [*_found(url, engine, names), *_files(engine)], engine.verify()
    if backup is None:
        return left, left, faults
    path = Path(str(make_url(url).database))
    shutil.copy(backup, path)
    backup.unlink()
    with opened(url) as engine:
        engine.scrub()
        return left, [*_found(url, engine, names), *_files(engine)], (*faults, *engine.verify())


def _hand_in(engine: Engine, n: int) -> Iterator[tuple[str, list[str]]]:
    """A proposal that an official has worked on, and a comment: number and canaries of each."""
    own = [f"kanarie{n:05d}{sort}" for sort in "abcdefghij"]
    contact = {"name": own[0], "email": f"{own[1]}@exempel.se", "telephone": own[2]}
    said = Text(f"Rubrik {own[3]}", own[4], f"vid {own[5]}", own[6], own[7])
    given = engine.submit(process="purchase", by=None, key=key(), text=said, contact=contact, is_example=True)
    picture = io.BytesIO()
    Image.new("RGB", (2, 2), (n % 256, 9, 9)).save(picture, "PNG")
    told = Said(f"{own[8]}.png", own[9])
    engine.add_file(given.number, picture.getvalue(), told, by=person(engine, "Handläggare"), key=key())
    engine.note(given.number, f"{own[0]} ringde om {own[4]}.", by=person(engine, "Handläggare"), key=key())
    yield given.number, own
    comment = f"kanarie{n:05d}kommentar"
    yield engine.comment(Written("comment", "/", comment), key=key(), address=f"2001:db8:{n:x}::1").number, [comment]


def _backed_up(url: str, engine: Engine) -> Path | None:
    if make_url(url).get_backend_name() != "sqlite":
        return None
    engine.scrub()
    path = Path(str(make_url(url).database))
    return Path(shutil.copy(path, path.parent.parent / f"{path.parent.name}.backup"))


def _found(url: str, engine: Engine, canaries: Sequence[str]) -> list[str]:
    """Those that stand anywhere, whatever the case: a word of the index is folded."""
    everything = b"\n".join(_bytes(url, engine)).lower()
    return [each for each in canaries if each.encode() in everything]


def _bytes(url: str, engine: Engine) -> Iterator[bytes]:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        for path in sorted(Path(str(address.database)).parent.rglob("*")):
            if path.is_file():
                yield path.read_bytes()
    else:
        with engine.database.reading() as connection:
            yield _rows(connection)
    listed = engine.config.erasure_list
    yield listed.read_bytes() if listed.exists() else b""
    yield repr(engine.money_rows(Sought(), viewer=person(engine, "Handläggare"))).encode()


def _files(engine: Engine) -> list[str]:
    """Pictures that still lie there."""
    folder = file_storing.folder_of(engine.config)
    return [each.name for each in folder.iterdir()] if folder.is_dir() else []


def _rows(connection: Connection) -> bytes:
    written = io.StringIO()
    for table in metadata.sorted_tables:
        for row in connection.execute(table.select()):
            written.write(repr(tuple(row)))
    return written.getvalue().encode()


# --- the twin: the words of a proposal are forgotten --------------------------------------------------------------


def _is_caught(run: Run, kind: str) -> bool:
    with run.database(kind, sabotaged=True) as url, broken(wiping, "_wipe_words", lambda *_: None):
        left, _, _ = erased(url, 1)
    return bool(left)
