"""P9: whoever is to be told is told, by a mail server that fails in six ways and is away at times, by workers that are
killed: nothing is lost, nothing is told before it is committed, and what comes twice comes under one name."""

import random
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP
from typing import Any

import trustme
from sqlalchemy import create_engine, text

from tests.mail_server import DROPPED, LATER, NEVER, NO_TLS, SLOW, UNANSWERED, Accepted, MailServer
from tests.torture import headers
from tests.torture.mail_workers import killed_and_replaced, opened
from tests.torture.own_process import answer_of
from tests.torture.report import DATABASES, Figure, Run
from tests.workflow.cast import WORDS, key, person
from tests.workflow.posting import BASE_URL, config_for, one_round
from web.app import create_app
from web.commands import worker
from workflow import Engine, Refused
from workflow.submission import submitting

# At each step of a mail: which faults, and of a hundred how many.
CHANCES = {
    "starttls": ((NO_TLS, 8),),
    "rcpt": ((NEVER, 4), (DROPPED, 6)),
    "data": ((LATER, 7), (UNANSWERED, 5), (SLOW, 2)),
}
OUTAGE_S = 1.0
PATIENCE_S = 600.0
HOST = BASE_URL.removeprefix("https://")


@dataclass(slots=True)
class Seen:
    """What the server took, held against what was committed at that moment."""

    url: str
    early: int = 0
    _events: Any = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, mail: Accepted) -> None:
        if self._events is None:
            self._events = create_engine(self.url)
        number, seq, *_ = mail.message_id.strip("<>").split(".")
        query = text("SELECT 1 FROM event WHERE stream = :number AND seq = :seq")
        with self._lock, self._events.connect() as connection:
            self.early += connection.execute(query, {"number": number, "seq": int(seq)}).first() is None

    def close(self) -> None:
        if self._events is not None:
            self._events.dispose()


@dataclass(frozen=True, slots=True)
class Post:
    url: str
    config: Path
    server: MailServer
    seen: Seen
    begun: float


def figures(run: Run) -> Iterator[Figure]:
    databases = DATABASES if run.whole else run.random("which").sample(DATABASES, 1)  # a sample takes either
    for database in databases:
        with _post(run, database, sabotaged=True) as post:
            lost, early = _ended_before_it_is_sent(post), _told_before_commit(post)
        with _post(run, database) as post:
            yield from _stormy(run, database, post, early=early, lost=lost)
    with _post(run, "sqlite") as post:
        yield headers.injected(run, post.url, post.config)


@contextmanager
def _post(run: Run, database: str, *, sabotaged: bool = False) -> Iterator[Post]:
    folder, authority = run.folder("post"), trustme.CA()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    with run.database(database, sabotaged=sabotaged) as url:
        seen = Seen(url)
        with MailServer(tls=tls, on_accept=seen.look) as server:
            config = config_for(folder, server.port, security="starttls", ca_file="ca.pem")
            yield Post(url, config, server, seen, time.monotonic())
        seen.close()


def _stormy(run: Run, database: str, post: Post, *, early: bool, lost: bool) -> Iterator[Figure]:
    n, kills = run.n(sample=12, whole=1000), run.n(sample=1, whole=88)
    chance, until = run.random(f"mail {database}"), run.folder("until") / "done"
    post.server.choose = _fails(chance)
    with ThreadPoolExecutor(2) as threads:
        given = (post.url, post.config, post.begun, f"{run.seed} {database}", kills, until)
        killed = threads.submit(answer_of, killed_and_replaced, *given)
        try:
            with opened(post.url, post.config, post.begun) as engine:
                numbers = _hand_in(engine, n)
                outages = threads.submit(_outages, post.server, run.n(sample=1, whole=12), chance.random())
                _wait(engine, killed)
                outages.result()
                _calm(engine, post.server)
        finally:
            until.touch()
        yield from _found(run, database, post, numbers, killed.result(), early=early, lost=lost)


