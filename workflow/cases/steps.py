"""The history of a proposal as one viewer may see it. What is not named in a list here is shown to officials only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from states import Process
from workflow.acts.moving import RECORDED
from workflow.cases.step_kinds import KINDS, Viewer, is_told
from workflow.cases.step_money import money_of
from workflow.money.classifying import Proposed
from workflow.money.views_money import Entry
from workflow.privacy.public_words import PublicWords, public_words
from workflow.proposals import pots
from workflow.proposals.decision_views import decision_query, decision_view
from workflow.proposals.finding import (
    AnyRow,
    Standing,
    body_titles,
    event_title,
    facts_of,
    local,
    state_title,
    who_acted,
)
from workflow.proposals.track import station_of
from workflow.storage import schema
from workflow.storage.columns import read_date
from workflow.views.entitlements import entitlements
from workflow.views.views import Classified, Decision, Entitlement, Ruled, Step, StepKind

HANDED, REDATED = "task_handed", "redated"

# Words of an ordinary step that everyone may read: what was decided, asked or answered, as its writer knew.
PUBLIC_WORDS = frozenset(
    {"wording", "financing", "question", "reason", "skip_reason", "answer", "result", "report", "no_picture", "advice"}
    | {"agreement", "cost_reason"}
)
# What members who are not employed read besides: what the group itself said.
GROUP_WORDS = frozenset({"assessment", "dissent", "conditions"})
# Typed fields of an ordinary step that everybody may read: days and what it cost in the end.
PUBLIC_GIVEN = ("held_on", "ready_by", "inspected_on", "handed_over_on", "warranty_until", "final_cost")
# Events whose words others than officials may read at all: what a correction or a classification says, or an internal
# note, is between colleagues.
OPEN_WORDS = frozenset({"moved", "opinions_asked", "opinions_closed"})
# Shown in a place of their own beside the decision, never as words.
_IN_DECISION = frozenset({"wording", "financing"})
_FACTS_OF_DECISION = frozenset({"paragraph", "delegation_point", "registry_no", "position", "supplier", "voucher"})


@dataclass(slots=True)
class _Told:
    """Everything recorded beside a proposal's events, by their sequence, and who is told."""

    process: Process
    viewer: Viewer
    hidden: frozenset[str]
    words: dict[int, dict[str, str]] = field(default_factory=dict)
    decisions: dict[int, AnyRow] = field(default_factory=dict)
    money: dict[int, list[Entry]] = field(default_factory=dict)
    people: dict[str, AnyRow] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    corrected: dict[int, int] = field(default_factory=dict)
    recorded: dict[int, dict[str, str]] = field(default_factory=dict)  # words told later of a decision, by its seq
    entitled: Mapping[int | None, Entitlement] = field(default_factory=dict)  # by membership, for officials
    public: PublicWords = field(default_factory=PublicWords)
    lines: dict[tuple[int, int], str] = field(default_factory=dict)  # revision and number -> what costs


def steps_of(connection: Connection, process: Process, standing: Standing, viewer: Viewer) -> tuple[Step, ...]:
    """Every event of a proposal, oldest first."""
    event = schema.event.c
    query = select(event.seq, event.actor, event.recorded_at, event.body).where(event.stream == standing.number)
    rows = connection.execute(query.order_by(event.seq)).all()
    events = [(row, facts_of(row.body)) for row in rows]
    told = _Told(process, viewer, hidden_from(process, standing, viewer), titles=body_titles(connection))
    named = (_refs_of(facts) for _, facts in events) if viewer == "official" else ()
    _gather(connection, standing.number, told, {row.actor for row in rows}.union(*named))
    told.public = public_words(connection, standing.number)
    for row, facts in events:
        if facts["kind"] == RECORDED:
            told.recorded.setdefault(facts["of"], {}).update(told.words.get(row.seq, {}))
    if viewer == "official":
        told.entitled = entitlements(connection, (facts for _, facts in events))
    told.corrected = {facts["corrects"]: row.seq for row, facts in events if facts["kind"] == "corrected"}
    return tuple(_step(row, facts, told) for row, facts in events if is_told(facts, viewer))


