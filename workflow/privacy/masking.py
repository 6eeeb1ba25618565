"""Which parts of a free text are somebody's personal details: personal numbers, telephone numbers and e-mail addresses.
Knows neither where the text stands nor who may read it.

A personal number (personnummer) has a date and a check digit by the Luhn rule; a co-ordination number
(samordningsnummer) has 60 added to the day (folkbokföringslagen 1991:481, 18 and 18 a §). Who writes one may write it
wrong, and is known by it all the same: what has its form is taken for one, whatever its check digit.
"""

import re
from collections.abc import Callable, Mapping
from typing import Literal

Kind = Literal["personal_number", "telephone", "email"]

# Each part is bounded and begins where the one before it must have ended: no text takes longer than its length.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DIGITS = re.compile(
    r"(?<![\d/:])(?:(?:1[89]|20)\d{2}|\d{2})[ .-]?(?:\d{2}[ .-]?){2}[ \u00a0+–-]{0,3}\d{4}(?!\d|-\d\d-)"
)
_FORM = re.compile(r"\d{6}(?:\d{2})?[ \u00a0]?[+–-]?[ \u00a0]?\d{4}|[\d .-]{8,10}[ \u00a0]?[+–-][ \u00a0]?\d{4}")
_REGISTRY_NO = re.compile(r"\b(?:dnr|diarienummer)[.: ]{0,2}$", re.IGNORECASE)
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
    return _replaced(text, lambda kind, _: INSTEAD[kind])


def found_in(text: str) -> tuple[Kind, ...]:
    """What kinds of details stand in the text, each once, in the order of looking; empty when none."""
    return tuple(dict.fromkeys(kind for kind, _ in parts_of(text)))


def parts_of(text: str) -> tuple[tuple[Kind, str], ...]:
    """What is masked of the text: the kind and what is written, in the order of looking."""
    parts: list[tuple[Kind, str]] = []

    def note(kind: Kind, written: str) -> str:
        parts.append((kind, written.strip()))
        return INSTEAD[kind]

    _replaced(text, note)
    return tuple(parts)


def _replaced(text: str, instead: Callable[[Kind, str], str]) -> str:
    """Numbers that are personal are taken before telephones, which they look like."""
    text = _EMAIL.sub(lambda hit: instead("email", hit[0]), text)
    text = _DIGITS.sub(lambda hit: instead("personal_number", hit[0]) if _is_personal(hit) else hit[0], text)
    return _TELEPHONE.sub(lambda hit: instead("telephone", hit[0]), text)


def _is_personal(hit: re.Match[str]) -> bool:
    """However it is parted where the check digit is right; else by its form, where nothing says that it is another
    number. A day with the time after it (2026-01-15 1200) has not the form."""
    ten = _NOT_A_DIGIT.sub("", hit[0])[-10:]
    month, day = int(ten[2:4]), int(ten[4:6])
    if not (1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)):
        return False
    before = hit.string[max(0, hit.start() - 16) : hit.start()]
    return _luhn(ten) or (_FORM.fullmatch(hit[0]) is not None and _REGISTRY_NO.search(before) is None)


def _luhn(ten: str) -> bool:
    """The tenth digit makes the sum even to ten: every other digit counts twice, as the sum of its own digits."""
    doubled = (int(digit) * (2 - n % 2) for n, digit in enumerate(ten))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0
