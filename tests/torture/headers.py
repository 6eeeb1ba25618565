"""What somebody wrote, in the headers of a mail: titles and names made of everything that has ever begun a header of
one's own. Each mail must have the headers that a harmless one has, and one reader."""

import os
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path

from tests.torture.report import Figure, Run
from tests.workflow import cast
from web.app import create_app
from web.mail import mail_message
from workflow.mail.views_mail import Letter

PIECES = (
    "\r\n", "\n", "\r", "\0", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\u202e", "\u200b", "%0d%0a", "\\r\\n",
    "=?utf-8?q?=0D=0ABcc:_a@b?=", "Bcc: all@example.org", "To: all@example.org", "Subject: nytt", "Content-Type: x/y",
    "\r\n\r\nEtt eget brev", "\r\n Fortsättning", "<a@b>", ",", ";", '"', "(", ")", "\\", "å", "🪑", "e\u0301", " ",
    "Bänkar",
)  # fmt: skip
ONE_LINE = mail_message.one_line


def injected(run: Run, url: str, config: Path) -> Figure:
    n, chance = run.n(sample=60, whole=20_000), run.random("headers")
    os.environ["SKEDE_SECRET_KEY"] = "for tests"
    written = ["".join(chance.choices(PIECES, k=chance.randint(1, 12))) for _ in range(n)]
    with cast.opened(url, config=config) as engine:
        officer = cast.person(engine, "Handläggare")
        engine.choose_mail(officer, key="reach", pace="each", language="sv", address="officer@example.org")
        cast.Case(engine, "purchase", 1_000).submit()
        engine.address_notices()
        taken = engine.take_mail()
        assert taken is not None
        letter, app = engine.letter(taken), create_app(engine)

        def sent(each: Letter) -> bytes:
            return bytes(mail_message.message(app, engine, each))

        names = message_from_bytes(sent(letter), policy=default).keys()
        wrong = partial(_wrong, sent, letter, names)

        faults = [each for each in map(wrong, written) if each]
        mail_message.one_line = lambda text, _: text  # the twin: what was written goes in as it is
        try:
            caught = any(map(wrong, written[:20]))
        finally:
            mail_message.one_line = ONE_LINE
    told = "; ".join(faults[:3])
    return Figure("P9", "headers that somebody wrote", "-", n, len(faults), run.seed, caught, told)


def _wrong(sent: Callable[[Letter], bytes], letter: Letter, names: list[str], words: str) -> str | None:
    """How the mail differs from a harmless one."""
    assert letter.duty is not None
    told = replace(letter, name=words, duty=replace(letter.duty, title=words))
    try:
        mail = message_from_bytes(sent(told), policy=default)
        readers, subject = [each.addr_spec for each in mail["To"].addresses], str(mail["Subject"])
    except ValueError as error:
        return f"{words!r}: {error}"
    if mail.keys() != names:
        return f"{words!r}: {mail.keys()}"
    if readers != [letter.address]:
        return f"{words!r}: to {readers}"
    return f"{words!r}: {subject!r}" if any(sign in subject for sign in "\r\n\0") else None
