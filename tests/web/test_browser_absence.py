"""Somebody is away and a deputy acts; somebody has an interest and nobody is left: in a real browser."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.web.site import Site
from tests.web.test_browser_journeys import take

CASE, OTHER = "/arenden/[Julbelysning längs Kungsgatan]", "/arenden/[En plats för barn vid Norra torget]"
OFFICER, INSTEAD, ADMINISTRATOR = "Handläggare", "Ekonom", "Administratör"


def test_a_deputy_acts_while_somebody_is_away_and_an_interest_leaves_nobody(own_site: Site) -> None:
    today = datetime.now(UTC).date()
    officer = own_site.open(OFFICER, "/att-gora")
    officer.get_by_role("link", name="Är du borta? Utse en ersättare").click()
    officer.get_by_label("Vem är ersättare?").select_option(label=INSTEAD)
    officer.get_by_label("Första dagen").fill(today.isoformat())
    officer.get_by_label("Sista dagen").fill((today + timedelta(days=7)).isoformat())
    officer.get_by_label("Varför?").fill("Semester")
    officer.get_by_role("button", name="Utse ersättaren").click()
    expect(officer.locator(".flash")).to_contain_text("Ersättaren är utsedd.")
    expect(officer.locator("main")).to_contain_text(f"{INSTEAD} är din ersättare")

    deputy = own_site.open(INSTEAD, "/att-gora")
    expect(deputy.locator("main")).to_contain_text(f"Du är ersättare för {OFFICER}")
    deputy.goto(own_site.address + own_site.at(CASE))
    take(deputy, "accept")
    expect(deputy.locator("#historik + ol")).to_contain_text(f"I stället för {OFFICER}")
    own_site.open(INSTEAD, "/ersattare").get_by_role("button", name="Avsluta nu").click()

    officer.goto(own_site.address + own_site.at(OTHER))
    officer.get_by_role("link", name="Intresseanmälan").click()
    officer.get_by_label("Saken rör personen själv").check()
    officer.get_by_label("Vad består intresset i?").fill("Äger ett hus vid torget.")
    officer.get_by_role("button", name="Anmäl").click()
    expect(officer.locator("main")).to_contain_text("Du deltar inte: intresseanmälan")
    expect(officer.locator("form[action*='/steg/']")).to_have_count(0)
    refused = own_site.open(INSTEAD, OTHER)
    expect(refused.locator("form[action*='/steg/']")).to_have_count(0)

    keeper = own_site.open(ADMINISTRATOR, "/att-gora")
    expect(keeper.locator("main")).to_contain_text("Ingen får ta nästa steg: utse någon")
