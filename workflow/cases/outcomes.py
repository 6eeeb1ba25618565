"""What earlier decisions mean for a proposal now: the sum that was approved before a new one is awaited, and what was
booked as an investment on a project that ended unfinished. Changes nothing."""

from sqlalchemy import Connection, func, select

from states import Process
from workflow.proposals.entering import awaits_decision
from workflow.proposals.finding import facts_of
from workflow.records.loading import Loaded
from workflow.storage import schema
from workflow.views.views_work import Expense

APPROVED = ("approved", "approved_with_change")


def decided_cost(connection: Connection, proposal: Loaded, process: Process) -> int | None:
    """Öre that the latest bifall approved, while another decision is awaited; None where nothing was decided."""
    if proposal.ended or not awaits_decision(process.at(proposal.node)):
        return None
    event = schema.event.c
    query = select(event.kind, event.body).where(event.stream == proposal.number).order_by(event.seq)
    revision, decided = 1, None
    for kind, body in connection.execute(query):
        facts = facts_of(body)
        if kind != "classified" and facts.get("revision"):
            revision = facts["revision"]["n"]
        if (facts.get("decision") or {}).get("outcome") in APPROVED and _of_everything(process, facts):
            decided = revision
    if decided is None:
        return None
    line = schema.cost_line.c
    total = select(func.sum(line.amount_ore)).where(line.proposal_id == proposal.id, line.revision == decided)
    return connection.execute(total).scalar()


def _of_everything(process: Process, facts: dict[str, object]) -> bool:
    """A bifall in a state that awaits whoever decides the whole, not the order of a sketch."""
    node = process.nodes.get(str(facts.get("from")))
    return node is not None and awaits_decision(node)


def to_expense(connection: Connection, proposal: Loaded, process: Process) -> tuple[Expense, ...]:
    """Spent from anything but an operating pot, where the proposal ended before its last station."""
    if not proposal.ended or _finished(connection, proposal, process):
        return ()
    held, pot, year = schema.holding.c, schema.pot.c, schema.pot_year.c
    funding, line = schema.funding, schema.cost_line
    same_row = (funding.c.proposal_id == held.proposal_id) & (funding.c.n == held.funding)
    same_line = (line.c.proposal_id == held.proposal_id) & (line.c.n == funding.c.line)
    query = (
        select(line.c.what, pot.title, year.year, held.spent_ore)
        .select_from(
            schema.holding.join(schema.pot_year)
            .join(schema.pot)
            .outerjoin(funding, same_row & (funding.c.revision == proposal.revision))
            .outerjoin(line, same_line & (line.c.revision == proposal.revision))
        )
        .where(held.proposal_id == proposal.id, held.spent_ore > 0, pot.kind != "operating")
        .order_by(held.funding)
    )
    return tuple(Expense(what or "", title, of, ore) for what, title, of, ore in connection.execute(query))


def _finished(connection: Connection, proposal: Loaded, process: Process) -> bool:
    event = schema.event.c
    query = select(event.body).where(event.stream == proposal.number, event.kind == "moved")
    last = connection.execute(query.order_by(event.seq.desc()).limit(1)).scalar()
    return last is not None and facts_of(last)["from"] == process.track[-1]
