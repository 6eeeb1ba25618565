"""What a decision reads: the proposal (locked where the database locks rows), its rows, and who is asking.
Decides nothing."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from states import Awaited, CostLine, FundingRow, Holding, Ore
from workflow.records import actors
from workflow.records.actors import CLOCK, Actor
from workflow.storage import schema
from workflow.storage.columns import read_date
from workflow.storage.statements import Statement

__all__ = ["CLOCK", "NEVER", "Actor", "Loaded", "actor", "cost_lines", "funding_rows", "holdings", "load"]

NEVER = "9999-12-31"  # the due date of what cannot be late
_P = schema.proposal.c


class Loaded(NamedTuple):
    """A proposal as it stands."""

    id: int
    number: str
    definition: int
    digest: str  # of the definition
    proposer: int
    state: str
    origin: str
    awaited: Awaited
    version: int
    revision: int
    seq: int
    head: str
    since: date
    due_on: date | None
    parked_until: date | None
    ended: bool

    @property
    def node(self) -> str:
        return f"{self.state}@{self.origin}" if self.origin else self.state


_ROW = (
    select(
        _P.id,
        _P.number,
        _P.definition_id,
        _P.proposer_id,
        _P.state,
        _P.origin,
        _P.awaits_role,
        _P.awaits_body,
        schema.body.c.kind,
        _P.version,
        _P.revision,
        _P.seq,
        _P.head,
        _P.since,
        _P.due_on,
        _P.parked_until,
        _P.ended_at,
        schema.definition.c.digest,
    )
    .select_from(schema.proposal.join(schema.definition).outerjoin(schema.body, schema.body.c.code == _P.awaits_body))
    .where(_P.number == bindparam("number"))
)
LOAD = Statement("load proposal", _ROW.with_for_update(of=schema.proposal))
LOOK = Statement("look at proposal", _ROW)

_L = schema.cost_line.c
LINES = Statement(
    "cost lines",
    select(_L.n, _L.what, _L.kind, _L.amount_ore, _L.life_years, _L.owner, _L.classification)
    .where(_L.proposal_id == bindparam("proposal_id"), _L.revision == bindparam("revision"))
    .order_by(_L.n),
)
_F = schema.funding.c
FUNDING = Statement(
    "funding rows",
    select(_F.n, _F.line, _F.source, _F.pot_id, _F.year, _F.amount_ore, _F.binding)
    .where(_F.proposal_id == bindparam("proposal_id"), _F.revision == bindparam("revision"))
    .order_by(_F.n),
)
_H = schema.holding.c
HOLDINGS = Statement(
    "holdings",
    select(_H.binding, _H.funding, _H.pot_year_id, _H.reserved_ore, _H.committed_ore, _H.ordered_ore, _H.spent_ore)
    .where(_H.proposal_id == bindparam("proposal_id"))
    .order_by(_H.binding, _H.funding),
)


def load(connection: Connection, number: str, *, lock: bool = True) -> Loaded | None:
    """The proposal with this number; None when there is none. Locked unless only looked at."""
    rows = (LOAD if lock else LOOK).rows(connection, number=number)
    if not rows:
        return None
    proposal_id, number, definition, proposer, state, origin, role, body, kind, *rest = rows[0]
    version, revision, seq, head, since, due_on, parked_until, ended_at, digest = rest
    return Loaded(
        proposal_id,
        number,
        definition,
        digest,
        proposer,
        state,
        origin,
        Awaited(role or None, body or None, kind),
        version,
        revision,
        seq,
        head,
        date.fromisoformat(since),
        read_date(due_on),
        read_date(parked_until),
        ended_at is not None,
    )


def cost_lines(connection: Connection, proposal_id: int, revision: int) -> tuple[CostLine, ...]:
    """The lines of a revision. A line without an amount ("Vet inte") counts as nothing yet."""
    found = LINES.rows(connection, proposal_id=proposal_id, revision=revision)
    return tuple(CostLine(n, what, kind, Ore(amount or 0), *rest) for n, what, kind, amount, *rest in found)


def funding_rows(
    connection: Connection, proposal_id: int, revision: int
) -> tuple[tuple[FundingRow, ...], dict[int, str]]:
    """The funding rows of a revision, and the binding that each belongs to by its n."""
    found = FUNDING.rows(connection, proposal_id=proposal_id, revision=revision)
    rows = tuple(FundingRow(n, line, source, pot, year, Ore(amount)) for n, line, source, pot, year, amount, _ in found)
    return rows, {row[0]: row[6] for row in found}


def holdings(connection: Connection, proposal_id: int) -> tuple[Holding, ...]:
    """What the proposal's funding rows have open and spent."""
    found = HOLDINGS.rows(connection, proposal_id=proposal_id)
    return tuple(Holding(*row[:3], *(Ore(amount) for amount in row[3:])) for row in found)


def actor(
    connection: Connection, person_id: int, today: date, *, proposer_of: Loaded | None = None, key: str = ""
) -> Actor | None:
    """Who asks about a proposal, or about none: see :func:`workflow.records.actors.find`."""
    if proposer_of is None:
        return actors.find(connection, person_id, today, key=key)
    sent_it = proposer_of.proposer == person_id
    return actors.find(connection, person_id, today, proposal_id=proposer_of.id, sent_it=sent_it, key=key)
