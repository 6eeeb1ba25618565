"""Årslistan: which open proposals ask a coming year's pots for money, in which order, and the one decision over those
that were chosen. The order is the working group's to suggest; each bifall is its proposal's own step and event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, select

from states import Capacity, Node, RefusalKind
from workflow.acts import registering
from workflow.acts.changing import read_answer
from workflow.acts.deciding import Ask, decide
from workflow.acts.moving import DECISION
from workflow.acts.registering import Registered
from workflow.books.views_list import ListAnswer, ListPot, YearList, YearListRow, laid_out
from workflow.money.effects import YEARLY
from workflow.proposals import pots
from workflow.proposals.finding import awaits_of, body_titles, date_of, facts_of, standings
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.database import Database
from workflow.storage.statements import Batch

RANKERS = ("officer",)  # who writes down the order that the working group has suggested
BIFALL = "approve"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A proposal of the list as whoever decided saw it."""

    number: str
    version: int
    revision: int


@dataclass(frozen=True, slots=True)
class ListDecision:
    """One decision of a body over a year's list. ``form``: what a bifall asks for, the same for all."""

    year: int
    body: str
    chosen: tuple[Chosen, ...]
    form: Mapping[str, object] = field(default_factory=dict)


def stream_of(year: int) -> str:
    return f"arslista/{year}"


def year_list(connection: Connection, definitions: Definitions, year: int) -> YearList:
    """Open proposals that ask the yearly pots of this year for money nobody has decided about, in the saved order."""
    asks = _asks(connection, year)
    shares = tuple(
        ListPot(each.pot, each.title, each.decided, each.available + each.reserved)
        for each in pots.pots(connection, year)
        if each.kind in YEARLY
    )
    titles, versions = body_titles(connection), _versions(connection, asks)
    found = standings(connection, schema.proposal.c.id.in_(sorted(asks)) & schema.proposal.c.ended_at.is_(None))
    rows = []
    for proposal, standing in sorted(found.items()):
        node = definitions.get(connection, standing.definition).at(standing.node)
        rows.append(
            YearListRow(
                standing.number, standing.title, node.state.title, awaits_of(standing, titles),
                standing.awaits_body or standing.awaits_role, asks[proposal],
                _decidable(node), versions[proposal], standing.revision, standing.is_example, {},
            )
        )  # fmt: skip
    order, ranked_on = _saved(connection, year)
    return YearList(year, shares, laid_out(rows, shares), ranked_on).ordered(order)


def _decidable(node: Node) -> bool:
    way = node.transition(BIFALL)
    return way is not None and way.decision == "approved"


def _asks(connection: Connection, year: int) -> dict[int, dict[str, int]]:
    """By proposal and pot, from the latest revisions; without rows that a decision has bound already."""
    funding, proposal, pot, held = schema.funding.c, schema.proposal.c, schema.pot.c, schema.holding.c
    latest = (funding.proposal_id == proposal.id) & (funding.revision == proposal.revision)
    same = (held.proposal_id == proposal.id) & (held.funding == funding.n)
    bound = held.committed_ore + held.ordered_ore + held.spent_ore > 0
    query = (
        select(proposal.id, pot.code, funding.amount_ore)
        .select_from(schema.proposal.join(schema.funding, latest).join(schema.pot, pot.id == funding.pot_id))
        .where(funding.year == year, pot.kind.in_(YEARLY), proposal.ended_at.is_(None))
        .where(~select(held.proposal_id).where(same, bound).exists())
    )
    asks: dict[int, dict[str, int]] = {}
    for proposal_id, code, ore in connection.execute(query):
        mine = asks.setdefault(proposal_id, {})
        mine[code] = mine.get(code, 0) + ore
    return asks


def _versions(connection: Connection, proposals: Mapping[int, object]) -> dict[int, int]:
    table = schema.proposal.c
    query = select(table.id, table.version).where(table.id.in_(sorted(proposals)))
    return {row.id: row.version for row in connection.execute(query)}


def _saved(connection: Connection, year: int) -> tuple[tuple[str, ...], date | None]:
    event = schema.event.c
    query = select(event.body).where(event.stream == stream_of(year), event.kind == "ranked")
    body = connection.execute(query.order_by(event.seq.desc()).limit(1)).scalar()
    if body is None:
        return (), None
    facts = facts_of(body)
    return tuple(facts["order"]), date_of(facts["recorded_at"])


# --- the order ---------------------------------------------------------------------------------------------------


