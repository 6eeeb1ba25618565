"""One step for several proposals at once: which, what, the words that are the same for all, and what became of each.
Which steps may be taken so is the process's to say; each is decided alone by the engine."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from states import Refusal, vocabulary
from web.forms.fields import ask_form, values
from web.forms.ways import instances
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed_in
from web.request.language import ngettext
from workflow import Refused
from workflow.books.views_list import ListAnswer
from workflow.books.year_list import Chosen
from workflow.cases.acting_together import MOST, Together
from workflow.views.views_work import SharedWay

together = Blueprint("together", __name__)

PREFIX = "alla-"
_NUMBER = re.compile(r"[A-Z]{1,6}-[0-9]{4}-[0-9]{3,6}")
_SEEN = re.compile(r"([A-Z]{1,6}-[0-9]{4}-[0-9]{3,6}) ([0-9]{1,9}) ([0-9]{1,9})")


@together.get("/att-gora/flera")
@signed_in
def page() -> ResponseReturnValue:
    numbers = [each for each in request.args.getlist("rows") if _NUMBER.fullmatch(each)][:MOST]
    return _page(numbers, request.args.get("way", ""))


@together.post("/att-gora/flera")
@signed_in
def act() -> ResponseReturnValue:
    """Each is asked for as it was seen; one that is refused is named with its reason and stays to be chosen again."""
    who, chosen, way = member(), _chosen(), request.form.get("way", "")
    form, titles = _sent(), {row.number: row.title for row in engine().chosen(who.person, _offered())}
    if not form.validate():
        return _page([each.number for each in chosen], way, form=form), UNPROCESSABLE
    try:
        answers = engine().act_together(Together(way, chosen, values(form)), by=who.person, key=posted_key())
    except Refused as refused:
        return _page(_offered(), way, *words_of(refused.refusals), form=form), status_of(refused)
    refused_ones = [each for each in answers if each.refusals]
    done = len(answers) - len(refused_ones)
    if refused_ones:
        numbers = [each.number for each in refused_ones]
        return _page(numbers, way, form=form, answers=answers, titles=titles), 409
    flash(ngettext("Klart: %(num)d förslag gick vidare.", "Klart: %(num)d förslag gick vidare.", done))
    return redirect(url_for("queue.mine"), 303)


def _page(
    numbers: Sequence[str], way: str, *messages: object, form: Form | None = None, answers: Sequence[ListAnswer] = (),
    titles: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    rows = engine().chosen(member().person, numbers)
    offered = {each.id: each for row in rows for each in row.together}
    chosen = offered.get(way) or (next(iter(offered.values())) if len(offered) == 1 else None)
    fits = [row for row in rows if chosen and chosen.id in {each.id for each in row.together}]
    return render_template(
        "together.html", rows=rows, ways=list(offered.values()), way=chosen, fits=fits, messages=messages,
        form=form or _form(chosen), why=_why(answers), answers=answers, titles=titles or {},
    )  # fmt: skip


def _why(answers: Sequence[ListAnswer]) -> Mapping[str, Any]:
    """Of each that was refused the reasons in words, by its number."""
    refused: dict[str, tuple[Refusal, ...]] = {each.number: each.refusals for each in answers if each.refusals}
    return {number: words_of(refusals) for number, refusals in refused.items()}


def _form(way: SharedWay | None) -> Form:
    return _made(way.asks if way else ())(prefix=PREFIX)


def _sent() -> Form:
    """By the names that the browser sent: a repeated click must say the same also when the proposals have moved."""
    names = [name for name in vocabulary.FIELDS if PREFIX + name in request.form]
    return _made(names)(request.form, prefix=PREFIX)


def _made(names: Iterable[str]) -> type[Form]:
    return ask_form(names, engine().today(), instances())


def _chosen() -> tuple[Chosen, ...]:
    found = map(_SEEN.fullmatch, request.form.getlist("rows"))
    return tuple(Chosen(match[1], int(match[2]), int(match[3])) for match in found if match)


def _offered() -> list[str]:
    """Every proposal that stood on the page, ticked or not."""
    return [each for each in request.form.getlist("offered") if _NUMBER.fullmatch(each)][:MOST]


def _again(message: str) -> ResponseReturnValue:
    return _page(_offered(), request.form.get("way", ""), message, form=_sent()), 400


@together.record_once
def _register(state: Any) -> None:
    again(state.app, "together.act", _again)
