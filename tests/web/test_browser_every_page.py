"""Every page that can be read, in a real browser: nothing that axe finds, nothing that runs out of a small screen.

A page is judged in Swedish at 1280 CSS pixels, light and dark, in English at 375, and in both at 320 for what sticks
out: what axe finds depends on the width and on the language, and neither on both.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from itsdangerous import URLSafeSerializer
from playwright.sync_api import Page, expect

from tests.web import ideas
from tests.web.commands import ROOT
from tests.web.site import PROPOSER, SECRET_KEY, VISITOR, Site, leave
from web.app import create_app
from web.mail.mail_links import SALT, TO_FOLLOW
from workflow import Engine

WIDTHS = {"sv": 1280, "en": 375}
EACH_DARK = 5  # so many pages hold each part of a page more than once
SMALLEST = 320
OFFICER, CONTROLLER, ATTESTANT, EXTERNAL, SITE_MANAGER, ADMINISTRATOR = (
    "Handläggare", "Ekonom", "Beslutsattestant", "Fastighetsägare", "Byggledare", "Administratör",
)  # fmt: skip
ASKED = "[Ett sammanhållet stråk längs Kungsgatan]"
IDEAS = ("[Julbelysning längs Kungsgatan]", "[En plats för barn vid Norra torget]")
# Who reads, at which address; the endpoint that it shows. More than one for a page that looks different to several.
PAGES = [
    ("public.overview", VISITOR, "/"),
    ("public.overview", OFFICER, "/"),
    ("public.proposals", VISITOR, "/forslag"),
    ("public.proposals", VISITOR, "/forslag?q=finnsinte&place=torget"),
    ("public.proposals", VISITOR, "/forslag?q=sittplatsr&year=2026"),
    ("public.timeline", VISITOR, "/forslag/[Ny utformning av Norra och Södra torget]"),
    ("public.timeline", VISITOR, "/forslag/[Möblering till torgen]"),
    ("public.timeline", OFFICER, "/forslag/[Grönare Lyrantorget]"),
    ("public.timeline", EXTERNAL, "/forslag/[Bredare trottoar på Trädgårdsgatan]"),
    ("open_pages.about", VISITOR, "/oppna-data"),
    ("follow.form", VISITOR, "/forslag/[Grönare Lyrantorget]/folj"),
    ("follow.form", VISITOR, "/forslag/[Grönare Lyrantorget]/folj?skickat=1"),
    ("follow.before_confirming", VISITOR, "/folj/{follows}"),
    ("public.pots", VISITOR, "/potter"),
    ("public.pots", VISITOR, "/potter?year=2020"),
    ("public.pot", CONTROLLER, "/potter/investment/2026"),
    ("books.decide", CONTROLLER, "/potter/operating/2025/beslut"),
    ("books.year_end", CONTROLLER, "/potter/investment/2026/arsslut"),
    ("books.year_end", CONTROLLER, "/potter/operating/2024/arsslut"),
    ("lists.year", OFFICER, "/arslista/2026"),
    ("lists.year", "Budgetansvarig", "/arslista/2026"),
    ("lists.year", EXTERNAL, "/arslista/2031"),
    ("public.pot", VISITOR, "/potter/operating/2026"),
    ("rates.page", VISITOR, "/belopp"),
    ("rates.page", CONTROLLER, "/belopp?name=internal_interest&year=2026"),
    ("public.processes", VISITOR, "/processer"),
    ("public.process", VISITOR, "/processer/rebuild"),
    ("public.process", VISITOR, "/processer/activity"),
    ("submission.write", VISITOR, "/lamna-forslag"),
    ("submission.write", OFFICER, "/lamna-forslag"),
    ("submission.step", VISITOR, "{draft}/2"),
    ("submission.step", VISITOR, "{draft}/3"),
    ("submission.before_throwing", VISITOR, "{draft}/slang"),
    ("sending.check", VISITOR, "{draft}/skicka"),
    ("sending.receipt", VISITOR, "/lamna-forslag/kvitto"),
    ("people.sign_in", VISITOR, "/logga-in"),
    ("people.link", VISITOR, "{link}"),
    ("own.page", OFFICER, "/inloggning"),
    ("staffing.page", "Administratör", "/bemanning"),
    ("administration.overview", "Administratör", "/administration"),
    ("administration.body", "Administratör", "/administration/organ/ks"),
    ("mandates.period", "Administratör", "/administration/organ/centrumgruppen/mandatperiod"),
    ("administration.person", "Administratör", "/administration/personer/2"),
    ("administration.rights", "Administratör", "/administration/beslutanderatt"),
    ("administration.history", "Revisor", "/administration/historik"),
    ("staffing.page", OFFICER, "/bemanning?person=2&from_on=2027-02-01&to_on=2027-02-28"),
    ("own.choose", VISITOR, "{invitation}"),
    ("queue.mine", OFFICER, "/att-gora"),
    ("queue.mine", ATTESTANT, "/att-gora"),
    ("queue.mine", CONTROLLER, "/att-gora"),
    ("queue.mine", EXTERNAL, "/att-gora"),
    ("queue.mine", OFFICER, "/att-gora?view=mine&sort=amount"),
    ("together.page", OFFICER, f"/att-gora/flera?way=accept&rows={IDEAS[0]}&rows={IDEAS[1]}"),
    ("opinions.ask", OFFICER, f"/arenden/{ASKED}/synpunkter"),
    ("opinions.answer", "Sekreterare i tekniska nämnden", f"/arenden/{ASKED}/synpunkter/{{opinion}}"),
    ("case.page", OFFICER, f"/arenden/{ASKED}?at=1"),
    ("case.page", OFFICER, "/arenden/[Skyddande skärmar vid sittplatserna]"),
    ("case.page", OFFICER, "/arenden/[Ny utformning av Norra och Södra torget]"),
    ("case.page", "Budgetansvarig", "/arenden/[Ljus vid Norra torgets scen]"),
    ("case.page", "Sekreterare i kommunstyrelsen", "/arenden/[Grönare Lyrantorget]"),
    ("own_idea.page", PROPOSER, "/arenden/{number}/min-ide"),
    ("decisions.page", "Sekreterare i kommunfullmäktige", "/beslut/pot/investment/2026/1"),
    ("decisions.page", OFFICER, "/beslut/[Ljus längs Varnan]/{seq}"),
    ("decisions.page", "Budgetansvarig", "/beslut/[Ljus längs Varnan]/{seq}"),
    ("meetings.overview", OFFICER, "/moten"),
    ("meetings.agenda", OFFICER, "/moten/centrumgruppen/{coming}"),
    ("meetings.agenda", EXTERNAL, "/moten/centrumgruppen/{met}"),
    ("meetings.notes", EXTERNAL, "/moten/centrumgruppen/{met}/anteckningar"),
    ("register.form", OFFICER, "/moten/centrumgruppen/{met}/registrera"),
    ("register.form", "Sekreterare i kommunstyrelsen", "/moten/ks/{sat}/registrera"),
    ("meetings.notes", OFFICER, "/moten/ks/{sat}/anteckningar"),
    ("delegation.page", "Sekreterare i kommunstyrelsen", "/moten/ks/{sat}/delegationsbeslut"),
    ("calendars.mine", OFFICER, "/kalender"),
    ("entries.write", OFFICER, "/skriv-in-forslag"),
    ("files.page", OFFICER, "/arenden/[Skyddande skärmar vid sittplatserna]/filer"),
    ("content.revise", OFFICER, "/arenden/[Skyddande skärmar vid sittplatserna]/innehall"),
    ("content.redirection", OFFICER, f"/arenden/{IDEAS[0]}/process"),
    ("content.revise", PROPOSER, "/arenden/{number}/innehall"),
    ("content.classify", ATTESTANT, "/arenden/[Skyddande skärmar vid sittplatserna]/drift-eller-investering"),
    ("imports.files", CONTROLLER, "/hamta-in"),
    ("imports.file", CONTROLLER, "{file}"),
    ("facts.book", CONTROLLER, "/arenden/[Ny utformning av Norra och Södra torget]/faktura"),
    ("facts.cofinance", OFFICER, "/arenden/[Ny utformning av Norra och Södra torget]/medfinansiering"),
    ("votes.page", OFFICER, "/arenden/[Bredare trottoar på Trädgårdsgatan]/omrostning"),
    ("votes.page", EXTERNAL, "/arenden/[Bredare trottoar på Trädgårdsgatan]/omrostning"),
    ("who_acts.interest", OFFICER, "/arenden/[Skyddande skärmar vid sittplatserna]/intresse"),
    ("who_acts.interest", EXTERNAL, "/arenden/[Bredare trottoar på Trädgårdsgatan]/intresse"),
    ("who_acts.task", OFFICER, "{task}"),
    ("absences.page", OFFICER, "/ersattare"),
    ("absences.page", ADMINISTRATOR, "/ersattare"),
    ("properties.page", ADMINISTRATOR, "/fastigheter"),
    ("facts.correct", OFFICER, "/arenden/[Skyddande skärmar vid sittplatserna]/ratta"),
    ("mail.mine", OFFICER, "/mina-utskick"),
    ("mail.mine", PROPOSER, "/mina-utskick"),
    ("mail.chosen_by_link", VISITOR, "/mejl/{mail}"),
    ("mail.office", ADMINISTRATOR, "/utskick"),
    ("publishing.overview", OFFICER, "/publicering"),
    ("publishing.page", OFFICER, "/arenden/[Fler cykelställ vid biblioteket]/publicering"),
    ("publishing.page", OFFICER, "/arenden/[Ljus längs Varnan]/publicering"),
    ("publishing.preview", OFFICER, "/arenden/[Fler cykelställ vid biblioteket]/forhandsgranska"),
    ("erasing.page", OFFICER, "/gallra/[Fler cykelställ vid biblioteket]"),
    ("legal.privacy", VISITOR, "/personuppgifter"),
    ("legal.accessibility", VISITOR, "/tillganglighet"),
    ("legal.glossary", VISITOR, "/ordlista"),
    ("comments.write", VISITOR, "/kommentar?sida=/potter"),
    ("comments.thanks", VISITOR, "/kommentar/tack"),
    ("comments.overview", OFFICER, "/kommentarer"),
    ("comments.one", OFFICER, "/kommentarer/{comment}"),
    ("comments.one", "Ledamot från Omtänksamma Kristinehamn", "/kommentarer/{comment}"),
]
FILES = {
    "files.whole", "files.small", "files.of_draft",
    "exports.pots", "exports.entries", "exports.proposals", "meetings.agenda_pdf", "meetings.notes_pdf", "meetings.ics",
    "delegation.as_pdf", "delegation.as_file", "calendars.feed",
}  # fmt: skip
DATA = {
    "api.document", "api.proposals", "api.proposal", "api.pots", "api.entries", "api.processes", "api.process",
    "feeds.as_json", "feeds.as_atom", "feeds.as_calendar", "feeds.all_steps", "open_pages.events",
}  # fmt: skip
NOT_PAGES = {
    "static",
    "stylesheet.bootstrap",
    "public.drawing",
    "identity.colours",
    "identity.logo",
    "lists.coming",
    "who_acts.case_file",
    "mail.before_leaving",
    "submission.resume",
    "open_pages.robots",
    "open_pages.sitemap",
    "open_pages.sitemap_of",
    *DATA,
    *FILES,
}  # the drawing is judged within its page, and the last of them leads to another


def task_of(site: Site) -> str:
    """The address of a task that is the officer's."""
    query = "SELECT p.number, d.id FROM duty d JOIN proposal p ON p.id = d.proposal_id WHERE d.answered_at IS NULL"
    number, duty = site.rows(f"{query} AND d.holder = 'officer' ORDER BY d.id LIMIT 1")[0]
    return f"/arenden/{number}/uppgift/{duty}"


