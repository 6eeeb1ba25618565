"""What waits for one person: the open duties of the roles held today, oldest due first, and what was handed on.
Decides nothing; a duty is opened and answered by a decision."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from states import Capacity
from workflow import pots, queue_beside, queue_done, queue_duties, year_end
from workflow.definitions import Definitions
from workflow.entering import STAYS, UNKNOWN_DATE
from workflow.queue_rows import queue_rows
from workflow.views_work import QueuePage

ANSWER_FOR_POTS = frozenset({"budget_holder", "controller"})
# Kinds of duties that a fact opened and no step foresaw; shown in a list of their own.
UNEXPECTED = (STAYS, UNKNOWN_DATE)


def queue(
    connection: Connection,
    definitions: Definitions,
    *,
    ref: str,
    capacities: Sequence[Capacity],
    today: date,
    after: str | None = None,
    limit: int = 50,
) -> QueuePage:
    """``ref`` is the person's reference in events; ``after`` the cursor of the page before."""
    holders = queue_duties.holders_of(capacities, ref)
    found = queue_duties.open_duties(connection, holders, queue_duties.position(after), limit + 1)
    shown = found[:limit]
    recent = queue_done.recent_of(connection, ref)
    group = queue_duties.of_groups(connection, capacities, holders)
    others = [row for row in queue_done.handed_on(connection, recent, holders) if row not in group]
    duties = [row for row in (*shown, *group, *others) if row.kind not in UNEXPECTED]
    rows = queue_rows(connection, definitions, duties, today)
    mine, of_group = {row.id for row in shown}, {row.id for row in group}
    last = shown[-1] if len(found) > limit else None
    return QueuePage(
        waiting=tuple(row for row in rows if row.duty in mine),
        group=tuple(row for row in rows if row.duty in of_group),
        others=tuple(row for row in rows if row.duty not in mine | of_group),
        done=queue_done.done(connection, definitions, recent),
        meetings=queue_beside.meetings(connection, capacities, today),
        overruns=pots.overruns(connection) if ANSWER_FOR_POTS & {each.role for each in capacities} else (),
        stranded=year_end.stranded(connection) if "officer" in {each.role for each in capacities} else (),
        unexpected=queue_beside.unexpected(connection, [row for row in shown if row.kind in UNEXPECTED]),
        after=f"{last.due_on} {last.id}" if last else None,
        count=queue_duties.badge(connection, capacities, ref),
    )
