"""Ärendet: the page on which officials decide; the sender of an idea is sent on to Min idé. Holds no rule."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from states import Process, RefusalKind
from web.forms import queue_filter
from web.forms.beside_forms import close_form, extend_form, note_form
from web.forms.sent_files import picture_sent
from web.forms.ways import Sent, add_row_to, parted, role_chosen, sent, ways
from web.pages.errors import UNPROCESSABLE, again, status_of, typed, words_of
from web.request.current import engine, my, posted_key, posted_number, signed_in
from web.request.language import gettext
from web.words.refusal_words import worded
from web.words.words import msg, running
from workflow import Refused
from workflow.records.answers import Done
from workflow.views.views_work import Case, Neighbours

case = Blueprint("case", __name__)
STALE = (RefusalKind.STALE_VERSION, RefusalKind.STALE_REVISION)


@case.get("/arenden/<number>")
@signed_in
def page(number: str) -> ResponseReturnValue:
    if my(number).proposal is not None:
        return redirect(url_for("own_idea.page", number=number), 303)
    return draw(number)


@case.post("/arenden/<number>/steg/<transition>")
@signed_in
def act(number: str, transition: str) -> ResponseReturnValue:
    who, asked = my(number), sent(transition)
    if "add" in request.form:
        add_row_to(asked, request.form["add"])
        return draw(number, before=asked)
    key, picture = posted_key(), picture_sent(asked.prefix)
    if picture and not picture.said.alt:
        return draw(number, gettext("Beskriv bilden för den som inte ser den, och välj den igen."), before=asked), 422
    capacity = role_chosen(who.capacities)
    try:
        if picture:  # kept also when the rest must be mended: a browser forgets which file was chosen
            engine().add_file(number, picture.data, picture.said, by=who.person, key=picture.key(key))
        if not asked.is_right():
            return draw(number, before=asked), UNPROCESSABLE
        done = engine().act(
            number, transition, by=who.person, capacity=capacity, key=key, form=asked.said(),
            seen_version=posted_number("seen_version"), seen_revision=posted_number("seen_revision"),
        )  # fmt: skip
    except Refused as refused:
        return refused_again(refused, number, asked)
    return went(done, gettext("Klart."))


def refused_again(refused: Refused, number: str, asked: Sent) -> ResponseReturnValue:
    """The page as it stands now, why nothing happened, and what was typed; a proposal that is gone is another page."""
    if refused.first.kind is RefusalKind.NOT_FOUND:
        raise refused
    seen = posted_number("seen_version") if refused.first.kind in STALE else None
    return draw(number, *words_of(refused.refusals), before=asked, seen=seen), status_of(refused)


def draw(
    number: str, *messages: object, before: Sent | None = None, seen: int | None = None,
    forms: Mapping[str, Form] | None = None,
) -> str:  # fmt: skip
    """The decision page; ``forms`` are those beside the steps as they were sent: note, close, extend. Raises Refused:
    NOT_FOUND, NOT_PERMITTED."""
    who = my(number)
    shown = engine().case(number, who.person, seen)
    found = ways(shown, before)
    kept = before is not None and any(way.open and way.option.allowed for way in found)
    return render_template(
        "case.html", case=shown, timeline=shown.timeline, parts=parted(found), messages=messages,
        process=process_of(shown), not_shown=[] if before is None or kept else typed(), may=_may(shown),
        faulty=[form for form in _forms(before, kept, forms) if form.errors],
        today=engine().today(), beside=_beside(number), done="done" in request.args, kept=queue_filter.carried(),
        sent=forms or {}, note_form=(forms or {}).get("note") or note_form(), close_form=close_form,
        extend_form=extend_form, stakes=engine().stakes(number, who.person),
        public_text=engine().text_to_review(number) if engine().may_moderate(who.person) else None,
        files=engine().files(number, who.person), came_in=engine().came_in(number),
        said=engine().comments_about(number, who.person),
    )  # fmt: skip


def _beside(number: str) -> Neighbours | None:
    """What else waits for somebody who came here from Att göra, or who has just done something."""
    who = my(number)
    if not {"at", "done"} & request.args.keys():
        return None
    asked = queue_filter.asked(queue_filter.form())
    return engine().neighbours(who.person, number, queue_filter.at(), asked)


def _forms(before: Sent | None, kept: bool, beside: Mapping[str, Form] | None) -> Iterable[Any]:
    sent = (before.form, before.rows) if before is not None and kept else ()
    return (*(each for each in sent if each is not None), *(beside or {}).values())


def _may(shown: Case) -> dict[str, Any]:
    """The other things that can be done, and in words why those that cannot be may not."""
    told = {name: [worded(each) for each in getattr(shown, name) or ()] for name in ("may_revise", "may_correct")}
    others = ("may_classify", "may_book", "may_cofinance", "may_redirect")
    yes = {name: getattr(shown, name) is None for name in (*told, *others)}
    said = shown.timeline.content
    yes["may_classify"] &= bool(said.lines)
    yes["may_book"] &= bool(said.funding)
    yes["may_cofinance"] &= any(row.source == "outside" for row in said.funding)
    return {"why_not": told, **yes}


def process_of(shown: Case) -> Process | None:
    """The newest version of the process, for the names of its parts; None when only the database knows it."""
    known = [each.id for each in engine().library.processes]
    return engine().library.latest(shown.timeline.process) if shown.timeline.process in known else None


def went(done: Done, what: str) -> ResponseReturnValue:
    """Back to the case with what happened and where the proposal stands."""
    now = gettext("Förslag %(number)s står nu vid %(title)s.", number=done.number, title=running(msg(done.to_title)))
    flash(f"{what} {now}")
    return redirect(url_for("case.page", number=done.number, done=1, **queue_filter.carried()), 303)


def _once_more(message: str, number: str, transition: str) -> ResponseReturnValue:
    return draw(number, message, before=sent(transition)), 400


@case.record_once
def _register(state: Any) -> None:
    again(state.app, "case.act", _once_more)
