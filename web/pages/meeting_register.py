"""One form for a whole meeting: who came, the decisions and positions with their words, and notes. What went through is
shown as done, what did not says why at its own point. Decides nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from states import Refusal
from web.forms.meeting_forms import (
    GUESTS,
    PointForm,
    adds_a_row,
    came,
    faulty,
    guests_sent,
    minutes_sent,
    point_forms,
)
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.pages.meeting_pages import NOT_ALL, held, meeting_of
from web.request.current import engine, member, posted_key, signed_in
from web.request.language import gettext
from web.words.meeting_words import CATEGORIES
from workflow import Refused
from workflow.meetings.minuting import Minutes
from workflow.meetings.views_meetings import ItemAnswer, MeetingPage

register = Blueprint("register", __name__)


@register.get("/moten/<body>/<held_on>/registrera")
@signed_in
def form(body: str, held_on: str) -> ResponseReturnValue:
    shown = meeting_of(body, held_on)
    if shown.may_keep:
        raise Refused(shown.may_keep)
    return _page(shown, point_forms(shown, member().person, {}))


@register.post("/moten/<body>/<held_on>/registrera")
@signed_in
def save(body: str, held_on: str) -> ResponseReturnValue:
    shown, who = meeting_of(body, held_on), member()
    forms = point_forms(shown, who.person, {})
    if adds_a_row():
        return _page(shown, forms)
    judged = [each.chosen.is_right() for each in forms if each.chosen]  # all, so that every fault is told at once
    if not all(judged):
        return _page(shown, forms), UNPROCESSABLE
    items = [item for each in forms if (item := each.item()) is not None]
    told = minutes_sent(shown, forms)
    try:
        if told != _known(shown) or not shown.minuted:
            engine().minute(body, held(held_on), told, by=who.person, key=posted_key())
    except Refused as refused:
        return _page(shown, forms, *words_of(refused.refusals)), status_of(refused)
    answers = engine().register_items(body, held(held_on), items, by=who.person)
    stopped = {each.number: each.refusals for each in answers if each.refusals}
    if not stopped:
        flash(gettext("Mötet är registrerat."))
        return redirect(url_for("meetings.notes", body=body, held_on=held_on), 303)
    return _stopped(body, held_on, answers, stopped), NOT_ALL


def _known(shown: MeetingPage) -> Minutes:
    """What is noted already: saying the same again is no event."""
    present = tuple(each.membership for each in shown.seats if each.present)
    notes = {each.key: each.notes for each in shown.points if each.notes}
    return Minutes(tuple(each.key for each in shown.points), present, shown.guests, notes)


def _stopped(body: str, held_on: str, answers: Sequence[ItemAnswer], stopped: Mapping[str, Sequence[Refusal]]) -> str:
    """The meeting as it stands now, each refusal at its point; what went through is done."""
    shown = meeting_of(body, held_on)
    forms = point_forms(shown, member().person, stopped)
    done = len(answers) - len(stopped)
    message = gettext("%(done)s av %(all)s registrerades. Varför resten stannade står vid sina punkter.",
                      done=done, all=len(answers))  # fmt: skip
    return _page(shown, forms, message)


def _page(shown: MeetingPage, forms: Sequence[PointForm], *messages: object) -> str:
    guests = guests_sent(shown)
    rows = [*((each.name, each.category) for each in guests), *[("", "")] * GUESTS][: GUESTS + len(shown.guests)]
    categories = [(name, str(words)) for name, words in CATEGORIES.items()]
    return render_template(
        "meeting_register.html", meeting=shown, points=forms, messages=messages, faulty=faulty(forms),
        came=came(shown), guests=rows, categories=categories, today=engine().today(),
        sent=request.method == "POST",
    )  # fmt: skip


def _again(message: str, body: str, held_on: str) -> ResponseReturnValue:
    shown = meeting_of(body, held_on)
    return _page(shown, point_forms(shown, member().person, {}), message), 400


@register.record_once
def _register(state: Any) -> None:
    again(state.app, "register.save", _again)
