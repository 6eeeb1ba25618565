"""The product as its users meet it: the examples, a real server on this machine, and people with a browser.

``site`` is shared and only read. ``own_site`` belongs to one file of tests, which may change what it likes.
"""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.torture.hostile_files import picture
from tests.web import ideas
from tests.web.commands import ROOT, copy_examples

LOCALES = {"sv": "sv-SE", "en": "en-GB"}
VISITOR, PROPOSER = "visitor", "proposer"
SECRET_KEY = "for tests of this machine only"
PATIENCE_S = 60.0
CONFIG = ROOT / "config.toml"
WIDE = {"width": 1280, "height": 900}


@dataclass(slots=True)
class Site:
    """A running site and the browsers of its people."""

    address: str
    database: Path
    browser: Browser
    contexts: dict[tuple[str, str, str], BrowserContext] = field(default_factory=dict)
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)  # that go from address to address
    link: str = ""  # the private link of a proposer who has handed something in
    link_number: str = ""
    draft: str = ""  # the path of a draft that is written and not sent
    invitation: str = ""  # the path of a link to choose a password
    file: str = ""  # the address of a file that the controller has brought in

    def number(self, title: str) -> str:
        """The number of the example that is called this."""
        latest = "SELECT p.number FROM proposal p JOIN revision r ON r.proposal_id = p.id AND r.n = p.revision"
        ((number,),) = self.rows(f"{latest} WHERE r.title = ?", title)
        return str(number)

    def at(self, path: str) -> str:
        """An address, where ``[Ljus längs Varnan]`` stands for the number of that example."""
        return re.sub(r"\[(.+?)\]", lambda found: self.number(found[1]), path)

    def open(self, who: str, path: str = "/", language: str = "sv", **more: Any) -> Page:
        """A page as seen by a visitor, by the proposer with the private link, or by a person of the demo."""
        told = (who, language, repr(sorted(more.items())))
        if told not in self.contexts:
            self.contexts[told] = self._context(who, language, **more)
        page = self.contexts[told].new_page()
        page.goto(self.address + self.at(path))
        return page

    def show(self, who: str, path: str, language: str = "sv") -> Page:
        """The same in one page that goes from address to address: a page of its own takes three times as long."""
        told = (who, language)
        if told not in self.pages:
            self.pages[told] = self.open(who, path, language)
        else:
            self.pages[told].goto(self.address + self.at(path))
        return self.pages[told]

    def _context(self, who: str, language: str, **more: Any) -> BrowserContext:
        """Signed in as a visitor would: by a click in the demo's list, or by the private link from a receipt."""
        context = self.browser.new_context(
            locale=LOCALES[language],
            timezone_id="Europe/Stockholm",
            viewport=more.pop("viewport", None) or WIDE,
            **more,
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        page = context.new_page()
        if who == PROPOSER:
            self.hand_in()
            page.goto(self.link)
            page.locator("main form button").click()
        elif who != VISITOR:
            page.goto(f"{self.address}/logga-in")
            ((person,),) = self.rows("SELECT id FROM person WHERE name = ? AND kind = 'member'", who)
            page.locator(f"button[name=person][value='{person}']").click()
        leave(page)
        return context

    def hand_in(self) -> None:
        """A proposal of the visitor's own, once: its private link then belongs to whom this site calls proposer."""
        if self.link:
            return
        page = self.open(VISITOR, "/lamna-forslag")
        self.link_number, self.link = ideas.send(page, what="En vattenpost vid torget", where="Södra torget")
        leave(page)

    def begin_draft(self) -> None:
        """Written to the end and not sent, once."""
        if self.draft:
            return
        page = self.open(VISITOR, "/lamna-forslag")
        ideas.write(page, what="En bänk i solen", where="Ölmegatan", name="Den som skriver")
        self.draft = urlsplit(page.url).path.removesuffix("/skicka")
        page.goto(f"{self.address}{self.draft}/3")
        page.set_input_files("#file", {"name": "Solen.png", "mimeType": "image/png", "buffer": picture("PNG")})
        page.get_by_role("button", name="Lägg till filen").click()
        page.wait_for_url("**/3#filer")
        leave(page)

    def bring_in(self) -> None:
        """A file from the accounting system, once: a row to book, one that says the same, one with faults."""
        if self.file:
            return
        number, rest = self.number("Sittplatser vid Norrtull"), "Bänkar & Mark AB;A 1001;faktura"
        rows = (
            f"{number};1;1 234,50;2026-11-02;{rest}",
            f"{number};1;1 234,50;2026-11-02;{rest}",
            "CG-1;x;1e5;i går;;;nota",
        )
        headings = "Förslag;Finansieringsrad;Belopp;Bokföringsdatum;Leverantör;Verifikationsnummer;Slag"
        page = self.open("Ekonom", "/hamta-in")
        written = "\n".join((headings, *rows)).encode()
        page.set_input_files("#file", {"name": "Fakturor.csv", "mimeType": "text/csv", "buffer": written})
        page.get_by_role("button", name="Läs filen").click()
        page.wait_for_url("**/hamta-in/*")
        self.file = page.url
        leave(page)

    def invite(self, name: str) -> None:
        """The link by which somebody chooses a password, as the command prints it, once."""
        if self.invitation:
            return
        environment = environment_of(self.database)
        command = [sys.executable, "-m", "web.cli", "invite", name]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        self.invitation = urlsplit(done.stdout.split(maxsplit=1)[0]).path

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute(sql, parameters).fetchall()
        finally:
            connection.close()

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


def leave(page: Page) -> None:
    """Closes a page when it has come in whole: Chromium never answers to a close in the middle of a navigation."""
    page.wait_for_load_state("load")
    page.close()


@contextmanager
def serving(examples: Path, folder: Path, browser: Browser) -> Iterator[Site]:
    """A copy of the examples, served by the command that a newcomer runs, until the block ends."""
    database = folder / "skede.sqlite3"
    copy_examples(examples, database)
    port = free_port()
    environment = environment_of(database)
    log = (folder / "server.log").open("w")
    command = [sys.executable, "-m", "web.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    site = Site(f"http://localhost:{port}", database, browser)
    try:
        wait_for(site.address, server, folder / "server.log")
        yield site
    finally:
        site.close()
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_S)
        log.close()


def environment_of(database: Path) -> dict[str, str]:
    return os.environ | {
        "SKEDE_CONFIG": str(CONFIG),
        "SKEDE_DATABASE_URL": f"sqlite:///{database}",
        "SKEDE_SECRET_KEY": SECRET_KEY,
    }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not answer: {log.read_text()}", pytrace=False)


@pytest.fixture(scope="session")
def site(played_examples: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(played_examples, tmp_path_factory.mktemp("site"), browser) as found:
        yield found


@pytest.fixture(scope="module")
def own_site(played_examples: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(played_examples, tmp_path_factory.mktemp("own"), browser) as found:
        yield found
