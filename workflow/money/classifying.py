"""Which pot each cost line belongs to, as the rule proposes it: investment or operating, or what is missing to tell.
Plain values in and out; knows no database, and leaves the word to the attestant. Reasons are worded by the pages.

The rule (RKR R4 and the municipality's own limits): meant for lasting use, a useful life of some years, under the
municipality's control, and of a considerable amount judged on the whole purchase and not on a single line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from states import CostLine, FundingRow
from states.vocabulary import OPERATING_KINDS

BASIS_POINTS = 10_000
SHARE, BASE, YEARS = "capitalisation_share", "price_base_amount", "capitalisation_years"

Pot = Literal["investment", "operating"]
Because = Literal[
    "operating_kind", "others_property", "short_life", "small", "lasting",
    "owner_missing", "life_missing", "amount_missing", "rate_missing", "other_line_missing",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposed:
    """``to`` is None when the rule cannot tell: something is *ej angivet*, and whoever reads it states that or decides.
    ``facts`` are whole numbers and names: what the words of the reason need."""

    to: Pot | None
    because: Because
    facts: Mapping[str, int | str] = field(default_factory=dict)


def proposed(lines: Sequence[CostLine], year: int, rates: Mapping[str, int]) -> dict[int, Proposed]:
    """By line number. ``rates`` holds what is given for the year; an amount of zero is not known.

    ``capitalisation_years`` in years, ``price_base_amount`` in öre, ``capitalisation_share`` in hundredths of a per
    cent of it. A line that could be an investment is judged by the sum of all such lines.
    """
    alone = {line.n: _of_the_line_alone(line, year, rates) for line in lines}
    could_be = [line for line in lines if (said := alone[line.n]) is None or said.to is None]
    return {line.n: alone[line.n] or _of_the_whole(line, could_be, alone, year, rates) for line in lines}


def year_of(lines: Sequence[CostLine], funding: Sequence[FundingRow], otherwise: int) -> int:
    """The year whose rates judge the purchase: the first budget year that pays for what could be an investment."""
    bought = {line.n for line in lines if line.kind not in OPERATING_KINDS}
    return min((row.year for row in funding if row.line in bought), default=otherwise)


def still_classified(
    lines: Sequence[CostLine], after: Mapping[int, Proposed], old: Sequence[CostLine], before: Mapping[int, Proposed]
) -> tuple[CostLine, ...]:
    """What was said of a line stands while the rule proposes the same of it: a sum that crosses the limit asks anew."""
    said = {_words(each): before[each.n].to for each in old}
    return tuple(
        line if said.get(_words(line)) == after[line.n].to else line._replace(classification=None) for line in lines
    )


def _words(line: CostLine) -> tuple[object, ...]:
    return line.what, line.kind, line.owner, line.life_years


def _of_the_line_alone(line: CostLine, year: int, rates: Mapping[str, int]) -> Proposed | None:
    """What the line itself tells; None when only the whole purchase can tell."""
    if line.kind in OPERATING_KINDS:
        return Proposed("operating", "operating_kind", {"kind": line.kind})
    if line.owner == "other":
        return Proposed("operating", "others_property")
    least = rates.get(YEARS)
    if line.life_years is not None and least is not None and line.life_years < least:
        return Proposed("operating", "short_life", {"life_years": line.life_years, "least_years": least})
    if line.owner != "municipality":
        return Proposed(None, "owner_missing")
    if line.life_years is None:
        return Proposed(None, "life_missing")
    return Proposed(None, "rate_missing", {"rate": YEARS, "year": year}) if least is None else None


def _of_the_whole(
    line: CostLine,
    could_be: Sequence[CostLine],
    alone: Mapping[int, Proposed | None],
    year: int,
    rates: Mapping[str, int],
) -> Proposed:
    """At least the limit is an investment; lines of which something is missing could only bring the sum above it."""
    for name in (BASE, SHARE):
        if name not in rates:
            return Proposed(None, "rate_missing", {"rate": name, "year": year})
    whole = sum(int(each.amount) for each in could_be)
    certain = sum(int(each.amount) for each in could_be if alone[each.n] is None)
    limit = -(-rates[BASE] * rates[SHARE] // BASIS_POINTS)  # a whole öre, upwards: at least the share
    told = {"limit_ore": limit, "share": rates[SHARE], "year": year}
    if certain >= limit:
        life = {"life_years": line.life_years or 0, "least_years": rates[YEARS]}
        return Proposed("investment", "lasting", {"whole_ore": certain, **life, **told})
    if any(not each.amount for each in could_be):
        return Proposed(None, "amount_missing", {"whole_ore": whole, **told})
    if whole >= limit:
        unclear = next(each.n for each in could_be if alone[each.n] is not None)
        return Proposed(None, "other_line_missing", {"line": unclear, "whole_ore": whole, **told})
    return Proposed("operating", "small", {"whole_ore": whole, **told})
