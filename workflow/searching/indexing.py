"""Writes what a proposal is found by, in the transaction of whatever changed its words; `verify` computes it again.
Only what its public page says is here. A change of the rules of ``folding`` raises RULES, and all is written anew."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, select, text
from sqlalchemy.dialects.postgresql import insert

from workflow.privacy import public_text
from workflow.proposals.finding import AnyRow, date_of
from workflow.searching.folding import NEAR, STEM, parts, stem, without_a_letter, words_of
from workflow.storage import schema

RULES = "1"
MARK = "searched by"
SAID = ("what", "where", "why", "own_contribution")
NEAR_MARK = "~"  # before what a word is without a letter: no word holds it
AT_A_TIME = 200

_P, _R, _W, _F = schema.proposal.c, schema.revision.c, schema.search_word.c, schema.search_form.c


def words_in(title: str, content: Mapping[str, Any], created_at: str) -> frozenset[str]:
    """Everything that a proposal is found by: words, words of its place, its criteria and the year it came in."""
    said = (title, *(content.get(name) or "" for name in SAID))
    return frozenset(
        [word for each in said for word in words_of(each)]
        + [f"where:{word}" for word in words_of(content.get("where") or "")]
        + [f"criterion:{code}" for code in content.get("criteria") or ()]
        + [f"year:{date_of(created_at).year}"]
    )


def forms_of(word: str) -> frozenset[str]:
    """What leads to a word. A filter's word is asked for as it stands."""
    if ":" in word:
        return frozenset()
    root = stem(word)
    near = {each for whole in (word, root) if len(whole) >= NEAR for each in without_a_letter(whole)}
    if len(root) >= STEM:
        near.add(root)
    return frozenset(parts(word)) | {NEAR_MARK + each for each in near}


def index(connection: Connection, proposal_id: int) -> None:
    """Writes anew what one proposal is found by, as its latest revision stands in this transaction."""
    for row in every_said(connection, proposal_id):
        _write(connection, row.id, words_in(row.title, public_text.parsed(row.content), row.created_at))


def every_said(connection: Connection, proposal_id: int | None = None) -> Sequence[AnyRow]:
    """(id, created_at, title, content) of every proposal that may be found, or of the one: what it says in public."""
    query = (
        select(_P.id, _P.created_at, public_text.TITLE.label("title"), public_text.CONTENT.label("content"))
        .select_from(
            public_text.faced(schema.proposal.join(schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision)))
        )
        .where(public_text.IN_SIGHT)
    )
    if proposal_id is not None:
        query = query.where(_P.id == proposal_id)
    return connection.execute(query.order_by(_P.id)).all()


def forget(connection: Connection, proposal_id: int) -> None:
    """The proposal is found by nothing any more; what led to words that nobody else says goes too, so that what was
    erased cannot be guessed from it. On PostgreSQL nobody may say a new word meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE search_word IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(delete(schema.search_word).where(_W.proposal_id == proposal_id))
    connection.execute(delete(schema.search_form).where(~exists().where(_W.word == _F.word)))


def catch_up(connection: Connection) -> None:
    """Writes all anew where it was written by other rules, or never."""
    mark = schema.mark
    known = connection.execute(select(mark.c.value).where(mark.c.name == MARK)).scalar_one_or_none()
    if known == RULES:
        return
    connection.execute(delete(schema.search_word))
    connection.execute(delete(schema.search_form))
    for row in every_said(connection):
        _write(connection, row.id, words_in(row.title, public_text.parsed(row.content), row.created_at))
    noted = insert(mark).values(name=MARK, value=RULES)
    connection.execute(noted.on_conflict_do_update(index_elements=["name"], set_={"value": RULES}))


def _write(connection: Connection, proposal_id: int, said: frozenset[str]) -> None:
    """Words before what leads to them: whoever drops what leads to nothing waits for whoever has written a word."""
    before = set(connection.execute(select(_W.word).where(_W.proposal_id == proposal_id)).scalars())
    new, gone = sorted(said - before), sorted(before - said)
    for some in _in_parts(gone):
        connection.execute(delete(schema.search_word).where(_W.proposal_id == proposal_id, _W.word.in_(some)))
    if new:
        connection.execute(insert(schema.search_word), [{"word": each, "proposal_id": proposal_id} for each in new])
        _lead_to(connection, new)


def _lead_to(connection: Connection, words: Iterable[str]) -> None:
    wanted = [word for word in words if ":" not in word]
    known: set[str] = set()
    for some in _in_parts(wanted):
        known.update(connection.execute(select(_F.word).where(_F.word.in_(some), _F.form == _F.word)).scalars())
    rows = [{"form": form, "word": word} for word in wanted if word not in known for form in sorted(forms_of(word))]
    if rows:
        connection.execute(insert(schema.search_form).on_conflict_do_nothing(), rows)


def _in_parts(words: list[str]) -> Iterable[list[str]]:
    return (words[n : n + AT_A_TIME] for n in range(0, len(words), AT_A_TIME))
