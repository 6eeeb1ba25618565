"""How long a step usually takes: the median of the process's own latest history, where there is enough of it. And from
that, roughly when the steps that remain begin. Promises nothing: a deadline is another thing."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from statistics import median_low
from typing import TypeAlias

from sqlalchemy import Connection, select

from states import Process
from states.definition import Deadline
from workflow.proposals.finding import state_title
from workflow.proposals.track import Visit, next_states, visits_of
from workflow.records.calendar_days import add_working_days, working_days_between
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.views.views import Now
from workflow.views.views_timeline import Coming

FEWEST = 5  # fewer tell of chance
LATEST = 500  # steps that are read: how it goes nowadays, whatever else a hundred years hold
LASTS_S = 900.0

Usual: TypeAlias = Mapping[tuple[str, str], int]  # (process, node) -> working days

_E, _P = schema.event.c, schema.proposal.c


class UsualTimes:
    """Of one database, read anew when older than a quarter of an hour."""

    def __init__(self, lasts_s: float = LASTS_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._lasts_s, self._clock = lasts_s, clock
        self._kept: tuple[float, Usual] | None = None

    def read(self, connection: Connection, definitions: Definitions) -> Usual:
        kept = self._kept
        if kept is None or self._clock() - kept[0] >= self._lasts_s:
            kept = self._kept = (self._clock(), usual_days(connection, definitions))
        return kept[1]


def usual_days(connection: Connection, definitions: Definitions) -> dict[tuple[str, str], int]:
    """The median of how long proposals stood in each node before they left it, in working days, by the id of the
    process. Nodes that fewer than five have left are not there."""
    latest = select(_E.stream).where(_E.kind == "moved").order_by(_E.recorded_at.desc()).limit(LATEST).subquery()
    query = select(_P.number, _P.definition_id).where(_P.number.in_(select(latest.c.stream)))
    found = {row.number: row.definition_id for row in connection.execute(query)}
    pinned = definitions.get_all(connection, found.values())
    stays: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, visits in visits_of(connection, found).items():
        for node, days in _stays(visits):
            stays[pinned[found[number]].id, node].append(days)
    return {where: median_low(days) for where, days in stays.items() if len(days) >= FEWEST}


def _stays(visits: Sequence[Visit]) -> Iterator[tuple[str, int]]:
    """Each stay that has ended; a step that leads to where one stands does not end it."""
    entered = [next(same) for _, same in groupby(visits, key=lambda visit: visit.node)]
    for visit, left in pairwise(entered):
        yield visit.node, working_days_between(visit.on, left.on)


def coming(process: Process, node: str, now: Now, usual: Usual, today: date) -> tuple[Coming, ...]:
    """The steps that remain on the usual way and the end, each with roughly when it begins as far as that can be told:
    counted from when this step is due, or usually ends; not from a day that has passed."""
    begins = now.due or _after(now.since, _length(process, node, usual))
    begins = begins if begins is not None and begins >= today else None
    steps, seen = [], {node}
    while (following := next_states(process, node)) and following[0] not in seen:
        node = following[0]
        seen.add(node)
        steps.append(Coming(str(state_title(process, node)), begins, usual.get((process.id, node))))
        begins = _after(begins, _length(process, node, usual))
    return tuple(steps)


def _length(process: Process, node: str, usual: Usual) -> int | None:
    """Working days: as it has been, else as the process reckons."""
    found = usual.get((process.id, node))
    return found if found is not None else _reckoned(process.at(node).state.deadline)


def _reckoned(deadline: Deadline | None) -> int | None:
    while deadline is not None:
        if deadline.kind == "working_days":
            return int(deadline.value)
        deadline = deadline.otherwise
    return None


def _after(day: date | None, working_days: int | None) -> date | None:
    return None if day is None or working_days is None else add_working_days(day, working_days)
