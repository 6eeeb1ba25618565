"""Every proposal with where it stands and its money, for tables that leave the house. Shows what its page shows:
what waits to be public there waits here too."""

from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, func, select

from workflow.cases import steps
from workflow.cases.step_kinds import Viewer
from workflow.cases.step_money import CONTRACT_FIELDS
from workflow.privacy import public_text
from workflow.proposals import revisions
from workflow.proposals.finding import AnyRow, Standing, awaits_of, body_titles, standing_of, standing_query
from workflow.proposals.views_overview import MoneyRow
from workflow.records.definitions import Definitions
from workflow.storage import schema

AT_A_TIME = 500  # well below the number of parameters that either database takes
_P, _H = schema.proposal.c, schema.holding.c


def money_rows(
    connection: Connection, definitions: Definitions, which: ColumnElement[bool], viewer: Viewer
) -> Iterator[MoneyRow]:
    """Newest first."""
    titles, last = body_titles(connection), None
    shown = () if viewer == "official" else (public_text.IN_SIGHT,)
    while True:
        query = standing_query().where(which, *shown).order_by(_P.id.desc()).limit(AT_A_TIME)
        page = {
            row.id: standing_of(row) for row in connection.execute(query if last is None else query.where(_P.id < last))
        }
        yield from _told(connection, definitions, page, viewer, titles)
        if len(page) < AT_A_TIME:
            return
        last = min(page)


def _told(
    connection: Connection, definitions: Definitions, page: Mapping[int, Standing], viewer: Viewer,
    titles: Mapping[str, str],
) -> Iterator[MoneyRow]:  # fmt: skip
    processes = definitions.get_all(connection, (each.definition for each in page.values()))
    costs, payers = revisions.costs(connection, page), revisions.payers(connection, page)
    held = _held(connection, page)
    for id_, each in page.items():
        process, money = processes[each.definition], held.get(id_)
        reserved, committed, ordered, spent = map(int, money[1:]) if money else (0, 0, 0, 0)
        if steps.hidden_from(process, each, viewer) & CONTRACT_FIELDS:  # together they are what was decided
            committed, ordered = committed + ordered, 0
        yield MoneyRow(
            each.number, each.title, process.title, process.at(each.node).state.title,
            awaits_of(each, titles), each.since, each.due, payers.get(id_, ()), costs.get(id_), reserved, committed,
            ordered, spent, each.is_example,
        )  # fmt: skip


def _held(connection: Connection, page: Mapping[int, Standing]) -> dict[int, AnyRow]:
    """What each proposal has open and spent, whichever revision and pot."""
    sums = (func.sum(_H[f"{bucket}_ore"]) for bucket in ("reserved", "committed", "ordered", "spent"))
    query = select(_H.proposal_id, *sums).where(_H.proposal_id.in_(sorted(page))).group_by(_H.proposal_id)
    return {row.proposal_id: row for row in connection.execute(query)}
