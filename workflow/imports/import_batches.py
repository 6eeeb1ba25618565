"""Files kept between the dry run and the booking, so that nothing need be sent twice and a booking that was broken off
goes on where it was. Kept for thirty days; the controller's alone. Books nothing itself."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from states import RefusalKind
from workflow.books.booking import BOOKERS
from workflow.imports.import_rows import FileKind, RowFault
from workflow.imports.importing import Checked, Fate
from workflow.imports.views_import import ImportBatch, ImportRow
from workflow.proposals.finding import AnyRow, AnySelect, local
from workflow.records import loading
from workflow.records.calendar_days import local_date
from workflow.records.history import canonical
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment

KEPT_DAYS = 30
LONGEST_NAME = 100
FATES: tuple[Fate, ...] = ("books", "fault", "exists", "booked")
_B, _R = schema.import_batch.c, schema.import_row.c


def require_controller(connection: Connection, person: int, at: datetime) -> None:
    """Raises Refused(NOT_PERMITTED): suppliers may be private persons, and only who books has use for the list."""
    actor = loading.actor(connection, person, local_date(at))
    if actor is None or not any(each.role in BOOKERS for each in actor.capacities):
        raise Refused.because(RefusalKind.NOT_PERMITTED, BOOKERS, needs="controller")


def keep(
    connection: Connection, kind: FileKind, filename: str, digest: str, rows: Iterable[ImportRow], *, by: int,
    at: datetime,
) -> int:  # fmt: skip
    """Keeps a checked file and throws away those that are too old. Returns its id."""
    values = {"kind": kind, "filename": filename[-LONGEST_NAME:], "digest": digest, "person_id": by}
    made = insert(schema.import_batch).values(**values, uploaded_at=moment(at)).returning(_B.id)
    batch = int(connection.execute(made).scalar_one())
    stored = [
        {"batch_id": batch, "n": each.n, "said": canonical(dict(each.said)), "fate": each.fate,
         "reasons": _stored(each.reasons), "stream": each.stream, "seq": each.seq}
        for each in rows
    ]  # fmt: skip
    if stored:
        connection.execute(insert(schema.import_row), stored)
    _throw_away(connection, at)  # last: a database may give the number of the newest row again, once it is gone
    return batch


def _throw_away(connection: Connection, at: datetime) -> None:
    old = select(_B.id).where(_B.uploaded_at < moment(at - timedelta(days=KEPT_DAYS)))
    connection.execute(delete(schema.import_row).where(_R.batch_id.in_(old)))
    connection.execute(delete(schema.import_batch).where(_B.id.in_(old)))


def waiting(connection: Connection, batch: int) -> tuple[FileKind, tuple[int, ...]]:
    """The rows still to be booked, in the order of the file. Raises Refused(NOT_FOUND)."""
    found = connection.execute(select(_B.kind).where(_B.id == batch)).scalar_one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=str(batch))
    rows = select(_R.n).where(_R.batch_id == batch, _R.fate == "books").order_by(_R.n)
    kind: FileKind = found
    return kind, tuple(connection.execute(rows).scalars())


def take(connection: Connection, batch: int, n: int) -> Mapping[str, str] | None:
    """What a row says, locked; None when somebody else has dealt with it."""
    mine = select(_R.said).where(_R.batch_id == batch, _R.n == n, _R.fate == "books").with_for_update()
    said = connection.execute(mine).scalar_one_or_none()
    return None if said is None else dict(json.loads(said))


def settle(connection: Connection, batch: int, n: int, became: Checked) -> None:
    connection.execute(
        update(schema.import_row)
        .where(_R.batch_id == batch, _R.n == n)
        .values(fate=became.fate, reasons=_stored(became.reasons), stream=became.stream, seq=became.seq)
    )


def batches(connection: Connection, limit: int = 20) -> tuple[ImportBatch, ...]:
    """The latest files, newest first, without their rows."""
    rows = connection.execute(_query().order_by(_B.id.desc()).limit(limit)).all()
    return tuple(_batch(connection, row) for row in rows)


def batch(connection: Connection, id_: int, fate: Fate | None, after: int, limit: int) -> ImportBatch:
    """A file with those of its rows that have this fate, after a row. Raises Refused(NOT_FOUND)."""
    row = connection.execute(_query().where(_B.id == id_)).one_or_none()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=str(id_))
    which = (_R.batch_id == id_) & (_R.n > after)
    if fate is not None:
        which &= _R.fate == fate
    rows = connection.execute(select(schema.import_row).where(which).order_by(_R.n).limit(limit + 1)).all()
    shown = tuple(_row(each) for each in rows[:limit])
    return _batch(connection, row, shown, shown[-1].n if len(rows) > limit else None)


def _query() -> AnySelect:
    title = schema.person.c.title
    return select(_B.id, _B.kind, _B.filename, _B.uploaded_at, title).join_from(schema.import_batch, schema.person)


def _batch(
    connection: Connection, row: AnyRow, rows: tuple[ImportRow, ...] = (), after: int | None = None
) -> ImportBatch:
    counted = select(_R.fate, func.count()).where(_R.batch_id == row.id).group_by(_R.fate)
    found: dict[str, int] = {row[0]: row[1] for row in connection.execute(counted)}
    counts = {fate: found.get(fate, 0) for fate in FATES}
    return ImportBatch(row.id, row.kind, row.filename, local(row.uploaded_at), row.title, counts, rows, after)


def _row(row: AnyRow) -> ImportRow:
    reasons = tuple(RowFault(kind, facts) for kind, facts in json.loads(row.reasons))
    return ImportRow(row.n, json.loads(row.said), row.fate, reasons, row.stream, row.seq)


def _stored(reasons: Iterable[RowFault]) -> str:
    return canonical([[each.kind, dict(each.facts)] for each in reasons])
