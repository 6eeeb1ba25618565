"""Ombudgetering: what is committed or ordered and not yet paid moves to the next budget year by a registered decision.

Nothing moves at year end by itself. One decision, one transaction: each listed row leaves its year and enters the next
with the same amount, in the same state. A row that has been carried is no longer open in its year, so that the same
list said twice moves nothing twice. Source: Kommunallagen 11 kap. 15 §; domain rules on ombudgetering.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from states import FundingRow, Holding, Ore, RefusalKind
from workflow.acts import registering, restating
from workflow.acts.changing import touch
from workflow.acts.moving import DECISION
from workflow.acts.registering import Registered
from workflow.acts.situations import Situation, situate
from workflow.money import contents, ledger, line_details, paying_pots
from workflow.money.effects import Entry, PotYearState
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch

OPEN = ("committed", "ordered")  # a reservation is no commitment: its officer moves it, see ``stranded``


class CarryRow(NamedTuple):
    """A row to carry: the proposal's number, the funding row, and what was open when the list was made, in öre."""

    number: str
    funding: int
    amount: Ore


@dataclass(frozen=True, slots=True)
class Carry:
    """A decision on ombudgetering of a pot, from ``year`` to the next."""

    body: str
    decided_on: date
    paragraph: str
    wording: str
    pot: str
    year: int
    rows: tuple[CarryRow, ...]
    registry_no: str | None = None

    @property
    def total(self) -> Ore:
        return Ore(sum(int(each.amount) for each in self.rows))


def carry(connection: Connection, definitions: Definitions, asked: Carry, *, by: int, key: str, at: datetime) -> str:
    """Registers the decision and moves its rows. Returns the stored answer.

    Raises Refused: NOT_PERMITTED, FIELD_MISSING (no rows), NOTHING_OPEN (a row holds another amount now than the list
    says), BUDGET_NOT_DECIDED or YEAR_CLOSED of the year that receives.
    """
    whole = Registered(
        "carry", asked.body, asked.decided_on, asked.paragraph, asked.wording, asked.pot, asked.year, asked.total,
        asked.registry_no,
    )  # fmt: skip
    today = local_date(at)
    actor, capacity = registering.registrar(connection, whole, by, today)
    before = claims.claim(connection, actor.ref, key, {"carry": asked}, moment(at))
    if before is not None:
        return before
    if not asked.rows:
        raise Refused.because(RefusalKind.FIELD_MISSING, field="rows")
    found = _situations(connection, definitions, asked, actor, today)
    leaving, entering = _years(connection, whole)
    batch = Batch()
    facts = registering.facts_of(whole, capacity, ()) | {"to_year": asked.year + 1, "rows": [[*x] for x in asked.rows]}
    stream = registering.stream_of(whole)
    words = {"wording": asked.wording} if asked.wording else {}
    seq = streams.append(connection, batch, stream, "registered", actor=actor.ref, at=at, facts=facts, words=words)
    batch.add(DECISION, stream=stream, seq=seq, sent_at=None, **facts["decision"])
    for now in found:
        mine = [each for each in asked.rows if each.number == now.proposal.number]
        rows = [_held(now, each, leaving) for each in mine]
        told = {"capacity": capacity_facts(capacity), "by_decision": [stream, seq]}
        _move(connection, now, rows, (leaving, entering), told, key, at)
    answer = streams.answer(batch, actor.ref, key, stream, seq)
    batch.run(connection)
    return answer


def _situations(
    connection: Connection, definitions: Definitions, asked: Carry, actor: Actor, today: date
) -> list[Situation]:
    """Every proposal of the list, locked in one order before any pot-year is."""
    table = schema.proposal.c
    numbers = {each.number for each in asked.rows}
    query = select(table.number).where(table.number.in_(sorted(numbers))).order_by(table.id)
    known = list(connection.execute(query).scalars())
    if unknown := numbers - set(known):
        raise Refused.because(RefusalKind.NOT_FOUND, number=min(unknown))
    loaded = [each for each in (loading.load(connection, number) for number in known) if each is not None]
    return [situate(connection, definitions, each, actor, today) for each in loaded]


