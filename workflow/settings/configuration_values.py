"""How a single value is written in the configuration file and what is kept of it: amounts as öre, per cent as
hundredths of one, "ej angivet" as nothing. Knows no row."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from states.money import AmountError, parse_amount

NOT_GIVEN = "ej angivet"
# What every mail server takes: ASCII without what has a meaning in a header (RFC 5321, 4.1.2, without quoting).
MAIL_ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){0,9}[A-Za-z0-9-]{1,63}$"


def optional(value: object) -> object:
    return None if value == NOT_GIVEN else value


def _ore(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError('skriv beloppet som text: "1 000 000 kr"')  # noqa: TRY004 - pydantic wants ValueError
    try:
        return int(parse_amount(value))
    except AmountError:
        raise ValueError(f'"{value}" är inget belopp; skriv till exempel "1 000 000 kr"') from None


def _basis_points(value: str) -> int:
    """Hundredths of a per cent: ``1,75`` is 175."""
    match = re.fullmatch(r"([0-9]{1,3})(?:,([0-9]{1,2}))?(?: ?%)?", value)
    if match is None:
        raise ValueError(f'"{value}" är ingen procentsats; skriv till exempel "1,75"')
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _number(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value):
        raise ValueError(f'"{value}" är inget helt antal')
    return int(value)


Given = Annotated[str, Field(min_length=1)]
MaybeText = Annotated[Given | None, BeforeValidator(optional)]
OreAmount = Annotated[int, BeforeValidator(_ore)]
MaybeOre = Annotated[int | None, BeforeValidator(_ore), BeforeValidator(optional)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
Share = Annotated[int, BeforeValidator(lambda value: _basis_points(str(value))), Field(ge=0, lt=10_000)]
Year = Annotated[int, Field(ge=2000, le=2100, strict=True)]
BodyKind = Literal["forum", "working_group", "department", "board", "executive", "council"]
Category = Literal["municipality", "property_owner", "trade", "business", "other", "elected"]
SourceKind = Literal["investment", "operating", "appropriation", "outside"]
Role = Literal[
    "officer", "budget_holder", "attestant", "controller", "registrar", "technical", "buyer", "site_manager",
    "organiser", "chair", "member", "external", "auditor", "administrator",
]  # fmt: skip

# How a unit is written in the file -> how it is stored, and how its values are read.
UNITS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "kr": ("ore", _ore),
    "%": ("basis_points", _basis_points),
    "years": ("years", _number),
    "working_days": ("working_days", _number),
}
