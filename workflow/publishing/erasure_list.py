"""What was erased, kept also outside the database: a backup is older than what was erased after it, and whoever
restores one gets the same erased again before anybody is let in. It holds numbers and random
references, nobody's details."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from workflow.acts.changing import append_event
from workflow.proposals.finding import facts_of
from workflow.publishing.erasing import ERASURE
from workflow.publishing.wiping import ERASED, wipe
from workflow.records import loading, streams
from workflow.storage import schema
from workflow.storage.statements import Batch

_S, _E = schema.erasure.c, schema.event.c


Name = tuple[str, str, str]


class ErasureListError(Exception):
    """The list cannot be read: nobody is let in before what was erased is known. Says which line."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One erasing as the list outside the database keeps it: random references and numbers, nobody's details."""

    stream: str
    first: str  # hash of the stream's first event: a number may be given anew after an older backup is restored
    scope: str
    actor: str
    at: str
    ruling: Mapping[str, str]

    @property
    def name(self) -> Name:
        return self.stream, self.first, self.scope


def listed(connection: Connection) -> tuple[Listed, ...]:
    """Everything that this database knows to be erased."""
    first = schema.event.alias("first")
    query = select(_S.stream, first.c.hash, _S.scope, _E.actor, _E.recorded_at, _E.body).select_from(
        schema.erasure.join(schema.event, (_E.stream == _S.stream) & (_E.seq == _S.seq)).join(
            first, (first.c.stream == _S.stream) & (first.c.seq == 1)
        )
    )
    rows = connection.execute(query.order_by(_E.recorded_at, _S.stream)).all()
    return tuple(Listed(*row[:5], facts_of(row.body)["ruling"]) for row in rows)


def apply_again(connection: Connection, known: Mapping[Name, Listed], at: datetime) -> int:
    """Erases anew what the list has and this database does not know: it is from before. Returns how many."""
    here = {each.name for each in listed(connection)}
    done = 0
    for name, entry in sorted(known.items()):
        if name not in here and _repeat(connection, entry, at):
            done += 1
    return done


def _repeat(connection: Connection, entry: Listed, at: datetime) -> bool:
    first = connection.execute(select(_E.hash).where(_E.stream == entry.stream, _E.seq == 1)).scalar()
    if first != entry.first:  # of a database older than what was erased, or another one with the same number
        return False
    batch = Batch()
    facts = {"scope": entry.scope, "ruling": dict(entry.ruling), "again": entry.at, "capacity": {}, "entries": []}
    if entry.stream.startswith("comment/"):
        seq = streams.append(connection, batch, entry.stream, ERASED, actor=entry.actor, at=at, facts=facts, words={})
    else:
        proposal = loading.load(connection, entry.stream)
        if proposal is None:
            return False
        seq = append_event(batch, proposal, entry.actor, ERASED, facts, {}, at)
    batch.add(ERASURE, stream=entry.stream, scope=entry.scope, seq=seq)
    batch.run(connection)
    wipe(connection, entry.stream, entry.scope, at)
    return True


# --- the file ----------------------------------------------------------------------------------------------------


def read(path: Path) -> dict[Name, Listed]:
    """By name; nothing where there is no list yet. Raises ErasureListError for a line that is none."""
    if not path.exists():
        return {}
    found = {}
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            each = Listed(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise ErasureListError(f"{path}, rad {n}: går inte att läsa") from error
        found[each.name] = each
    return found


def add(path: Path, new: Iterable[Listed]) -> None:
    """Appends to the list, and is on the disk before it returns."""
    lines = "".join(json.dumps(asdict(each), ensure_ascii=False, sort_keys=True) + "\n" for each in new)
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