def test_every_address_that_can_be_read_is_judged_here(app: Flask) -> None:
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert readable - NOT_PAGES == {endpoint for endpoint, _, _ in PAGES}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('app')}/skede.sqlite3")
        patch.setenv("SKEDE_SECRET_KEY", "for tests")
        with Engine.open(ROOT / "config.toml") as engine:
            yield create_app(engine)


@pytest.mark.parametrize(("endpoint", "who", "path"), PAGES, ids=[f"{who} {path}" for _, who, path in PAGES])
def test_a_page_can_be_read_by_everybody(site: Site, endpoint: str, who: str, path: str) -> None:
    if "{link}" in path or "{number}" in path or endpoint == "sending.receipt":
        site.hand_in()
    if "{draft}" in path:
        site.begin_draft()
    if endpoint == "own.choose":
        site.invite("Ekonom")
    if endpoint == "follow.before_confirming":
        ask_to_follow(site)
    if endpoint.startswith("imports."):
        site.bring_in()
    found: list[str] = []
    for language in ("sv", "en"):
        link, file = site.link.removeprefix(site.address), site.file.removeprefix(site.address)
        seq = site.rows("SELECT max(seq) FROM decision WHERE stream = ?", site.number("Ljus längs Varnan"))[0][0]
        given = {"number": site.link_number, "link": link, "file": file, "seq": seq, "invitation": site.invitation}
        given["mail"] = mail_token(site)
        given["follows"] = follow_token(site)
        given["opinion"] = site.rows("SELECT min(id) FROM duty WHERE holder = 'registrar:tn'")[0][0]
        given["comment"] = site.rows("SELECT min(number) FROM comment WHERE closed_at IS NULL")[0][0]
        given |= {"task": task_of(site), "draft": site.draft}
        given |= days_of_meetings(site)
        address = path.format(**given)
        if endpoint == "sending.receipt":  # a receipt is in its sender's own language and browser
            hand_in(site, language)
        page = site.show(who, address, language)
        assert page.url.split("?")[0] == site.address + site.at(address).split("?")[0], "somewhere else was shown"
        assert page.locator("html").get_attribute("lang") == language
        dark = language == "sv" and PAGES.index((endpoint, who, path)) % EACH_DARK == 0
        found += judged(page, language, dark=dark)
    assert found == []


