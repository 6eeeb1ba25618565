"""Which parts of a free text are somebody's personal details: personal numbers, telephone numbers and e-mail addresses.
Knows neither where the text stands nor who may read it.

A personal number (personnummer) has a date and a check digit by the Luhn rule; a co-ordination number
(samordningsnummer) has 60 added to the day (folkbokföringslagen 1991:481, 18 and 18 a §).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

Kind = Literal["personal_number", "telephone", "email"]

# Each part is bounded and begins where the one before it must have ended: no text takes longer than its length.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DIGITS = re.compile(r"(?<![\d/:])(?:(?:19|20)\d{2}|\d{2})[ .-]?(?:\d{2}[ .-]?){2}[ \u00a0+–-]{0,3}\d{4}(?!\d)")
_HOURS = r"(?!\d\d[.:]\d\d[ –-]{1,3}\d\d[.:]\d\d)"  # 08.30-16.30
_TELEPHONE = re.compile(rf"(?<!\w)(?<!\d[,./:-]){_HOURS}(?:\+|00|0)[1-9](?:[ \u00a0()./–-]{{0,3}}\d){{6,12}}(?!\d)")
_NOT_A_DIGIT = re.compile(r"\D")
INSTEAD: Mapping[Kind, str] = {
    "personal_number": "[personnummer dolt]",
    "telephone": "[telefonnummer dolt]",
    "email": "[e-postadress dold]",
}


def masked(text: str) -> str:
    """The text with ``[personnummer dolt]`` and the like for what nobody has looked at yet."""
    return _replaced(text, lambda kind: INSTEAD[kind])


def found_in(text: str) -> tuple[Kind, ...]:
    """What kinds of details stand in the text, each once, in the order of looking; empty when none."""
    kinds: dict[Kind, None] = {}

    def note(kind: Kind) -> str:
        kinds[kind] = None
        return INSTEAD[kind]

    _replaced(text, note)
    return tuple(kinds)


def _replaced(text: str, instead: Callable[[Kind], str]) -> str:
    """Numbers that are personal are taken before telephones, which they look like."""
    text = _EMAIL.sub(lambda _: instead("email"), text)
    text = _DIGITS.sub(lambda hit: instead("personal_number") if is_personal_number(hit[0]) else hit[0], text)
    return _TELEPHONE.sub(lambda _: instead("telephone"), text)


def is_personal_number(written: str) -> bool:
    """Ten or twelve digits, however parted: a real day, 60 more for a co-ordination number, and the check digit."""
    digits = _NOT_A_DIGIT.sub("", written)
    if len(digits) not in (10, 12):
        return False
    ten = digits[-10:]
    day = int(ten[4:6])
    return _is_a_day(digits[:-8], int(ten[2:4]), day - 60 if day > 60 else day) and _luhn(ten)


def _is_a_day(year: str, month: int, day: int) -> bool:
    """Of a year with two digits any century will do: 29 February needs one leap year among them."""
    whole = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        date(whole, month, day)
    except ValueError:
        return False
    return True


def _luhn(ten: str) -> bool:
    """The tenth digit makes the sum even to ten: every other digit counts twice, as the sum of its own digits."""
    doubled = (int(digit) * (2 - n % 2) for n, digit in enumerate(ten))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0
