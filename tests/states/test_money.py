"""How people write amounts, and everything that only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import AmountError, Ore, format_amount, parse_amount
from states.money import MOST_ORE

NO_BREAK, NARROW, THIN = "\u00a0", "\u202f", "\u2009"

UNDERSTOOD = {
    "1": 100,
    "0,01": 1,
    "1,5": 150,
    "1.5": 150,
    "1000": 100_000,
    "1 000,50": 100_050,
    "1000 kr": 100_000,
    "1000kr": 100_000,
    " 1 000 KR ": 100_000,
    "12 kronor": 1_200,
    "12 tkr": 1_200_000,
    "0,5 tkr": 50_000,
    "1,5 mnkr": 150_000_000,
    "2 mkr": 200_000_000,
    f"1{NO_BREAK}000{NO_BREAK}000{NO_BREAK}kr": 100_000_000,
    f"1{NARROW}000,50{NARROW}kr": 100_050,
    f"12{THIN}500": 1_250_000,
    "10000000000": MOST_ORE,
    "10 000 mnkr": MOST_ORE,
}
REFUSED = {
    "": "empty",
    " ": "empty",
    f"{NO_BREAK}{NARROW}": "empty",
    "0": "zero",
    "0,00 kr": "zero",
    "10000000000,01": "too_large",
    "10000000000000": "too_large",
    "1" + "0" * 39: "too_large",
    "1 000 000 000 000 000": "too_large",
    "1" + "0" * 40: "grammar",
    "9999999999999 mnkr": "too_large",
    "12 usd": "unit",
    "12 k": "unit",
} | dict.fromkeys(
    [
        "1e9", "1E9", "NaN", "nan", "Infinity", "inf", "-5", "+5", "\u22125", "–5", "1_000", "0x10", "0b1", "1,234",
        "1.000", "1.000,50", "1,000.50", "1,", ",5", ".5", "1 00", "1  000", "1000 000", "1 0000", "tkr", "kr 5",
        "1\t000", "1\n", "\n", "\t", "\r\n", "5:-", "5 000:-", "1;5", "½", "²", "12 tkr.", "٠", "١٢", "１２", "१२",
        "1\u202e000", "\u202e12", "12\u202e", "1\u200b000", "\ufeff12", "\u206612\u2069", "1\u3000000", "1\x00", "5 €",
        "5 \u212ar", "5 mn\u212ar",
    ],
    "grammar",
)  # fmt: skip


@pytest.mark.parametrize(("text", "ore"), UNDERSTOOD.items(), ids=ascii)
def test_an_amount_is_understood(text: str, ore: int) -> None:
    amount = parse_amount(text)
    assert (amount, type(amount)) == (ore, Ore)


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=ascii)
def test_anything_else_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(text)
    assert (caught.value.reason, caught.value.text) == (reason, text)


@given(st.integers(1, MOST_ORE))
def test_what_is_written_is_read_back(ore: int) -> None:
    assert parse_amount(format_amount(ore)) == ore


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    """Never another error, and never an amount out of bounds."""
    try:
        amount = parse_amount(text)
    except AmountError:
        return
    assert 1 <= amount <= MOST_ORE


@pytest.mark.parametrize(
    ("ore", "shown"),
    [
        (0, "0 kr"), (1, "0,01 kr"), (100, "1 kr"), (105, "1,05 kr"), (100_000_000, "1 000 000 kr"),
        (100_050, "1 000,50 kr"), (-100, "−1 kr"), (-1, "−0,01 kr"),
    ],
)  # fmt: skip
def test_an_amount_is_shown_with_no_break_spaces(ore: int, shown: str) -> None:
    assert format_amount(ore) == shown.replace(" ", NO_BREAK)


@pytest.mark.parametrize("value", [1.0, 0.1, float("nan"), "1", None, True, False, 1j, b"1"])
def test_ore_is_a_whole_number_and_nothing_else(value: object) -> None:
    with pytest.raises(TypeError, match="whole number"):
        Ore(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1.0, 0.5, True])
def test_ore_is_never_added_to_what_is_no_ore(value: object) -> None:
    with pytest.raises(TypeError):
        Ore(1) + value  # type: ignore[operator]
    with pytest.raises(TypeError):
        Ore(1) - value  # type: ignore[operator]


@given(st.integers(), st.integers())
def test_sums_stay_ore(one: int, other: int) -> None:
    for made, wanted in (
        (Ore(one) + Ore(other), one + other),
        (Ore(one) + other, one + other),
        (one + Ore(other), one + other),
        (Ore(one) - Ore(other), one - other),
        (-Ore(one), -one),
        (sum([Ore(one), Ore(other)]), one + other),
    ):
        assert (made, type(made)) == (wanted, Ore)