def days_of_meetings(site: Site) -> dict[str, str]:
    """The forum's last and next day, and the executive board's last."""
    today = datetime.now(UTC).date().isoformat()
    query = "SELECT {}(held_on) FROM meeting m JOIN body b ON b.id = m.body_id WHERE b.code = ? AND held_on {} ?"
    wanted = {
        "met": ("max", "<", "centrumgruppen"),
        "coming": ("min", ">=", "centrumgruppen"),
        "sat": ("max", "<", "ks"),
    }
    return {
        name: str(site.rows(query.format(which, beside), body, today)[0][0])
        for name, (which, beside, body) in wanted.items()
    }


def ask_to_follow(site: Site) -> None:
    page = site.open(VISITOR, "/forslag/[Grönare Lyrantorget]/folj")
    page.get_by_label("Din e-postadress").fill("anna@example.org")
    page.get_by_role("button", name="Följ med e-post").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Titta i din e-post")
    page.close()


def follow_token(site: Site) -> str:
    """What the mail carries that asks for a click."""
    asked = site.rows("SELECT person_id FROM follow WHERE state = 'asked'")
    return URLSafeSerializer(SECRET_KEY, salt=TO_FOLLOW).dumps(asked[0][0]) if asked else ""


def mail_token(site: Site) -> str:
    """What a mail to the person of the private link carries."""
    if not site.link:
        return ""
    ((person,),) = site.rows("SELECT proposer_id FROM proposal WHERE number = ?", site.link_number)
    return URLSafeSerializer(SECRET_KEY, salt=SALT).dumps(person)


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (VISITOR, "/forslag/CG-1999-001", 404),
        (EXTERNAL, "/arenden/[Skyddande skärmar vid sittplatserna]/innehall", 403),
        (PROPOSER, "/arenden/[Skyddande skärmar vid sittplatserna]", 403),
        (VISITOR, "/lamna-forslag", 422),
        (OFFICER, "/arenden/[Skyddande skärmar vid sittplatserna]/innehall", 422),
    ],
)
def test_a_page_that_says_no_can_be_read_by_everybody(site: Site, who: str, path: str, status: int) -> None:
    found: list[str] = []
    for language in ("sv", "en"):
        page = site.open(who, path, language)
        if status == 422:
            for box in page.locator("main form [name=what], main form [name=title]").all():
                box.fill("")
            with page.expect_navigation() as sent:
                page.locator("main form button.btn-primary").click()
            assert sent.value.status == status
            assert page.get_by_role("alert").count() == 1
        else:
            assert page.request.get(site.address + site.at(path)).status == status
        found += judged(page, language)
        page.close()
    assert found == []


