"""The page that tells what is open and how to fetch it, the tables that hold all of it, and what search engines ask."""

import re
from xml.etree import ElementTree as Xml

from flask import Blueprint, Response, abort, current_app, render_template
from flask_babel import lazy_gettext as _

from web.files.exports import FORM, sent
from web.files.spreadsheets import Cell, Form, Sheet
from web.open_data import openapi
from web.open_data.api import once
from web.open_data.telling import whole
from web.request.current import engine
from web.request.language import gettext
from web.request.who_may_use import EVERYBODY, ROUTES
from web.words.words import msg, role
from workflow.proposals.views_overview import LatestStep

open_pages = Blueprint("open_pages", __name__)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
FIRST_TO_LAST = range(1900, 3000)
MOST_IN_A_SITEMAP = 50_000  # by the protocol
FIXED = (
    "public.overview", "public.proposals", "public.pots", "public.processes", "submission.write", "rates.page",
    "open_pages.about", "legal.glossary", "legal.privacy", "legal.accessibility",
)  # fmt: skip
LICENCES = {openapi.CC0: "https://creativecommons.org/publicdomain/zero/1.0/deed.sv"}
WORDS = {
    "proposals": _("Förslagen, de senaste först"), "proposal": _("Ett förslag med allt som har hänt"),
    "pots": _("Potterna, år för år"), "entries": _("Posterna bakom en potts år"),
    "processes": _("Processerna"), "process": _("En process med steg och vägar"),
}  # fmt: skip


@open_pages.get("/oppna-data")
def about() -> str:
    licence = engine().config.open_data.licence
    return render_template(
        "open_data.html", licence=licence, deed=LICENCES.get(licence), paths=openapi.PATHS, words=WORDS,
        years=engine().search_choices().years,
    )  # fmt: skip


@open_pages.get(f"/handelser-<int(fixed_digits=4):year>.{FORM}")
def events(year: int, form: Form) -> Response:
    """Every public step of a year, oldest first."""
    if year not in FIRST_TO_LAST:
        abort(404)
    found = engine().steps_of_year(year)
    return sent(events_sheet(found), form, f"handelser-{year}")


def events_sheet(found: tuple[LatestStep, ...]) -> Sheet:
    headings = (
        gettext("Nummer"), gettext("Rubrik"), gettext("Steg nr"), gettext("Händelse"), gettext("Därefter"),
        gettext("Datum"), gettext("Infört"), gettext("Av"),
    )  # fmt: skip
    return Sheet(gettext("Händelser"), headings, [_event(each) for each in found])


def _event(step: LatestStep) -> tuple[Cell, ...]:
    who = role(step.who) if step.who_is_role else msg(step.who)
    return (
        step.number, step.title, step.seq, msg(step.what), msg(step.to_title), step.on, step.recorded_at.date(), who,
    )  # fmt: skip


@open_pages.get("/robots.txt")
def robots() -> Response:
    lines = [
        "User-agent: *",
        *(f"Disallow: /{each}" for each in _not_for_robots()),
        f"Sitemap: {whole('.sitemap')}",
        "",
    ]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


def _not_for_robots() -> list[str]:
    """How addresses begin under which nothing is for everybody: secret links and rooms of officials."""
    begins = [(rule.rule.split("/")[1], ROUTES.get(rule.endpoint)) for rule in current_app.url_map.iter_rules()]
    return sorted(
        {each for each, who in begins if who != EVERYBODY} - {each for each, who in begins if who == EVERYBODY}
    )


@open_pages.get("/sitemap.xml")
def sitemap() -> Response:
    """One for the pages that are always there, one for the proposals of each year."""
    index = Xml.Element("sitemapindex", xmlns=SITEMAP)
    years = engine().search_choices().years
    for address in (whole(".sitemap_of", part="sidor"), *(whole(".sitemap_of", part=str(year)) for year in years)):
        _add(_add(index, "sitemap"), "loc", address)
    return _sent(index)


@open_pages.get("/sitemap-<part>.xml")
def sitemap_of(part: str) -> Response:
    urls = Xml.Element("urlset", xmlns=SITEMAP)
    if part == "sidor":
        known = dict.fromkeys(each.id for each in engine().library.processes)
        addresses = [whole(endpoint) for endpoint in FIXED]
        addresses += [whole("public.process", process_id=each) for each in known]
    elif re.fullmatch("[0-9]{4}", part) and int(part) in engine().search_choices().years:
        numbers = engine().numbers_of_year(int(part), MOST_IN_A_SITEMAP)
        addresses = [whole("public.timeline", number=each) for each in numbers]
    else:
        abort(404)
    for address in addresses:
        _add(_add(urls, "url"), "loc", address)
    return _sent(urls)


def _add(parent: Xml.Element, name: str, text: str = "") -> Xml.Element:
    made = Xml.SubElement(parent, name)
    made.text = text or None
    return made


def _sent(root: Xml.Element) -> Response:
    return once(Response(Xml.tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml"))
