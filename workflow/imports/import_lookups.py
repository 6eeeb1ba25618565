"""What the database knows of the things that rows of a file name: proposals and what pays them, pots, bodies, and
what has been booked before. Reads a few hundred rows' worth at a time; judges only whether a name is one thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from workflow.acts.registering import Registered
from workflow.imports.import_rows import BudgetTold, InvoiceTold, RowFault, RowFaults, Told
from workflow.proposals.finding import AnySelect, facts_of
from workflow.storage import schema

YEARLY = ("investment", "operating")
_KINDS = {"spend": "invoice", "credit": "credit"}
_P, _F, _Y, _H, _L = (
    schema.proposal.c, schema.funding.c, schema.pot_year.c, schema.holding.c, schema.ledger_entry.c,
)  # fmt: skip

Event = tuple[str, int]  # stream and place in it


@dataclass(frozen=True, slots=True)
class Paying:
    """A funding row of a proposal, with its pot. ``spent`` in öre."""

    n: int
    pot: str
    title: str
    year: int
    has_year: bool
    spent: int

    def is_named(self, name: str) -> bool:
        return name.casefold() in (self.pot.casefold(), self.title.casefold())


@dataclass(frozen=True, slots=True)
class Known:
    """Names -> codes are casefolded on the left; a name that two things share leads to both."""

    proposals: Mapping[str, Sequence[Paying]]
    pots: Mapping[str, frozenset[str]]
    bodies: Mapping[str, frozenset[str]]
    invoices: Mapping[tuple[object, ...], Event]
    decisions: Mapping[tuple[object, ...], Event]
    imported: frozenset[str]

    def paying(self, told: InvoiceTold) -> Paying:
        """The one funding row that the invoice names. Raises RowFaults."""
        if told.number not in self.proposals:
            raise _fault("no_proposal", number=told.number)
        rows = self.proposals[told.number]
        if told.funding is None and not told.pot:
            raise _fault("names_no_payer", number=told.number)
        found = [
            each for each in rows
            if (told.funding in (None, each.n)) and (not told.pot or each.is_named(told.pot))
            and told.year in (None, each.year)
        ]  # fmt: skip
        pays = [(each.n, each.title, each.year) for each in rows]
        if not found:
            raise _fault("not_paid_by", number=told.number, pays=pays)
        if len(found) > 1:
            raise _fault("several_payers", number=told.number, pays=[(each.n, each.title, each.year) for each in found])
        if not found[0].has_year:
            raise _fault("no_year", pot=found[0].title, year=found[0].year)
        return found[0]

    def booked(self, told: InvoiceTold, paying: Paying) -> Event | None:
        """The event that booked the very same before, by whatever way."""
        return self.invoices.get(
            (told.number, paying.n, told.kind, told.accounting_on.isoformat(), told.supplier, told.voucher, told.amount)
        )

    def registered(self, decided: Registered) -> Event | None:
        return self.decisions.get(_of_decision(decided))

    def pot(self, name: str) -> str:
        return _one(self.pots, name, "pot")

    def body(self, name: str) -> str:
        return _one(self.bodies, name, "body")


def gather(connection: Connection, told: Sequence[Told], keys: Sequence[str], holder: str) -> Known:
    """Everything that these rows name. ``keys`` are the rows' own, kept by ``holder`` when they were imported."""
    invoices = [each for each in told if isinstance(each, InvoiceTold)]
    budgets = [each for each in told if isinstance(each, BudgetTold)]
    numbers = sorted({each.number for each in invoices})
    pots = _names(connection, select(schema.pot.c.code, schema.pot.c.title).where(schema.pot.c.kind.in_(YEARLY)))
    bodies = _names(connection, select(schema.body.c.code, schema.body.c.title))
    streams = {f"pot/{code}/{each.year}" for each in budgets for code in pots.get(each.pot.casefold(), ())}
    request = schema.request.c
    imported = select(request.key).where(request.actor == holder, request.key.in_(keys))
    return Known(
        _proposals(connection, numbers) if numbers else {}, pots, bodies,
        _invoices(connection, numbers, sorted({each.voucher for each in invoices})) if numbers else {},
        _decisions(connection, sorted(streams)) if streams else {},
        frozenset(connection.execute(imported).scalars()) if keys else frozenset(),
    )  # fmt: skip


