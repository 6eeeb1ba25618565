"""What everybody reads of an event's words: other words where an official has given some, masked where whoever sent the
proposal wrote them, and nothing of a decision that waits to be published. Decides nothing of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from workflow.privacy.masking import masked
from workflow.storage import schema

IN_OTHER_WORDS = "public_words"  # the field of the passage that holds them
_W, _H, _T = schema.public_wording.c, schema.held_decision.c, schema.passage.c


@dataclass(frozen=True, slots=True)
class PublicWords:
    """Of one stream: other words by event and field, and the decisions whose words wait."""

    instead: Mapping[tuple[int, str], str] = field(default_factory=dict)
    held: frozenset[int] = frozenset()

    def of(self, seq: int, words: Mapping[str, str], *, by_proposer: bool) -> dict[str, str]:
        """The words of an event as everybody reads them."""
        if seq in self.held:
            return {}
        return {
            name: self.instead.get((seq, name), masked(text) if by_proposer else text) for name, text in words.items()
        }


def public_words(connection: Connection, stream: str) -> PublicWords:
    given = (_T.stream == _W.stream) & (_T.seq == _W.seq) & (_T.field == IN_OTHER_WORDS)
    query = select(_W.about, _W.field, _T.content).join_from(schema.public_wording, schema.passage, given)
    instead = {(row.about, row.field): row.content for row in connection.execute(query.where(_W.stream == stream))}
    waits = select(_H.about).where(_H.stream == stream, _H.published_seq.is_(None))
    return PublicWords(instead, frozenset(connection.execute(waits).scalars()))
