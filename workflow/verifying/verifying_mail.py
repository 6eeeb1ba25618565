"""Whether every choice of mail is the last that its person's events tell, and every mail tells of an event that is
there. What was sent and when stands in no event."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from workflow.mail.choosing import CHOSE, stream_of
from workflow.mail.letters import DIGEST
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of


def wrong_mail(connection: Connection, events: Rows) -> Iterator[str]:
    yield from _wrong_choices(connection, events)
    mail = schema.mail.c
    query = select(mail.id, mail.kind, mail.stream, mail.seq, schema.proposal.c.number).select_from(
        schema.mail.outerjoin(schema.duty).outerjoin(schema.proposal)
    )
    for row in connection.execute(query.order_by(mail.id)):
        if row.kind != DIGEST and (row.stream, row.seq) not in events:
            yield f"{name_of('mail', (row.id,))}: the event that it tells is missing"
        if row.number is not None and row.number != row.stream:
            yield f"{name_of('mail', (row.id,))}: its duty is another proposal's"


def _wrong_choices(connection: Connection, events: Rows) -> Iterator[str]:
    told: dict[str, dict[str, Any]] = {}
    for key in sorted(events):
        if events[key]["kind"] == CHOSE:
            told[key[0]] = body_of(events[key])
    choice, person = schema.mail_choice.c, schema.person.c
    query = select(choice.person_id, person.ref, choice.pace, choice.language, choice.changed_at)
    for row in connection.execute(query.join_from(schema.mail_choice, schema.person).order_by(choice.person_id)):
        said = told.pop(stream_of(row.ref), None)
        if said is None:
            yield f"{name_of('mail_choice', (row.person_id,))}: no event knows it"
        elif (row.pace, row.language, row.changed_at) != (said["pace"], said["language"], said["recorded_at"]):
            yield f"{name_of('mail_choice', (row.person_id,))}: is not what the last event says"
    for stream in told:
        yield f"mail_choice ({stream}): missing"
