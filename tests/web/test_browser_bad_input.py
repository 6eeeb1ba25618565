"""What goes wrong with a form: forged, old, repeated or somebody else's. Nothing changes, nothing typed is lost.

In a real browser, against the database behind it: the page says what happened and shows where the proposal stands.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web import ideas
from tests.web.site import VISITOR, Site

OFFICER = "Handläggare"
TYPED = "Detta skrev jag med möda."
SET = "([name, value]) => document.querySelectorAll(`main [name=${name}]`).forEach(each => { each.value = value })"


def stands(site: Site, title: str) -> tuple[object, ...]:
    """All that a step could change."""
    (row,) = site.rows("SELECT state, version, revision, seq FROM proposal WHERE number = ?", site.number(title))
    events = site.rows("SELECT count(*) FROM event")
    return (*row, *events)


def way(page: Page, transition: str) -> Page:
    found = page.locator(f"#gor-{transition}")
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return page


def send(page: Page, transition: str) -> None:
    page.locator(f"#gor-{transition} button.btn-primary").click()


@pytest.mark.parametrize("token", ["", "aW50ZQ.forged.token"], ids=["none", "forged"])
def test_a_form_with_a_forged_token_changes_nothing_and_keeps_what_was_typed(own_site: Site, token: str) -> None:
    before = stands(own_site, "Sittgradäng vid Kungsbron")
    page = way(own_site.open(OFFICER, "/arenden/[Sittgradäng vid Kungsbron]"), "ask_completion")
    page.locator("[name='ask_completion-question']").fill(TYPED)
    page.evaluate(SET, ["csrf_token", token])
    send(page, "ask_completion")
    expect(page.get_by_role("alert")).to_contain_text("Formuläret var för gammalt")
    expect(page.locator("[name='ask_completion-question']")).to_have_value(TYPED)
    assert stands(own_site, "Sittgradäng vid Kungsbron") == before


def test_a_form_from_another_site_is_not_drawn_again(own_site: Site) -> None:
    before = stands(own_site, "Sittgradäng vid Kungsbron")
    page = own_site.open(OFFICER, "/arenden/[Sittgradäng vid Kungsbron]")
    answer = page.request.post(
        own_site.address + own_site.at("/arenden/[Sittgradäng vid Kungsbron]/steg/ask_completion"),
        headers={"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"},
        form={"ask_completion-question": TYPED, "seen_version": "1", "seen_revision": "1"},
    )
    assert answer.status == 400
    assert "Inget är ändrat" in answer.text()
    assert TYPED not in answer.text()
    assert stands(own_site, "Sittgradäng vid Kungsbron") == before


def test_the_token_of_somebody_else_is_no_good(own_site: Site) -> None:
    theirs = own_site.open("Budgetansvarig", "/arenden/[Sittgradäng vid Kungsbron]")
    token = theirs.locator("[name=csrf_token]").first.get_attribute("value")
    before = stands(own_site, "Sittgradäng vid Kungsbron")
    page = way(own_site.open(OFFICER, "/arenden/[Sittgradäng vid Kungsbron]"), "ask_completion")
    page.locator("[name='ask_completion-question']").fill(TYPED)
    page.evaluate(SET, ["csrf_token", token])
    send(page, "ask_completion")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name='ask_completion-question']")).to_have_value(TYPED)
    assert stands(own_site, "Sittgradäng vid Kungsbron") == before


def test_who_acts_on_what_somebody_else_has_moved_is_shown_what_happened(own_site: Site) -> None:
    late = way(own_site.open(OFFICER, "/arenden/[Fler papperskorgar vid torget]"), "ask_completion")
    late.locator("[name='ask_completion-question']").fill(TYPED)
    first = way(own_site.open(OFFICER, "/arenden/[Fler papperskorgar vid torget]"), "ask_completion")
    first.locator("[name='ask_completion-question']").fill("Vilken gata?")
    send(first, "ask_completion")
    expect(first.locator(".flash")).to_be_visible()
    before = stands(own_site, "Fler papperskorgar vid torget")
    send(late, "ask_completion")
    expect(late.get_by_role("alert")).to_be_visible()
    expect(late.locator("main")).to_contain_text("Det här har hänt sedan du öppnade sidan")
    expect(late.locator("main")).to_contain_text("Vilken gata?")
    expect(late.locator("main")).to_contain_text(TYPED)
    assert stands(own_site, "Fler papperskorgar vid torget") == before


def test_the_same_form_sent_twice_is_done_once_and_answered_twice(own_site: Site) -> None:
    page = way(own_site.open(OFFICER, "/arenden/[En plats för barn vid Norra torget]"), "accept")
    page.locator("[name='accept-remarks']").fill("Tack!")
    sent = dict(page.locator("#gor-accept form").evaluate("form => [...new FormData(form)]"))
    action = own_site.address + str(page.locator("#gor-accept form").get_attribute("action"))
    counted = "SELECT count(*) FROM event WHERE stream = ?", own_site.number("En plats för barn vid Norra torget")
    events = own_site.rows(*counted)[0][0]
    for _ in range(2):
        page.goto(own_site.address + "/")
        answer = page.request.post(action, form=sent)
        assert answer.status == 200
        assert "står nu vid beredning" in answer.text()
        assert own_site.rows(*counted) == [(events + 1,)]


def test_an_unknown_number_leads_on(own_site: Site) -> None:
    for path in ("/forslag/CG-1999-999", "/forslag/<script>", "/finns-inte"):
        page = own_site.open(VISITOR, path)
        expect(page.locator("main")).to_contain_text(re.compile("Sök på nummer eller ord"))
        page.get_by_role("searchbox").fill("torget")
        page.get_by_role("button", name="Sök").click()
        expect(page).to_have_url(re.compile(re.escape(f"{own_site.address}/forslag?q=torget")))
        expect(page.locator("h1")).to_be_visible()


UNDERSTOOD = {"1 000,50": 1_000_50, "1000 kr": 1_000_00, "12 tkr": 12_000_00, "1,5 mnkr": 1_500_000_00}
REFUSED = ["1e9", "NaN", "-5", "١٢", "1_000", "１２", "0x10", "−5", "1.000.000,0.0", "tolv"]


@pytest.mark.parametrize("written", UNDERSTOOD)
def test_an_amount_as_people_write_it_is_understood(own_site: Site, written: str) -> None:
    page = own_site.open(VISITOR, "/lamna-forslag")
    number, _ = ideas.send(page, what=f"Ett träd för {written}", where="Torget", cost=written)
    cost = "SELECT l.amount_ore FROM cost_line l JOIN proposal p ON p.id = l.proposal_id WHERE p.number = ?"
    assert own_site.rows(cost, number) == [(UNDERSTOOD[written],)]


def test_an_amount_that_is_none_is_refused_beside_its_field_and_everything_is_kept(own_site: Site) -> None:
    page = own_site.open(VISITOR, "/lamna-forslag")
    proposals = own_site.rows("SELECT count(*) FROM proposal")
    kept = {"own_contribution": TYPED, "name": "En granne", "email": "g@exempel.se"}
    ideas.write(page, what=TYPED, where="Torget", why="Därför.")
    page.go_back()
    for name, value in kept.items():
        page.locator(f"[name={name}]").fill(value)
    for written in REFUSED:
        page.locator("[name=cost]").fill(written)
        with page.expect_navigation():
            page.get_by_role("button", name="Kontrollera och skicka").click()
        field = page.locator("[name=cost]")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value(written)
        told = page.locator(f"#{str(field.get_attribute('aria-describedby')).split()[-1]}")
        assert len(told.inner_text()) > 10, "in words, beside the field"
        page.get_by_role("alert").get_by_role("link").first.click()
        expect(field).to_be_focused()
        for name, value in kept.items():
            expect(page.locator(f"[name={name}]")).to_have_value(value)
    assert own_site.rows("SELECT count(*) FROM proposal") == proposals


def test_the_officials_cost_rows_keep_what_was_typed(own_site: Site) -> None:
    before = stands(own_site, "Skyddande skärmar vid sittplatserna")
    page = own_site.open(OFFICER, "/arenden/[Skyddande skärmar vid sittplatserna]/innehall")
    page.get_by_label("Rubrik").fill("Skärmar med glas")
    amounts = page.get_by_label("Belopp, kr")
    for written in ("1e9", "-5", "NaN"):
        amounts.first.fill(written)
        page.get_by_role("button", name="Spara").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Rubrik")).to_have_value("Skärmar med glas")
        expect(amounts.first).to_have_value(written)
    assert stands(own_site, "Skyddande skärmar vid sittplatserna") == before
    for each in (amounts.first, amounts.nth(1)):
        each.fill("90 tkr")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".flash")).to_be_visible()
    assert stands(own_site, "Skärmar med glas") != before
