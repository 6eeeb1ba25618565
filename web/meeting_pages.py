"""Meetings: when bodies meet, what stands on an agenda, and the agenda as its secretary arranges it. Holds no rule."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.calendars import calendar_of, sent_calendar
from web.current import engine, member, posted_key, posted_number, signed_in
from web.documents import TYPE, pdf
from web.errors import again, status_of, words_of
from web.fields import SHORT, clean
from web.language import gettext
from web.meeting_papers import agenda_paper, notes_paper
from workflow import Refused
from workflow.minuting import Arrangement
from workflow.views_meetings import MeetingPage, Point

meetings = Blueprint("meetings", __name__)
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
    return render_template("meeting_notes.html", meeting=_read(body, held_on), today=engine().today())


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


@meetings.record_once
def _register(state: Any) -> None:
    again(state.app, "meetings.arrange", _again)
