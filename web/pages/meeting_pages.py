"""Meetings: when bodies meet, what stands on an agenda, and the agenda as its secretary arranges it. Holds no rule."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from web.files.calendars import calendar_of, sent_calendar
from web.files.documents import TYPE, pdf
from web.files.meeting_papers import agenda_paper, notes_paper
from web.forms.fields import SHORT, clean
from web.pages.decision_page import protocol_form, told_of
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, posted_number, signed_in
from web.request.language import gettext
from workflow import Refused
from workflow.meetings.decision_records import Told
from workflow.meetings.minuting import Arrangement
from workflow.meetings.views_meetings import MeetingPage, Point

meetings = Blueprint("meetings", __name__)
NOT_ALL = 409
_PLACE = re.compile(r"[0-9]{1,3}")


def held(written: str) -> date:
    """The day in an address; 404 for what is none."""
    try:
        return date.fromisoformat(written) if len(written) == 10 else abort(404)
    except ValueError:
        abort(404)


def meeting_of(body: str, held_on: str) -> MeetingPage:
    return engine().meeting(body, held(held_on), member().person)


@meetings.get("/moten")
@signed_in
def overview() -> ResponseReturnValue:
    who, today = member(), engine().today()
    found = engine().meetings(who.person)
    coming = [each for each in found if each.held_on >= today]
    past = [each for each in reversed(found) if each.held_on < today]
    return render_template(
        "meetings.html", coming=_mine_first(coming), past=_mine_first(past), has_feed=engine().has_feed(who.person)
    )


def _mine_first(found: list[Any]) -> list[tuple[bool, list[Any]]]:
    parts = [(mine, [each for each in found if each.mine == mine]) for mine in (True, False)]
    return [part for part in parts if part[1]]


@meetings.get("/moten/<body>/<held_on>")
@signed_in
def agenda(body: str, held_on: str) -> ResponseReturnValue:
    return _page(meeting_of(body, held_on))


@meetings.get("/moten/<body>/<held_on>/dagordning.pdf")
@signed_in
def agenda_pdf(body: str, held_on: str) -> ResponseReturnValue:
    return sent_pdf(pdf(agenda_paper(meeting_of(body, held_on))), f"dagordning-{body}-{held_on}")


@meetings.get("/moten/<body>/<held_on>/mote.ics")
@signed_in
def ics(body: str, held_on: str) -> ResponseReturnValue:
    """This meeting, to put into one's own calendar."""
    day = held(held_on)
    wanted = [each for each in engine().meetings(member().person) if (each.body, each.held_on) == (body, day)]
    return sent_calendar(calendar_of(wanted), f"mote-{body}-{held_on}") if wanted else abort(404)


@meetings.get("/moten/<body>/<held_on>/anteckningar")
@signed_in
def notes(body: str, held_on: str) -> ResponseReturnValue:
    return _notes(_read(body, held_on))


def _notes(shown: MeetingPage, *messages: object, form: Form | None = None) -> str:
    """What the meeting came to; of a body's decisions its secretary also tells when the protocol was adjusted."""
    decided = any(each.decision for point in shown.points for each in point.dealt) or shown.alone
    asks = bool(decided) and not shown.is_mixed and shown.may_keep is None
    return render_template(
        "meeting_notes.html", meeting=shown, today=engine().today(), messages=messages,
        form=(form or protocol_form()()) if asks else None,
    )  # fmt: skip


@meetings.post("/moten/<body>/<held_on>/protokoll")
@signed_in
def protocol(body: str, held_on: str) -> ResponseReturnValue:
    """The whole protocol is adjusted, or posted: told of every decision of the meeting."""
    shown, who, form = _read(body, held_on), member(), protocol_form()(request.form)
    told = told_of(form) if form.validate() else None
    if told is None or told == Told():
        nothing = () if told is None else (gettext("Inget nytt är ifyllt, så inget är registrerat."),)
        return _notes(shown, *nothing, form=form), UNPROCESSABLE
    try:
        answers = engine().record_protocol(body, held(held_on), told, by=who.person, key=posted_key())
    except Refused as refused:
        return _notes(shown, *words_of(refused.refusals), form=form), status_of(refused)
    stopped = [f"{each.number}: {words_of(each.refusals)[0]}" for each in answers if each.refusals]
    if stopped:
        return _notes(_read(body, held_on), *stopped, form=form), NOT_ALL
    flash(gettext("Uppgifterna är registrerade på %(n)s beslut.", n=len(answers)))
    return redirect(url_for("meetings.notes", body=body, held_on=held_on), 303)


