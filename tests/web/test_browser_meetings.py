"""A meeting in a real browser: from agenda to registered decisions, the list of delegated decisions, and what becomes
known of a decision; and the papers and calendars that leave from there."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.web.site import VISITOR, Site

OFFICER, SECRETARY = "Handläggare", "Sekreterare i kommunstyrelsen"
FORUM = "/moten/centrumgruppen/"
WAITS = "Bredare trottoar på Trädgårdsgatan"
MET = "Skyddande skärmar vid sittplatserna"


def day(site: Site, body: str, which: str, beside: str) -> str:
    """The body's last or next meeting."""
    of_body = "FROM meeting m JOIN body b ON b.id = m.body_id WHERE b.code = ?"
    query = f"SELECT {which}(held_on) {of_body} AND held_on {beside} ?"
    return str(site.rows(query, body, datetime.now(UTC).date().isoformat())[0][0])


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def test_a_meeting_from_agenda_to_registered_positions(own_site: Site) -> None:
    """The officer arranges the next agenda, and registers the last meeting: one point needs a word more, nothing typed
    is lost, and what has gone through stays."""
    coming, met = day(own_site, "centrumgruppen", "min", ">="), day(own_site, "centrumgruppen", "max", "<")
    page = own_site.open(OFFICER, "/att-gora")
    page.get_by_role("link", name="Alla möten, dagordningar och anteckningar").click()
    page.goto(own_site.address + FORUM + coming)
    expect(page.locator(".agenda")).to_contain_text(WAITS)
    expect(page.locator(".agenda")).to_contain_text("Nästa års mötesdagar")
    page.get_by_label("Ny punkt").fill("Julmarknaden")
    page.get_by_label("Plats för Potterna").fill("1")
    page.get_by_label("Ta bort Nästa års mötesdagar (exempel)").check()
    send(page, "Spara dagordningen")
    expect(page.locator(".flash")).to_contain_text("Dagordningen är sparad.")
    page.wait_for_load_state()
    titles = page.locator(".agenda h3").all_inner_texts()
    assert (titles[-1], "Nästa års mötesdagar (exempel)" in titles) == ("Julmarknaden", False)
    assert "Potterna" in titles[:2]

    page.goto(own_site.address + FORUM + met)
    page.get_by_role("link", name="Registrera mötet").click()
    page.get_by_label("Fastighetsägare (fastighetsägare)").check()
    point = page.locator(".agenda > li", has_text=WAITS)
    expect(point.locator(".outcome-fields").first).to_be_hidden()
    point.get_by_label(re.compile("^Anteckna att gruppen vill arbeta om förslaget")).check()
    point.get_by_label(re.compile("^Ställningstagande")).locator("visible=true").fill(
        "Gruppen vill se ett smalare förslag."
    )
    point.get_by_label("Anteckningar").fill("Diskussionen var lång.")
    send(page, "Spara och registrera")
    expect(page.get_by_role("alert")).to_contain_text("Skäl")
    expect(point.get_by_label("Anteckningar")).to_have_value("Diskussionen var lång.")
    point.get_by_label(re.compile("^Skäl")).locator("visible=true").fill("Träden behöver plats.")
    send(page, "Spara och registrera")
    expect(page.locator(".flash")).to_contain_text("Mötet är registrerat.")
    main = page.locator("main")
    for words in (MET, WAITS, "Gruppen vill se ett smalare förslag.", "Diskussionen var lång.", "fastighetsägare 1"):
        expect(main).to_contain_text(words)
    public = own_site.open(VISITOR, f"/forslag/[{WAITS}]")
    expect(public.locator("main")).to_contain_text("Centrumgruppen vill att förslaget arbetas om.")
    stored = "SELECT count(*) FROM meeting_item i JOIN meeting m ON m.id = i.meeting_id WHERE m.held_on = ?"
    assert own_site.rows(stored, met) == [(2,)]
    notes = page.request.get(f"{own_site.address}{FORUM}{met}/anteckningar.pdf")
    assert (notes.status, notes.headers["content-type"], notes.body()[:5]) == (200, "application/pdf", b"%PDF-")
    assert b"/StructTreeRoot" in notes.body()
    assert b"pdfuaid" in notes.body()


def test_delegated_decisions_are_listed_taken_away_and_reported(own_site: Site) -> None:
    sat = day(own_site, "ks", "max", "<")
    page = own_site.open(SECRETARY, f"/moten/ks/{sat}")
    page.get_by_role("link", name=re.compile("delegationsbeslut")).click()
    expect(page.locator("table")).to_contain_text("Budgetansvarig")
    answer = page.request.get(page.url + ".csv")
    rows = list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Datum", "Nummer", "Delegationspunkt", "Delegat"]
    assert page.request.get(page.url + ".pdf").body()[:5] == b"%PDF-"
    send(page, "Anteckna att de valda är anmälda")
    expect(page.locator(".flash")).to_contain_text("Besluten är anmälda.")
    expect(page.get_by_role("button", name="Anteckna att de valda är anmälda")).to_have_count(0)
    number = own_site.number("Möblering till torgen")
    assert ["280000,00", "ja"] in [[row[7], row[9]] for row in rows if row[4] == number]


