"""Money as whole öre in a type of its own, and the one grammar by which people write it.
No float, and no bare int() or Decimal() on what somebody typed."""

import re
from typing import Self

MOST_ORE = 10**12  # one amount; sums of 10^5 such rows still fit a signed 64-bit column
_UNITS = {"": 100, "kr": 100, "kronor": 100, "tkr": 100_000, "mnkr": 100_000_000, "mkr": 100_000_000}
_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,40})(?:[.,](?P<part>[0-9]{1,2}))? ?(?P<unit>[a-z]*)")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})


class AmountError(ValueError):
    """The text is not an amount. ``reason`` is ``empty``, ``grammar``, ``unit``, ``zero`` or ``too_large``."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text!r} is not an amount: {reason}")
        self.text, self.reason = text, reason


class Ore(int):
    """A whole number of öre. Adding, subtracting and negating stay öre; anything else is plain arithmetic."""

    __slots__ = ()

    def __new__(cls, value: int = 0) -> Self:
        if type(value) not in _WHOLE:
            raise TypeError(f"öre must be a whole number, not {type(value).__name__}")
        return int.__new__(cls, value)

    def __add__(self, other: int) -> "Ore":
        return Ore(int.__add__(self, other if type(other) in _WHOLE else Ore(other)))

    __radd__ = __add__

    def __sub__(self, other: int) -> "Ore":
        return Ore(int.__sub__(self, other if type(other) in _WHOLE else Ore(other)))

    def __neg__(self) -> "Ore":
        return Ore(int.__neg__(self))


_WHOLE = frozenset({int, Ore})  # not bool, though Python counts with it


def parse_amount(text: str) -> Ore:
    """Öre from what a person wrote: ``1 000,50``, ``1000 kr``, ``12 tkr``, ``1,5 mnkr``.

    ASCII digits, thousands parted by spaces, comma or point with one or two decimals, optional kr/tkr/mnkr.
    Raises AmountError for everything else, zero and more than MOST_ORE.
    """
    plain = text.translate(_SPACES).strip(" ")
    if not plain:
        raise AmountError(text, "empty")
    match = _AMOUNT.fullmatch(plain.lower()) if plain.isascii() else None  # the Kelvin sign is a k in small letters
    if match is None:
        raise AmountError(text, "grammar")
    unit = _UNITS.get(match["unit"])
    if unit is None:
        raise AmountError(text, "unit")
    decimals = (match["part"] or "").ljust(2, "0")
    ore = int(match["whole"].replace(" ", "")) * unit + int(decimals) * unit // 100
    if ore == 0:
        raise AmountError(text, "zero")
    if ore > MOST_ORE:
        raise AmountError(text, "too_large")
    return Ore(ore)


def format_amount(ore: int) -> str:
    """``1 000 000 kr`` with no-break spaces; öre only where there are any: ``1 000,50 kr``."""
    sign = "−" if ore < 0 else ""
    kronor, rest = divmod(abs(int(ore)), 100)
    grouped = f"{kronor:,}".replace(",", "\u00a0")
    return f"{sign}{grouped}{f',{rest:02d}' if rest else ''}\u00a0kr"