def _years(connection: Connection, asked: Registered) -> tuple[PotYearState, PotYearState]:
    """The pot-year that the rows leave and the one they enter, which must be decided and open."""
    leaving = registering.pot_year(connection, asked)
    entering = paying_pots.pot_state(connection, leaving.pot, asked.year + 1)
    facts = {"pot": leaving.code, "pot_title": leaving.title, "year": asked.year + 1}
    if entering is None or not entering.decided:
        raise Refused.because(RefusalKind.BUDGET_NOT_DECIDED, ("council",), **facts)
    if entering.closed:
        raise Refused.because(RefusalKind.YEAR_CLOSED, ("controller",), **facts)
    return leaving, entering


def _held(now: Situation, asked: CarryRow, leaving: PotYearState) -> Holding:
    """What the row holds in the year it leaves; it must be what whoever decided saw."""
    mine = (x for x in now.holdings if (x.funding, x.pot_year) == (asked.funding, leaving.id))
    held = next(mine, None)
    still = int(held.committed) + int(held.ordered) if held else 0
    if held is None or still != asked.amount:
        facts = {"number": asked.number, "bucket": "committed", "asked_ore": int(asked.amount), "open_ore": still}
        raise Refused.because(RefusalKind.NOTHING_OPEN, ("controller",), **facts)
    return held


def _move(
    connection: Connection,
    now: Situation,
    rows: Sequence[Holding],
    years: tuple[PotYearState, PotYearState],
    told: dict[str, Any],
    key: str,
    at: datetime,
) -> None:
    """The entries, the revision that names the next year, and the event in the proposal's own stream.

    A batch of its own: one statement must not change the same pot-year twice.
    """
    batch = Batch()
    proposal, numbers = now.proposal, restating.numbers_of(now)
    funding, bindings = {row.n: row for row in now.funding}, dict(now.bindings)
    entries: list[Entry] = []
    for held in rows:
        left = funding.pop(held.funding)
        n = numbers.give(held.binding, left.pot, years[1].year)
        moved = int(held.committed) + int(held.ordered)
        entries += _entries(held, n, years, now.today)
        rest, there = int(left.amount) - moved, int(funding[n].amount) if n in funding else 0
        if rest > 0:
            funding[left.n] = left._replace(amount=Ore(rest))
        funding[n] = FundingRow(n, left.line, left.source, left.pot, years[1].year, Ore(there + moved))
        bindings[n] = held.binding
    title, content = contents.words_of(connection, proposal)
    kept = tuple(funding[n] for n in sorted(funding))
    revision = contents.write_revision(
        batch, proposal_id=proposal.id, n=proposal.revision + 1, title=title, content=content, lines=now.lines,
        reasons=restating.reasons_of(connection, proposal, now.lines, now.lines), funding=kept,
        bindings={row.n: bindings[row.n] for row in kept},
        details=line_details.read(connection, proposal.id, proposal.revision), at=at, new_words=False,
    )  # fmt: skip
    stored = [each.stored(n) for n, each in enumerate(entries, 1)]
    facts = told | {"entries": stored, "revision": revision, "version": proposal.version + 1}
    touch(batch, proposal, now.actor, "carried", facts, {}, at, key, now.node.state.title, 1, 1)
    ledger.write(
        batch, entries, stream=proposal.number, seq=proposal.seq + 1, proposal_id=proposal.id, holdings=now.holdings
    )
    batch.run(connection)


def _entries(held: Holding, n: int, years: tuple[PotYearState, PotYearState], today: date) -> list[Entry]:
    """In pairs: out of a year with the money behind it, into the next with the same money."""
    leaving, entering = years
    made = []
    for bucket in OPEN:
        amount = int(getattr(held, bucket))
        if amount:
            made.append(
                Entry(leaving.id, "carry", bucket, "budget", amount, held.binding, held.funding, leaving.year, today)
            )
            made.append(Entry(entering.id, "carry", "budget", bucket, amount, held.binding, n, entering.year, today))
    return made
