"""Att göra by the keyboard alone: from the list to a case, to the next, a step taken, and the next offered."""

import re

from playwright.sync_api import Page, expect

from tests.web.site import Site

MOST_STOPS = 120


def tab_to(page: Page, wanted: str) -> None:
    """Presses the tabulator until what holds the focus matches, and sees that the focus shows."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """wanted => { const e = document.activeElement;
            return [e.matches(wanted), getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth] }""",
            wanted,
        )
        if focus[0]:
            assert focus[1] != "none", "the focus cannot be seen"
            assert focus[2] != "0px", "the focus cannot be seen"
            return
    raise AssertionError(f"nothing that matches {wanted} can be reached by the keyboard")


def test_the_whole_way_by_the_keyboard(own_site: Site) -> None:
    page = own_site.open("Handläggare", "/att-gora?view=mine")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")  # past the menu
    first, second = page.locator(".todo .row-title a").all_inner_texts()[:2]
    tab_to(page, ".todo .row-title a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    tab_to(page, "nav.beside a[rel=next]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(second)
    tab_to(page, "nav.beside a[rel=prev]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    tab_to(page, "#gor-park > summary")
    page.keyboard.press("Enter")
    tab_to(page, "#park-reason")
    page.keyboard.type("Vi väntar på gruppens nästa möte.")
    page.keyboard.press("Shift+Tab")
    page.locator("#park-parked_until").fill("2099-01-01")  # how a calendar is typed is the browser's
    tab_to(page, "#gor-park button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Klart.")
    tab_to(page, "nav.beside.is-done a[rel=next]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(second)
    expect(page).to_have_url(re.compile("view=mine"))
