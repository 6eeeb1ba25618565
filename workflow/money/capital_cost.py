"""What an investment costs for each year of its life: linear depreciation, and interest on what is left of its value.
Plain numbers in and out; knows no proposal, and chooses neither life nor rate.

Rounding: the depreciation up to and with a year is its share of the amount, rounded down to whole öre, and a year's
depreciation is what that grows by; so the years add up to the amount. Interest is rounded to the nearest öre, half up.
"""

from typing import NamedTuple

from states import Ore

BASIS_POINTS = 10_000


class CapitalYear(NamedTuple):
    """Year ``n`` of the life, from 1, counted in whole years from when the investment is taken into use."""

    n: int
    depreciation: Ore
    interest: Ore

    @property
    def cost(self) -> Ore:
        return self.depreciation + self.interest


def capital_cost(amount: Ore, life_years: int, interest: int) -> tuple[CapitalYear, ...]:
    """Year t costs A/n + r * (A - (t - 1) * A/n). ``interest`` in hundredths of a per cent, the same for every year.

    Raises ValueError for a life of no years, and for what is negative.
    """
    if amount < 0 or interest < 0 or life_years < 1:
        raise ValueError(f"no capital cost for {amount} öre, {life_years} years, {interest} basis points")
    written_off = [int(amount) * n // life_years for n in range(life_years + 1)]
    return tuple(
        CapitalYear(n, Ore(written_off[n] - written_off[n - 1]), _interest(int(amount) - written_off[n - 1], interest))
        for n in range(1, life_years + 1)
    )


def _interest(value_ore: int, interest: int) -> Ore:
    return Ore((2 * value_ore * interest + BASIS_POINTS) // (2 * BASIS_POINTS))
