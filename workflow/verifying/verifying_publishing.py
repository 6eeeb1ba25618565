"""Whether comments, and what the public is shown, are what their events tell. Words: ``verifying_records``."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read

RECEIVED, CLOSED = "comment_received", "comment_closed"


def wrong_comments(connection: Connection, events: Rows) -> Iterator[str]:
    """Each has one event that received it, and one that closed it if it is closed."""
    numbers = {row[0]: row[1] for row in connection.execute(select(schema.proposal.c.id, schema.proposal.c.number))}
    told: dict[str, tuple[object, ...]] = {}
    for key in sorted(events):
        row, number = events[key], key[0].removeprefix("comment/")
        if row["kind"] == RECEIVED:
            body = body_of(row)
            told[number] = (body["comment"], body["page"], body["proposal"], row["recorded_at"], None, None)
        elif row["kind"] == CLOSED and number in told:
            told[number] = (*told[number][:4], row["recorded_at"], body_of(row)["outcome"])
    for (number,), row in sorted(read(connection, schema.comment, "number").items()):
        about = numbers.get(row["proposal_id"])
        stored = (row["kind"], row["page"], about, row["received_at"], row["closed_at"], row["outcome"])
        if told.pop(number, None) != stored:
            yield f"{name_of('comment', (number,))}: not what the events say"
    for number in told:
        yield f"{name_of('comment', (number,))}: missing"
