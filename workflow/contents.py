"""What a proposal says and costs: numbered, immutable revisions with their cost lines and funding rows.

While money of a binding is open its rows stand still, except in a transition that restates them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from states import CostLine, FundingRow, Node, Ore, Process, RefusalKind, Transition
from workflow import calendar_days, ledger, schema
from workflow.columns import moment
from workflow.effects import BUCKETS, PotYearState
from workflow.history import canonical, new_salt, salted
from workflow.loading import Loaded
from workflow.refused import Refused
from workflow.situations import Situation
from workflow.statements import Batch, Statement


@dataclass(frozen=True, slots=True)
class FundingAsk:
    """A funding row as asked for. ``pot`` is a pot's code, ``appropriation``, or ``outside`` (named by ``title``)."""

    line: int
    pot: str
    year: int
    amount: Ore
    title: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Cost lines and the funding rows that pay them. An amount of zero is "Vet inte"."""

    lines: tuple[CostLine, ...] = ()
    funding: tuple[FundingAsk, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """What a proposal says. Only ``title``, ``what`` and ``where`` are required."""

    title: str
    what: str
    where: str
    why: str = ""
    own_contribution: str = ""
    criteria: tuple[str, ...] = ()
    plan_row: str | None = None
    outside_plan_reason: str | None = None

    def stored(self) -> str:
        """Canonical JSON of everything but the title."""
        return canonical(
            {
                "what": self.what,
                "where": self.where,
                "why": self.why,
                "own_contribution": self.own_contribution,
                "criteria": list(self.criteria),
                "plan_row": self.plan_row,
                "outside_plan_reason": self.outside_plan_reason,
            }
        )


_REVISION = Statement("revision", schema.revision.insert(), columns=[c.name for c in schema.revision.c])
_LINE = Statement("cost line", schema.cost_line.insert(), columns=[c.name for c in schema.cost_line.c])
_FUNDING = Statement("funding row", schema.funding.insert(), columns=[c.name for c in schema.funding.c])


def write_revision(
    batch: Batch,
    *,
    proposal_id: int,
    n: int,
    title: str,
    content: str,
    lines: Sequence[CostLine],
    reasons: Mapping[int, str | None],
    funding: Sequence[FundingRow],
    bindings: Mapping[int, str],
    at: datetime,
) -> dict[str, Any]:
    """Adds a revision with its rows; returns what the event says of it: number, digest, and the rows themselves."""
    salt = new_salt()
    digest = salted(salt, canonical({"title": title, "content": content}))
    batch.add(
        _REVISION,
        proposal_id=proposal_id,
        n=n,
        title=title,
        content=content,
        salt=salt,
        digest=digest,
        recorded_at=moment(at),
    )
    for line in lines:
        batch.add(
            _LINE,
            proposal_id=proposal_id,
            revision=n,
            n=line.n,
            what=line.what,
            kind=line.kind,
            amount_ore=int(line.amount) or None,
            life_years=line.life_years,
            owner=line.owner,
            classification=line.classification,
            classification_reason=reasons.get(line.n),
        )
    for row in funding:
        batch.add(
            _FUNDING,
            proposal_id=proposal_id,
            revision=n,
            n=row.n,
            line=row.line,
            binding=bindings[row.n],
            pot_id=row.pot,
            source=row.source,
            year=row.year,
            amount_ore=int(row.amount),
        )
    return {
        "n": n,
        "digest": digest,
        "lines": [[x.n, x.kind, int(x.amount), x.life_years, x.owner, x.classification] for x in lines],
        "funding": [[x.n, x.line, x.source, x.pot, x.year, int(x.amount), bindings[x.n]] for x in funding],
    }


def resolve_rows(
    connection: Connection, process: Process, proposal_id: int, number: str, rows: Rows
) -> tuple[tuple[FundingRow, ...], dict[int, str]]:
    """Funding rows with their pots. Makes the pot of an appropriation or a financier, which is this proposal's own.

    Raises Refused(SOURCE_NOT_ALLOWED) for a pot that the line's binding does not allow, FIELD_INVALID for a row that
    names no line.
    """
    kinds = {line.n: line.kind for line in rows.lines}
    funding, bindings = [], {}
    for n, ask in enumerate(rows.funding, 1):
        binding = process.binding_of(kinds[ask.line]) if ask.line in kinds else None
        if binding is None:
            raise Refused.because(RefusalKind.FIELD_INVALID, field="funding", row=n)
        pot, source = _pot(connection, ask, proposal_id, number)
        if source not in process.bindings[binding].sources:
            raise Refused.because(
                RefusalKind.SOURCE_NOT_ALLOWED, source=source, line=next(x.what for x in rows.lines if x.n == ask.line)
            )
        funding.append(FundingRow(n, ask.line, source, pot, ask.year, ask.amount))
        bindings[n] = binding
    return tuple(funding), bindings


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


# --- in a transition that restates -------------------------------------------------------------------------------


def restated_rows(
    connection: Connection, now: Situation, transition: Transition, form: Mapping[str, object]
) -> Situation | None:
    """The situation with the rows that the form states anew; None where it states none.

    Rows of bindings that the transition does not restate must stand as they are.
    """
    rows = next((value for value in form.values() if isinstance(value, Rows)), None)
    if rows is None or not transition.restates:
        return None
    lines = tuple(keep_classification(line, now.lines) for line in rows.lines)
    proposal = now.proposal
    funding, bindings = resolve_rows(connection, now.process, proposal.id, proposal.number, replace(rows, lines=lines))
    refuse_fixed(now, lines, funding, bindings, free=frozenset(transition.restates))
    years = {(row.pot, row.year) for row in funding}
    pots = tuple(pot_state(connection, *each) for each in sorted(years))
    known = {each.id for each in pots if each}
    kept = tuple(each for each in now.pots if each.id not in known)
    return replace(now, lines=lines, funding=funding, bindings=bindings, pots=(*kept, *(x for x in pots if x)))


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


def keep_classification(line: CostLine, before: Sequence[CostLine]) -> CostLine:
    """What the attestant said of a line stands while the line says the same."""
    said = (line.what, line.kind, line.owner, line.life_years)
    same = next((x for x in before if (x.what, x.kind, x.owner, x.life_years) == said), None)
    return line._replace(classification=same.classification if same else None)


def refuse_fixed(
    now: Situation,
    lines: Sequence[CostLine],
    funding: Sequence[FundingRow],
    bindings: Mapping[int, str],
    free: frozenset[str] = frozenset(),
) -> None:
    """Raises Refused(CONTENT_FIXED) when rows of an open binding would change, the free bindings excepted."""
    fixed = {each.binding for each in now.holdings if each.reserved or each.committed or each.ordered} - free
    moving = frozenset(now.process.bindings) - fixed
    before = _fixed(now.process, now.lines, now.funding, now.bindings, moving)
    if before != _fixed(now.process, lines, funding, bindings, moving):
        raise Refused.because(RefusalKind.CONTENT_FIXED, ("budget_holder",), bindings=sorted(fixed))


def reasons_of(
    connection: Connection, proposal: Loaded, before: Sequence[CostLine], lines: Sequence[CostLine]
) -> dict[int, str | None]:
    """The attestant's reasons, carried over with the classifications that still stand."""
    table = schema.cost_line.c
    query = select(table.n, table.classification_reason).where(
        table.proposal_id == proposal.id, table.revision == proposal.revision
    )
    written = {row[0]: row[1] for row in connection.execute(query)}
    by_words = {(x.what, x.kind): written.get(x.n) for x in before if x.classification}
    return {line.n: by_words.get((line.what, line.kind)) for line in lines if line.classification}


