"""What happens when a proposal enters a state: whose move it becomes, when that is due, and which duties open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from states import Awaited, CostLine, Deadline, FundingRow, Node, Rule, queue_holder
from states.vocabulary import BODY_KINDS
from workflow.people import people, rights
from workflow.records import calendar_days
from workflow.records.loading import NEVER, Loaded
from workflow.storage import schema
from workflow.storage.columns import read_moment

STAYS = "unexpected_invoice"  # opened by a fact, no step: it waits until somebody has attended to it
UNKNOWN_DATE = "missing_meeting_date"  # a deadline rests on a meeting that nobody has given a date
NOBODY = "nobody_may_act"  # a step that nobody who is there may take
DAYS_FOR_A_DATE = 10
MEETINGS = ("next_meeting_of", "papers_due_for")


@dataclass(frozen=True, slots=True)
class Duty:
    """Something awaited: who holds it and when it is due, ``9999-12-31`` where nobody is late."""

    kind: str
    holder: str
    due_on: str


@dataclass(frozen=True, slots=True)
class Entered:
    awaited: Awaited
    due_on: date | None
    duties: tuple[Duty, ...]


def enter(
    connection: Connection,
    node: Node,
    *,
    today: date,
    form: Mapping[str, object],
    lines: tuple[CostLine, ...],
    funding: tuple[FundingRow, ...],
    paused_due: date | None = None,
    decider: Awaited | None = None,
) -> Entered:
    """Resolves ``awaits``, the deadline and the duties of a node entered today.

    ``paused_due`` is what is left of the origin's own deadline on the way back from a side road. ``decider`` is whose
    decision was awaited until now, where one was: who has been handed the decision keeps it until it is made.
    """
    awaited = whose_move(connection, node.state.awaits, today, funding)
    if awaits_decision(node):
        handed = rights.Rights(connection, today).named(str(form["awaits_next"])) if "awaits_next" in form else decider
        awaited = rights.highest(connection, (awaited, handed), today) if handed else awaited
    due = paused_due or due_date(
        connection, node.state.deadline, today, deadline_body(connection, node, awaited, today, funding), form
    )
    duties = []
    if node.transitions and node.state.awaits is not None:
        duties.append(Duty("step", queue_holder(node, awaited), due.isoformat() if due else NEVER))
    for each in node.state.duties:
        if each.kind == "classify" and all(line.classification for line in lines):
            continue
        own = due_date(connection, each.deadline, today, awaited.body, form) or due
        duties.append(Duty(each.kind, each.role.name, own.isoformat() if own else NEVER))
    if node.state.deadline is not None and node.state.deadline.kind in MEETINGS and paused_due is None:
        body = deadline_body(connection, node, awaited, today, funding)
        if body is not None and people.next_meeting(connection, body, today) is None:
            soon = calendar_days.add_working_days(today, DAYS_FOR_A_DATE)
            duties.append(Duty(UNKNOWN_DATE, people.keeper_of_dates(connection, body, today), soon.isoformat()))
    return Entered(awaited, due, tuple(duties))


def awaits_decision(node: Node) -> bool:
    """Whether a deciding instance is awaited, whichever has the right."""
    return node.state.awaits is not None and node.state.awaits.name == "decider_for"


def whose_move(connection: Connection, rule: Rule | None, today: date, funding: tuple[FundingRow, ...]) -> Awaited:
    """A role, the body of a kind, or the highest instance that the decision rights require for the funding rows."""
    if rule is None:
        return Awaited()
    if rule.name == "decider_for":
        return rights.decider(connection, sums(funding), today) or Awaited()
    body = people.awaited_body(connection, rule.name, today) if rule.name in BODY_KINDS else None
    return body or Awaited(role=rule.name)


def deadline_body(
    connection: Connection, node: Node, awaited: Awaited, today: date, funding: tuple[FundingRow, ...]
) -> str | None:
    """The body whose meetings a state's deadline follows: the one awaited, or the one that will decide."""
    deadline = node.state.deadline
    if deadline is not None and deadline.value == "decider":
        will_decide = rights.decider(connection, sums(funding), today)
        return will_decide.body if will_decide else None
    return awaited.body


def sums(funding: tuple[FundingRow, ...]) -> dict[str, int]:
    """Öre by kind of source: rights are held against the whole sum, not row by row."""
    found: dict[str, int] = {}
    for row in funding:
        found[row.source] = found.get(row.source, 0) + int(row.amount)
    return found


def due_date(
    connection: Connection, deadline: Deadline | None, today: date, body: str | None, form: Mapping[str, object]
) -> date | None:
    """When a deadline falls, through its ``otherwise`` when that cannot be told; None when nobody is late."""
    if deadline is None:
        return None
    found: date | None = None
    if deadline.kind == "working_days":
        found = calendar_days.add_working_days(today, int(deadline.value))
    elif deadline.kind == "date":
        given = form.get(str(deadline.value))
        found = given if isinstance(given, date) else None
    elif deadline.kind in MEETINGS and body is not None:
        next_day = people.next_papers_day if deadline.kind == "papers_due_for" else people.next_meeting_day
        found = next_day(connection, body, today)
    return found or due_date(connection, deadline.otherwise, today, body, form)


def due_after_pause(connection: Connection, proposal: Loaded, node: Node, today: date) -> date | None:
    """Back where a side road began, the working days that were left then are left now; None elsewhere.

    Meetings and fixed dates are resolved again: they did not wait.
    """
    deadline = node.state.deadline
    if not proposal.origin or node.id != proposal.origin or deadline is None or deadline.kind != "working_days":
        return None
    left = paused_days(connection, proposal)
    return calendar_days.add_working_days(today, left) if left is not None else None


def paused_days(connection: Connection, proposal: Loaded) -> int | None:
    """Working days that were left of the origin's deadline when the side road was entered; never less than one."""
    table = schema.duty.c
    query = (
        select(table.due_on, table.answered_at)
        .where(table.proposal_id == proposal.id, table.kind == "step", table.answered_at.is_not(None))
        .order_by(table.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.due_on.startswith("9999"):
        return None
    stopped = calendar_days.local_date(read_moment(row.answered_at))
    return max(1, calendar_days.working_days_between(stopped, date.fromisoformat(row.due_on)))
