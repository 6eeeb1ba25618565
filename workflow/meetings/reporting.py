"""To whom a delegated decision is reported: the body that has left the right to decide to its delegate."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, or_, select

from workflow.proposals.finding import AnyRow
from workflow.storage.schema import body, decision_right

_D, _B = decision_right.c, body.c


def receiver(connection: Connection, delegate: str, on: date) -> str | None:
    """The code of the body that stands next above the delegate with a right to the same kinds of money; None where the
    register of rights names none. A delegated decision is reported to it (kommunallagen 6 kap. 40 §, 7 kap. 8 §)."""
    mine = {each.source for each in _rights(connection, on, _D.holder == delegate)}
    above = [(each.level, each.holder) for each in _rights(connection, on, _B.code.is_not(None)) if each.source in mine]
    return min(above)[1] if above else None


def delegates_of(connection: Connection, body_code: str, on: date) -> tuple[str, ...]:
    """The roles whose decisions are reported to a body, by name."""
    roles = {each.holder for each in _rights(connection, on, _B.code.is_(None))}
    return tuple(sorted(each for each in roles if receiver(connection, each, on) == body_code))


def _rights(connection: Connection, on: date, which: ColumnElement[bool]) -> Sequence[AnyRow]:
    day = on.isoformat()
    query = (
        select(_D.holder, _D.source, _B.level)
        .select_from(decision_right.outerjoin(body, _B.code == _D.holder))
        .where(which, _D.from_on <= day, or_(_D.to_on.is_(None), _D.to_on >= day))
    )
    return connection.execute(query).all()
