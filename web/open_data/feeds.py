"""What has happened as Atom (RFC 4287), what is coming as iCalendar (RFC 5545), one proposal as JSON: for whoever would
rather be told by a programme of their own. Public words only."""

import re
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

from flask import Blueprint, Response
from icalendar import Calendar, Event

from web.mail.mail_words import words_of_step
from web.open_data import telling
from web.open_data.api import answered, once
from web.open_data.records import Proposal
from web.open_data.telling import whole
from web.request.current import engine
from web.request.figures import datum
from web.request.language import current, gettext
from web.words.words import msg, now_sentence, role
from workflow.proposals.views_overview import LatestStep
from workflow.views.views import Step
from workflow.views.views_timeline import Timeline

feeds = Blueprint("feeds", __name__)
ATOM = "http://www.w3.org/2005/Atom"
ATOM_TYPE, CALENDAR_TYPE = "application/atom+xml; charset=utf-8", "text/calendar; charset=utf-8"
LATEST = 50
CLOCK = "clock"
ASK_AGAIN = timedelta(hours=12)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@feeds.get("/forslag/<number>.json")
@answered
def as_json(number: str) -> Proposal:
    """The same record as open data has it."""
    return telling.proposal(engine().timeline(number))


@feeds.get("/forslag/<number>.atom")
def as_atom(number: str) -> Response:
    shown = engine().timeline(number)
    here, page = whole("feeds.as_atom", number=number), whole("public.timeline", number=number)
    feed = _feed(here, page, shown.title, max(each.recorded_at for each in shown.steps))
    _add(feed, "subtitle", now_sentence(shown.now))
    for each in reversed(shown.steps):
        _entry(feed, f"{page}#steg-{each.seq}", msg(each.title), each.recorded_at, _told(each), _who(each))
    return _sent(feed)


@feeds.get("/handelser.atom")
def all_steps() -> Response:
    """The latest steps of all proposals."""
    found, name = engine().latest_steps(LATEST), engine().config.identity.name
    updated = max((each.recorded_at for each in found), default=datetime(2026, 1, 1, tzinfo=UTC))
    feed = _feed(
        whole("feeds.all_steps"), whole("public.overview"), gettext("Vad som händer, %(name)s", name=name), updated
    )
    for each in found:
        address = whole("public.timeline", number=each.number, _anchor=f"steg-{each.seq}")
        _entry(feed, address, f"{each.title}: {msg(each.what)}", each.recorded_at, _now_at(each), _who(each))
    return _sent(feed)


@feeds.get("/forslag/<number>.ics")
def as_calendar(number: str) -> Response:
    """The days that are known to come. Each keeps its name when it moves, so that a calendar moves it too."""
    shown = engine().timeline(number)
    host = urlsplit(engine().config.server.base_url).hostname or "skede"
    made, page = _calendar(shown), whole("public.timeline", number=number)
    for what, words, day in telling.coming_days(shown, engine().today()):
        event = Event()
        event.add("uid", f"{what}-{number}@{host}")
        event.add("summary", f"{words}: {shown.title}")
        event.add("dtstamp", _stamp(shown, engine().today()))
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("url", page)
        made.add_component(event)
    answer = Response(made.to_ical(), content_type=CALENDAR_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{number}.ics")
    return _in_language(answer)


def _calendar(shown: Timeline) -> Calendar:
    made = Calendar()
    made.add("prodid", f"-//{engine().config.identity.name}//Skede//{current().upper()}")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{shown.number} {shown.title}")
    made.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    return made


def _stamp(shown: Timeline, today: date) -> datetime:
    return max(
        (each.recorded_at for each in shown.steps), default=datetime.combine(today, time(), tzinfo=UTC)
    ).astimezone(UTC)


# --- Atom ----------------------------------------------------------------------------------------------------------


def _feed(here: str, page: str, title: str, updated: datetime) -> Xml.Element:
    feed = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": current()})
    _add(feed, "id", here)
    _add(feed, "title", title)
    _add(feed, "updated", updated.astimezone(UTC).isoformat(timespec="seconds"))
    _add(feed, "link", rel="self", href=here, type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=page, type="text/html")
    _add(feed, "rights", engine().config.open_data.licence)
    author = _add(feed, "author")
    _add(author, "name", engine().config.identity.organisation)
    return feed


def _entry(feed: Xml.Element, address: str, title: str, at: datetime, told: str, who: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", address)
    _add(entry, "title", title)
    _add(entry, "updated", at.astimezone(UTC).isoformat(timespec="seconds"))
    _add(entry, "link", rel="alternate", href=address, type="text/html")
    _add(_add(entry, "author"), "name", who)
    if told:
        _add(entry, "content", told, type="text")


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    """Text is text, whatever it looks like; what XML cannot hold is shown as lost."""
    made = Xml.SubElement(parent, name, attributes)
    if text:
        made.text = _NO_XML.sub("\ufffd", text)
    return made


def _sent(feed: Xml.Element) -> Response:
    return _in_language(Response(Xml.tostring(feed, encoding="utf-8", xml_declaration=True), content_type=ATOM_TYPE))


def _in_language(answer: Response) -> Response:
    """Readers ask often: whoever has it already gets 304."""
    answer.headers["Vary"] = "Accept-Language"
    return once(answer)


def _told(step: Step) -> str:
    entered = [gettext("Därefter: %(title)s.", title=msg(step.to_title))] if step.to_title else []
    return "\n\n".join((*words_of_step(step), *entered))


def _who(step: Step | LatestStep) -> str:
    """What happens because its day has come is the municipality's."""
    if step.who == CLOCK:
        return engine().config.identity.organisation
    return role(step.who) if step.who_is_role else msg(step.who)


def _now_at(step: LatestStep) -> str:
    return f"{datum(step.on)}. {gettext('Nu: %(what)s', what=msg(step.to_title))}"
