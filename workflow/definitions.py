"""Which process a proposal is pinned to: the stored definitions, restored once and kept by their digest.
Judges no process; ``states`` does that."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from states import Process, restore
from workflow import schema
from workflow.columns import moment
from workflow.statements import Statement

_D = schema.definition.c
_DIGEST = Statement("definition", select(_D.digest).where(_D.id == bindparam("definition_id")))


class DefinitionChangedError(Exception):
    """The process and version is stored with another digest: what proposals are pinned to never changes."""

    def __init__(self, process: str, version: int, stored: str, given: str) -> None:
        super().__init__(f"{process} version {version} is stored as {stored[:12]}, the file now says {given[:12]}")
        self.process, self.version, self.stored, self.given = process, version, stored, given


class Definitions:
    """``current`` holds the newest version of every process that is shipped, by its id.

    A digest leaves the wording out, so a spelling mended in a file shows at once on proposals pinned to it.
    """

    def __init__(self, processes: Iterable[Process] = ()) -> None:
        shipped = sorted(processes, key=lambda each: each.version)
        self.current = {each.id: each for each in shipped}
        self._by_digest = {each.digest: each for each in shipped}

    def get(self, connection: Connection, definition_id: int) -> Process:
        """The process behind a row. Keyed by digest and not by row, whose number a roll-back sets free again."""
        ((digest,),) = _DIGEST.rows(connection, definition_id=definition_id)
        known = self._by_digest.get(digest)
        if known is None:
            body = connection.execute(select(_D.body).where(_D.id == definition_id)).scalar_one()
            known = self._by_digest[digest] = restore(body)
        return known

    def get_all(self, connection: Connection, definition_ids: Iterable[int]) -> dict[int, Process]:
        return {each: self.get(connection, each) for each in sorted(set(definition_ids))}

    def pin(self, connection: Connection, process: Process, at: datetime) -> int:
        """The row of this very process and version, stored on first use.

        Raises DefinitionChangedError when the same id and version is stored with another digest.
        """
        stored = _stored(connection, process)
        if stored is None:
            row = {
                "process": process.id, "version": process.version, "digest": process.digest, "body": process.body,
                "stored_at": moment(at),
            }  # fmt: skip
            # Two nodes may store the same one; the slower finds the row of the faster.
            connection.execute(insert(schema.definition).values(row).on_conflict_do_nothing())
            stored = _stored(connection, process)
        if stored is None:
            raise RuntimeError(f"{process.id} version {process.version} was not stored")
        definition_id, digest = stored
        if digest != process.digest:
            raise DefinitionChangedError(process.id, process.version, digest, process.digest)
        return definition_id


def _stored(connection: Connection, process: Process) -> tuple[int, str] | None:
    mine = (_D.process == process.id) & (_D.version == process.version)
    row = connection.execute(select(_D.id, _D.digest).where(mine)).one_or_none()
    return None if row is None else (row.id, row.digest)
