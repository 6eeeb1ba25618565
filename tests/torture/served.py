"""A site served by its own command, with its two processes, and visitors who send forms, wait or walk away."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from tests.web.site import PATIENCE_S, free_port
from tests.workflow.cast import CONFIG, ROOT

ANSWER_S = 60  # that a visitor waits for a page
START_S = 300
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_HOST = "localhost"


@contextmanager
def serving(url: str, folder: Path) -> Iterator[int]:
    """The port of the site, until the block ends."""
    port, log = free_port(), folder / "server.log"
    environment = os.environ | {
        "SKEDE_CONFIG": str(CONFIG), "SKEDE_DATABASE_URL": url, "SKEDE_SECRET_KEY": "for torture of this machine only",
    }  # fmt: skip
    command = [sys.executable, "-m", "web.cli", "serve", "--no-demo", "--port", str(port)]
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://{_HOST}:{port}", server, log)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """A machine under torture is slow to start anything."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urlopen(address, timeout=ANSWER_S).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not answer: {log.read_text()[:500]}")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    location: str


@dataclass(slots=True)
class Visitor:
    """One browser, as far as forms go: cookies are kept, pages are read, nothing is drawn."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, "")

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def sign_in(self, person: int) -> "Visitor":
        self.post("/logga-in", self.form("/logga-in", "/logga-in") | {"person": str(person)})
        return self

    def form(self, page: str, action: str) -> dict[str, str]:
        """What a form of the page carries beside its fields."""
        shown = self.get(page)
        begun = shown.text.find(f'<form method="post" action="{action}"')
        if begun < 0:
            raise LookupError(f"{page} ({shown.status}) has no form that posts to {action}")
        return {
            name: unescape(value)
            for name, value in _HIDDEN.findall(shown.text[begun : shown.text.find("</form>", begun)])
        }

    def send_and_leave(self, path: str, fields: Mapping[str, str], stay_s: float) -> None:
        """The form goes out whole; the connection is cut before any answer is read."""
        body = urlencode(fields).encode()
        head = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in self._headers().items())]
        head += [f"Host: {_HOST}:{self.port}", f"Content-Length: {len(body)}", "", ""]
        with socket.create_connection((_HOST, self.port), ANSWER_S) as connection:
            connection.sendall("\r\n".join(head).encode() + body)
            threading.Event().wait(stay_s)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset, not a farewell

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "sv"}

    def _ask(self, method: str, path: str, body: str) -> Answer:
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=ANSWER_S)
        try:
            connection.request(method, path, body, self._headers())
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return Answer(answer.status, answer.read().decode(), answer.getheader("Location") or "")
        finally:
            connection.close()


def at_once(works: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """What each answers, all sent together."""
    answers: list[Answer] = []
    line = threading.Barrier(len(works))

    def one(work: Callable[[], Answer]) -> None:
        line.wait(ANSWER_S)
        answers.append(work())

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers
