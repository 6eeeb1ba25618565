"""What an amount is, said once more and in another way than the parser says it; and what only looks like one."""

import string
from itertools import product

SPACES = "\u00a0\u202f\u2009"  # no-break, narrow and thin, which stand for a plain one
FACTORS = {"": 1, "kr": 1, "kronor": 1, "tkr": 1_000, "mnkr": 1_000_000, "mkr": 1_000_000}
MOST = 10**12
LONGEST = 40
DIGITS = frozenset("0123456789")


def meant(text: str) -> int | None:
    """Öre, or None for what is no amount: plain digits, or groups of three parted by one space; perhaps a comma or a
    point and one or two digits; perhaps one space; perhaps a unit. Above zero, and not too large."""
    plain = "".join(" " if sign in SPACES else sign for sign in text).strip(" ")
    number = plain.rstrip(string.ascii_letters)
    factor = FACTORS.get(plain[len(number) :].lower())
    if factor is None:
        return None
    if number.endswith(" "):
        number = number[:-1]
    kronor, mark, part = number.partition("," if "," in number else ".")
    if not _is_whole(kronor) or (bool(mark) and not (1 <= len(part) <= 2 and set(part) <= DIGITS)):
        return None
    ore = (int(kronor.replace(" ", "")) * 100 + int((part + "00")[:2])) * factor
    return ore if 0 < ore <= MOST else None


def _is_whole(kronor: str) -> bool:
    first, *others = kronor.split(" ")
    if not all(group and set(group) <= DIGITS for group in (first, *others)):
        return False
    return len(first) <= (3 if others else LONGEST) and all(len(group) == 3 for group in others)


SINGLE = [
    "", " ", "0", "0,00", "0 kr", "-0", "-1", "+1", "\u22121", "\u20131", "1e9", "1E9", "1e-2", "1e400", "NaN", "nan",
    "Infinity", "-inf", "inf", "None", "null", "True", "0x10", "0b11", "0o17", "1_000", "1__0", "1,5", "1.5", "1,50",
    "1,500", "1.000", "1.000,50", "1,000.50", "1,", ",5", ".5", "5.", "1 000", "1 00", "1  000", "1000 000", "1 0000",
    "0 001", "001", "1'000", "1\u2019000", "1;5", "1:50", "1/2", "\u00bd", "\u00b2", "1\u00b2", "12 tkr", "12tkr",
    "12 TKR", "12 Tkr.", "tkr", "kr", "kr 5", "SEK 5", "5 SEK", "5 \u20ac", "$5", "5:-", "5 000:-", "5 kr.", "5  kr",
    "5 k r", "5 kr kr", "5 mnkr", "5 mkr", "5 mnk", "0,01", "0,001", "0,009", "0,1 tkr", "0,01 mnkr", "1,5 mnkr",
    "10000000000", "10000000000,00", "10000000000,01", "10000000001", "10 000 mnkr", "10 001 mnkr", "10000000000 tkr",
    "9223372036854775807", "9223372036854775808", "18446744073709551616", "92233720368547758,07", "1" + "0" * 39,
    "1" + "0" * 40, "9" * 400, "1" * 5_000, "\u0661\u0662", "\uff11\uff12", "\u0967\u0968", "\u06f1", "\U0001d7cf",
    "\u4e00", "\u2460", "\u2164", "1\u0660", "12\u0000", "\x0012", "1\t000", "1\n", "\n1", "1\r\n2", "1\x0b", "\x1f1",
    "1\x85", "\u20281", "1\u2029", "1\u3000000", "\u30001", "1\u2003000", "1\u200b000", "\ufeff12", "12\ufeff",
    "\u202e12", "12\u202e", "\u206612\u2069", "1\u0301", "5 \u212ar", "5 mn\u212ar", "5 \uff4b\uff52", "=1+1", "=12",
    "@12", "'12", '"12"', "(12)", "12%", "<b>1</b>", "1;DROP TABLE pot", "tolv", "ett tusen", "1 000 kr exkl moms",
    "cirka 12", "~12", "12-15", "12\u201315", "12 + 3", "1 000 000 000 000 000", "999 999 999,99", "1\u00a0000\u00a0kr",
    "1\u202f000,50\u202fkr", "12\u2009500", "\u00a012\u00a0", "\u202f\u00a0", "00", "0000000000000000000001", "1.2.3",
    "1,2,3", "1.2,3", "1, 5", "1 ,5", "1,5 ", " 1,5", "1,5kr", "1,5KR", "1,5 KRONOR", "1,5 krona",
]  # fmt: skip
ODD = [
    "-", "+", "_", "e", "E5", "x", "\t", "\n", "\r", "\x00", "\u00a0", "\u202f", "\u2009", "\u3000", "\u200b", "\u202e",
    "\u0661", "\uff11", "\u2212", "'", "\u00d7", "%",
]  # fmt: skip
NASTY = list(dict.fromkeys([*SINGLE, *(
    made
    for base, odd in product(("12", "1 000", "1,5 tkr"), ODD)
    for made in (odd + base, base + odd, base[:1] + odd + base[1:])
)]))  # fmt: skip
