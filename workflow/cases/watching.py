"""Who follows which proposal, to find it again under Att göra. A list of somebody's own and no part of a case: it is
changed at will, leaves no event, and says nothing to others."""

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.records import loading
from workflow.records.calendar_days import local_date
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment

_P, _W = schema.proposal.c, schema.watch.c


def follow(connection: Connection, number: str, *, by: int, at: datetime, follows: bool) -> None:
    """Begins or ends; done twice it is done once. Raises Refused: NOT_FOUND, NOT_PERMITTED (nobody with a role)."""
    proposal = connection.execute(select(_P.id).where(_P.number == number)).scalar()
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    actor = loading.actor(connection, by, local_date(at))
    if actor is None or not actor.capacities:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    if follows:
        row = {"person_id": by, "proposal_id": proposal, "since": moment(at)}
        connection.execute(upsert(schema.watch).values(row).on_conflict_do_nothing())
    else:
        connection.execute(delete(schema.watch).where(_W.person_id == by, _W.proposal_id == proposal))


def follows(connection: Connection, proposal_id: int, person: int) -> bool:
    mine = select(_W.since).where(_W.person_id == person, _W.proposal_id == proposal_id)
    return connection.execute(mine).first() is not None
