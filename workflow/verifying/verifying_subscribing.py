"""Whether everybody who follows a proposal is who the events of their own stream say, and who has left is forgotten."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from workflow.mail.choosing import stream_of
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of
from workflow.subscribing.following import ENDED, KINDS

_F, _P = schema.follow.c, schema.person.c


def wrong_subscribing(connection: Connection, events: Rows) -> Iterator[str]:
    states = {kind: state for state, kind in KINDS.items()}
    told: dict[str, tuple[str, str | None]] = {}
    for key in sorted(events):
        if events[key]["kind"] in states:
            told[key[0]] = (states[events[key]["kind"]], body_of(events[key]).get("proposal"))
    query = (
        select(_F.person_id, _F.state, _P.ref, _P.email, schema.proposal.c.number)
        .join_from(schema.follow, schema.person)
        .join(schema.proposal, schema.proposal.c.id == _F.proposal_id)
    )
    for row in connection.execute(query.order_by(_F.person_id)):
        said = told.pop(stream_of(row.ref), None)
        if said != (row.state, row.number):
            yield f"{name_of('follow', (row.person_id,))}: is not what the last event says"
        if (row.email == "") != (row.state == ENDED):
            yield f"{name_of('follow', (row.person_id,))}: the address is kept, or gone, against its state"
    for stream in sorted(told):
        yield f"follow ({stream}): missing"
