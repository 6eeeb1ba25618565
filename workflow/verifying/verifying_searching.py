"""Whether proposals are found by just the words that they say in public, and every word by all that leads to it."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from workflow.searching.indexing import every_said, forms_of, words_in
from workflow.storage import schema
from workflow.storage.stored_rows import name_of

_W, _F = schema.search_word.c, schema.search_form.c


def wrong_searching(connection: Connection) -> Iterator[str]:
    said: dict[int, set[str]] = {}
    for word, proposal in connection.execute(select(_W.word, _W.proposal_id)):
        said.setdefault(proposal, set()).add(word)
    everything = set().union(*said.values())
    for row in every_said(connection):
        try:
            expected = words_in(row.title, _content(row.content), row.created_at)
        except ValueError:
            yield f"{name_of('proposal', (row.id,))}: created_at is no moment"
            continue
        found = said.pop(row.id, set())
        if found != expected:
            differ = ", ".join(sorted(found ^ expected)[:5])
            yield f"{name_of('search_word', (row.id,))}: is not found by what it says: {differ}"
    yield from (f"{name_of('search_word', (proposal,))}: nobody may find it" for proposal in sorted(said))
    yield from _wrong_forms(connection, everything)


def _wrong_forms(connection: Connection, said: set[str]) -> Iterator[str]:
    """A word that nobody says any more may still be led to; it leads to no proposal."""
    leading: dict[str, set[str]] = {}
    for form, word in connection.execute(select(_F.form, _F.word)):
        leading.setdefault(word, set()).add(form)
    for word in sorted(said | leading.keys()):
        if leading.get(word, frozenset()) != forms_of(word):
            yield f"{name_of('search_form', (word,))}: not all that leads to the word, or more"


def _content(stored: str) -> dict[str, Any]:
    """What is no longer JSON says nothing; that it was changed is told of the revision."""
    try:
        found = json.loads(stored)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
