"""What stands beside the duties in a queue: the next meetings and what no step foresaw. Decides nothing."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from states import Capacity
from workflow.people.people import MeetingDate
from workflow.proposals.finding import AnyRow, next_meeting, standings
from workflow.storage import schema
from workflow.views.views_work import Notice


def meetings(connection: Connection, capacities: Sequence[Capacity], today: date) -> tuple[MeetingDate, ...]:
    bodies = dict.fromkeys(each.body for each in capacities if each.body)
    found = (next_meeting(connection, body, today) for body in bodies)
    return tuple(sorted(filter(None, found), key=lambda each: (each.held_on, each.body)))


def unexpected(connection: Connection, duties: Sequence[AnyRow]) -> tuple[Notice, ...]:
    proposals = standings(connection, schema.proposal.c.id.in_(sorted({duty.proposal_id for duty in duties})))
    return tuple(
        Notice(
            proposals[duty.proposal_id].number,
            duty.kind,
            date.fromisoformat(duty.since[:10]),
            duty.id,
            proposals[duty.proposal_id].title,
        )
        for duty in duties
    )
