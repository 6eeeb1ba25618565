"""Four people on their way through the pages, in a real browser: a visitor, an officer, a budget holder, a controller.

One journey goes without JavaScript and one by the keyboard alone; a member from outside sees less than an official.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.web import ideas
from tests.web.site import VISITOR, WIDE, Site

PHONE = {"width": 375, "height": 800}


def kronor(text: str) -> int:
    """The first amount in a text, as a number."""
    found = re.search(r"-?[0-9\u00a0 ]+(?=\u00a0kr)", text)
    assert found, text
    return int(re.sub(r"[\u00a0 ]", "", found[0]))


def left_in(site: Site, pot: str) -> int:
    page = site.open(VISITOR, f"/potter/{pot}/2026")
    left = kronor(page.locator("main").inner_text())
    page.close()
    return left


@pytest.mark.parametrize(
    "how",
    [{}, {"viewport": PHONE}, {"java_script_enabled": False}],
    ids=["desk", "phone", "no-javascript"],
)
def test_a_visitor_hands_in_follows_completes_and_withdraws(own_site: Site, how: dict[str, object]) -> None:
    page = own_site.open(VISITOR, "/", **how)
    page.get_by_role("link", name="Lämna en idé").last.click()
    page.get_by_label("Vad är din idé?").fill("Fler bänkar i skuggan. Två räcker.")
    page.get_by_role("button", name="Nästa").click()
    expect(page.locator("h1")).to_have_text("Steg 2 av 3 Platsen")
    page.get_by_label("Var?").fill("Vid Varnan")
    page.get_by_role("button", name="Nästa").click()
    page.get_by_role("button", name="Kontrollera och skicka").click()
    expect(page.locator("main")).to_contain_text("Fler bänkar i skuggan. Två räcker.")
    page.get_by_role("button", name="Skicka idén").click()
    expect(page.locator("h1")).to_have_text("Tack för din idé")
    expect(page.locator("main")).to_contain_text(re.compile(r"Du får ett första svar senast \d+\s\w+\s\d{4}\."))
    number, link = page.locator(".lead .num").inner_text(), page.locator(".private-link a").inner_text()
    page.get_by_role("link", name="Följ din idé").click()
    expect(page.locator("h1")).to_have_text("Fler bänkar i skuggan")
    expect(page.locator("main")).to_contain_text("Nu väntar vi på arbetsgruppens första svar.")
    page.goto(own_site.address + f"/forslag?q={number}")
    expect(page.locator("main")).to_contain_text("Fler bänkar i skuggan")

    page.goto(link)
    page.get_by_role("button", name="Öppna min idé").click()
    expect(page.locator("h1")).to_have_text("Fler bänkar i skuggan")
    page.goto(own_site.address + f"/arenden/{number}/innehall")
    page.get_by_label("Varför").fill("Sommaren är varm.")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".flash")).to_contain_text("Innehållet är sparat.")
    expect(page.locator("main")).to_contain_text("Sommaren är varm.")
    take(page, "withdraw")
    expect(page.locator("main")).to_contain_text("Återtaget")
    ((state, revision),) = own_site.rows("SELECT state, revision FROM proposal WHERE number = ?", number)
    assert (state, revision) == ("withdrawn", 2)


def take(page: Page, transition: str, **fields: str) -> None:
    """Opens a way and sends its form, with these fields filled in."""
    way = page.locator(f"#gor-{transition}")
    if way.get_attribute("open") is None:
        way.locator("summary").click()
    for name, value in fields.items():
        way.locator(f"[name='{transition}-{name}']").fill(value)
    way.locator("button.btn-primary").click()


def test_an_idea_is_handed_in_by_the_keyboard_alone(own_site: Site) -> None:
    page = own_site.open(VISITOR, "/lamna-forslag")
    seen, filled = [], {"what": "Ett schackbord", "where": "Stadsparken", "cost": "12 tkr"}
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Till innehållet")
    page.keyboard.press("Enter")
    for _ in range(90):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        assert focus.evaluate("each => getComputedStyle(each).outlineStyle") != "none", "the focus can be seen"
        name = focus.get_attribute("name") or focus.inner_text()
        seen.append(name)
        if name in filled:
            page.keyboard.type(filled.pop(name))
        if name in ("Nästa", "Kontrollera och skicka", "Skicka idén"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
        if name == "Skicka idén":
            break
    expect(page.locator("h1")).to_have_text("Tack för din idé")
    assert filled == {}
    assert seen.index("what") < seen.index("where") < seen.index("cost")
    number = page.locator(".lead .num").inner_text()
    cost = "SELECT l.amount_ore FROM cost_line l JOIN proposal p ON p.id = l.proposal_id WHERE p.number = ?"
    assert own_site.rows(cost, number) == [(12_000_00,)]


def test_what_is_typed_is_saved_before_any_button_is_pressed(own_site: Site) -> None:
    page = own_site.open(VISITOR, "/lamna-forslag", viewport=PHONE)
    page.get_by_label("Vad är din idé?").press_sequentially("En drake över ån")
    expect(page.get_by_role("status")).to_have_text("Sparat")
    page.goto(own_site.address + "/lamna-forslag")
    page.get_by_role("link", name="Fortsätt på utkastet").click()
    expect(page.get_by_label("Vad är din idé?")).to_have_value("En drake över ån")
    page.get_by_role("button", name="Nästa").click()
    page.get_by_label("Var?").press_sequentially("Varnan")
    expect(page.get_by_role("status")).to_have_text("Sparat")
    page.get_by_role("button", name="Tillbaka").click()
    page.wait_for_url("**/1")
    page.get_by_role("button", name="Nästa").click()
    expect(page.get_by_label("Var?")).to_have_value("Varnan")
    page.get_by_role("link", name="Släng utkastet").click()
    page.wait_for_url("**/slang")
    page.get_by_role("button", name="Släng utkastet").click()
    expect(page.locator("h1")).to_be_visible()


def test_an_officer_finds_what_waits_and_takes_it_on(own_site: Site) -> None:
    page = own_site.open("Handläggare", "/")
    before = int(page.locator(".badge-mine").first.inner_text())
    page.get_by_role("link", name=re.compile("Att göra")).click()
    page.get_by_role("link", name="En plats för barn vid Norra torget").first.click()
    expect(page.locator("main")).to_contain_text("Nu väntar vi på arbetsgruppens första svar.")
    take(page, "accept", remarks="Tack! Vi tar den vidare.")
    expect(page.locator(".flash")).to_contain_text("står nu vid beredning")
    page.goto(own_site.address + "/att-gora")
    expect(page.locator("main")).to_contain_text("ta emot idén och börja bereda")
    assert int(page.locator(".badge-mine").first.inner_text()) == before, "it is still ours to prepare"
    public = own_site.open(VISITOR, "/forslag/[En plats för barn vid Norra torget]")
    expect(public.locator("main")).to_contain_text("Idén togs emot och bereds.")
    expect(public.locator("main")).to_contain_text("Steg 2 av")


def test_a_budget_holder_decides_and_the_pots_follow(own_site: Site) -> None:
    before = left_in(own_site, "operating")
    page = own_site.open("Budgetansvarig", "/att-gora")
    page.get_by_role("link", name="Studiebesök om levande bottenvåningar").first.click()
    way = page.locator("#gor-approve")
    way.locator("summary").click()
    expect(way.locator("table")).to_contain_text("Kvar efter")
    take(page, "approve")
    expect(page.get_by_role("alert")).to_contain_text("Beslutssats")
    today = datetime.now(UTC).date()
    said = {"wording": "Studiebesöket genomförs.", "financing": "Driftspotten 2026", "paragraph": "D 12"}
    days = {"decided_on": today.isoformat(), "ready_by": (today + timedelta(days=60)).isoformat()}
    take(page, "approve", **said, **days)
    expect(page.locator(".flash")).to_contain_text(own_site.number("Studiebesök om levande bottenvåningar"))
    assert left_in(own_site, "operating") == before, "what was reserved is now decided"
    reserved, decided = "Återlämnat", "Beslutat"
    pot = own_site.open(VISITOR, "/potter/operating/2026")
    row = pot.locator("tr", has_text="Studiebesök om levande bottenvåningar")
    told = " ".join(row.all_text_contents())  # also behind the figures that are folded
    assert reserved in told
    assert decided in told
    timeline = own_site.open(VISITOR, "/forslag/[Studiebesök om levande bottenvåningar]")
    expect(timeline.locator("main")).to_contain_text("Delegationsbeslut: bifall.")
    expect(timeline.locator("main")).to_contain_text("Studiebesöket genomförs.")


def test_a_controller_books_an_invoice_and_finds_it_behind_the_figure(own_site: Site) -> None:
    page = own_site.open("Ekonom", "/arenden/[Cykelställ vid biblioteket]")
    page.get_by_role("link", name="Bokför en faktura").click()
    page.get_by_label("Faktura", exact=True).check()
    page.get_by_label(re.compile("^Belopp")).fill("1 200,50")
    page.get_by_label("Bokföringsdag").fill(datetime.now(UTC).date().isoformat())
    page.get_by_label(re.compile("^Leverantör")).fill("Exempel Cykel AB")
    page.get_by_label(re.compile("^Verifikation")).fill("V 4711")
    page.get_by_role("button", name=re.compile("Bokför")).click()
    expect(page.locator(".flash")).to_be_visible()
    page.goto(own_site.address + "/potter/investment/2026")
    expect(page.locator("main")).to_contain_text("Exempel Cykel AB")
    public = own_site.open(VISITOR, "/potter/investment/2026", viewport=PHONE)
    expect(public.locator("main")).not_to_contain_text("Exempel Cykel AB")
    booked = "SELECT sum(amount_ore) FROM ledger_entry WHERE kind = 'spend' AND voucher = 'V 4711'"
    assert own_site.rows(booked) == [(1_200_50,)]


def test_a_member_from_outside_sees_less_than_an_official_and_a_visitor_less_still(own_site: Site) -> None:
    page = own_site.open(VISITOR, "/lamna-forslag", viewport=WIDE)
    number, _ = ideas.send(page, what="En klocka", where="Torget", name="Kanarie Fågel", email="k@exempel.se")
    shown = {
        who: text_of(own_site, who, f"/{'forslag' if who == VISITOR else 'arenden'}/{number}")
        for who in ("Handläggare", "Fastighetsägare", VISITOR)
    }
    assert "Kanarie Fågel" in shown["Handläggare"]
    assert "k@exempel.se" in shown["Handläggare"]
    for who in ("Fastighetsägare", VISITOR):
        assert "Kanarie" not in shown[who]
        assert "exempel.se" not in shown[who]
    assert "Förslagsställare" in shown["Fastighetsägare"]
    assert "Gör så här" in shown["Fastighetsägare"]
    assert "Gör så här" not in shown[VISITOR]
    assert "Kanarie" not in text_of(own_site, "Fastighetsägare", f"/forslag/{number}")


def text_of(site: Site, who: str, path: str) -> str:
    page = site.open(who, path)
    text = page.locator("html").inner_text() + page.content()
    page.close()
    return text


def test_a_controller_registers_a_supplement_that_covers_an_overrun(own_site: Site) -> None:
    page = own_site.open("Ekonom", "/att-gora")
    page.get_by_role("link", name="Driftspotten 2025").click()
    expect(page.locator("main")).to_contain_text("Överskridande 4\u00a0000\u00a0kr: åtgärd krävs.")
    page.get_by_role("link", name="Registrera beslut om potten").click()
    page.get_by_label(re.compile("^Tilläggsanslag")).check()
    page.get_by_label(re.compile("^Belopp")).fill("4 tkr")
    page.get_by_role("button", name="Registrera beslutet").click()
    expect(page.get_by_role("alert")).to_contain_text("Paragraf")
    expect(page.get_by_label(re.compile("^Belopp"))).to_have_value("4 tkr")
    page.get_by_label("Instans").select_option("kf")
    page.get_by_label("Beslutsdatum").fill(datetime.now(UTC).date().isoformat())
    page.get_by_label("Paragraf").fill("§ 71")
    page.get_by_label("Beslutssats").fill("Driftspotten 2025 får 4 000 kr till.")
    page.get_by_role("button", name="Registrera beslutet").click()
    expect(page.locator(".flash")).to_contain_text("Tilläggsanslaget är registrerat.")
    expect(page.locator("main")).not_to_contain_text("åtgärd krävs")
    expect(page.locator("main")).to_contain_text("504\u00a0000\u00a0kr")


def test_the_year_end_is_for_who_keeps_the_books(own_site: Site) -> None:
    page = own_site.open("Handläggare", "/potter/investment/2026")
    assert page.get_by_role("link", name="Årsslut och ombudgetering").count() == 0
    answer = page.request.get(own_site.address + "/potter/investment/2026/arsslut")
    assert answer.status == 403
    page = own_site.open("Ekonom", "/potter/investment/2026/arsslut")
    rows = page.locator("tbody tr").count()
    assert rows > 0
    page.locator("tbody input[type=checkbox]").first.uncheck()
    page.get_by_role("button", name="Registrera ombudgeteringen").click()
    expect(page.get_by_role("alert")).to_contain_text("Beslutsdatum")
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(rows - 1)
    page.get_by_label("Instans").select_option("kf")
    page.get_by_label("Beslutsdatum").fill(datetime.now(UTC).date().isoformat())
    page.get_by_label("Paragraf").fill("§ 12")
    page.get_by_label("Beslutssats").fill("Enligt underlaget.")
    page.get_by_role("button", name="Registrera ombudgeteringen").click()
    expect(page.get_by_role("alert")).to_contain_text("2027")
    expect(page.locator("tbody tr")).to_have_count(rows)


def test_the_year_list_is_tried_in_another_order_saved_and_decided(own_site: Site) -> None:
    page = own_site.open("Handläggare", "/potter")
    page.get_by_role("link", name=re.compile("^Årslistan")).click()
    page.get_by_role("navigation", name="Andra år").get_by_role("link", name="2026").click()
    page.wait_for_url("**/arslista/2026")
    listed = page.locator("tbody th a")
    before = listed.all_inner_texts()
    page.get_by_role("link", name=re.compile(f"^Upp.*{before[1]}")).click()
    expect(page.locator("main")).to_contain_text("Du ser en tänkt ordning.")
    expect(listed).to_have_text([before[1], before[0], *before[2:]])
    page.get_by_role("button", name="Spara ordningen").click()
    expect(page.locator(".flash")).to_contain_text("Ordningen är sparad.")
    page.goto(own_site.address + "/arslista/2026")
    expect(listed).to_have_text([before[1], before[0], *before[2:]])

    page = own_site.open("Sekreterare i kommunstyrelsen", "/arslista/2026")
    assert page.locator("tbody input[type=checkbox]").count() == 1, "only what this body decides"
    page.get_by_label("Grönare Lyrantorget").check()
    page.get_by_role("button", name="Registrera bifall för de valda").click()
    expect(page.get_by_role("alert")).to_contain_text("Beslutssats")
    page.get_by_label("Beslutsdatum").fill(datetime.now(UTC).date().isoformat())
    page.get_by_label("Paragraf").fill("§ 88")
    page.get_by_label("Beslutssats").fill("Kommunstyrelsen bifaller årslistan.")
    page.get_by_label("Finansiering").fill("Investeringspotten 2026")
    page.get_by_role("button", name="Registrera bifall för de valda").click()
    expect(page.locator("main")).to_contain_text(re.compile("Grönare Lyrantorget:\\s*bifall, står nu vid"))
    timeline = own_site.open(VISITOR, "/forslag/[Grönare Lyrantorget]")
    expect(timeline.locator("main")).to_contain_text("Kommunstyrelsen bifaller årslistan.")


def test_a_pot_tells_what_open_proposals_will_ask_of_it(own_site: Site) -> None:
    page = own_site.open(VISITOR, "/potter/operating/2026")
    asked = page.get_by_role("region", name="Vad öppna förslag vill ha")
    expect(asked).to_contain_text("Ett sammanhållet stråk längs Kungsgatan")
    expect(asked).to_contain_text("60\u00a0000\u00a0kr")
    assert page.get_by_role("link", name="Registrera beslut om potten").count() == 0
