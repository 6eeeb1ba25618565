"""Proposals in stock: quickly brought to where a race begins, by the people who may, through the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from states import CostLine, Ore
from tests.workflow.cast import DAY, WORDS, Case, key
from workflow import Engine, Rows
from workflow.demo.staging import decided
from workflow.money.contents import FundingAsk

People = Mapping[str, int]
Payers = Sequence[tuple[str, int]]  # pot and öre for each cost line, in order
APPROVAL = decided(DAY, "delegation", "Inköpet godkänns.", "Potten betalar.")


@dataclass(frozen=True, slots=True)
class Ready:
    """A proposal as somebody has just seen it."""

    number: str
    version: int
    revision: int
    payers: tuple[tuple[str, int], ...]


def people(engine: Engine) -> dict[str, int]:
    """The first holder of each role."""
    found: dict[str, int] = {}
    for each in engine.demo_people():
        for held in engine.capacities(each.person):
            found.setdefault(held.role, each.person)
    return found


def written(payers: Payers) -> Rows:
    lines = tuple(
        CostLine(n, f"Rad {n}", "furniture", Ore(ore), 10, "municipality") for n, (_, ore) in enumerate(payers, 1)
    )
    return Rows(lines, tuple(FundingAsk(n, pot, 2026, Ore(ore)) for n, (pot, ore) in enumerate(payers, 1)))


def drafted(engine: Engine, who: People, payers: Payers) -> Ready:
    """One step before it asks for its money."""
    number = engine.submit(
        process="purchase", by=None, key=key(), text=WORDS, rows=written(payers), is_example=True
    ).number
    step(engine, who["officer"], Ready(number, 1, 1, ()), "accept")
    pots = {n: (pot, "Så är det.") for n, (pot, _) in enumerate(payers, 1)}
    engine.classify(number, by=who["attestant"], key=key(), seen_revision=1, classifications=pots)
    told = {"assessment": "Bra.", "reason": "Litet."}
    step(engine, who["officer"], Ready(number, 2, 1, ()), "skip_review", told)
    return Ready(number, 3, 1, tuple(payers))


def proposed(engine: Engine, who: People, payers: Payers) -> Ready:
    """Its money is reserved and it waits for the delegate."""
    given = drafted(engine, who, payers)
    step(engine, who["officer"], given, "propose")
    return Ready(given.number, 4, 1, given.payers)


def step(
    engine: Engine, by: int, given: Ready, transition: str, form: Mapping[str, Any] | None = None, told: str = ""
) -> Any:
    """Asked for as seen; ``told`` is the key, where it matters."""
    return engine.act(
        given.number, transition, by=by, seen_version=given.version, seen_revision=given.revision,
        key=told or key(), form=form or {},
    )  # fmt: skip


__all__ = ["APPROVAL", "Case", "Ready", "drafted", "people", "proposed", "step", "written"]