def hand_in(site: Site, language: str) -> None:
    page = site.open(VISITOR, "/lamna-forslag", language)
    ideas.send(page, what="Ett vindskydd vid hållplatsen", where="Kungsgatan")
    leave(page)


def judged(page: Page, language: str, *, dark: bool = False) -> list[str]:
    """What is wrong with the page, in words. The colours do not know the language: they are judged in one."""
    page.evaluate(AXE_SCRIPT)
    page.set_viewport_size({"width": WIDTHS[language], "height": 900})
    rules = WHICH | (NO_COLOURS if language == "en" else {})
    found = [f"{language} {WIDTHS[language]} px: {each}" for each in violations(page, rules=rules)]
    if dark:
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {each}" for each in violations(page, runOnly={"type": "rule", "values": [*NO_COLOURS]})]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": SMALLEST, "height": 700})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > SMALLEST:
        found.append(f"{language} {SMALLEST} px: {wide} px wide, by {page.evaluate(STICKING_OUT)}")
    return found


WHICH = {"target-size": {"enabled": True}}  # WCAG 2.2, 2.5.8: 24 pixels
NO_COLOURS = {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}}
STICKING_OUT = f"""[...document.querySelectorAll('main *, header *, footer *')]
    .filter(each => each.getBoundingClientRect().right > {SMALLEST} + 1).slice(0, 3)
    .map(each => each.outerHTML.slice(0, 90)).join(' | ')"""


def violations(page: Page, **which: Any) -> list[str]:
    options = {"resultTypes": ["violations"], "preload": False} | which
    return [
        f"{each['id']} at {node['target']}: {' '.join(node['failureSummary'].split())[:160]}"
        for each in page.evaluate("async options => (await axe.run(options)).violations", options)
        for node in each["nodes"][:3]
    ]
