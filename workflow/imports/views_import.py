"""What is shown of a file from the accounting system: its rows, what becomes of each and why. Amounts are öre."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.imports.import_rows import FileKind, RowFault
from workflow.imports.importing import Fate


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row as read: ``said`` holds its texts by field. ``stream`` and ``seq`` name the event that booked it."""

    n: int
    said: Mapping[str, str]
    fate: Fate
    reasons: tuple[RowFault, ...]
    stream: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """A file. ``rows`` are those asked for; ``after`` is the last of them when there are more."""

    id: int
    kind: FileKind
    filename: str
    uploaded_at: datetime
    who: str  # title of the person who brought it
    counts: Mapping[Fate, int]
    rows: tuple[ImportRow, ...] = ()
    after: int | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())
