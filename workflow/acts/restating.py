"""Which rows stand still: while money of a binding is open its cost lines and funding rows change only in a transition
that restates them, and what the attestant said stands while the line says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from states import CostLine, FundingRow, Process, RefusalKind, Transition
from workflow.acts.situations import Situation
from workflow.money import line_details
from workflow.money.contents import Rows, words_of, write_revision
from workflow.money.line_details import LineDetails
from workflow.money.paying_pots import Numbers, pot_state, resolve_rows
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.statements import Batch


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
    funding, bindings = resolve_rows(
        connection, now.process, proposal.id, proposal.number, replace(rows, lines=lines), numbers_of(now)
    )
    refuse_fixed(now, lines, funding, bindings, free=frozenset(transition.restates))
    years = {(row.pot, row.year) for row in funding}
    pots = tuple(pot_state(connection, *each) for each in sorted(years))
    known = {each.id for each in pots if each}
    kept = tuple(each for each in now.pots if each.id not in known)
    return replace(now, lines=lines, funding=funding, bindings=bindings, pots=(*kept, *(x for x in pots if x)))


def numbers_of(now: Situation) -> Numbers:
    known = ((now.bindings[row.n], row.pot, row.year, row.n) for row in now.funding)
    return Numbers(known, (each.funding for each in now.holdings))


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
    """Raises Refused(CONTENT_FIXED) when rows of an open binding would change, the free bindings excepted, or when
    a row would say less than what has been paid from it."""
    fixed = {each.binding for each in now.holdings if each.reserved or each.committed or each.ordered} - free
    moving = frozenset(now.process.bindings) - fixed
    before = _fixed(now.process, now.lines, now.funding, now.bindings, moving)
    if before != _fixed(now.process, lines, funding, bindings, moving):
        raise Refused.because(RefusalKind.CONTENT_FIXED, ("budget_holder",), bindings=sorted(fixed))
    said, until_now = ({row.n: int(row.amount) for row in rows} for rows in (funding, now.funding))
    paid = {each.funding: min(int(each.spent), until_now.get(each.funding, 0)) for each in now.holdings}
    if any(least > said.get(n, 0) for n, least in paid.items()):
        raise Refused.because(RefusalKind.CONTENT_FIXED, ("controller",), spent_ore=max(paid.values()))


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


def details_of(
    connection: Connection, before: Situation, rows: Rows, lines: Sequence[CostLine]
) -> Mapping[int, LineDetails]:
    """As asked for, or else as they stand for the lines that stay."""
    if rows.details is not None:
        return {n: said for n, said in rows.details.items() if any(line.n == n for line in lines)}
    known = line_details.read(connection, before.proposal.id, before.proposal.revision)
    return line_details.carried(before.lines, known, lines)


def write_restated(
    connection: Connection, batch: Batch, before: Situation, now: Situation, form: Mapping[str, object], at: datetime
) -> dict[str, Any]:
    """Adds the next revision with the rows of the situation; the words stay as they were."""
    rows = next(value for value in form.values() if isinstance(value, Rows))
    details = details_of(connection, before, rows, now.lines)
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
        details=details,
        at=at,
        new_words=False,
    )
