"""Whoever reads, however they have set their browser: larger spacing, colours of their own, the keyboard, a slow line.

WCAG 2.2: 1.4.1 colour, 1.4.4 text at twice its size, 1.4.10 reflow at 400 %, 1.4.12 text spacing, 2.4.7 and 2.4.11
focus that is seen and not hidden.
"""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.web.site import VISITOR, Site

OFFICER = "Handläggare"
TIMELINE = "/forslag/[Sittplatser vid Norrtull]"
PAGES = [
    (VISITOR, "/"), (VISITOR, "/forslag"), (VISITOR, TIMELINE), (VISITOR, "/potter"), (VISITOR, "/lamna-forslag"),
    (VISITOR, "/oppna-data"), (OFFICER, "/att-gora"), (OFFICER, "/arenden/[Skyddande skärmar vid sittplatserna]"),
]  # fmt: skip
PHONE = {"width": 375, "height": 700}
MOST_BYTES = 60_000
# As the guideline says it: lines 1.5, paragraphs 2, letters 0.12 and words 0.16 times the size of the text.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(each => {
    const style = getComputedStyle(each), box = each.getBoundingClientRect();
    if (!box.width || each.closest('.visually-hidden') || each.matches('textarea, input, select, svg *')) return false;
    const cuts = value => value === 'hidden' || value === 'clip';
    return (cuts(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
        || (cuts(style.overflowY) && each.scrollHeight > each.clientHeight + 1)
        || (box.right > innerWidth + 1 && !each.closest('.scroll'));
}).map(each => each.outerHTML.slice(0, 120))"""
STATIONS = ("is-done", "is-here", "is-skipped")
SHAPE = """each => {
    const style = getComputedStyle(each);
    return [style.width, style.borderStyle, style.borderWidth, style.transform].join(' ');
}"""
FOCUSED = """() => {
    const each = document.activeElement, style = getComputedStyle(each);
    const box = each.getClientRects()[0] || each.getBoundingClientRect();
    const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
    const x = left + Math.min(box.right - left, 20) / 2, y = top + Math.min(box.bottom - top, 20) / 2;
    const above = document.elementFromPoint(x, y);
    return {
        name: each.outerHTML.slice(0, 100), body: each === document.body,
        outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        covered: !(above && (each.contains(above) || above.contains(each) || above.closest('label'))),
    };
}"""


def told(page: Page, site: Site, path: str) -> Page:
    page.goto(site.address + site.at(path))
    return page


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_nothing_is_cut_off_with_larger_spacing_nor_at_four_times_the_size(site: Site, who: str, path: str) -> None:
    page = site.open(who, path, bypass_csp=True)
    page.add_style_tag(content=SPACED)
    for width in (1280, 320):  # 320 pixels are 1280 at 400 %
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(CUT_OFF) == [], width
    page.close()


@pytest.mark.parametrize(("who", "path"), [*PAGES, (OFFICER, "/arenden/[Cykelställ vid biblioteket]")])
def test_a_phone_that_shows_text_at_twice_its_size_needs_no_way_sideways(site: Site, who: str, path: str) -> None:
    page = site.open(who, path, viewport=PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.evaluate(CUT_OFF)
    page.close()


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_what_has_the_focus_is_seen_and_nothing_lies_upon_it(site: Site, who: str, path: str) -> None:
    page = site.open(who, path, forced_colors="active", reduced_motion="reduce", viewport=PHONE)
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focus: dict[str, Any] = page.evaluate(FOCUSED)
        if focus["body"] or focus["name"] in seen[:1]:
            break
        seen.append(focus["name"])
        assert (focus["outlined"], focus["inside"], focus["covered"]) == (True, True, False), focus
    assert len(seen) > 8
    page.close()


def test_where_it_stands_is_told_without_any_colour(site: Site) -> None:
    """In colours of the reader's own the stations differ in shape, and each is told in words."""
    page = site.open(VISITOR, TIMELINE, forced_colors="active")
    here = page.locator(".station.is-here").first
    assert here.get_attribute("aria-current") == "step"
    assert "här nu" in here.inner_text()
    shapes = {name: page.locator(f".station.{name} .dot").first.evaluate(SHAPE) for name in STATIONS}
    assert len(set(shapes.values())) == 3, shapes
    page.close()


def test_the_timeline_is_light_and_whole_without_a_script(site: Site) -> None:
    page = site.open(VISITOR, "/belopp", java_script_enabled=False)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: dict[str, int] = {}
    line.on(
        "Network.loadingFinished", lambda each: sizes.__setitem__(each["requestId"], int(each["encodedDataLength"]))
    )
    told(page, site, TIMELINE).wait_for_load_state("networkidle")
    assert 20_000 < sum(sizes.values()) <= MOST_BYTES
    for words in ("Nu väntar vi på", "Pengar", "Allt som hänt", "Det här återstår", "Avtalet är tecknat"):
        assert words in page.locator("main").inner_text(), words
    page.close()