def _fixed(
    process: Process,
    lines: Sequence[CostLine],
    funding: Sequence[FundingRow],
    bindings: Mapping[int, str],
    free: frozenset[str],
) -> list[object]:
    """The rows of every binding but the free ones, without their numbers."""
    kept = sorted((x.what, x.kind, int(x.amount), x.owner) for x in lines if process.binding_of(x.kind) not in free)
    paid = sorted((x.pot, x.year, int(x.amount)) for x in funding if bindings[x.n] not in free)
    return [kept, paid]


def write_restated(connection: Connection, batch: Batch, now: Situation, at: datetime) -> dict[str, Any]:
    """Adds the next revision with the rows of the situation; the words stay as they were."""
    title, content = words_of(connection, now.proposal)
    return write_revision(
        batch,
        proposal_id=now.proposal.id,
        n=now.proposal.revision + 1,
        title=title,
        content=content,
        lines=now.lines,
        reasons={},
        funding=now.funding,
        bindings=now.bindings,
        at=at,
    )


def words_of(connection: Connection, proposal: Loaded) -> tuple[str, str]:
    """Title and stored content of the proposal's latest revision."""
    table = schema.revision.c
    query = select(table.title, table.content).where(table.proposal_id == proposal.id, table.n == proposal.revision)
    title, content = connection.execute(query).one()
    return str(title), str(content)


def due_after_pause(connection: Connection, proposal: Loaded, node: Node, today: date) -> date | None:
    """Back where a side road began, the working days that were left then are left now; None elsewhere.

    Meetings and fixed dates are resolved again: they did not wait.
    """
    deadline = node.state.deadline
    if not proposal.origin or node.id != proposal.origin or deadline is None or deadline.kind != "working_days":
        return None
    left = paused_days(connection, proposal)
    return calendar_days.add_working_days(today, left) if left is not None else None


def paused_days(connection: Connection, proposal: Loaded) -> int | None:
    """Working days that were left of the origin's deadline when the side road was entered; never less than one."""
    table = schema.duty.c
    query = (
        select(table.due_on, table.answered_at)
        .where(table.proposal_id == proposal.id, table.kind == "step", table.answered_at.is_not(None))
        .order_by(table.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.due_on.startswith("9999"):
        return None
    stopped = date.fromisoformat(row.answered_at[:10])
    return max(1, calendar_days.working_days_between(stopped, date.fromisoformat(row.due_on)))


def require(text: Text) -> None:
    for name in ("title", "what", "where"):
        if not getattr(text, name).strip():
            raise Refused.because(RefusalKind.FIELD_MISSING, field=name)
