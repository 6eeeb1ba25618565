"""Everything at a glance: how many proposals stand where, what the pots hold, what happened last.
Shows only what is public."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from states import Process
from workflow.privacy import public_text
from workflow.proposals import pots
from workflow.proposals.finding import (
    AnyRow,
    AnySelect,
    body_titles,
    date_of,
    event_title,
    facts_of,
    local,
    state_title,
    who_acted,
)
from workflow.proposals.track import completion, counted, station_of
from workflow.proposals.views_overview import LatestStep, Overview, ProcessCount
from workflow.records.calendar_days import HERE, local_date
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.storage.columns import moment

COUNTS_LAST_S = 30.0
LATEST = 10
PUBLIC_EVENTS = ("submitted", "moved", "corrected", "redirected")

_P, _R, _E = schema.proposal.c, schema.revision.c, schema.event.c
_FACE = schema.public_face.c
_HIDDEN = select(_FACE.proposal_id).where(_FACE.hidden_seq.is_not(None))  # taken out of everybody's sight


@dataclass(frozen=True, slots=True)
class Count:
    """How many proposals of one definition stand in one node."""

    definition: int
    state: str
    origin: str
    proposals: int


class StageCounts:
    """Counts of one database, read anew when older than half a minute. Several threads may read at once; at worst
    two of them count. A counter row changed by every decision would make decisions wait for each other."""

    def __init__(self, lasts_s: float = COUNTS_LAST_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._lasts_s, self._clock = lasts_s, clock
        self._kept: tuple[float, datetime, tuple[Count, ...]] | None = None

    def read(self, connection: Connection, now: datetime) -> tuple[tuple[Count, ...], datetime]:
        """The counts and when they were made."""
        kept = self._kept
        if kept is None or self._clock() - kept[0] >= self._lasts_s:
            node = _P.definition_id, _P.state, _P.origin
            shown = select(*node, func.count()).where(_P.id.not_in(_HIDDEN)).group_by(*node)
            counts = tuple(Count(*row) for row in connection.execute(shown))
            kept = self._kept = (self._clock(), now, counts)
        return kept[2], kept[1]


def overview(connection: Connection, definitions: Definitions, counts: StageCounts, now: datetime) -> Overview:
    """The front page. Processes by id; the pots of this year."""
    found, counted_at = counts.read(connection, now)
    pinned = definitions.get_all(connection, (each.definition for each in found))
    processes = {each.id: each for each in pinned.values()} | definitions.current
    return Overview(
        processes=tuple(_process_count(process, found, pinned) for _, process in sorted(processes.items())),
        pots=tuple(each for each in pots.pots(connection, local_date(now).year) if each.given),
        latest=latest(connection, definitions),
        counted_at=counted_at,
    )


# --- counts ------------------------------------------------------------------------------------------------------


def _process_count(process: Process, counts: Iterable[Count], pinned: dict[int, Process]) -> ProcessCount:
    """All versions of a process together, on the stations of the newest."""
    here: Counter[str] = Counter()
    side: Counter[str] = Counter()
    ended = completed = 0
    for each in counts:
        own = pinned[each.definition]
        if own.id != process.id:
            continue
        state = own.at(f"{each.state}@{each.origin}" if each.origin else each.state).state
        if state.end:
            ended += each.proposals
            completed += each.proposals if each.state == completion(own) else 0
        elif each.state in process.track:
            here[each.state] += each.proposals
        else:
            side[state.title] += each.proposals
    return ProcessCount(
        process.id, process.title, counted(process, here), tuple(sorted(side.items())), ended, completed
    )


# --- what happened last ------------------------------------------------------------------------------------------


def latest(connection: Connection, definitions: Definitions, limit: int = LATEST) -> tuple[LatestStep, ...]:
    """The latest public steps of proposals, newest first."""
    query = _steps().order_by(_E.recorded_at.desc(), _E.stream, _E.seq.desc()).limit(limit)
    return _told(connection, definitions, connection.execute(query).all())


def steps_of_year(connection: Connection, definitions: Definitions, year: int) -> tuple[LatestStep, ...]:
    """Every public step that was recorded in a year of Sweden's, oldest first."""
    begins, ends = (moment(datetime(each, 1, 1, tzinfo=HERE)) for each in (year, year + 1))
    query = _steps().where(_E.recorded_at >= begins, _E.recorded_at < ends).order_by(_E.recorded_at, _E.stream, _E.seq)
    return _told(connection, definitions, connection.execute(query).all())


def _steps() -> AnySelect:
    joined = public_text.faced(
        schema.event.join(schema.proposal, _P.number == _E.stream).join(
            schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision)
        )
    )
    columns = (_E.recorded_at, _E.seq, _E.body, _P.number, _P.definition_id, public_text.TITLE.label("title"))
    return select(*columns).select_from(joined).where(_E.kind.in_(PUBLIC_EVENTS), public_text.IN_SIGHT)


def _told(connection: Connection, definitions: Definitions, rows: Sequence[AnyRow]) -> tuple[LatestStep, ...]:
    titles = body_titles(connection)
    found = []
    for row in rows:
        facts, process = facts_of(row.body), definitions.get(connection, row.definition_id)
        to = state_title(process, facts["to"]) or station_of(facts["to"])
        what, on = event_title(facts, public=True), date_of(facts.get("decided_on") or row.recorded_at)
        who, is_role = who_acted(facts, titles)
        told = LatestStep(row.number, row.title, what, to, on, who, is_role, row.seq, local(row.recorded_at))
        found.append(told)
    return tuple(found)
