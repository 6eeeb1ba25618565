"""A proposal's content as shown: the words of its latest revision, what it costs and what pays, with what is held.
Writes no revision."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from workflow.money import line_details
from workflow.money.line_details import NOTHING
from workflow.money.paying_pots import cofinancing_of
from workflow.privacy import public_text
from workflow.privacy.masking import masked
from workflow.proposals.finding import AnyRow, Standing, local
from workflow.storage import schema
from workflow.views.views import Content, CostLineView, FundingView

_HELD = ("reserved", "committed", "ordered", "spent")  # from the nearest bucket to the furthest

_L, _F, _H = schema.cost_line.c, schema.funding.c, schema.holding.c


def content_of(
    connection: Connection, standing: Standing, *, official: bool, as_written: bool, hides_contract: bool
) -> Content:
    """``as_written`` shows the words as they were written, else as everybody reads them; ``official`` why lines were
    classified so and where they are booked; ``hides_contract`` says no more than that money is committed."""
    revision = schema.revision.c
    title, content = (revision.title, revision.content) if as_written else (public_text.TITLE, public_text.CONTENT)
    row = connection.execute(
        select(revision.n, revision.recorded_at, title.label("title"), content.label("content"))
        .select_from(
            public_text.faced(schema.proposal.join(schema.revision, revision.proposal_id == schema.proposal.c.id))
        )
        .where(revision.proposal_id == standing.id, revision.n == standing.revision)
    ).one()
    said: Mapping[str, Any] = public_text.parsed(row.content)
    worded_on = None if as_written else _corrected_on(connection, standing)
    return Content(
        revision=row.n, title=row.title, what=said["what"], where=said["where"], why=said.get("why", ""),
        criteria=tuple(said.get("criteria", ())), plan_row=said.get("plan_row"),
        outside_plan_reason=said.get("outside_plan_reason"), own_contribution=said.get("own_contribution", ""),
        point=said.get("point", ""),
        lines=_lines(connection, standing, official=official),
        funding=_funding(connection, standing, hides_contract=hides_contract),
        changed_at=local(row.recorded_at), is_example=standing.is_example,
        worded_on=worded_on, erased=not row.content,
    )  # fmt: skip


def _corrected_on(connection: Connection, standing: Standing) -> date | None:
    """When an official gave everybody other words than those written."""
    face, event = schema.public_face.c, schema.event.c
    query = select(event.recorded_at).where(
        face.proposal_id == standing.id, face.state == public_text.CORRECTED,
        event.stream == standing.number, event.seq == face.reviewed_seq,
    )  # fmt: skip
    at = connection.execute(query).scalar_one_or_none()
    return local(at).date() if at else None


def cost_of(content: Content) -> int | None:
    """The sum of the cost lines in öre; None while there are none or one of them is not known."""
    amounts = [line.amount for line in content.lines]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known and len(known) == len(amounts) else None


def costs(connection: Connection, proposals: Mapping[int, Standing]) -> dict[int, int]:
    """The cost of each of these proposals by its id, left out where it is not known."""
    query = (
        select(_L.proposal_id, func.sum(_L.amount_ore).label("total"))
        .join_from(schema.cost_line, schema.proposal)
        .where(_L.proposal_id.in_(sorted(proposals)), _L.revision == schema.proposal.c.revision)
        .group_by(_L.proposal_id)
        .having(func.count() == func.count(_L.amount_ore))
    )
    return {row.proposal_id: int(row.total) for row in connection.execute(query)}


def payers(connection: Connection, proposals: Mapping[int, Standing]) -> dict[int, tuple[str, ...]]:
    """The titles of the pots that pay each of these proposals, by its id, in the order of the funding rows."""
    pot = schema.pot.c
    query = (
        select(_F.proposal_id, pot.title)
        .join_from(schema.funding, schema.proposal, _F.proposal_id == schema.proposal.c.id)
        .join(schema.pot, _F.pot_id == pot.id)
        .where(_F.proposal_id.in_(sorted(proposals)), _F.revision == schema.proposal.c.revision)
        .order_by(_F.proposal_id, _F.n)
    )
    found: dict[int, dict[str, None]] = {}
    for row in connection.execute(query):
        found.setdefault(row.proposal_id, {})[row.title] = None
    return {proposal: tuple(titles) for proposal, titles in found.items()}


def spent_by(connection: Connection, proposal_id: int) -> int:
    """Bokfört, in öre: everything that the proposal has cost so far, whichever revision paid it."""
    total = select(func.coalesce(func.sum(_H.spent_ore), 0)).where(_H.proposal_id == proposal_id)
    return int(connection.execute(total).scalar_one())


def _lines(connection: Connection, standing: Standing, *, official: bool) -> tuple[CostLineView, ...]:
    query = select(schema.cost_line).where(_L.proposal_id == standing.id, _L.revision == standing.revision)
    details = line_details.read(connection, standing.id, standing.revision)
    stated = {n: said if official else said.for_everybody() for n, said in details.items()}
    return tuple(
        CostLineView(
            row.n, row.what if official else masked(row.what), row.kind, row.amount_ore, row.life_years, row.owner,
            row.classification, row.classification_reason if official else None, stated.get(row.n, NOTHING),
        )
        for row in connection.execute(query.order_by(_L.n))
    )  # fmt: skip


def _funding(connection: Connection, standing: Standing, *, hides_contract: bool) -> tuple[FundingView, ...]:
    pot, year = schema.pot, schema.pot_year
    same = (
        (_H.proposal_id == _F.proposal_id)
        & (_H.funding == _F.n)
        & (_H.binding == _F.binding)
        & (_H.pot_year_id == year.c.id)
    )
    query = (
        select(schema.funding, pot.c.code, pot.c.title, _H.reserved_ore, _H.committed_ore, _H.ordered_ore, _H.spent_ore)
        .select_from(
            schema.funding.join(pot)
            .outerjoin(year, (year.c.pot_id == _F.pot_id) & (year.c.year == _F.year))
            .outerjoin(schema.holding, same)
        )
        .where(_F.proposal_id == standing.id, _F.revision == standing.revision)
        .order_by(_F.n)
    )
    outside = cofinancing_of(connection, standing.number, standing.id)
    return tuple(
        FundingView(
            row.n, row.line, row.source, row.code, row.title, row.year, row.amount_ore,
            outside[row.pot_id].standing if row.pot_id in outside else "",
            _held(row, hides_contract=hides_contract), row.spent_ore or 0, _holds(row, hides_contract=hides_contract),
        )
        for row in connection.execute(query)
    )  # fmt: skip


def _held(row: AnyRow, *, hides_contract: bool) -> str:
    """The furthest bucket that holds anything; a row that once held and no longer does is released."""
    if row.reserved_ore is None:
        return "open"
    holding = _holds(row, hides_contract=hides_contract)
    return holding[-1][0] if holding else "released"


def _holds(row: AnyRow, *, hides_contract: bool) -> tuple[tuple[str, int], ...]:
    """Each bucket that holds anything and how much, the nearest first. A contract that is not to be known yet looks
    as the decision did: all of it is committed."""
    if row.reserved_ore is None:
        return ()
    if hides_contract and row.ordered_ore:
        return (("committed", row.amount_ore),)
    return tuple((bucket, ore) for bucket in _HELD if (ore := getattr(row, f"{bucket}_ore")))
