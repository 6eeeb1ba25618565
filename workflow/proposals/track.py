"""The stage track: which stations a proposal has passed, where it stands, what it skipped and how often it came back.
Reads the events that moved it; knows no viewer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from sqlalchemy import Connection, select

from states import Process
from workflow.proposals.finding import date_of, facts_of
from workflow.storage import schema
from workflow.views.views import Station, Track

Status = Literal["done", "here", "ahead", "skipped"]
REASONS = ("skip_reason", "reason")  # fields that say why a step was passed over, the more exact one first


@dataclass(frozen=True, slots=True)
class Visit:
    """One entry into a node, and which states it passed over, with the reason given."""

    seq: int
    node: str
    on: date
    skips: tuple[str, ...] = ()
    reason: str | None = None
    decided_on: date | None = None  # of the decision that led here, which is written down later

    @property
    def station(self) -> str:
        """A side road is taken from a station and does not leave it."""
        return station_of(self.node)


def station_of(node: str) -> str:
    state, _, origin = node.partition("@")
    return origin or state


def visits_of(connection: Connection, streams: Iterable[str]) -> dict[str, tuple[Visit, ...]]:
    """What moved each proposal, oldest first, by its number; a corrected step did not happen."""
    wanted = sorted(set(streams))
    event = schema.event.c
    query = (
        select(event.stream, event.seq, event.recorded_at, event.body)
        .where(event.stream.in_(wanted), event.kind.in_(("submitted", "moved", "corrected")))
        .order_by(event.stream, event.seq)
    )
    reasons = _reasons(connection, wanted)
    found: dict[str, dict[int, Visit]] = {stream: {} for stream in wanted}
    for row in connection.execute(query):
        facts = facts_of(row.body)
        if facts["kind"] == "corrected":
            found[row.stream].pop(facts["corrects"], None)
            continue
        found[row.stream][row.seq] = Visit(
            row.seq, facts["to"], date_of(row.recorded_at), tuple(facts.get("skips") or ()),
            reasons.get((row.stream, row.seq)), date.fromisoformat(day) if (day := facts.get("decided_on")) else None,
        )  # fmt: skip
    return {stream: tuple(visits.values()) for stream, visits in found.items()}


def _reasons(connection: Connection, streams: Sequence[str]) -> dict[tuple[str, int], str]:
    passage = schema.passage.c
    query = (
        select(passage.stream, passage.seq, passage.content)
        .where(passage.stream.in_(streams), passage.field.in_(REASONS))
        .order_by(passage.field)  # "reason" sorts first, so that "skip_reason" replaces it
    )
    return {(row.stream, row.seq): row.content for row in connection.execute(query) if row.content}


def track_of(process: Process, node: str, visits: Sequence[Visit]) -> Track:
    """A skipped station keeps its number; one that a loop went back behind is ahead again, with its ``times``."""
    entered, left = _entered(visits), _left(visits)
    reached = [process.track.index(state) for state in _path(process, node, visits)]
    here = reached[-1] if reached else -1
    skipped = {state: visit.reason for visit in visits for state in visit.skips}
    ends = process.at(node).state.end
    stations = []
    for i, state in enumerate(process.track):
        days = entered.get(state, [])
        status = _status(i - here, entered=bool(days), ends=ends)
        reason = skipped.get(state) if status == "skipped" else None
        title = process.nodes[state].state.title
        on, gone = (days[-1] if days else None), (left.get(state) if status == "done" else None)
        stations.append(Station(i + 1, state, title, status, on, reason, times=len(days), left=gone))
    return Track(tuple(stations), _side(process, node, here, visits))


def _status(beyond: int, *, entered: bool, ends: bool) -> Status:
    if beyond > 0:
        return "ahead"
    if beyond == 0 and not ends:
        return "here"
    return "done" if entered else "skipped"


def _entered(visits: Sequence[Visit]) -> dict[str, list[date]]:
    """The days of entering each station. Coming back from a side road, or staying, is not entering again."""
    entered: dict[str, list[date]] = {}
    before = None
    for visit in visits:
        if visit.station != before:
            entered.setdefault(visit.station, []).append(visit.on)
        before = visit.station
    return entered


def _left(visits: Sequence[Visit]) -> dict[str, date]:
    """The day on which each station was last done with: that of the decision where one led on."""
    onward = ((here.station, to) for here, to in pairwise(visits) if to.station != here.station)
    return {station: to.decided_on or to.on for station, to in onward}


def _path(process: Process, node: str, visits: Sequence[Visit]) -> list[str]:
    passed = [*(visit.station for visit in visits), station_of(node)]
    return [state for state in passed if state in process.track]


def _side(process: Process, node: str, here: int, visits: Sequence[Visit]) -> Station | None:
    if process.at(node).origin is None:
        return None
    state = process.at(node).state
    on = next((visit.on for visit in reversed(visits) if visit.node == node), None)
    return Station(here + 1, state.id, state.title, "here", on)


def counted(process: Process, counts: Mapping[str, int]) -> Track:
    """The empty track of a process with how many proposals stand at each station."""
    stations = []
    for i, state in enumerate(process.track):
        count = counts.get(state, 0)
        title = process.nodes[state].state.title
        status: Status = "here" if count else "ahead"
        stations.append(Station(i + 1, state, title, status, count=count, times=0))
    return Track(tuple(stations), None)


def next_states(process: Process, node: str) -> tuple[str, ...]:
    """The states that may follow, the usual one first; from the last station the end that completes."""
    here = process.at(node)
    if here.origin is not None:
        return (here.origin,)
    if node not in process.track:
        return ()
    targets = dict.fromkeys(way.target for way in here.transitions)
    onward = [each for each in process.track[process.track.index(node) + 1 :] if each in targets]
    return tuple(onward) or tuple(each for each in targets if process.nodes[each].state.end)[:1]


def completion(process: Process) -> str | None:
    """The end to which the last station leads first: where a proposal is built, bought or held."""
    last = process.track[-1] if process.track else None
    return next((each for each in next_states(process, last)), None) if last else None
