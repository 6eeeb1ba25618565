"""Min idé: what the sender sees and can do by the private link. Plain words, and nothing of what officials do."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from states import RefusalKind
from web.forms.fields import clean
from web.forms.sent_files import FileForm, bytes_of, file_form, name_of
from web.forms.ways import Sent, Way, parted, sent, ways
from web.ideas.idea_forms import contact_fields
from web.pages.case_page import STALE, went
from web.pages.errors import UNPROCESSABLE, again, status_of, typed, words_of
from web.request.current import engine, my, posted_key, posted_number
from web.request.language import gettext
from web.words.own_words import may_do
from workflow import Refused
from workflow.submission.uploads import Said
from workflow.views.views_work import Case

own_idea = Blueprint("own_idea", __name__)


@own_idea.get("/arenden/<number>/min-ide")
def page(number: str) -> ResponseReturnValue:
    if my(number).proposal is None:
        return redirect(url_for("case.page", number=number), 303)
    return draw(number)


@own_idea.post("/arenden/<number>/min-ide/steg/<transition>")
def act(number: str, transition: str) -> ResponseReturnValue:
    """Sends a completion, or takes the idea back."""
    who, asked = my(number), sent(transition)
    if not asked.is_right():
        return draw(number, before=asked), UNPROCESSABLE
    try:
        done = engine().act(
            number, transition, by=who.person, capacity="proposer", key=posted_key(), form=asked.said(),
            seen_version=posted_number("seen_version"), seen_revision=posted_number("seen_revision"),
        )  # fmt: skip
    except Refused as refused:
        if refused.first.kind is RefusalKind.NOT_FOUND:
            raise
        seen = posted_number("seen_version") if refused.first.kind in STALE else None
        return draw(number, *words_of(refused.refusals), before=asked, seen=seen), status_of(refused)
    return went(done, gettext("Klart."))


def draw(
    number: str, *messages: object, before: Sent | None = None, seen: int | None = None,
    file: FileForm | None = None, contact: Form | None = None,
) -> str:  # fmt: skip
    """The page; ``before``, ``file`` and ``contact`` are forms as they were sent. Raises Refused: NOT_FOUND,
    NOT_PERMITTED."""
    who = my(number)
    shown = engine().case(number, who.person, seen)
    found = ways(shown, before)
    kept = before is not None and any(way.open and way.option.allowed for way in found)
    parts = parted(found)
    return render_template(
        "own_idea.html", case=shown, timeline=shown.timeline, messages=messages, number=number,
        ways=[*parts["onward"], *parts["aside"]], stopped=[*parts["next"], *parts["stopped"]],
        may_do=_may_do(shown, found), may_revise=shown.may_revise is None,
        not_shown=[] if before is None or kept else typed(), today=engine().today(),
        faulty=_faulty(before if kept else None, file, contact), file_form=file or file_form(),
        contact_form=contact or _contact_known(who.person), files=engine().files(number, who.person),
        is_masked=engine().text_to_review(number).state in ("masked", "kept"),
    )  # fmt: skip


def _may_do(shown: Case, found: Sequence[Way]) -> str:
    withdraw = any(way.option.allowed and way.option.to_ends for way in found)
    return may_do(revise=shown.may_revise is None, withdraw=withdraw, ended=shown.timeline.now.ended)


def _faulty(before: Sent | None, *others: Form | None) -> list[Form]:
    return [each for each in (before.form if before else None, *others) if each is not None and each.errors]


def _contact_known(person: int) -> Form | None:
    """None for somebody with a role, whom we know otherwise."""
    known = engine().own_contact(person)
    return None if known is None else _contact_form()(data=known)


def _contact_form() -> type[Form]:
    return type("OwnContactForm", (Form,), contact_fields())


@own_idea.post("/arenden/<number>/min-ide/fil")
def send_file(number: str) -> ResponseReturnValue:
    who, chosen = my(number), request.files.get("file")
    if chosen is None or not chosen.filename:
        return draw(number, file=file_form(gettext("Välj en fil först."))), UNPROCESSABLE
    said = Said(name_of(chosen), clean(request.form.get("alt")))
    try:
        engine().send_file(
            number, bytes_of(chosen), said, by=who.person, key=posted_key(), address=request.remote_addr or ""
        )
    except Refused as refused:
        if refused.first.kind is RefusalKind.NOT_PERMITTED:
            raise
        (told, *_) = words_of(refused.refusals)
        at_file = refused.first.kind is RefusalKind.FIELD_INVALID
        shown = draw(number, file=file_form(told)) if at_file else draw(number, told, file=file_form())
        return shown, status_of(refused)
    flash(gettext("Tack! Filen är sparad. Den visas på webben när någon hos oss har tittat på den."))
    return redirect(url_for("own_idea.page", number=number, _anchor="bilder"), 303)


@own_idea.post("/arenden/<number>/min-ide/kontakt")
def mend_contact(number: str) -> ResponseReturnValue:
    who, form = my(number), _contact_form()(request.form)
    if not form.validate():
        return draw(number, contact=form), UNPROCESSABLE
    given = {field.short_name: clean(str(field.data or "")) for field in form}
    try:
        engine().mend_contact(who.person, given, key=posted_key())
    except Refused as refused:
        if refused.first.kind is RefusalKind.NOT_PERMITTED:
            raise
        return draw(number, *words_of(refused.refusals), contact=form), status_of(refused)
    flash(gettext("Dina kontaktuppgifter är sparade."))
    return redirect(url_for("own_idea.page", number=number), 303)


def _file_again(message: str, number: str) -> ResponseReturnValue:
    return draw(number, message, file=file_form()), 400


def _act_again(message: str, number: str, transition: str) -> ResponseReturnValue:
    return draw(number, message, before=sent(transition)), 400


def _contact_again(message: str, number: str) -> ResponseReturnValue:
    return draw(number, message, contact=_contact_form()(request.form)), 400


@own_idea.record_once
def _register(state: Any) -> None:
    again(state.app, "own_idea.act", _act_again)
    again(state.app, "own_idea.send_file", _file_again)
    again(state.app, "own_idea.mend_contact", _contact_again)
