"""Dates as a Swedish municipality counts them: the local day of a moment, and working days.
Christmas Eve, New Year's Eve and Midsummer Eve are days off. Knows no database."""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

HERE = ZoneInfo("Europe/Stockholm")
_DAY = timedelta(days=1)


def local_date(at: datetime) -> date:
    """The date on the wall in Sweden. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(HERE).date()


@cache
def _days_off(year: int) -> frozenset[date]:
    return frozenset(country_holidays("SE", years=year, categories=("public", "de_facto")))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _days_off(day.year)


@lru_cache(maxsize=1024)
def add_working_days(start: date, n: int) -> date:
    """The n-th working day after ``start``; ``start`` itself where n is 0. Raises ValueError for a negative n."""
    if n < 0:
        raise ValueError("working days are counted forward")
    day = start
    while n > 0:
        day += _DAY
        n -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days have passed since ``start``: those after it up to and including ``end``; 0 if none."""
    days = (start + _DAY * n for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)
