"""A real mail server on this machine: it takes what it is sent, and fails on purpose in the ways that servers fail."""

import asyncio
import logging
import re
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

# What a fault is called -> at which step of a mail it strikes.
LATER, DROPPED, UNANSWERED, NO_TLS, NEVER, SLOW = "451", "dropped", "unanswered", "no-tls", "550", "slow"
FAULTS = (LATER, DROPPED, UNANSWERED, NO_TLS, NEVER, SLOW)
SLOW_S = 1.5  # longer than the tests' postman waits

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # that a client hangs up is what the tests want

# What names a mail on the wire, by RFC 5322, 3.6.4: the library cuts a name that it cannot read.
_ATOMS = r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
WHOLE_NAME = re.compile(rf"^Message-ID: (<{_ATOMS}@(?:{_ATOMS}|\[[\w:.]+\])>)\r$", re.ASCII | re.MULTILINE)

Chooser = Callable[[str], str | None]  # a step (starttls, rcpt, data) -> the fault to commit there, or none


@dataclass(frozen=True, slots=True)
class Accepted:
    """One mail that the server took, whether or not it said so."""

    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> Message:
        return message_from_bytes(self.content, policy=default)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass(slots=True)
class MailServer:
    """Listens while in its block; ``pause`` is an outage in which nobody answers."""

    choose: Chooser = lambda _: None
    tls: ssl.SSLContext | None = None
    accepted: list[Accepted] = field(default_factory=list)
    unanswered: int = 0
    refused: dict[str, int] = field(default_factory=dict)  # faults committed
    on_accept: Callable[[Accepted], None] = lambda _: None
    _controller: Any = None
    _port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def port(self) -> int:
        return self._port

    def __enter__(self) -> "MailServer":
        self.resume()
        return self

    def __exit__(self, *_: object) -> None:
        self.pause()

    def pause(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def resume(self) -> None:
        if self._controller is None:
            self._port = self._port or _free_port()
            self._controller = _Listening(self, hostname="127.0.0.1", port=self._port)
            self._controller.start()

    def fault(self, step: str) -> str | None:
        with self._lock:
            found = self.choose(step)
            if found:
                self.refused[found] = self.refused.get(found, 0) + 1
        return found

    # --- what aiosmtpd asks of a handler -------------------------------------------------------------------------

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        fault = self.fault("rcpt")
        if fault == NEVER:
            return "550 5.1.1 No such mailbox"
        if fault == DROPPED:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        fault = self.fault("data")
        if fault == LATER:
            return "451 4.3.0 Try again later"
        if fault == SLOW:
            await asyncio.sleep(SLOW_S)
            server.transport.abort()
            return "421 4.4.2 Too slow"
        if not WHOLE_NAME.search(envelope.content.decode("ascii", "replace").partition("\r\n\r\n")[0] + "\r"):
            return "554 5.6.0 Message-ID is not whole"
        mail = Accepted(tuple(envelope.rcpt_tos), envelope.content)
        with self._lock:
            self.accepted.append(mail)
            self.unanswered += fault == UNANSWERED
        self.on_accept(mail)
        if fault == UNANSWERED:
            server.transport.abort()
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class _Session(SMTP):
    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        if self.event_handler.fault("starttls") == NO_TLS:
            await self.push("454 4.7.0 TLS not available")
            return
        await super().smtp_STARTTLS(arg)


class _Listening(Controller):
    def __init__(self, handler: MailServer, **options: Any) -> None:
        super().__init__(handler, ready_timeout=30, **options)

    def factory(self) -> SMTP:
        return _Session(self.handler, hostname="mail.example.org", tls_context=self.handler.tls, loop=self.loop)
