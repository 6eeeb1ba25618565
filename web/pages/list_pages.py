"""Årslistan: open proposals in order of preference against a year's pots, what another order would do, and the one
decision over those that were chosen. Decides nothing."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from web.forms.fields import ask_form, values
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, me, member, posted_key, signed_in
from web.request.language import gettext
from workflow import Refused
from workflow.books.views_list import ListAnswer, YearList
from workflow.books.year_list import RANKERS, Chosen, ListDecision

lists = Blueprint("lists", __name__)

ASKS = ("decided_on", "paragraph", "wording", "financing", "delegation_point", "registry_no")
_NUMBER = re.compile(r"[A-Z]{1,6}-[0-9]{4}-[0-9]{3,6}")
_CHOSEN = re.compile(r"([A-Z]{1,6}-[0-9]{4}-[0-9]{3,6}) ([0-9]{1,9}) ([0-9]{1,9})")


@lists.get("/arslista")
@signed_in
def coming() -> ResponseReturnValue:
    """The list of the next year."""
    return redirect(url_for("lists.year", year=engine().today().year + 1), 303)


@lists.get("/arslista/<int:year>")
@signed_in
def year(year: int) -> ResponseReturnValue:
    return _page(year, _numbers(request.args.get("ordning", "")))


@lists.post("/arslista/<int:year>/ordning")
@signed_in
def save(year: int) -> ResponseReturnValue:
    """The order that was looked at becomes the saved one."""
    who, order = member(), _numbers(request.form.get("ordning", ""))
    try:
        engine().rank(year, order, by=who.person, key=posted_key())
    except Refused as refused:
        return _page(year, order, *words_of(refused.refusals)), status_of(refused)
    flash(gettext("Ordningen är sparad."))
    return redirect(url_for("lists.year", year=year), 303)


@lists.post("/arslista/<int:year>/beslut")
@signed_in
def decide(year: int) -> ResponseReturnValue:
    who, form, order = member(), _form()(request.form), _numbers(request.form.get("ordning", ""))
    if not form.validate():
        return _page(year, order, form=form), UNPROCESSABLE
    chosen = tuple(
        Chosen(match[1], int(match[2]), int(match[3]))
        for match in map(_CHOSEN.fullmatch, request.form.getlist("rows"))
        if match
    )
    titles = {row.number: row.title for row in engine().year_list(year).rows}  # who is approved leaves the list
    asked = ListDecision(year, _instance() or "", chosen, values(form))
    try:
        answers = engine().decide_list(asked, by=who.person, key=posted_key())
    except Refused as refused:
        return _page(year, order, *words_of(refused.refusals), form=form), status_of(refused)
    return _page(year, order, answers=[(titles.get(each.number, each.number), each) for each in answers])


def _page(
    year: int,
    order: Sequence[str],
    *messages: object,
    form: Form | None = None,
    answers: Sequence[tuple[str, ListAnswer]] = (),
) -> str:
    me()
    saved = engine().year_list(year)
    shown = saved.ordered(order) if order else saved
    instance = _instance()
    chosen = request.form.getlist("rows") if request.method == "POST" and not answers else None
    return render_template(
        "year_list.html", list=shown, messages=messages, moves=_moves(shown), instance=instance,
        order=" ".join(row.number for row in shown.rows), changed=_order_of(shown) != _order_of(saved),
        form=form or _form()(), chosen=chosen, ranks=_ranks(),
        answers=[(title, each, words_of(each.refusals)) for title, each in answers], years=[year - 1, year, year + 1],
    )  # fmt: skip


def _order_of(shown: YearList) -> list[str]:
    return [row.number for row in shown.rows]


def _moves(shown: YearList) -> dict[str, tuple[str | None, str | None]]:
    """For each proposal the order with it one place up and one place down; None where there is no such place."""
    order, found = _order_of(shown), {}
    for n, number in enumerate(order):
        found[number] = (_swapped(order, n - 1) if n else None, _swapped(order, n) if n + 1 < len(order) else None)
    return found


def _swapped(order: Sequence[str], n: int) -> str:
    return " ".join([*order[:n], order[n + 1], order[n], *order[n + 2 :]])


def _numbers(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in written.split() if _NUMBER.fullmatch(each)))[:500]


def _form() -> type[Form]:
    return ask_form(ASKS, engine().today(), ())


def _instance() -> str | None:
    """For whom this person registers decisions: a body's code, or the role that decides by delegation."""
    mine = me().capacities
    body = next((each.body for each in mine if each.role == "registrar" and each.body in engine().instances()), None)
    return body or next((each.role for each in mine if each.role in engine().instances()), None)


def _ranks() -> bool:
    return any(each.role in RANKERS for each in me().capacities)


def _again(message: str, year: int) -> ResponseReturnValue:
    order = _numbers(request.form.get("ordning", ""))
    return _page(year, order, message, form=_form()(request.form) if "wording" in request.form else None), 400


@lists.record_once
def _register(state: Any) -> None:
    again(state.app, "lists.save", _again)
    again(state.app, "lists.decide", _again)
