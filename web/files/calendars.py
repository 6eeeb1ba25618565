"""Meetings as iCalendar (RFC 5545): one meeting as a file, and everybody's own as a private address that their calendar
asks. Whole days, since only the day of a meeting is known. Decides nothing."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from web.request.current import engine, member, signed_in
from web.request.language import current, gettext
from web.words.words import msg
from workflow.meetings.views_meetings import MeetingRow

calendars = Blueprint("calendars", __name__)
TYPE = "text/calendar; charset=utf-8"
ASK_AGAIN = timedelta(hours=12)


@calendars.get("/kalender")
@signed_in
def mine() -> ResponseReturnValue:
    return render_template("calendar.html", has_feed=engine().has_feed(member().person), address=None)


@calendars.post("/kalender")
@signed_in
def open_feed() -> ResponseReturnValue:
    """The address is shown now and never again: only its digest is kept."""
    secret = engine().open_feed(member().person)
    return render_template("calendar.html", has_feed=True, address=_whole(url_for("calendars.feed", secret=secret)))


@calendars.post("/kalender/stang")
@signed_in
def close_feed() -> ResponseReturnValue:
    engine().close_feed(member().person)
    flash(gettext("Adressen gäller inte längre. Din kalender får inga fler uppdateringar."))
    return redirect(url_for("calendars.mine"), 303)


@calendars.get("/kalender/<secret>.ics")
def feed(secret: str) -> ResponseReturnValue:
    """Asked by a calendar programme, which signs in nowhere: the secret is the key."""
    return sent_calendar(calendar_of(engine().feed(secret)), "moten")


def sent_calendar(calendar: Calendar, name: str) -> Response:
    answer = Response(calendar.to_ical(), content_type=TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.ics")
    return answer


def calendar_of(found: Iterable[MeetingRow]) -> Calendar:
    """Each meeting, and where it is known the last day for its papers. A meeting keeps its name for ever, so that a
    calendar that asks again finds the same one."""
    made = Calendar()
    settings = engine().config
    made.add("prodid", f"-//{settings.identity.name}//Skede//{current().upper()}")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", gettext("Möten, %(name)s", name=settings.identity.name))
    made.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for each in found:
        title = msg(each.title)
        made.add_component(_day(each, "mote", gettext("Möte: %(body)s", body=title), each.held_on))
        if each.papers_due:
            words = gettext("Sista dag för handlingar: %(body)s", body=title)
            made.add_component(_day(each, "handlingar", words, each.papers_due))
    return made


def _day(meeting: MeetingRow, what: str, summary: str, on: date) -> Event:
    host = urlsplit(engine().config.server.base_url).hostname or "skede"
    event, day = Event(), meeting.held_on.isoformat()
    told: dict[str, Any] = {
        "uid": f"{what}-{meeting.body}-{day}@{host}",
        "summary": summary,
        "dtstamp": datetime.combine(engine().today(), time(), tzinfo=UTC),
        "dtstart": on,
        "dtend": on + timedelta(days=1),
        "transp": "TRANSPARENT",
        "url": _whole(url_for("meetings.agenda", body=meeting.body, held_on=day)),
    }
    for name, value in told.items():
        event.add(name, value)
    return event


def _whole(path: str) -> str:
    """With the address that is configured, never one that a request claims."""
    return engine().config.server.base_url.rstrip("/") + path
