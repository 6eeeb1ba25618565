"""What else is said of a cost line, which no rule looks at: where it is booked, what an event is for, and what an
investment costs to run. All of it is optional."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, bindparam, select

from states import CostLine
from workflow.records.history import canonical
from workflow.storage import schema
from workflow.storage.statements import Batch, Statement

_D = schema.cost_detail.c
_DETAIL = Statement("cost detail", schema.cost_detail.insert(), columns=[each.name for each in schema.cost_detail.c])
_DETAILS = Statement(
    "cost details",
    select(_D.n, _D.content).where(_D.proposal_id == bindparam("proposal_id"), _D.revision == bindparam("revision")),
)


@dataclass(frozen=True, slots=True)
class LineDetails:
    """Empty or None: not stated. Amounts are öre a year, excluding VAT."""

    project_no: str = ""
    responsibility: str = ""  # ansvar
    activity: str = ""  # verksamhet
    account: str = ""  # konto
    purpose: str = ""  # of a conference or a study visit, as the next two
    programme: str = ""
    participants: str = ""
    care_ore: int | None = None
    power_ore: int | None = None
    winter_ore: int | None = None

    @property
    def running_ore(self) -> int | None:
        """What it costs to run for a year; None while nothing is stated."""
        stated = [each for each in (self.care_ore, self.power_ore, self.winter_ore) if each is not None]
        return sum(stated) if stated else None

    def for_everybody(self) -> "LineDetails":
        """What is not between officials: what it costs to run."""
        return LineDetails(care_ore=self.care_ore, power_ore=self.power_ore, winter_ore=self.winter_ore)

    def stored(self) -> str:
        """Canonical JSON of what is stated."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return canonical({name: value for name, value in told.items() if value not in (None, "")})


NOTHING = LineDetails()
Details = Mapping[int, LineDetails]  # by line number


def read(connection: Connection, proposal_id: int, revision: int) -> dict[int, LineDetails]:
    """What is stated of the lines of a revision, by line number; lines of which nothing is are left out."""
    return {n: parsed(text) for n, text in _DETAILS.rows(connection, proposal_id=proposal_id, revision=revision)}


def parsed(text: str) -> LineDetails:
    """A name that a later Skede has given up is left out."""
    known = {each.name for each in fields(LineDetails)}
    said: Mapping[str, Any] = json.loads(text)
    return LineDetails(**{name: value for name, value in said.items() if name in known})


def add(batch: Batch, proposal_id: int, revision: int, details: Details) -> dict[int, str]:
    """Adds a row for each line of which something is stated; returns their content by line number."""
    stored = {n: said.stored() for n, said in sorted(details.items()) if said != NOTHING}
    for n, content in stored.items():
        batch.add(_DETAIL, proposal_id=proposal_id, revision=revision, n=n, content=content)
    return stored


def carried(before: Sequence[CostLine], details: Details, lines: Sequence[CostLine]) -> dict[int, LineDetails]:
    """What was stated of lines that are still there, by their numbers now."""
    known = {(line.what, line.kind): details[line.n] for line in before if line.n in details}
    return {line.n: known[line.what, line.kind] for line in lines if (line.what, line.kind) in known}