def hidden_from(process: Process, standing: Standing, viewer: Viewer) -> frozenset[str]:
    """Public fields that wait while the proposal stands where it does; officials wait for nothing."""
    if viewer == "official":
        return frozenset()
    states = {standing.state, standing.origin} & process.nodes.keys()
    return frozenset(name for state in states for name in process.nodes[state].state.hides)


def _gather(connection: Connection, number: str, told: _Told, actors: set[str]) -> None:
    passage, decision, person = schema.passage.c, schema.decision.c, schema.person.c
    for row in connection.execute(select(passage.seq, passage.field, passage.content).where(passage.stream == number)):
        told.words.setdefault(row.seq, {})[row.field] = row.content
    told.decisions = {row.seq: row for row in connection.execute(decision_query().where(decision.stream == number))}
    ledger = schema.ledger_entry.c
    query = pots.entry_query().where(ledger.stream == number).order_by(ledger.seq, ledger.n)
    for row in connection.execute(query):
        entry = pots.entry_of(row, names_suppliers=told.viewer == "official")
        told.money.setdefault(row.seq, []).append(entry)
    cost = schema.cost_line.c
    costs = select(cost.revision, cost.n, cost.what).join_from(schema.cost_line, schema.proposal)
    for row in connection.execute(costs.where(schema.proposal.c.number == number)):
        told.lines[row.revision, row.n] = row.what
    known = select(person.ref, person.kind, person.name).where(person.ref.in_(sorted(actors)))
    told.people = {row.ref: row for row in connection.execute(known)}


def _step(row: AnyRow, facts: Mapping[str, Any], told: _Told) -> Step:
    process, official = told.process, told.viewer == "official"
    words = _visible(told.words.get(row.seq, {}), facts, told.viewer, told.hidden)
    person = told.people.get(row.actor)
    if not official:
        words = told.public.of(row.seq, words, by_proposer=person is None or person.kind == "proposer")
    who, is_role = who_acted(facts, told.titles, person.kind if person else "proposer")
    return Step(
        seq=row.seq, kind=_kind(facts, who), title=event_title(facts, public=not official),
        from_title=state_title(process, facts.get("from")), to_title=state_title(process, facts.get("to")),
        decided_on=read_date(facts.get("decided_on")), recorded_at=local(row.recorded_at), who=who, who_is_role=is_role,
        person=(person.name or None) if person and official else None, position=facts.get("position"),
        decision=_decision(told, row.seq, words),
        words=_in_order(process, facts, words, decided=row.seq in told.decisions),
        money=money_of(told.money.get(row.seq, ()), told.hidden),
        classified=_classified(facts, words, told) if official else (), backward=_backward(process, facts),
        corrected_by=told.corrected.get(row.seq), given=_given(facts, told.hidden), **_others(facts, told),
        entitled=told.entitled.get((facts.get("capacity") or {}).get("membership")), ruling=_ruling(facts),
        worded_on=None if official else told.public.last_worded(row.seq, words),
        came_on=read_date((facts.get("entry") or {}).get("came_on")),
    )  # fmt: skip


def _refs_of(facts: Mapping[str, Any]) -> set[str]:
    """Whom else an event names: who was away, whose interest it tells, whose hands a task was put in."""
    named = ((facts.get("capacity") or {}).get("principal"), facts.get("person"), facts.get("to"))
    return {each for each in named if isinstance(each, str)}


def _given(facts: Mapping[str, Any], hidden: frozenset[str]) -> tuple[tuple[str, date | int], ...]:
    """Days are stored as text, amounts as whole öre. Of a day that moved along with a meeting, from which to which."""
    if facts["kind"] == REDATED:
        days = (("day_before", facts["before"]["due_on"]), ("day_after", facts["due_on"]))
        return tuple((name, date.fromisoformat(day)) for name, day in days if day)
    given = facts.get("given") or {} if facts["kind"] == "moved" else {}
    told = [(name, given[name]) for name in PUBLIC_GIVEN if given.get(name) and name not in hidden]
    return tuple((name, value if isinstance(value, int) else date.fromisoformat(value)) for name, value in told)