def _found(
    run: Run, database: str, post: Post, numbers: Sequence[str], killed: int, *, early: bool, lost: bool
) -> Iterator[Figure]:
    names = Counter(each.message_id for each in post.server.accepted)
    by_number = Counter(name.strip("<>").partition(".")[0] for name in names)
    twice = sum(names.values()) - len(names)
    faults = ", ".join(f"{fault} {times}" for fault, times in sorted(post.server.refused.items()))
    told = f"{len(numbers)} mails, {killed} workers killed; faults: {faults}"
    missing = [number for number in numbers if not by_number[number]]
    yield Figure("P9", "mails that never came", database, len(numbers), len(missing), run.seed, lost, told)
    taken = sum(names.values())
    yield Figure("P9", "told before it was committed", database, taken, post.seen.early, run.seed, early)
    beyond = max(0, twice - post.server.unanswered - killed)
    renamed = sum(times - 1 for times in by_number.values())
    note = f"{twice} came twice, {post.server.unanswered} were not answered; beyond that {beyond}, renamed {renamed}"
    yield Figure("P9", "twice beyond reason, or renamed", database, taken, beyond + renamed, run.seed, None, note)


# --- the storm ---------------------------------------------------------------------------------------------------


def _fails(chance: random.Random) -> Any:
    """At each step one of its faults, seldom; the server asks for one at a time."""

    def choose(step: str) -> str | None:
        drawn = chance.uniform(0, 100)
        for fault, share in CHANCES[step]:
            if drawn < share:
                return fault
            drawn -= share
        return None

    return choose


def _hand_in(engine: Engine, n: int) -> list[str]:
    """So many ideas, each with an address of its own; between them what is refused, of which nobody may hear."""
    numbers = []
    for each in range(n):
        contact = {"email": f"sender{each}@example.org"}
        given = engine.submit(process="purchase", by=None, key=key(), text=WORDS, contact=contact, is_example=True)
        numbers.append(given.number)
        if each % 5 == 0:
            with suppress(Refused):
                engine.act(
                    given.number, "approve", by=person(engine, "Ekonom"), seen_version=1, seen_revision=1, key=key()
                )
    return numbers


def _outages(server: MailServer, times: int, first_s: float) -> None:
    for _ in range(times):
        time.sleep(first_s)
        server.pause()
        time.sleep(OUTAGE_S)
        server.resume()


def _wait(engine: Engine, killed: Any) -> None:
    """Until nothing waits any more; what those who kill have to say is raised."""
    end = time.monotonic() + PATIENCE_S
    while _counted(engine, "SELECT count(*) FROM notice WHERE sent_at IS NULL") or _waiting(engine):
        if killed.done():
            killed.result()
        if time.monotonic() > end:
            raise TimeoutError(f"mail still waits after {PATIENCE_S:.0f} s")
        time.sleep(0.1)


def _calm(engine: Engine, server: MailServer) -> None:
    """The server is mended, and an administrator lets what it refused for good be tried again."""
    server.choose = lambda _: None
    engine.try_mail_again(None, by=person(engine, "Administratör"), key=key())
    end = time.monotonic() + PATIENCE_S
    while _waiting(engine) and time.monotonic() < end:
        time.sleep(0.1)


def _waiting(engine: Engine) -> int:
    return _counted(engine, "SELECT count(*) FROM mail WHERE state = 'waiting'")


def _counted(engine: Engine, query: str) -> int:
    with engine.database.reading() as connection:
        return int(connection.execute(text(query)).scalar_one())


# --- the broken designs ------------------------------------------------------------------------------------------


def _told_before_commit(post: Post) -> bool:
    """The twin: the mail is sent inside the request, in the transaction that it tells of."""

    def send_at_once(_batch: Any, stream: str, seq: int, *_: Any) -> None:
        mail = EmailMessage()
        mail["Message-ID"] = f"<{stream}.{seq}.step.{0:016}@{HOST}>"
        with SMTP("127.0.0.1", post.server.port) as server:
            server.send_message(mail, "centrum@example.org", ["sender@example.org"])

    announce, submitting.announce = submitting.announce, send_at_once
    try:
        with opened(post.url, post.config, post.begun) as engine:
            _hand_in(engine, 1)
    finally:
        submitting.announce = announce
    return post.seen.early > 0


def _ended_before_it_is_sent(post: Post) -> bool:
    """The twin: a mail is ended first and then sent, which happens at most once."""
    send = worker._send

    def ends_first(engine: Engine, app: Any, postman: Any, taken: Any) -> Any:
        engine.mail_sent(taken)
        return send(engine, app, postman, taken)

    worker._send = ends_first  # type: ignore[assignment]
    post.server.choose = lambda step: DROPPED if step == "rcpt" else None
    try:
        with opened(post.url, post.config, post.begun) as engine:
            _hand_in(engine, 1)
            one_round(engine, create_app(engine))
            return not post.server.accepted and not _waiting(engine)
    finally:
        worker._send = send
        post.server.choose = lambda _: None
