"""A group votes in a real browser: the officer asks, a member answers from the own queue, the position follows."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.web.site import Site
from tests.workflow.cast import key, opened, person

CASE = "/arenden/[Bredare trottoar på Trädgårdsgatan]"
MEMBER = "Fastighetsägare"


def let_them_vote(site: Site) -> None:
    ((body,),) = site.rows("SELECT id FROM body WHERE code = 'centrumgruppen'")
    today = datetime.now(UTC).date()
    row = {"body_id": body, "share": 5_000, "from_on": today, "source": "Gruppens beslut"}
    with opened(f"sqlite:///{site.database}", today) as engine:
        engine.configure("vote_rule", row, by=person(engine, "Administratör"), key=key())


def test_a_group_is_asked_answers_and_is_heard(own_site: Site) -> None:
    officer = own_site.open("Handläggare", f"{CASE}/omrostning")
    expect(officer.locator("main")).to_contain_text("Gruppen röstar inte.")
    let_them_vote(own_site)
    officer.goto(own_site.address + own_site.at(CASE))
    officer.get_by_role("link", name="Omröstning i gruppen").click()
    officer.get_by_label("Sista dag att svara").fill((datetime.now(UTC) + timedelta(days=20)).date().isoformat())
    officer.get_by_role("button", name="Fråga gruppen").click()
    expect(officer.locator(".flash")).to_contain_text("Gruppen är tillfrågad.")

    member = own_site.open(MEMBER, "/att-gora")
    member.get_by_role("link", name="Bredare trottoar på Trädgårdsgatan").first.click()
    member.get_by_role("link", name="Omröstning i gruppen").click()
    member.get_by_role("button", name="Rösta").click()
    expect(member.locator("main")).to_contain_text("Hur röstar du?")
    member.get_by_label("Emot").check()
    member.get_by_label("Avvikande mening").fill("Bilarna behöver platsen.")
    member.get_by_role("button", name="Rösta").click()
    expect(member.locator(".flash")).to_contain_text("Tack, din röst är med.")

    officer.goto(own_site.address + own_site.at(CASE))
    expect(officer.locator("main")).to_contain_text("Gruppen röstar om förslaget")
    officer.get_by_role("link", name="Omröstning i gruppen").click()
    expect(officer.locator("main")).to_contain_text("Bilarna behöver platsen.")
    officer.get_by_role("button", name="Avsluta omröstningen").click()
    expect(officer.locator(".flash")).to_contain_text("Omröstningen är avslutad.")
    officer.get_by_role("link", name="Omröstning i gruppen").click()
    expect(officer.locator("main")).to_contain_text("Omröstningen är klar: 0 av")
