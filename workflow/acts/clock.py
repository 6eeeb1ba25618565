"""What happens because a day has come: every transition that the clock may take, taken as the actor *clock*.

Never decides and never moves money: the process language refuses such a transition to the clock. Reads no clock.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Connection, select

from workflow.acts.changing import read_answer
from workflow.acts.deciding import Ask, decide
from workflow.records import loading
from workflow.records.answers import Done
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.database import Database

DATES = {"parked_until": schema.proposal.c.parked_until}  # the days that a proposal keeps, by the field they came from


def tick(database: Database, definitions: Definitions, at: datetime) -> tuple[Done, ...]:
    """Takes what is due, one transaction each. What somebody has moved on from in the meantime lapses."""
    with database.reading() as connection:
        asks = due(connection, definitions, local_date(at))
    return tuple(done for ask in asks if (done := _fire(database, definitions, ask, at)) is not None)


def _fire(database: Database, definitions: Definitions, ask: Ask, at: datetime) -> Done | None:
    try:
        answer = database.retrying(lambda connection: decide(connection, definitions, ask, at))
    except Refused:
        return None
    return Done(**read_answer(answer))


def due(connection: Connection, definitions: Definitions, today: date) -> tuple[Ask, ...]:
    """What the clock may ask for today, oldest proposal first.

    Keyed by the entry that set the day: asked twice it happens once, and an entry that somebody has moved on from
    makes the ask stale.
    """
    who = select(schema.person.c.id).where(schema.person.c.ref == loading.CLOCK)
    clock = int(connection.execute(who).scalar_one())
    return tuple(ask for field in DATES for ask in _asks(connection, definitions, field, today, clock))


def _asks(connection: Connection, definitions: Definitions, field: str, today: date, clock: int) -> Iterator[Ask]:
    column, proposal = DATES[field], schema.proposal.c
    query = select(proposal.number).where(column <= today.isoformat(), proposal.ended_at.is_(None))
    for (number,) in connection.execute(query.order_by(proposal.id)).all():
        found = loading.load(connection, number, lock=False)
        if found is None:
            continue
        node = definitions.get(connection, found.definition).at(found.node)
        for way in node.transitions:
            if way.clock is not None and way.clock.argument == field:
                key = f"clock {number} {found.seq} {way.id}"
                yield Ask(number, way.id, clock, found.version, found.revision, key)
