"""What a letter in words consists of, the same for its text and its HTML. Frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a list: its title, where it leads, and what stands under it."""

    title: str
    address: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Some paragraphs, then a list, then a link that stands by itself."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    stations: tuple[str, ...] = ()  # the stage track, one line each
    link: tuple[str, str] | None = None  # words and address


@dataclass(frozen=True, slots=True)
class Written:
    subject: str
    heading: str
    parts: tuple[Part, ...]
    why: str  # why the reader gets it
    choice: tuple[str, str]  # words and address
