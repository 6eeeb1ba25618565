"""Whether every stream of events is whole: no gap, no broken chain, no column that says other than the event, and the
head that is kept is the last event's. Knows nothing of what the events tell."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from workflow.records.history import GENESIS, chain
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of


def wrong_chains(events: Rows) -> Iterator[str]:
    previous: dict[str, tuple[int, str]] = {}
    for key in sorted(events):
        row, (stream, seq) = events[key], key
        last, head = previous.get(stream, (0, GENESIS))
        if seq != last + 1:
            yield f"{name_of('event', key)}: the one before it is missing"
        if row["previous"] != head or row["hash"] != chain(row["previous"], row["body"]):
            yield f"{name_of('event', key)}: the chain breaks here"
        body = body_of(row)
        for column in ("stream", "seq", "kind", "actor", "recorded_at"):
            if body.get(column) != row[column]:
                yield f"{name_of('event', key)}: {column} is not what the event says"
        previous[stream] = (seq, row["hash"])


def heads_of(connection: Connection) -> dict[str, tuple[int, str]]:
    proposals, streams = schema.proposal.c, schema.stream.c
    found = {
        row[0]: (row[1], row[2]) for row in connection.execute(select(proposals.number, proposals.seq, proposals.head))
    }
    kept = select(streams.name, streams.seq, streams.head).where(streams.head != "")
    return found | {row[0]: (row[1], row[2]) for row in connection.execute(kept)}


def wrong_heads(connection: Connection, events: Rows) -> Iterator[str]:
    last: dict[str, tuple[int, str]] = {}
    for stream, seq in sorted(events):
        last[stream] = (seq, events[stream, seq]["hash"])
    heads = heads_of(connection)
    for stream in sorted(last.keys() | heads.keys()):
        if last.get(stream) != heads.get(stream):
            table = "proposal" if stream.startswith("CG-") else "stream"
            yield f"{name_of(table, (stream,))}: its head is not the last event of the stream"
