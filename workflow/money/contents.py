"""What a proposal says and costs: numbered, immutable revisions with their cost lines and funding rows, as asked for
and as written. Knows neither what a pot holds nor what may still change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from states import CostLine, FundingRow, Ore, RefusalKind
from workflow.money import line_details
from workflow.money.line_details import Details
from workflow.privacy import public_text
from workflow.records.history import canonical, new_salt, salted
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement


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
    """Cost lines and the funding rows that pay them. An amount of zero is "Vet inte".

    ``details`` by line number; None leaves what is stated of lines that stay.
    """

    lines: tuple[CostLine, ...] = ()
    funding: tuple[FundingAsk, ...] = ()
    details: Details | None = None


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
    point: str = ""  # degrees north and east (WGS 84), where the sender gave them

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
                **({"point": self.point} if self.point else {}),
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
    details: Details,
    at: datetime,
    new_words: bool = True,
) -> dict[str, Any]:
    """Adds a revision with its rows; returns what the event says of it: number, digest, and the rows themselves."""
    salt = new_salt()
    stored = line_details.add(batch, proposal_id, n, details)
    digest = salted(salt, digested(title, content, stored))
    batch.add(
        _REVISION, proposal_id=proposal_id, n=n, title=title, content=content, salt=salt, digest=digest,
        recorded_at=moment(at),
    )  # fmt: skip
    if new_words:  # what an official has said of the same words stands
        public_text.write(batch, proposal_id, title, content, first=n == 1)
    for line in lines:
        batch.add(_LINE, proposal_id=proposal_id, revision=n, **_line(line, reasons.get(line.n)))
    for row in funding:
        batch.add(_FUNDING, proposal_id=proposal_id, revision=n, **_funding(row, bindings[row.n]))
    return {
        "n": n,
        "digest": digest,
        "lines": [[x.n, x.kind, int(x.amount), x.life_years, x.owner, x.classification] for x in lines],
        "funding": [[x.n, x.line, x.source, x.pot, x.year, int(x.amount), bindings[x.n]] for x in funding],
    }


def digested(title: str, content: str, details: Mapping[int, str]) -> str:
    """The bytes that a revision's digest covers; without details they are what they were before there were any."""
    told = {"details": {str(n): said for n, said in details.items()}} if details else {}
    return canonical({"title": title, "content": content, **told})


def _line(line: CostLine, reason: str | None) -> dict[str, Any]:
    return {
        "n": line.n,
        "what": line.what,
        "kind": line.kind,
        "amount_ore": int(line.amount) or None,
        "life_years": line.life_years,
        "owner": line.owner,
        "classification": line.classification,
        "classification_reason": reason,
    }


def _funding(row: FundingRow, binding: str) -> dict[str, Any]:
    return {
        "n": row.n,
        "line": row.line,
        "binding": binding,
        "pot_id": row.pot,
        "source": row.source,
        "year": row.year,
        "amount_ore": int(row.amount),
    }


def words_of(connection: Connection, proposal: Loaded) -> tuple[str, str]:
    """Title and stored content of the proposal's latest revision."""
    table = schema.revision.c
    query = select(table.title, table.content).where(table.proposal_id == proposal.id, table.n == proposal.revision)
    title, content = connection.execute(query).one()
    return str(title), str(content)


def require(text: Text) -> None:
    for name in ("title", "what", "where"):
        if not getattr(text, name).strip():
            raise Refused.because(RefusalKind.FIELD_MISSING, field=name)
