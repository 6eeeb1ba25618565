"""Files from the accounting system through the one door: the dry run, keeping a file, booking its rows one transaction
each. Holds no rule."""

import hashlib
from datetime import date

from sqlalchemy import Connection

from states import RefusalKind
from workflow.doors.changes import Changes
from workflow.imports import import_batches, importing
from workflow.imports.file_tables import FileRow, FileTable, read_table
from workflow.imports.import_rows import FileKind, RowFault, RowFaults, Told, columns_of, told_of
from workflow.imports.importing import Checked, Fate
from workflow.imports.views_import import ImportBatch, ImportRow
from workflow.records.refused import Refused

Read = tuple[FileKind, tuple[ImportRow, ...]]


class Imports(Changes):
    """Every method is the controller's, and raises Refused(NOT_PERMITTED) for others."""

    def check_import(self, data: bytes, *, by: int) -> Read:
        """The dry run: what would become of each row. Changes nothing. Raises FileFault."""
        self._admit(by, "check import")
        table = read_table(data)
        kind, columns = columns_of(table, self.config.imports)
        said = [(row.n, table.under(row, columns)) for row in table.rows]
        today = self.today()
        told = [(row.n, _told(kind, table, row, each, today)) for row, (_, each) in zip(table.rows, said, strict=True)]
        with self._database.reading() as connection:
            answers = list(importing.check(connection, told))
        return kind, tuple(
            ImportRow(n, each, became.fate, became.reasons, became.stream, became.seq)
            for (n, each), became in zip(said, answers, strict=True)
        )

    def keep_import(self, data: bytes, filename: str, *, by: int) -> int:
        """The dry run, kept until it is booked. Returns the id of the file. Raises FileFault."""
        at = self._clock()
        kind, rows = self.check_import(data, by=by)
        digest = hashlib.sha256(data).hexdigest()
        return self._database.retrying(
            lambda connection: import_batches.keep(connection, kind, filename, digest, rows, by=by, at=at)
        )

    def imports(self, by: int) -> tuple[ImportBatch, ...]:
        """The latest files, without their rows."""
        with self._database.reading() as connection:
            import_batches.require_controller(connection, by, self._clock())
            return import_batches.batches(connection)

    def import_batch(
        self, batch: int, *, by: int, fate: Fate | None = None, after: int = 0, limit: int = 100
    ) -> ImportBatch:
        """A file with some of its rows. Raises Refused(NOT_FOUND)."""
        with self._database.reading() as connection:
            import_batches.require_controller(connection, by, self._clock())
            return import_batches.batch(connection, batch, fate, after, limit)

    def book_import(self, batch: int, *, by: int) -> None:
        """Books every row that waits, each in a transaction of its own; a row that cannot be is marked and the rest
        go on. Whoever breaks it off, or does it twice, loses and doubles nothing.
        """
        self._admit(by, f"book import {batch}")
        with self._database.reading() as connection:
            kind, rows = import_batches.waiting(connection, batch)
        for n in rows:
            self._book_row(batch, kind, n, by)

    def _admit(self, by: int, what: str) -> None:
        """Who tries and may not is logged."""
        at = self._clock()
        try:
            with self._database.reading() as connection:
                import_batches.require_controller(connection, by, at)
        except Refused as refused:
            self._log(by, what, refused.first, at)
            raise

    def _book_row(self, batch: int, kind: FileKind, n: int, by: int) -> None:
        at = self._clock()

        def work(connection: Connection) -> None:
            said = import_batches.take(connection, batch, n)
            if said is not None:
                told = told_of(kind, said, self.today())
                became = importing.book(connection, self._definitions, told, by=by, at=at)
                import_batches.settle(connection, batch, n, became)

        try:
            self._database.retrying(work)
        except RowFaults as faults:
            self._settle(batch, n, Checked("fault", faults.faults))
        except Refused as refused:
            self._log(by, f"import {batch} row {n}", refused.first, at)
            if refused.first.kind is RefusalKind.NOT_PERMITTED:
                raise
            facts = {
                name: value if isinstance(value, int) else str(value) for name, value in refused.first.facts.items()
            }
            reason = RowFault("refused", {"refusal": int(refused.first.kind), "facts": facts})
            self._settle(batch, n, Checked("fault", (reason,)))

    def _settle(self, batch: int, n: int, became: Checked) -> None:
        def work(connection: Connection) -> None:
            if import_batches.take(connection, batch, n) is not None:
                import_batches.settle(connection, batch, n, became)

        self._database.retrying(work)


def _told(kind: FileKind, table: FileTable, row: FileRow, said: dict[str, str], today: date) -> Told | RowFaults:
    """A cell beyond the headings means that a separator stood inside a text: then nothing in the row is certain."""
    if any(row.cells[len(table.headings) :]):
        return RowFaults([RowFault("shape", {})])
    try:
        return told_of(kind, said, today)
    except RowFaults as faults:
        return faults
