"""What somebody means by what they typed: for each of their words, the words that proposals say. Reads the index;
knows no proposal."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from workflow.searching.folding import (
    NEAR,
    PART,
    SHORT,
    STEM,
    one_letter_apart,
    stem,
    typed_words,
    without_a_letter,
)
from workflow.searching.indexing import NEAR_MARK
from workflow.storage import schema

MOST_TYPED = 12  # words; what is typed after them is not asked for
MOST_MEANT = 400  # words of the index for one word typed
MOST_READ = 5000
LONG = 6  # letters of a stem
LAST = "\U0010ffff"  # after every letter
_NUMBER = re.compile(r"(?<![\w-])(?:([a-z]{2})-?)?([0-9]{4})-([0-9]{1,6})(?![\w-])", re.ASCII | re.IGNORECASE)

_F = schema.search_form.c


@dataclass(frozen=True, slots=True)
class Meant:
    """One word as typed, and the folded words of the index that are meant. ``instead``: nobody says the word, so
    these are one letter from it. A whole ``number`` stands for itself."""

    typed: str
    words: tuple[str, ...] = ()
    instead: bool = False
    number: str | None = None


def meant_by(connection: Connection, text: str) -> tuple[Meant, ...]:
    """In the order typed; empty when nothing that could be a word was typed."""
    numbers = [Meant(found[0], number=_number(*found.groups())) for found in _NUMBER.finditer(text)]
    typed = list(typed_words(_NUMBER.sub(" ", text)).items())[:MOST_TYPED]
    return (*numbers, *(_meant(connection, word, as_typed) for word, as_typed in typed))


def said_in(connection: Connection, field: str, text: str) -> tuple[Meant, ...]:
    """The same, in the words of one field: "where"."""
    found = (each for each in meant_by(connection, text) if each.number is None)
    return tuple(Meant(each.typed, tuple(f"{field}:{word}" for word in each.words), each.instead) for each in found)


def _number(prefix: str | None, year: str, n: str) -> str:
    return f"{(prefix or 'CG').upper()}-{year}-{int(n):03d}"


def _meant(connection: Connection, word: str, typed: str) -> Meant:
    if len(word) <= SHORT:
        return Meant(typed, (word,))
    root = stem(word)
    found = _holding(connection, word, root)
    if len(root) >= STEM:
        found += _same_stem(connection, root)
    if found:
        return Meant(typed, _shortest(found))
    near = _near(connection, {each for each in (word, root) if len(each) >= NEAR})
    return Meant(typed, _shortest(near), instead=True) if near else Meant(typed)


def _holding(connection: Connection, word: str, root: str) -> list[str]:
    """Words with a part that begins as typed, or is the same word with another ending; of three letters only those
    that begin so. A long stem is enough by itself: "lekplatsen" means a "lekplatsbygge" too."""
    begins = root if len(root) >= PART else word
    query = select(_F.form, _F.word).where(_F.form >= begins, _F.form < begins + LAST).limit(MOST_READ)
    if len(begins) < PART:
        query = query.where(_F.form == _F.word)
    enough = len(root) >= LONG
    found = connection.execute(query)
    return [each.word for each in found if enough or each.form.startswith(word) or stem(each.form) == root]


def _same_stem(connection: Connection, root: str) -> list[str]:
    query = select(_F.word).where(_F.form == NEAR_MARK + root).limit(MOST_MEANT)
    return [each for each in connection.execute(query).scalars() if stem(each) == root]


def _near(connection: Connection, typed: set[str]) -> list[str]:
    """Words that are one letter from what was typed, with their endings or without."""
    forms = {NEAR_MARK + form for each in typed for form in without_a_letter(each)}
    query = select(_F.word).where(_F.form.in_(sorted(forms))).distinct().limit(MOST_MEANT)
    return [each for each in connection.execute(query).scalars() if _is_near(each, typed)]


def _is_near(word: str, typed: set[str]) -> bool:
    whole = [each for each in (word, stem(word)) if len(each) >= NEAR]
    return any(one_letter_apart(one, other) for one in whole for other in typed)


def _shortest(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=lambda word: (len(word), word))[:MOST_MEANT])


def nobody_says(meant: Sequence[Meant]) -> tuple[str, ...]:
    """What was typed and leads to nothing, for the page to name."""
    return tuple(each.typed for each in meant if not each.words and each.number is None)
