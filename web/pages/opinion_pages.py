"""Opinions in parallel on the web: asking several, answering what one was asked, extending and closing a round.
Holds no rule; what was typed is kept."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from states import RefusalKind
from web.forms import queue_filter
from web.forms.beside_forms import close_form, day_of, extend_form, holders, opinion_form, question_form
from web.pages.case_page import draw
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, posted_number, signed_in
from web.request.language import gettext
from workflow import Refused
from workflow.opinions.asking_opinions import Question
from workflow.opinions.giving_opinions import Opinion
from workflow.views.views_opinions import Answered, OpinionRound
from workflow.views.views_work import Case

opinions = Blueprint("opinions", __name__)


@opinions.get("/arenden/<number>/synpunkter")
@signed_in
def ask(number: str) -> ResponseReturnValue:
    return _ask_page(number, question_form())


@opinions.post("/arenden/<number>/synpunkter")
@signed_in
def send(number: str) -> ResponseReturnValue:
    who, form = member(), question_form(request.form)
    if not form.validate():
        return _ask_page(number, form), UNPROCESSABLE
    asked = Question(str(form.data["question"]), holders(form), day_of(form["answer_by"]))
    try:
        engine().ask_opinions(number, asked, by=who.person, key=posted_key())
    except Refused as refused:
        return _ask_page(number, form, *words_of(refused.refusals)), status_of(refused)
    flash(gettext("Frågan är skickad. Svaren samlas på den här sidan."))
    return _back(number)


@opinions.get("/arenden/<number>/synpunkter/<int:duty>")
@signed_in
def answer(number: str, duty: int) -> ResponseReturnValue:
    shown, (_, mine) = _found(number, duty)
    return _answer_page(shown, duty, opinion_form(stance=mine.stance or "", opinion=mine.wording))


@opinions.post("/arenden/<number>/synpunkter/<int:duty>")
@signed_in
def give(number: str, duty: int) -> ResponseReturnValue:
    who, form = member(), opinion_form(request.form)
    shown, _ = _found(number, duty)
    if not form.validate():
        return _answer_page(shown, duty, form), UNPROCESSABLE
    given = Opinion(str(form.data["stance"]), str(form.data["opinion"] or ""), posted_number("seen_version"))
    try:
        engine().give_opinion(number, duty, given, by=who.person, key=posted_key())
    except Refused as refused:
        return _answer_page(_found(number, duty)[0], duty, form, *words_of(refused.refusals)), status_of(refused)
    flash(gettext("Tack, ditt svar har kommit in."))
    return _back(number)


@opinions.post("/arenden/<number>/synpunkter/<int:asked_at>/avsluta")
@signed_in
def close(number: str, asked_at: int) -> ResponseReturnValue:
    who, form = member(), close_form(asked_at, request.form)
    if not form.validate():
        return draw(number, forms={"close": form}), UNPROCESSABLE
    reason = str(form.data["reason"] or "")
    try:
        engine().close_opinions(number, asked_at, reason, by=who.person, key=posted_key())
    except Refused as refused:
        return draw(number, *words_of(refused.refusals), forms={"close": form}), status_of(refused)
    flash(gettext("Insamlingen av synpunkter är avslutad."))
    return _back(number)


@opinions.post("/arenden/<number>/synpunkter/<int:asked_at>/forlang")
@signed_in
def extend(number: str, asked_at: int) -> ResponseReturnValue:
    who, form = member(), extend_form(asked_at, request.form)
    if not form.validate():
        return draw(number, forms={"extend": form}), UNPROCESSABLE
    try:
        engine().extend_opinions(number, asked_at, day_of(form["answer_by"]), by=who.person, key=posted_key())
    except Refused as refused:
        return draw(number, *words_of(refused.refusals), forms={"extend": form}), status_of(refused)
    flash(gettext("Svarstiden är förlängd."))
    return _back(number)


def _back(number: str) -> ResponseReturnValue:
    return redirect(url_for("case.page", number=number, done=1, **queue_filter.carried()), 303)


def _ask_page(number: str, form: Form, *messages: object) -> str:
    shown = engine().case(number, member().person)
    if not shown.may_ask:
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    return render_template(
        "ask_opinions.html", case=shown, timeline=shown.timeline, form=form, messages=messages, number=number
    )


def _found(number: str, duty: int) -> tuple[Case, tuple[OpinionRound, Answered]]:
    """The round and the one answer in it. Raises Refused: NOT_FOUND; NOT_PERMITTED for whoever was not asked."""
    shown = engine().case(number, member().person)
    for each in shown.timeline.opinions:
        for mine in each.answers:
            if mine.duty == duty:
                if duty not in shown.to_answer and each.closed_on is None:
                    raise Refused.because(RefusalKind.NOT_PERMITTED, (mine.holder,), needs=mine.holder)
                return shown, (each, mine)
    raise Refused.because(RefusalKind.NOT_FOUND, what="opinion")


def _answer_page(shown: Case, duty: int, form: Form, *messages: object) -> str:
    one, mine = next((each, mine) for each in shown.timeline.opinions for mine in each.answers if mine.duty == duty)
    return render_template(
        "give_opinion.html", case=shown, timeline=shown.timeline, round=one, mine=mine, form=form, messages=messages,
        number=shown.timeline.number,
    )  # fmt: skip


def _ask_again(message: str, number: str) -> ResponseReturnValue:
    return _ask_page(number, question_form(request.form), message), 400


def _give_again(message: str, number: str, duty: int) -> ResponseReturnValue:
    return _answer_page(_found(number, duty)[0], duty, opinion_form(request.form), message), 400


def _close_again(message: str, number: str, asked_at: int) -> ResponseReturnValue:
    return draw(number, message, forms={"close": close_form(asked_at, request.form)}), 400


def _extend_again(message: str, number: str, asked_at: int) -> ResponseReturnValue:
    return draw(number, message, forms={"extend": extend_form(asked_at, request.form)}), 400


@opinions.record_once
def _register(state: Any) -> None:
    again(state.app, "opinions.send", _ask_again)
    again(state.app, "opinions.give", _give_again)
    again(state.app, "opinions.close", _close_again)
    again(state.app, "opinions.extend", _extend_again)
