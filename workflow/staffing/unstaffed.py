"""Nobody left: when a step can be taken by nobody who is there today, those who can appoint somebody are told. It is a
notice and a duty; the power to decide stays where the decision rights put it."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, select, update

from states import Node, Transition
from workflow.acts import situations
from workflow.acts.acting import Roster
from workflow.people.people import GROUPS
from workflow.proposals.entering import NOBODY
from workflow.proposals.finding import AnySelect
from workflow.records import loading
from workflow.records.announcing import announce
from workflow.records.calendar_days import add_working_days, local_date
from workflow.records.definitions import Definitions
from workflow.records.loading import Loaded
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.database import Database
from workflow.storage.statements import Batch

DAYS = 5  # working days to appoint somebody
_D = schema.duty.c


def missing(connection: Connection, roster: Roster, node: Node, proposal: Loaded) -> tuple[Transition, ...]:
    """The ordinary way out of a node, where nobody who is there on the roster's day may take it; empty where somebody
    may, and where it is the sender or the clock that it waits for."""
    way = next((each for each in node.transitions if each.role is not None), None)
    if way is None or way.role is None or way.role.name == "proposer":
        return ()
    funding, _ = loading.funding_rows(connection, proposal.id, proposal.revision)
    decided_by = situations.decided_by(connection, proposal.number, roster.on)
    sources = {row.source for row in funding}
    return () if roster.who_may_take(way, proposal, sources, decided_by) else (way,)


def tell(
    connection: Connection, definitions: Definitions, proposal: Loaded, roster: Roster, seq: int, at: datetime
) -> bool:
    """Opens the duty where nobody is left and nobody has been told; answers it where somebody is there again. ``seq``
    is of the event after which it was found."""
    node = definitions.get(connection, proposal.definition).at(proposal.node)
    open_ = (_D.proposal_id == proposal.id, _D.kind == NOBODY, _D.answered_at.is_(None))
    told = connection.execute(select(_D.id).where(*open_)).first() is not None
    nobody = not proposal.ended and bool(missing(connection, roster, node, proposal))
    if nobody and not told:
        due = add_working_days(roster.on, DAYS).isoformat()
        holder = appointer(roster, proposal)
        row: dict[str, Any] = {"proposal_id": proposal.id, "seq": seq, "kind": NOBODY, "holder": holder}
        more = {"since": roster.on.isoformat(), "due_on": due, "version": 1}
        connection.execute(insert(schema.duty).values(row | more))
        batch = Batch()
        announce(batch, proposal.number, seq, NOBODY, [holder], at)
        batch.run(connection)
    if told and not nobody:
        connection.execute(update(schema.duty).where(*open_).values(answered_at=moment(at), answer="staffed"))
    return nobody


def appointer(roster: Roster, proposal: Loaded) -> str:
    """Who can appoint somebody, as a holder of duties: the chair of the group that is awaited, where one is there who
    takes part, or the administrator."""
    chairs = roster.who_may_act("chair", proposal) if proposal.awaited.body_kind in GROUPS else ()
    return "chair" if any(each.capacity.body == proposal.awaited.body for each in chairs) else "administrator"


def tick(database: Database, definitions: Definitions, at: datetime) -> None:
    """Looks again at every open proposal in which somebody takes no part, or where nobody was left: people come and go
    with the days. Safe to ask for again."""
    with database.reading() as connection:
        numbers = list(connection.execute(_looked_at()).scalars())
    for number in numbers:
        database.retrying(partial(_look, definitions, number, at))


def _looked_at() -> AnySelect:
    interest, proposal = schema.interest.c, schema.proposal.c
    held = select(interest.proposal_id).where(interest.withdrawn_seq.is_(None))
    told = select(_D.proposal_id).where(_D.kind == NOBODY, _D.answered_at.is_(None))
    open_ = proposal.ended_at.is_(None) & (proposal.id.in_(held) | proposal.id.in_(told))
    return select(proposal.number).where(open_).order_by(proposal.id)


def _look(definitions: Definitions, number: str, at: datetime, connection: Connection) -> None:
    proposal = loading.load(connection, number)
    if proposal is not None:
        tell(connection, definitions, proposal, Roster(connection, local_date(at)), proposal.seq, at)
