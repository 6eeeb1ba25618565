"""Of a proposal's page, in sentences that also stand in mails: when the next thing is expected, and what it cost in the
end against what was reckoned."""

from collections.abc import Iterator
from datetime import date

from web.request.figures import datum, kr
from web.request.language import gettext
from web.words.words import msg, running
from workflow import Engine
from workflow.views.views_timeline import Timeline


def around(shown: Timeline, engine: Engine) -> Iterator[str]:
    """For a letter: when the next thing is expected, or what it cost and whether there is a picture to see."""
    yield from filter(None, (expected(shown, engine.today()),))
    if shown.report is None:
        return
    yield from filter(None, (cost_outcome(shown),))
    if any(each.phase == "after" and each.kind == "picture" for each in engine.files(shown.number)):
        yield gettext("På förslagets sida finns bilder på hur det blev.")


def expected(shown: Timeline, today: date) -> str:
    """Meeting, last day and what follows, as far as they are known; nothing for a proposal that has ended."""
    return "" if shown.now.ended else " ".join(_expected(shown, today))


def _expected(shown: Timeline, today: date) -> Iterator[str]:
    now = shown.now
    if now.next_meeting:
        yield gettext("Nästa sammanträde: %(date)s.", date=datum(now.next_meeting))
    if now.due and now.due < today:
        yield gettext("Det har tagit längre tid än tänkt.")
    elif now.due and not now.until:
        yield gettext("Väntas senast %(date)s.", date=datum(now.due))
    if shown.next_titles:
        yield gettext("Därefter: %(title)s.", title=running(msg(shown.next_titles[0])))


def cost_outcome(shown: Timeline) -> str:
    """Of what has been reported back; nothing where no cost is known."""
    report = shown.report
    cost = report.final_cost if report and report.final_cost is not None else shown.spent
    if not cost:
        return ""
    if shown.cost is None:
        return gettext("Det kostade %(cost)s.", cost=kr(cost))
    if cost < shown.cost:
        return gettext("Det kostade %(cost)s, %(less)s mindre än beräknat.", cost=kr(cost), less=kr(shown.cost - cost))
    if cost > shown.cost:
        return gettext("Det kostade %(cost)s, %(more)s mer än beräknat.", cost=kr(cost), more=kr(cost - shown.cost))
    return gettext("Det kostade %(cost)s, som beräknat.", cost=kr(cost))


FILTERS = {"cost_outcome": cost_outcome}
