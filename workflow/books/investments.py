"""What a proposal's investments will cost every year, before anybody decides: capital cost and running cost, or what is
missing to tell. Reads rates and details; decides nothing."""

from collections.abc import Mapping

from sqlalchemy import Connection

from states import CostLine
from workflow.acts.situations import Situation, rates_of
from workflow.money import classifying, line_details
from workflow.money.capital_cost import capital_cost
from workflow.money.classifying import Proposed
from workflow.money.line_details import NOTHING, LineDetails
from workflow.views.views_work import Investment, Missing

INTEREST = "internal_interest"


def investments(connection: Connection, now: Situation, proposed: Mapping[int, Proposed]) -> tuple[Investment, ...]:
    """In the order of the lines."""
    mine = [line for line in now.lines if (line.classification or proposed[line.n].to) == "investment"]
    if not mine:
        return ()
    year = classifying.year_of(now.lines, now.funding, now.today.year)
    interest = rates_of(connection, year, now.today).get(INTEREST)
    details = line_details.read(connection, now.proposal.id, now.proposal.revision)
    return tuple(_investment(line, year, interest, details.get(line.n, NOTHING)) for line in mine)


def _investment(line: CostLine, year: int, interest: int | None, running: LineDetails) -> Investment:
    known: Mapping[Missing, object] = {
        "amount": line.amount or None, "life_years": line.life_years, "internal_interest": interest,
    }  # fmt: skip
    missing = tuple(name for name, value in known.items() if value is None)
    years = () if missing else capital_cost(line.amount, line.life_years or 0, interest or 0)
    return Investment(line.n, line.what, line.amount, year, interest, missing, years, running)