def rank(connection: Connection, year: int, order: Sequence[str], *, by: int, key: str, at: datetime) -> str:
    """Saves the order of a year's list as an event of its own. Raises Refused: NOT_PERMITTED, NOT_FOUND, INTERESTED."""
    actor = loading.actor(connection, by, local_date(at))
    capacity = next((each for each in actor.capacities if each.role in RANKERS), None) if actor else None
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, RANKERS, needs="officer")
    before = claims.claim(connection, actor.ref, key, {"rank": [year, list(order)]}, moment(at))
    if before is not None:
        return before
    table = schema.proposal.c
    known = set(connection.execute(select(table.number).where(table.number.in_(order))).scalars())
    _refuse_interests(connection, actor, order)
    if unknown := set(order) - known:
        raise Refused.because(RefusalKind.NOT_FOUND, number=min(unknown))
    facts = {"year": year, "order": list(dict.fromkeys(order)), "capacity": capacity_facts(capacity), "entries": []}
    return _append(connection, actor, key, "ranked", facts, {}, year, at)


def _refuse_interests(connection: Connection, actor: Actor, order: Sequence[str]) -> None:
    """Whoever takes no part in a proposal does not say which others come before it. Raises Refused(INTERESTED)."""
    mine, proposal = schema.interest.c, schema.proposal.c
    query = select(mine.declared_on, proposal.number).join_from(schema.interest, schema.proposal)
    held = (mine.person_id == actor.id, mine.withdrawn_seq.is_(None), proposal.number.in_(order))
    found = connection.execute(query.where(*held).order_by(mine.id).limit(1)).one_or_none()
    if found is not None:
        raise Refused.because(
            RefusalKind.INTERESTED, RANKERS, declared_on=date.fromisoformat(found.declared_on), number=found.number
        )


def _append(
    connection: Connection, actor: Actor, key: str, kind: str, facts: Mapping[str, Any], words: Mapping[str, str],
    year: int, at: datetime,
) -> str:  # fmt: skip
    batch, stream = Batch(), stream_of(year)
    seq = streams.append(connection, batch, stream, kind, actor=actor.ref, at=at, facts=facts, words=words)
    if facts.get("decision"):
        batch.add(DECISION, stream=stream, seq=seq, sent_at=None, **facts["decision"])
    answer = streams.answer(batch, actor.ref, key, stream, seq)
    batch.run(connection)
    return answer


# --- the decision ------------------------------------------------------------------------------------------------


def decide_list(
    database: Database, definitions: Definitions, asked: ListDecision, *, by: int, key: str, at: datetime
) -> tuple[ListAnswer, ...]:
    """Registers the decision, then a bifall for each that was chosen: a transaction, an event and an answer of its own.

    Keyed by the decision's key and the number, so that a list which was interrupted can be sent again. Raises Refused
    for the decision itself: NOT_PERMITTED, FIELD_MISSING (nobody chosen).
    """
    database.retrying(lambda connection: _register(connection, asked, by, key, at))
    return tuple(_approve(database, definitions, asked, each, by, key, at) for each in asked.chosen)


def _register(connection: Connection, asked: ListDecision, by: int, key: str, at: datetime) -> str:
    decided_on, wording = asked.form.get("decided_on"), str(asked.form.get("wording", ""))
    if not asked.chosen or not isinstance(decided_on, date):
        raise Refused.because(RefusalKind.FIELD_MISSING, field="decided_on" if asked.chosen else "rows")
    paragraph = str(asked.form.get("paragraph", ""))
    whole = Registered("list", asked.body, decided_on, paragraph, wording, "", asked.year, registering.NOTHING)
    actor, capacity = _decider(connection, asked.body, by, local_date(at))
    before = claims.claim(connection, actor.ref, key, {"list": asked}, moment(at))
    if before is not None:
        return before
    numbers = [each.number for each in asked.chosen]
    facts = registering.facts_of(whole, capacity, ()) | {"chosen": numbers}
    facts["decision"]["kind"] = "board" if capacity.role == "registrar" else "delegated"
    return _append(connection, actor, key, "registered", facts, {"wording": wording} if wording else {}, asked.year, at)


def _decider(connection: Connection, instance: str, by: int, today: date) -> tuple[Actor, Capacity]:
    """The instance's own registrar, or whoever holds the role that decides by delegation."""
    actor = loading.actor(connection, by, today)
    mine = actor.capacities if actor else ()
    capacity = next((x for x in mine if x.role == instance or (x.role, x.body) == ("registrar", instance)), None)
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("registrar",), needs="registrar")
    return actor, capacity


def _approve(
    database: Database, definitions: Definitions, asked: ListDecision, each: Chosen, by: int, key: str, at: datetime
) -> ListAnswer:
    own_key = str(uuid5(NAMESPACE_URL, f"{key} {each.number}"))
    ask = Ask(each.number, BIFALL, by, each.version, each.revision, own_key, None, asked.form)
    work: Callable[[Connection], str] = lambda connection: decide(connection, definitions, ask, at)  # noqa: E731
    try:
        return ListAnswer(each.number, read_answer(database.retrying(work))["to_title"])
    except Refused as refused:
        return ListAnswer(each.number, "", tuple(refused.refusals))
