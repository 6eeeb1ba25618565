"""What everybody reads of an event's words: other words where an official has given some, masked where whoever sent the
proposal wrote them, and nothing of a decision that waits to be published. Decides nothing of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from workflow.privacy.masking import masked
from workflow.records.calendar_days import local_date
from workflow.storage import schema
from workflow.storage.columns import read_moment

IN_OTHER_WORDS = "public_words"  # the field of the passage that holds them
_W, _H, _T, _E = schema.public_wording.c, schema.held_decision.c, schema.passage.c, schema.event.c


@dataclass(frozen=True, slots=True)
class PublicWords:
    """Of one stream: other words by event and field, and the decisions whose words wait."""

    instead: Mapping[tuple[int, str], str] = field(default_factory=dict)
    held: frozenset[int] = frozenset()
    worded_on: Mapping[tuple[int, str], date] = field(default_factory=dict)

    def of(self, seq: int, words: Mapping[str, str], *, by_proposer: bool) -> dict[str, str]:
        """The words of an event as everybody reads them."""
        if seq in self.held:
            return {}
        return {
            name: self.instead.get((seq, name), masked(text) if by_proposer else text) for name, text in words.items()
        }

    def last_worded(self, seq: int, names: Iterable[str]) -> date | None:
        """When everybody was last given other words of an event, of these fields."""
        return max((self.worded_on[seq, name] for name in names if (seq, name) in self.worded_on), default=None)


def public_words(connection: Connection, stream: str) -> PublicWords:
    given = (_T.stream == _W.stream) & (_T.seq == _W.seq) & (_T.field == IN_OTHER_WORDS)
    query = (
        select(_W.about, _W.field, _T.content, _E.recorded_at)
        .join_from(schema.public_wording, schema.passage, given)
        .join(schema.event, (_E.stream == _W.stream) & (_E.seq == _W.seq))
    )
    rows = connection.execute(query.where(_W.stream == stream)).all()
    instead = {(row.about, row.field): row.content for row in rows}
    days = {(row.about, row.field): local_date(read_moment(row.recorded_at)) for row in rows}
    waits = select(_H.about).where(_H.stream == stream, _H.published_seq.is_(None))
    return PublicWords(instead, frozenset(connection.execute(waits).scalars()), days)
