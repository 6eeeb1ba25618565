"""What investments that are decided will cost operations in a coming year, proposal by proposal. Binds no money."""

from sqlalchemy import Connection, select

from states import Ore
from workflow.money.line_details import parsed
from workflow.money.views_money import RunningCost
from workflow.privacy import public_text
from workflow.storage import schema

_P, _R, _L = schema.proposal.c, schema.revision.c, schema.cost_line.c
_D, _F, _H = schema.cost_detail.c, schema.funding.c, schema.holding.c


def running_costs(connection: Connection, year: int) -> tuple[RunningCost, ...]:
    """Of every line that is an investment, has money committed, ordered or spent, and was paid before that year: from
    the year after the last that pays for it, for as long as it lasts. Oldest proposal first."""
    bound = (_H.committed_ore + _H.ordered_ore + _H.spent_ore) > 0
    query = (
        select(_P.number, public_text.TITLE_FOR_ALL.label("title"), _L.n, _L.what, _L.life_years, _D.content, _F.year)
        .select_from(schema.proposal)
        .join(schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision))
        .join(schema.cost_line, (_L.proposal_id == _P.id) & (_L.revision == _P.revision))
        .join(schema.cost_detail, (_D.proposal_id == _P.id) & (_D.revision == _P.revision) & (_D.n == _L.n))
        .join(schema.funding, (_F.proposal_id == _P.id) & (_F.revision == _P.revision) & (_F.line == _L.n))
        .join(schema.holding, (_H.proposal_id == _P.id) & (_H.funding == _F.n) & (_H.binding == _F.binding))
        .outerjoin(schema.public_face, schema.public_face.c.proposal_id == _P.id)
        .where(_L.classification == "investment", bound)
        .order_by(_P.id, _L.n, _F.year.desc())
    )
    last_year = {(row.number, row.n): row for row in reversed(connection.execute(query).all())}
    found = (_of(row.number, row.title, row.what, row.content, row.year, row.life_years) for row in last_year.values())
    return tuple(sorted((each for each in found if each and each.runs_in(year)), key=lambda each: each.number))


def _of(number: str, title: str, what: str, content: str, paid: int, life: int | None) -> RunningCost | None:
    said = parsed(content)
    if said.running_ore is None:
        return None
    until = paid + life if life is not None else None
    parts = (said.care_ore, said.power_ore, said.winter_ore)
    care, power, winter = (None if part is None else Ore(part) for part in parts)
    return RunningCost(number, title, what, care, power, winter, Ore(said.running_ore), paid + 1, until)
