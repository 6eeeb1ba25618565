"""A letter as mail servers and mail programmes want it: headers, text and HTML (RFC 5322, 2369, 8058). Every text that
somebody wrote is one line in a header, whatever it holds."""

import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from flask import Flask, render_template
from flask_babel import force_locale

from web.mail import mail_links
from web.mail.mail_parts import Written
from web.mail.mail_words import written
from workflow import Engine
from workflow.mail.views_mail import Letter

LONGEST_SUBJECT = 150
LONGEST_NAME = 60


def message(app: Flask, engine: Engine, letter: Letter) -> EmailMessage:
    """The mail of a letter, in its reader's language, with links under the configured address."""
    base_url = engine.config.server.base_url
    with app.test_request_context(base_url=base_url), force_locale(letter.language):
        told = written(letter)
        made = EmailMessage(policy=SMTP)
        _address(made, engine, letter, told)
        _offer_to_leave(made, letter)
        identity = engine.config.identity
        signature = f"{identity.name}, {identity.organisation}"
        made.set_content(as_text(told, signature))
        html = render_template("mail_letter.html", letter=told, signature=signature, in_language=letter.language)
        made.add_alternative(html, subtype="html")
        made["Content-Language"] = letter.language
    return made


def _address(made: EmailMessage, engine: Engine, letter: Letter, told: Written) -> None:
    settings, host = engine.config, engine.mail_host
    made["From"] = Address(one_line(settings.identity.name, LONGEST_NAME), addr_spec=settings.mail.sender or "")
    made["To"] = Address(one_line(letter.name, LONGEST_NAME), addr_spec=letter.address)
    if settings.contact.email:
        made["Reply-To"] = settings.contact.email
    made["Subject"] = one_line(told.subject, LONGEST_SUBJECT)
    made["Date"] = letter.created_at
    made["Message-ID"] = letter.message_id
    about = letter.duty.number if letter.duty else letter.news.timeline.number if letter.news else None
    if about:
        made["References"] = f"<{about}@{host}>"  # so that a mail programme keeps one proposal together
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"


def _offer_to_leave(made: EmailMessage, letter: Letter) -> None:
    """One click leaves: a private person altogether, a member for one letter a week. The weekly letter itself only
    names the page: whose move it is cannot leave."""
    if letter.is_member and letter.kind == "digest":
        made["List-Unsubscribe"] = f"<{mail_links.choice(letter.person)}>"
        return
    made["List-Unsubscribe"] = f"<{mail_links.leave(letter.person)}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def as_text(told: Written, signature: str) -> str:
    """What the HTML says, for those who read mail as text."""
    paragraphs = [told.heading]
    for part in told.parts:
        paragraphs += [part.heading.upper()] if part.heading else []
        paragraphs += part.paragraphs
        paragraphs += ["\n".join((f"* {each.title}", *_indented(*each.words, each.address))) for each in part.items]
        paragraphs += ["\n".join(part.stations)] if part.stations else []
        paragraphs += [f"{part.link[0]}:\n{part.link[1]}"] if part.link else []
    paragraphs.append("\n".join(("-- ", told.why, f"{told.choice[0]}: {told.choice[1]}", signature)))
    return "\n\n".join(paragraphs) + "\n"


def _indented(*lines: str) -> tuple[str, ...]:
    return tuple(f"  {each}" for each in lines)


def one_line(text: str, longest: int) -> str:
    """What somebody wrote as part of a header: no line ends, no signs that cannot be seen or turn the text around, and
    nothing that a mail programme would decode once more (RFC 2047)."""
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    short = " ".join(seen.split()).replace("=?", "= ?")
    return short if len(short) <= longest else short[: longest - 1].rstrip() + "…"
