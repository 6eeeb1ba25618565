"""Somebody who hands in ideas over HTTP, with a browser's cookies and forms, and reads what was answered."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from sqlalchemy import NullPool, create_engine, text

from tests.web.ideas import FORM, hidden
from tests.web.site import free_port
from tests.workflow.cast import ROOT

DRAFT, LAST = "/utkast/", "/skicka"
PATIENCE_S = 180.0  # others may be tortured on the same machine
SAVED, REFUSED, UNKNOWN = "saved", "refused", "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    address: str = FORM  # where it led

    @property
    def outcome(self) -> str:
        """What it says has become of the idea."""
        if self.status == 200 and "CG-" in self.body:
            return SAVED
        return REFUSED if "Inget är sparat" in self.body else UNKNOWN


@dataclass(slots=True)
class Visitor:
    address: str
    browser: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))

    def form(self, what: str) -> dict[str, str]:
        """The form that sends the idea, its steps filled in; or of the step that could not be saved. Its own address
        stands under "address"."""
        form = {**hidden(self.ask(FORM).body), "address": FORM, "what": what, "about": "purchase"}
        while not form["address"].endswith(LAST) and self._is_taken(form):
            pass
        return form

    def send(self, form: dict[str, str]) -> Answer:
        """Goes on from there to the end; ``form`` is then the last one that was sent."""
        while True:
            answer = self.ask(form["address"], urlencode(form).encode())
            if not self._follows(form, answer):
                return answer

    def _is_taken(self, form: dict[str, str]) -> bool:
        return self._follows(form, self.ask(form["address"], urlencode(form).encode()))

    def _follows(self, form: dict[str, str], answer: Answer) -> bool:
        """Whether there is a next form, which then takes the place of this one."""
        if answer.status != 200 or not answer.address.startswith(DRAFT):
            return False
        form.clear()
        form.update(hidden(answer.body) | {"address": answer.address, "where": "Torget"})
        return True

    def ask(self, path: str, data: bytes | None = None) -> Answer:
        """Status 0 when nobody answered."""
        try:
            with self.browser.open(self.address + path, data, timeout=PATIENCE_S) as page:
                return Answer(page.status, page.read().decode(), urlsplit(page.url).path)
        except HTTPError as error:
            return Answer(error.code, error.read().decode())
        except (OSError, HTTPException) as error:
            return Answer(0, str(error))


def there(url: str, what: str) -> int:
    """How many proposals say this."""
    plain = create_engine(url, poolclass=NullPool)
    with plain.connect() as connection:
        return int(
            connection.execute(text("SELECT count(*) FROM revision WHERE title = :what"), {"what": what}).scalar_one()
        )


@contextmanager
def served(url: str, folder: Path, more: dict[str, str] | None = None, module: str = "web.cli") -> Iterator[str]:
    """The address of a site on this database, served by the command that a town runs."""
    port, log = free_port(), folder / "server.log"
    environment = os.environ | {
        "SKEDE_CONFIG": str(ROOT / "config.toml"), "SKEDE_DATABASE_URL": url, "PORT": str(port),
        "SKEDE_SECRET_KEY": "for tests of this machine only",
    }  # fmt: skip
    command = [sys.executable, "-m", module, "serve", "--no-demo"]
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment | (more or {}), stdout=out, stderr=out)
        try:
            _wait_for(f"http://localhost:{port}", server, log)
            yield f"http://localhost:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE_S)


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while Visitor(address).ask(FORM).status != 200:
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the site does not answer: {log.read_text()[-2000:]}")
        time.sleep(0.1)
