"""Speaks SMTP with the municipality's mail server (RFC 5321), one mail to one person at a time, and tells what became
of it: taken, not now, or never. Encrypts where the settings say so and never falls back to plain text."""

import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Protocol, Self

# How many answers' time it may take to reach the server, and then to send one mail: a server that drips its answers
# holds nobody longer. Twice this and the longest timeout that can be configured is less than a lease.
ANSWERS = 6


class MailSettings(Protocol):
    """What is needed of the configuration."""

    @property
    def host(self) -> str | None: ...
    @property
    def port(self) -> int: ...
    @property
    def security(self) -> str: ...
    @property
    def user(self) -> str | None: ...
    @property
    def timeout(self) -> int: ...
    @property
    def ca_file(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class NotSent:
    """Why a mail was not taken: ``for_good`` by this person's server; ``server`` when no other mail would be either."""

    words: str
    for_good: bool = False
    server: bool = False


class Postman:
    """One connection, opened for the first mail and kept for those that follow. A context: it says farewell."""

    def __init__(self, settings: MailSettings, password: str | None, name: str) -> None:
        """``name`` is what this machine calls itself to the server."""
        self._settings, self._password, self._name = settings, password, name
        self._timeout, self._limit = float(settings.timeout), float(settings.timeout * ANSWERS)
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> NotSent | None:
        """None when the server has said that it takes the mail: from then on it is the server's to deliver."""
        try:
            server = self._reached()
        except (OSError, smtplib.SMTPException) as error:
            self._leave()
            return NotSent(_told(error), server=True)
        try:
            with _no_longer_than(self._limit, lambda: server):
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            return self._refused(code, _answer(code, text))
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, _told(error))
        except (OSError, smtplib.SMTPException) as error:
            self._leave()
            return NotSent(_told(error), server=True)
        return None

    def _refused(self, code: int, words: str) -> NotSent:
        """This mail alone was refused, unless the server closes as it says so (421)."""
        if code == 421:
            self._leave()
        return NotSent(words, for_good=500 <= code < 600, server=code == 421)

    def _reached(self) -> smtplib.SMTP:
        """A server that has answered just now."""
        if self._server is not None and not _answers(self._server):
            self._leave()
        if self._server is None:
            self._server = self._connected()
        return self._server

    def _connected(self) -> smtplib.SMTP:
        kind = _Sealed if self._settings.security == "tls" else _Plain
        more: dict[str, Any] = {"context": self._context()} if kind is _Sealed else {}
        made: list[smtplib.SMTP] = []
        try:
            with _no_longer_than(self._limit, lambda: made[0] if made else None):
                server = kind(
                    self._settings.host or "", self._settings.port, self._name, self._timeout, made=made, **more
                )
                if self._settings.security == "starttls":
                    server.starttls(context=self._context())
                if self._settings.user:
                    server.login(self._settings.user, self._password or "")
        except BaseException:
            for each in made:
                each.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.ca_file)

    def _leave(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                with _no_longer_than(self._timeout, lambda: server):
                    server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()


class _Plain(smtplib.SMTP):
    """Known in ``made`` before it connects, so that somebody can hang up while it does."""

    def __init__(self, host: str, port: int, name: str, timeout: float, *, made: list[smtplib.SMTP]) -> None:
        self.sock = None
        made.append(self)
        super().__init__(host, port, name, timeout)


class _Sealed(smtplib.SMTP_SSL):
    def __init__(
        self, host: str, port: int, name: str, timeout: float, *, made: list[smtplib.SMTP], context: ssl.SSLContext
    ) -> None:
        self.sock = None
        made.append(self)
        super().__init__(host, port, name, timeout=timeout, context=context)


@contextmanager
def _no_longer_than(seconds: float, server: Any) -> Iterator[None]:
    """Hangs up when the time is over; whoever waits for an answer then finds the connection closed."""

    def hang_up() -> None:
        sock = getattr(server(), "sock", None)
        if sock is not None:
            try:
                sock.shutdown(2)
            except OSError:
                sock.close()

    watch = threading.Timer(seconds, hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _answers(server: smtplib.SMTP) -> bool:
    """A server hangs up on those who have been quiet."""
    try:
        return server.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _answer(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
