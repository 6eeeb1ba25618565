"""The pages that anyone may read: where every proposal stands, what pays, and how a process goes."""

from itertools import groupby

from flask import Blueprint, Response, abort, render_template, request, url_for
from markupsafe import Markup

from states import Process, draw
from web.forms import list_filter
from web.forms.fields import clean
from web.pages.pot_books import keeps_books
from web.request.current import engine, signed
from workflow.books.views_list import YearListRow
from workflow.money.views_money import PotYear
from workflow.views.views import Step
from workflow.views.views_timeline import Timeline

public = Blueprint("public", __name__)

PAGE = 50
YEARLY = ("investment", "operating")  # kinds of pot that come back every year
BEHIND = ("budget", "reserved", "committed", "ordered", "spent", "available", "overrun")


@public.get("/")
def overview() -> str:
    shown = engine().overview()
    latest = {each.number: each for each in reversed(shown.latest)}  # the latest step of each proposal
    newest_first = sorted(latest.values(), key=shown.latest.index)
    return render_template("overview.html", overview=shown, latest=newest_first[:3])


@public.get("/forslag")
def proposals() -> str:
    """The list: found by words, by where they stand, by what pays, where and when; or all."""
    sought, after = list_filter.sought(), clean(request.args.get("after", ""))[: list_filter.TEXT] or None
    found, stages, kept = engine().seek(sought, after, PAGE), engine().stages(), list_filter.asked(sought)
    return render_template(
        "proposals.html", found=found, stages=stages, sought=sought, kept=kept, continued=after is not None,
        filters=list_filter.filters(sought, stages), more=_next_page(found.after, kept),
        without=lambda name: {each: value for each, value in kept.items() if each != name},
    )  # fmt: skip


def _next_page(after: str | None, kept: dict[str, str]) -> str | None:
    return None if after is None else url_for("public.proposals", _external=False, after=after, **kept)


@public.get("/forslag/<number>")
def timeline(number: str) -> str:
    """Så går det: one proposal."""
    viewer = signed()
    return timeline_page(number, viewer.person if viewer else None)


def timeline_page(number: str, viewer: int | None, *, preview: bool = False) -> str:
    """As much of it as the viewer may see; ``preview`` tells an official that this is what everybody sees."""
    shown = engine().timeline(number, viewer)
    return render_template(
        "timeline.html", timeline=shown, since=_since(shown), today=engine().today(), preview=preview,
        files=engine().files(number), **(_as_visitor(number) if preview else {}),
    )  # fmt: skip


def _as_visitor(number: str) -> dict[str, object]:
    """For the frame of the page: nobody is signed in, and what stands at its foot is there."""
    return {"signed": None, "badge": 0, "comment_page": url_for("public.timeline", number=number)}


@public.get("/potter")
def pots() -> str:
    """Years side by side; then what was given to one proposal alone."""
    years = engine().pots()
    yearly = [pot for pot in years if pot.kind in YEARLY]
    single = [pot for pot in years if pot.kind not in YEARLY]
    by_code = [(code, list(each)) for code, each in groupby(yearly, key=lambda pot: pot.pot)]
    return render_template("pots.html", pots=years, yearly=by_code, single=single)


@public.get("/potter/<path:pot>/<int:year>")
def pot(pot: str, year: int) -> str:
    """One pot in one year, with the entries behind each figure."""
    years = [each for each in engine().pots() if each.pot == pot]
    shown = next((each for each in years if each.year == year), None)
    if shown is None:
        abort(404)
    viewer = signed()
    asked = viewer.person if viewer else None
    behind = [(name, engine().entries(pot, year, name, viewer=asked), getattr(shown, name)) for name in BEHIND]
    running = engine().running_costs(year) if shown.kind == "operating" else ()
    return render_template(
        "pot.html",
        pot=shown,
        others=years,
        behind=[each for each in behind if each[1]],
        keeps_books=keeps_books(),
        asking=_asking(shown),
        running=running,
    )


def _asking(shown: PotYear) -> list[tuple[YearListRow, int]]:
    """What open proposals will ask the pot for that year, and nobody has decided about."""
    if shown.kind not in YEARLY:
        return []
    return [(row, row.asks[shown.pot]) for row in engine().year_list(shown.year).rows if shown.pot in row.asks]


@public.get("/processer")
def processes() -> str:
    return render_template("processes.html", processes=_processes())


@public.get("/processer/<process_id>")
def process(process_id: str) -> str:
    shown = _process(process_id)
    first = {
        node.state.id: node for node in reversed(list(shown.nodes.values()))
    }  # a side road once, not once per origin
    sides = [node for node in shown.nodes.values() if node.state.side and first[node.state.id] is node]
    ends = [node for node in shown.nodes.values() if node.state.end]
    return render_template("process.html", process=shown, sides=sides, ends=ends, map=Markup(draw(shown)))


@public.get("/processer/<process_id>.svg")
def drawing(process_id: str) -> Response:
    return Response(draw(_process(process_id)), mimetype="image/svg+xml")


def _processes() -> list[Process]:
    """The newest version of each process, in the order of the library."""
    newest: dict[str, Process] = {}
    for each in engine().library.processes:
        if each.id not in newest or newest[each.id].version < each.version:
            newest[each.id] = each
    return list(newest.values())


def _process(process_id: str) -> Process:
    found = next((each for each in _processes() if each.id == process_id), None)
    return found or abort(404)


def _since(shown: Timeline) -> list[Step]:
    """What has happened since the proposal came to stand where it does."""
    moved = [each.seq for each in shown.steps if each.kind in ("moved", "submitted", "clock", "corrected")]
    return [each for each in shown.steps if moved and each.seq > moved[-1]]