def _proposals(connection: Connection, numbers: Sequence[str]) -> dict[str, list[Paying]]:
    same = (_H.proposal_id == _F.proposal_id) & (_H.funding == _F.n) & (_H.binding == _F.binding)
    query = (
        select(
            _P.number, _F.n, schema.pot.c.code, schema.pot.c.title, _F.year, _Y.id, func.coalesce(_H.spent_ore, 0)
        )
        .select_from(
            schema.proposal.outerjoin(schema.funding, (_F.proposal_id == _P.id) & (_F.revision == _P.revision))
            .outerjoin(schema.pot, schema.pot.c.id == _F.pot_id)
            .outerjoin(schema.pot_year, (_Y.pot_id == _F.pot_id) & (_Y.year == _F.year))
            .outerjoin(schema.holding, same & (_H.pot_year_id == _Y.id))
        )
        .where(_P.number.in_(numbers))
        .order_by(_P.number, _F.n)
    )  # fmt: skip
    found: dict[str, list[Paying]] = {}
    for number, n, code, title, year, pot_year, spent in connection.execute(query):
        rows = found.setdefault(number, [])
        if n is not None:
            rows.append(Paying(n, code, title, year, pot_year is not None, int(spent)))
    return found


def _invoices(
    connection: Connection, numbers: Sequence[str], vouchers: Sequence[str]
) -> dict[tuple[object, ...], Event]:
    """What was booked with these vouchers, each invoice as one sum over its entries."""
    query = (
        select(
            _L.stream, _L.seq, _L.kind, _L.funding, _L.accounting_on, _L.supplier, _L.voucher, func.sum(_L.amount_ore)
        )
        .where(_L.stream.in_(numbers), _L.voucher.in_(vouchers), _L.kind.in_(list(_KINDS)))
        .group_by(_L.stream, _L.seq, _L.kind, _L.funding, _L.accounting_on, _L.supplier, _L.voucher)
    )
    return {
        (stream, funding, _KINDS[kind], day, supplier, voucher, int(total)): (stream, seq)
        for stream, seq, kind, funding, day, supplier, voucher, total in connection.execute(query)
    }


def _decisions(connection: Connection, streams: Sequence[str]) -> dict[tuple[object, ...], Event]:
    event = schema.event.c
    query = select(event.stream, event.seq, event.body).where(event.stream.in_(streams), event.kind == "registered")
    found: dict[tuple[object, ...], Event] = {}
    for stream, seq, body in connection.execute(query):
        facts = facts_of(body)
        made = facts["decision"]
        found[
            facts["registered"], facts["pot"], facts["year"], facts["amount"], made["instance"], made["decided_on"],
            made["paragraph"] or "",
        ] = (stream, seq)  # fmt: skip
    return found


def _of_decision(decided: Registered) -> tuple[object, ...]:
    return (
        decided.kind, decided.pot, decided.year, int(decided.amount), decided.body, decided.decided_on.isoformat(),
        decided.paragraph or "",
    )  # fmt: skip


def _names(connection: Connection, query: AnySelect) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, title in connection.execute(query):
        for name in (code, title):
            found.setdefault(name.casefold(), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def _one(names: Mapping[str, frozenset[str]], name: str, what: str) -> str:
    codes = names.get(name.casefold(), frozenset())
    if len(codes) != 1:
        raise _fault(f"no_{what}" if not codes else f"several_{what}", value=name)
    (code,) = codes
    return code


def _fault(kind: str, **facts: object) -> RowFaults:
    return RowFaults([RowFault(kind, facts)])
