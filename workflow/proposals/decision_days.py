"""The days that the law counts from a decision's protocol: when the notice must be up, until when the decision can be
appealed, and when it gains legal force. Knows only dates; a day that nobody has stated gives no other."""

from datetime import date, timedelta

from workflow.records.calendar_days import is_working_day

DAYS_TO_POST = 2
APPEAL = timedelta(weeks=3)
# Preparing a matter decides nothing that can be appealed (kommunallagen 13 kap. 2 §).
PREPARATORY = frozenset({"tabled", "referred_back", "handed_over"})


def post_by(adjusted_on: date | None) -> date | None:
    """The last day to announce on the notice board that a protocol is adjusted: the second day after the adjustment
    (kommunallagen 8 kap. 12 §). Counted in calendar days, and not put off over a weekend: the earlier day is safe."""
    return None if adjusted_on is None else adjusted_on + timedelta(days=DAYS_TO_POST)


def appeal_until(posted_on: date | None) -> date | None:
    """The last day to appeal: three weeks from the day of the notice (kommunallagen 13 kap. 5 §). A Saturday, Sunday,
    holiday, or Midsummer, Christmas or New Year's Eve is put off to the next weekday (lag 1930:173)."""
    if posted_on is None:
        return None
    day = posted_on + APPEAL
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def legal_force_on(posted_on: date | None) -> date | None:
    """The day after the last day to appeal, when nobody has appealed."""
    last = appeal_until(posted_on)
    return None if last is None else last + timedelta(days=1)
