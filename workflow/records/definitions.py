"""Which process a proposal is pinned to: the stored definitions, restored once and kept by their digest.
Judges no process; ``states`` does that."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from states import Process, gone, restore
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.connections import UnfitDatabaseError
from workflow.storage.statements import Statement

_D = schema.definition.c
_P = schema.proposal.c
_OPEN = _P.ended_at.is_(None)
_DIGEST = Statement("definition", select(_D.digest).where(_D.id == bindparam("definition_id")))


class DefinitionChangedError(UnfitDatabaseError):
    """The process and version is stored with another digest: what proposals are pinned to never changes."""

    def __init__(self, process: str, version: int, stored: str, given: str) -> None:
        why = f"filen säger {given[:12]} men förslag följer {stored[:12]}: höj version i filen"
        super().__init__(f"{process} version {version} är ändrad utan ny version ({why})")
        self.process, self.version, self.stored, self.given = process, version, stored, given


class DefinitionGoneError(UnfitDatabaseError):
    """An open proposal rests on a definition that names something which Skede no longer has. ``names``: (key, name)."""

    def __init__(self, process: str, version: int, numbers: Sequence[str], names: Sequence[tuple[str, str]]) -> None:
        told = ", ".join(f'"{name}" ({key})' for key, name in names)
        shown = ", ".join(numbers[:3]) + (f" och {len(numbers) - 3} till" if len(numbers) > 3 else "")
        super().__init__(f"{shown} följer {process} version {version}, som nämner något som inte längre finns: {told}")
        self.process, self.version, self.numbers, self.names = process, version, tuple(numbers), tuple(names)


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
        return self.by_digest(connection, definition_id, digest)

    def by_digest(self, connection: Connection, definition_id: int, digest: str) -> Process:
        """The same where the row's digest has been read already."""
        known = self._by_digest.get(digest)
        if known is None:
            body = connection.execute(select(_D.body).where(_D.id == definition_id)).scalar_one()
            known = self._by_digest[digest] = restore(body)
        return known

    def get_all(self, connection: Connection, definition_ids: Iterable[int]) -> dict[int, Process]:
        return {each: self.get(connection, each) for each in sorted(set(definition_ids))}

    def refuse_unfit(self, connection: Connection) -> None:
        """Raises DefinitionChangedError when a shipped process and version is stored with another digest, and
        DefinitionGoneError when an open proposal's definition names something gone."""
        for each in self._by_digest.values():
            _same(each, _stored(connection, each))
        used = select(_D.id, _D.process, _D.version, _D.body).where(_D.id.in_(select(_P.definition_id).where(_OPEN)))
        for row in connection.execute(used.order_by(_D.id)):
            names = gone(restore(row.body))
            if names:
                mine = select(_P.number).where(_OPEN & (_P.definition_id == row.id)).order_by(_P.id)
                numbers = connection.execute(mine).scalars().all()
                raise DefinitionGoneError(row.process, row.version, numbers, names)

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
        _same(process, stored)
        return stored[0]


def _same(process: Process, stored: tuple[int, str] | None) -> None:
    if stored is not None and stored[1] != process.digest:
        raise DefinitionChangedError(process.id, process.version, stored[1], process.digest)


def _stored(connection: Connection, process: Process) -> tuple[int, str] | None:
    mine = (_D.process == process.id) & (_D.version == process.version)
    row = connection.execute(select(_D.id, _D.digest).where(mine)).one_or_none()
    return None if row is None else (row.id, row.digest)
