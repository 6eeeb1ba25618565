"""What counts as the same word: folded letters, Swedish endings, parts of compounds, one letter gone wrong.
Knows no table and no language but the Swedish of a town."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 40  # letters; what is longer is no word
SHORT = 2  # letters: found only as they stand, or "i" would find everything
PART = 4  # letters: shorter ones are no part of a compound
NEAR = 4  # letters: of shorter words, one with a wrong letter is another word
ALSO = str.maketrans({"æ": "a", "ø": "o", "ß": "ss", "đ": "d", "ł": "l"})
_WORD = re.compile(r"[^\W_]+")
# Endings that Swedish puts on nouns, adjectives and verbs, the longer first.
ENDINGS = (
    "arnas", "ernas", "ornas", "arna", "erna", "orna", "ades", "ande", "ende", "ens", "ets", "ars", "ers", "ors",
    "nas", "ade", "are", "ast", "en", "et", "ar", "er", "or", "an", "as", "na", "at", "ad", "a", "e", "n", "s", "t",
)  # fmt: skip
STEM = 3  # letters that an ending leaves at least


def fold(text: str) -> str:
    """As people type it on any keyboard: small letters without rings, dots and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(ALSO))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The folded words in their order; what is longer than a word can be is cut."""
    return [found[:LONGEST] for found in _WORD.findall(fold(text))]


def typed_words(text: str) -> dict[str, str]:
    """Each folded word once, with how it was typed."""
    found: dict[str, str] = {}
    for typed in _WORD.findall(text):
        for word in words_of(typed):
            found.setdefault(word, typed)
    return found


def stem(word: str) -> str:
    """A folded word without its ending: "bankarna", "bankar" and "banken" are "bank"."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word.removesuffix(ending)
    return word


def parts(word: str) -> Iterator[str]:
    """The word and what it ends with: "lekplats" holds "plats", and whatever begins so is found by it."""
    yield word
    for place in range(1, len(word) - PART + 1):
        yield word[place:]


def without_a_letter(word: str) -> set[str]:
    """The word, and the word with each of its letters left out: two words that are one letter apart share one of
    these. After W. Garbe's symmetric deletion."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def one_letter_apart(one: str, other: str) -> bool:
    """Whether they differ by at most one letter too many, gone, wrong, or two that changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    place = next((n for n, sign in enumerate(short) if sign != long[n]), len(short))
    if len(short) < len(long):
        return short[place:] == long[place + 1 :]
    rest, gone = short[place:], long[place:]
    return rest[1:] == gone[1:] or (rest[:2] == gone[1::-1] and rest[2:] == gone[2:])