@meetings.get("/moten/<body>/<held_on>/anteckningar.pdf")
@signed_in
def notes_pdf(body: str, held_on: str) -> ResponseReturnValue:
    return sent_pdf(pdf(notes_paper(_read(body, held_on))), f"anteckningar-{body}-{held_on}")


def _read(body: str, held_on: str) -> MeetingPage:
    """Raises 403 for somebody who is neither an official nor in the body."""
    shown = meeting_of(body, held_on)
    return shown if shown.reads_notes else abort(403)


def sent_pdf(made: bytes, name: str) -> ResponseReturnValue:
    headers = {"Content-Type": TYPE, "Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return made, 200, headers


# --- the agenda arranged ------------------------------------------------------------------------------------------


@meetings.post("/moten/<body>/<held_on>/dagordning")
@signed_in
def arrange(body: str, held_on: str) -> ResponseReturnValue:
    shown, who = meeting_of(body, held_on), member()
    try:
        engine().arrange(body, held(held_on), _arranged(shown), by=who.person, key=posted_key())
    except Refused as refused:
        return _page(shown, *words_of(refused.refusals)), status_of(refused)
    flash(gettext("Dagordningen är sparad."))
    return redirect(url_for("meetings.agenda", body=body, held_on=held_on), 303)


def _arranged(shown: MeetingPage) -> Arrangement:
    """Points by the place written beside each; those marked are left out, those marked again come back."""
    keep = [each for each in shown.points if not _ticked("bort", each)]
    back = [each for each in shown.left_out if _ticked("med", each)]
    gone = [each for each in (*shown.points, *shown.left_out) if each not in keep and each not in back]
    added = {each.key: each.title for each in (*keep, *back) if each.kind == "added"}
    order = [each.key for each in sorted(keep, key=lambda each: _place(shown, each))] + [each.key for each in back]
    title = " ".join(clean(request.form.get("point", "")).split())[:SHORT]
    if title:
        fresh = f"added {1 + max((_number(key) for key in (*order, *(p.key for p in gone))), default=0)}"
        added, order = added | {fresh: title}, [*order, fresh]
    left = tuple(each.key for each in gone if each.kind != "added")
    return Arrangement(posted_number("seen_version"), tuple(order), left, added)


def _ticked(what: str, point: Point) -> bool:
    return f"{what} {point.key}" in request.form


def _place(shown: MeetingPage, point: Point) -> int:
    """What was typed; the place it had where that is no number."""
    written = request.form.get(f"plats {point.key}", "").strip()
    return int(written) if _PLACE.fullmatch(written) else shown.points.index(point) + 1


def _number(key: str) -> int:
    kind, _, number = key.partition(" ")
    return int(number) if kind == "added" and number.isdigit() else 0


def _page(shown: MeetingPage, *messages: object) -> str:
    return render_template(
        "meeting.html", meeting=shown, messages=messages, today=engine().today(), typed=request.form.get("point", "")
    )


def _again(message: str, body: str, held_on: str) -> ResponseReturnValue:
    return _page(meeting_of(body, held_on), message), 400


def _protocol_again(message: str, body: str, held_on: str) -> ResponseReturnValue:
    return _notes(_read(body, held_on), message, form=protocol_form()(request.form)), 400


@meetings.record_once
def _register(state: Any) -> None:
    again(state.app, "meetings.protocol", _protocol_again)
    again(state.app, "meetings.arrange", _again)
