"""Every reason for a refusal in three parts: what is stopped, why with the figures, and what to do or whom to ask.
The texts are in ``refusal_texts``; here the facts are put into words. Decides nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app, has_app_context

from states import Refusal, RefusalKind
from web.request.figures import datum, kr
from web.request.language import gettext, ngettext
from web.words import publishing_words, refusal_texts, refusal_texts_beside
from web.words.comment_words import COMMENT_VARIANTS
from web.words.field_words import FIELDS
from web.words.process_words import DEFINITE_BODIES
from web.words.refusal_texts import PARTS
from web.words.words import BUCKETS, ROLES, SOURCES, msg, role_running, running, title_running


@dataclass(frozen=True, slots=True)
class Worded:
    """A refusal in words."""

    stopped: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return " ".join((self.stopped, self.why, self.remedy))


TEXTS = {**refusal_texts.TEXTS, **refusal_texts_beside.TEXTS, RefusalKind.NOT_SHOWN: publishing_words.NOT_SHOWN}
VARIANTS = {
    **refusal_texts.VARIANTS,
    **refusal_texts_beside.VARIANTS,
    **COMMENT_VARIANTS,
    **publishing_words.PUBLISHING_VARIANTS,
}


class _Told(dict[str, str]):
    """Facts in words; one that nobody gave is told as such rather than breaking the sentence."""

    def __missing__(self, name: str) -> str:
        return gettext("ej angivet")


def worded(refusal: Refusal) -> Worded:
    """The three parts, in the visitor's language."""
    texts = TEXTS[refusal.kind] if (variant := _variant(refusal)) is None else VARIANTS[refusal.kind, variant]
    told = _Told({name: _fact(name, value) for name, value in refusal.facts.items()})
    told["who"] = people(refusal.lifted_by) or role_running("officer")
    if "pot_title" not in told and "pot" in told:
        told["pot_title"] = told["pot"]
    stopped, why, remedy = (_sentence(str(text) % told) for text in texts)
    return Worded(stopped, why, remedy)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _variant(refusal: Refusal) -> str | None:
    """Which wording of a kind the facts ask for; None for the ordinary one."""
    facts = refusal.facts
    choose = _CHOICES.get(refusal.kind)
    found = choose(facts) if choose else None
    return found if (refusal.kind, found) in VARIANTS else None


def _needs(facts: Mapping[str, object]) -> str | None:
    if "what" in facts:
        return str(facts["what"])
    if facts.get("needs") == "same_person":
        return "same_person"
    return None if facts.get("needs") else "nobody"


def _fixed_by(facts: Mapping[str, object]) -> str | None:
    if "by" in facts:
        return str(facts["by"])
    if "open_ore" in facts:
        return "open"
    return "paid" if "spent_ore" in facts else None


def _negative(facts: Mapping[str, object]) -> str | None:
    missing = facts.get("missing_ore")
    return "too_much" if isinstance(missing, int) and missing < 0 else None


def _invalid(facts: Mapping[str, object]) -> str:
    if facts.get("field") == "file":
        return f"file_{facts.get('why')}"
    if "earliest" in facts:
        return "order"
    return "credit" if "most_ore" in facts else str(facts.get("field", ""))


_CHOICES: Mapping[RefusalKind, Callable[[Mapping[str, object]], str | None]] = {
    RefusalKind.NOT_FOUND: lambda facts: str(facts.get("what", "")) or None,
    RefusalKind.NOT_HERE: lambda facts: str(facts.get("what", "")) or None,
    RefusalKind.TOO_MANY_TRIES: lambda facts: str(facts.get("what", "")) or None,
    RefusalKind.NOT_PERMITTED: _needs,
    RefusalKind.CONTENT_FIXED: _fixed_by,
    RefusalKind.FUNDING_INCOMPLETE: _negative,
    RefusalKind.DECISION_RIGHT_EXCEEDED: lambda facts: None if facts.get("needs") else "nobody",
    RefusalKind.ABOVE_LIMIT: lambda facts: None if facts.get("limit_ore") is not None else "unknown",
    RefusalKind.BELOW_LIMIT: lambda facts: None if facts.get("limit_ore") is not None else "unknown",
    RefusalKind.CONFLICTING: lambda facts: str(facts.get("why", "")),
    RefusalKind.FIELD_MISSING: lambda facts: str(facts.get("field", "")),
    RefusalKind.FIELD_INVALID: _invalid,
    RefusalKind.MONEY_SPENT: lambda facts: None if "spent_ore" in facts else "unknown",
    RefusalKind.POT_SHORT: lambda facts: None if facts.get("missing_ore") else "contested",
    RefusalKind.LINES_MISSING: lambda facts: str(facts.get("part", "")),
}


def people(names: tuple[str, ...]) -> str:
    """Whom to ask, inside a sentence: "kommunstyrelsen eller kommunfullmäktige"."""
    told = [who(name) for name in names]
    if len(told) < 2:
        return "".join(told)
    return f"{', '.join(told[:-1])} {gettext('eller')} {told[-1]}"


def who(name: str) -> str:
    """A role, a kind of body, a body's code, or a body's registrar (``registrar:ks``), inside a sentence."""
    role, _, body = name.partition(":")
    if role == "person":
        return gettext("den som är tillfrågad")
    if role == "body":
        return _body(body)
    if body:
        return gettext("sekreteraren i %(body)s", body=_body(body))
    if role in ROLES and role not in ("forum", "working_group"):
        return role_running(role)
    return str(DEFINITE_BODIES[role]) if role in DEFINITE_BODIES else _body(role)


def holder_words(holder: str, title: str | None = None) -> str:
    """Who holds a duty, inside a sentence; ``title`` is of the body or the person that the duty names."""
    named = title and holder.partition(":")[0] in ("body", "person")
    return title_running(str(title)) if named else who(holder)


def _body(code: str) -> str:
    """A body's title inside a sentence; its code where the configuration does not know it."""
    engine = current_app.extensions.get("skede") if has_app_context() else None
    rows = engine.config.body if engine else ()
    return running(msg(next((row.title for row in rows if row.code == code), code)))


def _fact(name: str, value: object) -> str:  # noqa: PLR0911 - one line for each kind of fact
    if value is None:
        return gettext("ej angivet")
    if isinstance(value, date):
        return datum(value)
    if isinstance(value, int) and name in _FIGURES:
        return _FIGURES[name](value)
    if name.endswith("_ore") and isinstance(value, int):
        return kr(abs(value))
    if isinstance(value, tuple | list | frozenset):
        texts = [str(each) for each in value]
        if name == "missing":
            return ", ".join(title_running(each) for each in texts)
        return people(tuple(texts)) if name == "needs" else ", ".join(texts)
    table = _TABLES.get(name)
    if table is not None and value in table:
        return running(str(table[str(value)]))
    if name in ("needs", "next", "awaits"):
        return who(str(value))
    if name == "pot_title":
        return running(msg(value))
    return msg(value) if name == "state" else str(value)


def _waiting(seconds: int) -> str:
    if seconds < 60:
        return ngettext("%(num)d sekund", "%(num)d sekunder", seconds)
    return ngettext("%(num)d minut", "%(num)d minuter", -(-seconds // 60))


_FIGURES: Mapping[str, Callable[[int], str]] = {"seconds": _waiting}
_TABLES: Mapping[str, Mapping[str, object]] = {
    "field": FIELDS, "source": SOURCES, "pot": SOURCES, "bucket": BUCKETS, "part": PARTS,
    "classification": SOURCES,
}  # fmt: skip
