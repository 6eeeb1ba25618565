"""What somebody did last, and what they handed on and still waits for somebody else. A queue is about today: only
the latest is looked at."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from workflow import schema
from workflow.definitions import Definitions
from workflow.finding import AnyRow, event_title, facts_of, local, standings, state_title
from workflow.views_work import DoneRow

HANDED_ON = 20  # proposals looked at for what I handed on
RECENT_EVENTS = 200

_D = schema.duty.c


def recent_of(connection: Connection, ref: str) -> Sequence[AnyRow]:
    """What the person did last, newest first."""
    event = schema.event.c
    query = select(event.stream, event.kind, event.recorded_at, event.body).where(event.actor == ref)
    return connection.execute(query.order_by(event.recorded_at.desc()).limit(RECENT_EVENTS)).all()


def handed_on(connection: Connection, recent: Sequence[AnyRow], holders: Sequence[str]) -> Sequence[AnyRow]:
    """Steps of others on proposals that I moved."""
    numbers = list(dict.fromkeys(row.stream for row in recent if row.kind in ("moved", "classified")))[:HANDED_ON]
    proposal = schema.proposal.c
    query = (
        select(schema.duty)
        .join_from(schema.duty, schema.proposal)
        .where(proposal.number.in_(numbers), _D.answered_at.is_(None), _D.holder.not_in(holders))
        .order_by(_D.due_on, _D.id)
    )
    return connection.execute(query).all() if numbers else ()


def done(connection: Connection, definitions: Definitions, recent: Sequence[AnyRow]) -> tuple[DoneRow, ...]:
    mine = [row for row in recent if row.kind in ("moved", "classified", "booked", "corrected")][:HANDED_ON]
    numbers = sorted({row.stream for row in mine})
    by_number = {each.number: each for each in standings(connection, schema.proposal.c.number.in_(numbers)).values()}
    found = []
    for row in mine:
        standing, facts = by_number[row.stream], facts_of(row.body)
        process = definitions.get(connection, standing.definition)
        to_title = state_title(process, facts.get("to") or standing.node) or ""
        what = event_title(facts, public=False)
        found.append(DoneRow(standing.number, standing.title, what, local(row.recorded_at), to_title))
    return tuple(found)
