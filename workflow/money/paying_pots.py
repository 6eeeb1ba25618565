"""Which pot a funding row is paid from, and what that pot holds in a year. Makes the pot of an appropriation or a
financier, which is one proposal's own; moves no money."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from states import Cofinancing, FundingRow, Process, RefusalKind
from workflow.money import ledger
from workflow.money.contents import FundingAsk, Rows
from workflow.money.effects import BUCKETS, PotYearState
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.statements import Statement

_E, _P = schema.event.c, schema.pot.c
_NOTED = Statement(
    "cofinancing noted",
    select(_E.body).where(_E.stream == bindparam("stream"), _E.kind == "cofinanced").order_by(_E.seq),
)
_OUTSIDE = Statement(
    "financiers", select(_P.id, _P.title).where(_P.proposal_id == bindparam("of_id"), _P.kind == "outside")
)


class Numbers:
    """The numbers of funding rows: what is held and booked knows its row by it, so that a row which pays the same
    from the same pot and year keeps its own, and none is given twice."""

    def __init__(self, known: Iterable[tuple[str, int, int, int]] = (), used: Iterable[int] = ()) -> None:
        """``known``: binding, pot, year and number of the rows until now; ``used``: every number that holds money."""
        self._known = list(known)
        self._next = max((0, *used, *(n for *_, n in self._known))) + 1

    def give(self, binding: str, pot: int, year: int) -> int:
        same = next((each for each in self._known if each[:3] == (binding, pot, year)), None)
        if same is not None:
            self._known.remove(same)
            return same[3]
        self._next += 1
        return self._next - 1


def resolve_rows(
    connection: Connection, process: Process, proposal_id: int, number: str, rows: Rows, numbers: Numbers | None = None
) -> tuple[tuple[FundingRow, ...], dict[int, str]]:
    """Funding rows with their pots, by number. Makes the pot of an appropriation or a financier, this proposal's own.

    Raises Refused(SOURCE_NOT_ALLOWED) for a pot that the line's binding does not allow, FIELD_INVALID for a row that
    names no line.
    """
    kinds = {line.n: line.kind for line in rows.lines}
    funding, bindings = [], {}
    numbers = numbers or Numbers()
    for place, ask in enumerate(rows.funding, 1):
        binding = process.binding_of(kinds[ask.line]) if ask.line in kinds else None
        if binding is None:
            raise Refused.because(RefusalKind.FIELD_INVALID, field="funding", row=place)
        pot, source = _pot(connection, ask, proposal_id, number)
        if source not in process.bindings[binding].sources:
            raise Refused.because(
                RefusalKind.SOURCE_NOT_ALLOWED, source=source, line=next(x.what for x in rows.lines if x.n == ask.line)
            )
        n = numbers.give(binding, pot, ask.year)
        funding.append(FundingRow(n, ask.line, source, pot, ask.year, ask.amount))
        bindings[n] = binding
    return tuple(sorted(funding)), bindings


def _pot(connection: Connection, ask: FundingAsk, proposal_id: int, number: str) -> tuple[int, str]:
    """The pot's id and kind. A pot-year of a proposal's own source stands ready, empty, until a decision grants it."""
    own = ask.pot in ("appropriation", "outside")
    code = f"{number}/{ask.pot}/{ask.title}" if own else ask.pot
    pot = schema.pot
    found = connection.execute(select(pot.c.id, pot.c.kind).where(pot.c.code == code)).one_or_none()
    if found is None:
        if not own:
            raise Refused.because(RefusalKind.FIELD_INVALID, field="pot", value=ask.pot)
        title = ask.title or "Särskilt anslag"
        values = {"code": code, "kind": ask.pot, "title": title, "proposal_id": proposal_id}
        pot_id = int(connection.execute(insert(pot).values(values).returning(pot.c.id)).scalar_one())
    else:
        pot_id = int(found.id)
    if own:
        ensure_pot_year(connection, pot_id, ask.year, decided=True)
    return pot_id, ask.pot if own else str(found.kind if found else "")


def ensure_pot_year(connection: Connection, pot_id: int, year: int, *, decided: bool) -> int:
    """The pot-year's id; an empty one is made where there is none."""
    table = schema.pot_year
    found = connection.execute(select(table.c.id).where(table.c.pot_id == pot_id, table.c.year == year)).scalar()
    if found is not None:
        return int(found)
    values: dict[str, Any] = {f"{bucket}_ore": 0 for bucket in BUCKETS}
    values |= {"pot_id": pot_id, "year": year, "decided": int(decided)}
    return int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def pot_state(connection: Connection, pot: int, year: int) -> PotYearState | None:
    table, named = schema.pot_year, schema.pot.c
    columns = (
        table.c.id,
        table.c.pot_id,
        named.code,
        named.kind,
        named.title,
        table.c.year,
        table.c.decided,
        table.c.closed_on,
        *(table.c[f"{bucket}_ore"] for bucket in BUCKETS),
    )
    query = select(*columns).join_from(table, schema.pot).where(table.c.pot_id == pot, table.c.year == year)
    row = connection.execute(query.with_for_update(of=table)).one_or_none()
    return ledger.pot_year_of(tuple(row)) if row else None


def cofinancing_of(connection: Connection, number: str, proposal_id: int) -> Mapping[int, Cofinancing]:
    """Every financier of a proposal by its pot; nothing noted is no more than asked."""
    latest = {}
    for (body,) in _NOTED.rows(connection, stream=number):
        facts = json.loads(body)
        latest[facts["pot"]] = facts["standing"]
    known = _OUTSIDE.rows(connection, of_id=proposal_id)
    return {pot: Cofinancing(title, latest.get(pot, "")) for pot, title in known}