def test_the_protocol_of_a_decision_is_told_of_and_everybody_sees_until_when_it_can_be_appealed(own_site: Site) -> None:
    page = own_site.open(SECRETARY, "/arenden/[Grönare Lyrantorget]")
    today = datetime.now(UTC).date()
    way = page.locator("#gor-approve")
    if way.get_attribute("open") is None:
        way.locator("summary").click()
    said = {"decided_on": today.isoformat(), "paragraph": "142", "wording": "Kommunstyrelsen bifaller.",
            "financing": "Investeringspotten"}  # fmt: skip
    for name, value in said.items():
        page.locator(f"#approve-{name}").fill(value)
    way.locator("button[type=submit]").click()
    expect(page.locator(".flash")).to_be_visible()
    public = own_site.open(VISITOR, "/forslag/[Grönare Lyrantorget]")
    expect(public.locator("#beslutet + .decision")).to_contain_text("Beslutat, protokollet är inte justerat.")
    page.get_by_role("link", name="Protokoll, anslag och expediering").first.click()
    send(page, "Registrera uppgifterna")
    expect(page.get_by_role("alert")).to_contain_text("Inget nytt är ifyllt")
    page.get_by_label("Omedelbart justerad, vid sammanträdet").check()
    page.get_by_label(re.compile("^Anslaget uppsatt")).fill(today.isoformat())
    send(page, "Registrera uppgifterna")
    expect(page.locator(".flash")).to_contain_text("Uppgifterna om beslutet är registrerade.")
    public.reload()
    expect(public.locator("#beslutet + .decision")).to_contain_text("Kan överklagas till och med")
    expect(public.locator("main")).not_to_contain_text("protokollet är inte justerat")
    copied = page.get_by_label("Uppgifter för registrering").input_value()
    assert [line.split(":")[0] for line in copied.splitlines()] == [
        "Datum", "Diarienummer eller beteckning", "Mottagare", "I korthet",
    ]  # fmt: skip
    technical = own_site.open("Projektledare i tekniska förvaltningen", "/arenden/[Sittplatser vid Norrtull]")
    copied = technical.get_by_label("Uppgifter för registrering").input_value()
    assert own_site.number("Sittplatser vid Norrtull") in copied


def test_an_early_order_is_warned_of_and_not_stopped(own_site: Site) -> None:
    page = own_site.open("Inköpare", "/arenden/[Blomsterurnor på Kungsgatan]")
    way = page.locator("#gor-sign")
    if way.get_attribute("open") is None:
        way.locator("summary").click()
    expect(way.locator(".early")).to_contain_text("Beslutet har inte fått laga kraft.")
    expect(way.locator("button[type=submit]")).to_be_enabled()


def test_meetings_come_to_ones_own_calendar(own_site: Site) -> None:
    page = own_site.open("Fastighetsägare", "/kalender")
    send(page, "Gör en adress")
    address = page.get_by_label("Adress att prenumerera på").input_value()
    path = re.sub(r"^https?://[^/]+", "", address)
    nobody = own_site.open(VISITOR, "/")
    answer = nobody.request.get(own_site.address + path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    found = Calendar.from_ical(answer.body()).walk("VEVENT")
    assert {str(each["summary"]) for each in found} == {"Möte: Centrumgruppen"}
    days = {each.decoded("dtstart") for each in found}
    assert date.fromisoformat(day(own_site, "centrumgruppen", "min", ">=")) in days
    page.goto(own_site.address + "/kalender")
    send(page, "Ta bort adressen")
    assert nobody.request.get(own_site.address + path).status == 404
    one = page.request.get(f"{own_site.address}/moten/ks/{day(own_site, 'ks', 'min', '>=')}/mote.ics")
    (meeting, papers) = Calendar.from_ical(one.body()).walk("VEVENT")
    assert str(papers["summary"]) == "Sista dag för handlingar: Kommunstyrelsen"
    assert papers.decoded("dtstart") < meeting.decoded("dtstart")


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("Fastighetsägare", "/moten/ks/{sat}/anteckningar", 403),
        ("Fastighetsägare", "/moten/ks/{sat}/registrera", 403),
        (OFFICER, "/moten/ks/{sat}/registrera", 403),
        ("Fastighetsägare", "/beslut/pot/investment/2026/1", 403),
        (OFFICER, "/moten/ks/2026-13-01", 404),
        (OFFICER, "/moten/ks/1999-01-01", 404),
        (VISITOR, "/kalender/gissning.ics", 404),
        (OFFICER, "/beslut/CG-1999-001/4", 404),
    ],
)
def test_who_may_not_is_told_so(own_site: Site, who: str, path: str, status: int) -> None:
    page = own_site.open(who, "/")
    address = own_site.address + path.format(sat=day(own_site, "ks", "max", "<"))
    assert page.request.get(address).status == status
