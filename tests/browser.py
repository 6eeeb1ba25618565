"""Fixtures that drive a real Chromium. `make test` finds or installs one and tells its path in SKEDE_CHROMIUM."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# Without these Chromium looks for its maker's servers at every start, also where no network is.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser, until the block ends."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(),
            headless=True,
            chromium_sandbox=os.geteuid() != 0,  # Chromium refuses its sandbox to root
            args=QUIET,
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A visitor of their own, in Sweden: no cookie is shared with another test."""
    context = browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    yield context.new_page()
    context.close()


def chromium_path() -> str:
    found = os.environ.get("SKEDE_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail("No Chromium: run `make test` once, or set SKEDE_CHROMIUM to the path of one.", pytrace=False)
    return found
