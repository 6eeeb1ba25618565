"""What everybody reads of a proposal's words: as they are written, masked, or as an official has worded them. Every
page, list, feed, export, mail and search for others than officials reads through this. Decides nothing of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, bindparam, case, func, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow.privacy.masking import found_in, masked
from workflow.records.history import canonical
from workflow.storage import schema
from workflow.storage.statements import Batch, Statement

AS_WRITTEN, MASKED, KEPT, SHOWN, CORRECTED = "as_written", "masked", "kept", "shown", "corrected"
SAID = ("what", "where", "why", "own_contribution", "outside_plan_reason")  # what people write in their own words
NOT_SHOWN = "Förslaget visas inte just nu"  # message text, in place of the title
ERASED = "Texten är gallrad"
CONTACT, EVERYTHING = "contact", "everything"  # what of it was erased
RULES = "2"  # of ``masking``: raised when they change, and every text is then looked at again
MARK = "masked by"

_F, _R, _P = schema.public_face.c, schema.revision.c, schema.proposal.c
TITLE: ColumnElement[str] = case(
    (_R.proposal_id.is_not(None), func.coalesce(func.nullif(_F.title, ""), func.nullif(_R.title, ""), ERASED))
)
CONTENT: ColumnElement[str] = func.coalesce(func.nullif(_F.content, ""), _R.content)
IN_SIGHT: ColumnElement[bool] = _F.hidden_seq.is_(None)  # of an outer join: a proposal without a row is in sight
TITLE_FOR_ALL: ColumnElement[str] = case((_F.hidden_seq.is_not(None), NOT_SHOWN), else_=TITLE)

_new = upsert(schema.public_face)
_COLUMNS = ("proposal_id", "state", "found", "title", "content", "reviewed_seq")
FACE = Statement(
    "public face",
    _new.on_conflict_do_update(
        index_elements=["proposal_id"],
        set_={name: getattr(_new.excluded, name) for name in _COLUMNS if name != "proposal_id"},
    ),
    columns=_COLUMNS,
)
_AS_WRITTEN = Statement(
    "as written",
    update(schema.public_face)
    .where(_F.proposal_id == bindparam("of_id"))
    .values(state=AS_WRITTEN, found="", title="", content="", reviewed_seq=null()),
)
_HIDDEN = upsert(schema.public_face)
HIDE = Statement(
    "hide",
    _HIDDEN.on_conflict_do_update(index_elements=["proposal_id"], set_={"hidden_seq": _HIDDEN.excluded.hidden_seq}),
    columns=[*_COLUMNS, "hidden_seq"],
)
UNTOUCHED: Mapping[str, Any] = {"state": AS_WRITTEN, "found": "", "title": "", "content": "", "reviewed_seq": None}


@dataclass(frozen=True, slots=True)
class Face:
    """What everybody reads instead of what is written; empty words mean as written."""

    state: str
    found: str  # the kinds of details that stand in what is written
    title: str
    content: str


def faced(source: FromClause) -> FromClause:
    """A join that holds proposals, with what everybody reads of each."""
    return source.outerjoin(schema.public_face, _F.proposal_id == _P.id)


def face_of(title: str, content: str) -> Face | None:
    """Of words that nobody has looked at; None where nothing in them is masked."""
    said = parsed(content)
    kinds = dict.fromkeys(kind for text in (title, *_texts(said)) for kind in found_in(text))
    if not kinds:
        return None
    hidden = {name: masked(said[name]) for name in SAID if isinstance(said.get(name), str)}
    return Face(MASKED, ",".join(sorted(kinds)), masked(title), canonical({**said, **hidden}))


def write(batch: Batch, proposal_id: int, title: str, content: str, *, first: bool) -> None:
    """New words, which an official has yet to look at where something in them is masked."""
    face = face_of(title, content)
    if face is not None:
        batch.add(
            FACE, proposal_id=proposal_id, state=face.state, found=face.found, title=face.title, content=face.content,
            reviewed_seq=None,
        )  # fmt: skip
    elif not first:
        batch.add(_AS_WRITTEN, of_id=proposal_id)


def catch_up(connection: Connection) -> tuple[int, ...]:
    """Looks at every text again where it was looked at by other rules, or never. What an official has said of a text
    stands; what is still hidden of it is hidden by our rules. The proposals whose words for everybody are others now.
    """
    mark = schema.mark
    if connection.execute(select(mark.c.value).where(mark.c.name == MARK)).scalar_one_or_none() == RULES:
        return ()
    query = select(
        _P.id,
        _R.title.label("written_title"),
        _R.content.label("written"),
        _F.state,
        _F.found,
        _F.title,
        _F.content,
        _F.reviewed_seq,
    ).select_from(faced(schema.proposal.join(schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision))))
    changed = []
    for row in connection.execute(query).all():
        before = Face(row.state or AS_WRITTEN, row.found or "", row.title or "", row.content or "")
        now = _looked_at_again(before, row.written_title, row.written, reviewed=row.reviewed_seq is not None)
        if now != before:
            values = {"state": now.state, "found": now.found, "title": now.title, "content": now.content}
            batch = Batch()
            batch.add(FACE, proposal_id=row.id, **values, reviewed_seq=row.reviewed_seq)
            batch.run(connection)
            changed.append(row.id)
    noted = upsert(mark).values(name=MARK, value=RULES)
    connection.execute(noted.on_conflict_do_update(index_elements=["name"], set_={"value": RULES}))
    return tuple(changed)


def _looked_at_again(before: Face, title: str, content: str, *, reviewed: bool) -> Face:
    found = face_of(title, content) or Face(AS_WRITTEN, "", "", "")
    if not reviewed:
        return found
    return replace(found, state=KEPT) if before.state == KEPT else replace(before, found=found.found)


def erased_of(connection: Connection, stream: str) -> str:
    """How much of a proposal or comment is erased: ``contact``, ``everything`` or "" for nothing."""
    scope = schema.erasure.c.scope
    found = set(connection.execute(select(scope).where(schema.erasure.c.stream == stream)).scalars())
    return EVERYTHING if EVERYTHING in found else next(iter(found), "")


def parsed(content: str) -> dict[str, Any]:
    """The stored content of a revision; of one whose words are erased, nothing said."""
    found: dict[str, Any] = json.loads(content) if content else {"what": "", "where": ""}
    return found


def _texts(said: Mapping[str, Any]) -> list[str]:
    return [said[name] for name in SAID if isinstance(said.get(name), str)]
