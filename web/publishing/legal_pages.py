"""What a town must tell everybody: how personal details are treated, how accessible the site is with a way to report
what is not, and a list of words. What nobody has written in the configuration is *ej angivet*. Holds no rule."""

from flask import Blueprint, render_template
from flask_babel import get_locale

from web.publishing.comment_pages import TRAP
from web.request.current import engine
from web.words.glossary_words import GLOSSARY
from web.words.process_words import body_running
from workflow.publishing.commenting import LONGEST

legal = Blueprint("legal", __name__)


@legal.get("/personuppgifter")
def privacy() -> str:
    return render_template("privacy.html", told=engine().config.privacy)


@legal.get("/tillganglighet")
def accessibility() -> str:
    return render_template("accessibility.html", told=engine().config.accessibility, trap=TRAP, longest=LONGEST)


@legal.get("/ordlista")
def glossary() -> str:
    """In the order of the reader's own alphabet: Swedish has å, ä and ö last."""
    forum = body_running("forum")
    words = sorted(
        ((str(term), str(told).replace("{forum}", forum)) for term, told in GLOSSARY), key=lambda each: _key(each[0])
    )
    return render_template("glossary.html", words=words)


def _key(term: str) -> tuple[int, ...]:
    last = "åäö" if str(get_locale()) == "sv" else ""
    return tuple(0x110000 + last.index(sign) if sign in last else ord(sign) for sign in term.lower())