def _others(facts: Mapping[str, Any], told: _Told) -> dict[str, str | None]:
    """Their names, for officials."""
    if told.viewer != "official":
        return {}
    about = facts.get("person") or (facts.get("to") if facts["kind"] == HANDED else None)
    refs = {"in_place_of": (facts.get("capacity") or {}).get("principal"), "about": about}
    return {name: told.people[ref].name if ref in told.people else None for name, ref in refs.items()}


def _kind(facts: Mapping[str, Any], who: str) -> StepKind:
    if facts["kind"] == "moved" and who == "clock":
        return "clock"
    if facts["kind"] == "moved" and str(facts["transition"]).startswith("merge"):
        return "merged"
    return KINDS[facts["kind"]]


def _visible(
    words: Mapping[str, str], facts: Mapping[str, Any], viewer: Viewer, hidden: frozenset[str]
) -> dict[str, str]:
    """Only some events have words for others; an opinion is read by the group that asked for it."""
    if viewer == "official":
        return dict(words)
    if facts["kind"] == "opinion_given" and viewer == "external":
        return dict(words)
    if facts["kind"] not in OPEN_WORDS:
        return {}
    allowed = (PUBLIC_WORDS | GROUP_WORDS if viewer == "external" else PUBLIC_WORDS) - hidden
    return {name: text for name, text in words.items() if name in allowed}


def _in_order(
    process: Process, facts: Mapping[str, Any], words: Mapping[str, str], *, decided: bool
) -> tuple[tuple[str, str], ...]:
    """In the order asked; without what stands with the decision, or with the line that it is about."""
    left = process.nodes.get(facts.get("from") or "")
    way = left.transition(facts.get("transition") or "") if left else None
    asked = way.asks if way else ()
    elsewhere = _FACTS_OF_DECISION | _IN_DECISION if decided else _FACTS_OF_DECISION
    shown = [name for name in words if name not in elsewhere and words[name] and not name.startswith("line ")]
    place = {name: n for n, name in enumerate(asked)}
    return tuple((name, words[name]) for name in sorted(shown, key=lambda name: (place.get(name, len(place)), name)))


def _decision(told: _Told, seq: int, words: Mapping[str, str]) -> Decision | None:
    row = told.decisions.get(seq)
    if row is None:
        return None
    held = told.viewer != "official" and seq in told.public.held
    later = {} if held else told.recorded.get(seq, {})
    shown = decision_view(row, told.titles, {**words, **later}, names_recipients=told.viewer == "official")
    worded_on = told.public.last_worded(seq, _IN_DECISION) if told.viewer != "official" and not held else None
    return replace(shown, held=held, worded_on=worded_on)


def _ruling(facts: Mapping[str, Any]) -> Ruled | None:
    told = facts.get("ruling")
    return Ruled(told["body"], date.fromisoformat(told["decided_on"]), told["paragraph"]) if told else None


def _classified(facts: Mapping[str, Any], words: Mapping[str, str], told: _Told) -> tuple[Classified, ...]:
    if facts["kind"] != "classified":
        return ()
    revision, rule = facts["revision"]["n"], facts.get("proposed", {})
    return tuple(
        Classified(
            int(n), told.lines.get((revision, int(n)), ""), Proposed(**rule[n]) if n in rule else None, to,
            words.get(f"line {n}") or None,
        )
        for n, to in facts["lines"].items()
    )  # fmt: skip


def _backward(process: Process, facts: Mapping[str, Any]) -> bool:
    """A loop back: from one station to one before it."""
    if facts["kind"] != "moved":
        return False
    stations = [station_of(facts[side]) for side in ("from", "to")]
    if not set(stations) <= set(process.track):
        return False
    left, entered = map(process.track.index, stations)
    return entered < left
