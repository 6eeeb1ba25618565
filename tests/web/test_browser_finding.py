"""Finding the proposal that one waits for and following it, on a phone, with scripts and without."""

import pytest
from playwright.sync_api import expect

from tests.web.site import VISITOR, Site

PHONE = {"width": 375, "height": 800}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-javascript"])
def test_a_visitor_finds_what_they_wait_for_and_follows_it(site: Site, scripts: bool) -> None:
    page = site.open(VISITOR, "/", viewport=PHONE, java_script_enabled=scripts)
    page.get_by_label("Sök på nummer eller ord").fill("lyrantoget")  # a letter is missing
    page.get_by_role("button", name="Sök").click()
    expect(page.locator("main")).to_contain_text("Inget förslag innehåller ”lyrantoget”.")
    page.get_by_text("Välj steg, pott, plats eller år").click()
    page.get_by_label("Står vid").select_option(label="Budgetbeslut")
    page.get_by_role("button", name="Visa").click()
    expect(page.locator(".rows .row-title")).to_have_count(1)
    expect(page.locator(".chosen")).to_contain_text("Står vid: Budgetbeslut")
    page.get_by_role("link", name="Grönare Lyrantorget").click()
    page.get_by_label("Få ett mejl när något händer").fill("anna@example.org")
    page.get_by_role("button", name="Följ").click()
    expect(page.locator("h1")).to_have_text("Titta i din e-post")
    page.get_by_role("link", name="Tillbaka till förslaget").click()
    expect(page.locator("h1")).to_have_text("Grönare Lyrantorget")
    page.close()
