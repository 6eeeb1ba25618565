"""Papers to take along: headings, paragraphs, lists and tables as a tagged PDF that a screen reader can read
(PDF/UA-1). Knows nothing of what stands in them. What is told reaches the typesetter as data, never as its code."""

import contextlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from web.forms.fields import NOT_TEXT

TYPE = "application/pdf"
_FORM = Path(__file__).parent / "document_forms" / "document.typ"
Block = Mapping[str, Any]
BOX = "\u25a1"
# What is written as a box, tried in turn: nothing, what is neither Latin, Greek, Cyrillic nor a common sign, and all
# that is not of western Europe. The page itself shows every sign that its reader's fonts have.
NO_TEXT = (
    re.compile(r"(?!)"),
    re.compile(r"[^\t\n\x20-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2193\u2212\u25a1]"),
    re.compile(r"[^\t\n\x20-\x7e\xa0-\xff\u2013\u2014\u2018-\u201d\u2022\u2026\u20ac\u2212\u25a1]"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """``running`` stands above every page but the first; ``lang`` is what its words are in."""

    title: str
    author: str
    running: str
    lang: str
    blocks: Sequence[Block]


def heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "text": text, "level": level}


def paragraph(text: str) -> Block:
    return {"kind": "text", "text": text}


def quiet(text: str) -> Block:
    return {"kind": "quiet", "text": text}


def quote(text: str) -> Block:
    return {"kind": "quote", "text": text}


def items(texts: Sequence[str]) -> Block:
    return {"kind": "list", "items": list(texts)}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, wide: int, numbers: Sequence[int] = ()) -> Block:
    """``wide`` is the column that takes what is left of the line; ``numbers`` those that stand to the right."""
    plain = [list(row) for row in rows]
    return {"kind": "table", "headings": list(headings), "rows": plain, "wide": wide, "numbers": list(numbers)}


def pdf(document: Document) -> bytes:
    told = {
        "title": document.title, "author": document.author, "running": document.running, "lang": document.lang,
        "blocks": [dict(each) for each in document.blocks],
    }  # fmt: skip
    *freer, strictest = NO_TEXT
    for without in freer:
        with contextlib.suppress(typst.TypstError):  # a sign that no font of ours has: PDF/UA-1 forbids to leave it out
            return _set(told, without)
    return _set(told, strictest)


def _set(told: Mapping[str, Any], without: re.Pattern[str]) -> bytes:
    inputs = {"told": json.dumps(_plain(told, without), ensure_ascii=False)}
    made = typst.compile(_form(), format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("one document makes one file")
    return made


@cache
def _form() -> bytes:
    return _FORM.read_bytes()


def _plain(value: Any, without: re.Pattern[str]) -> Any:
    """Without signs that are no text, and with a box for those that may have no letter in our fonts."""
    if isinstance(value, str):
        return without.sub(BOX, NOT_TEXT.sub("", value))
    if isinstance(value, Mapping):
        return {name: _plain(each, without) for name, each in value.items()}
    return [_plain(each, without) for each in value] if isinstance(value, list) else value
