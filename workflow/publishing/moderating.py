"""Granska texten: an officer has looked at what the public wrote, and says whether everybody reads it as it is, masked,
or in other words (rätta). What was written stays in the proposal's own revisions, for officials."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from states import RefusalKind
from workflow.money.contents import words_of
from workflow.privacy import public_text
from workflow.privacy.public_text import CORRECTED, FACE, KEPT, MASKED, SHOWN, Face
from workflow.publishing import acting_on_words
from workflow.publishing.acting_on_words import Act, Why
from workflow.publishing.views_publishing import TextToReview, WaitingFiles
from workflow.records.history import canonical
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.searching import indexing
from workflow.storage import schema
from workflow.storage.schema_submission import upload
from workflow.storage.statements import Batch
from workflow.submission.uploads import WAITING

REVIEWED = "text_reviewed"
OUTCOMES = (SHOWN, KEPT, CORRECTED)
WORDS = ("title", "what", "where", "why", "own_contribution")
MUST = ("title", "what", "where")
SHOWN_AT_A_TIME = 50

_F, _P, _R, _U = schema.public_face.c, schema.proposal.c, schema.revision.c, upload.c


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What an officer says of a text: the outcome and, where corrected, the words that everybody reads instead."""

    outcome: str
    words: Mapping[str, str]  # of WORDS; empty unless corrected


def review(
    connection: Connection, number: str, said: Reviewed, why: Why, *, by: int, key: str, seen_revision: int,
    at: datetime,
) -> str:  # fmt: skip
    """Returns the stored answer. Raises Refused as :func:`acting_on_words.do`; STALE_REVISION where the words were
    changed meanwhile, FIELD_INVALID for no such outcome, FIELD_MISSING for a corrected text without title, what, where,
    FIELD_INVALID for one that says what everybody reads already.
    """

    def judge(proposal: Loaded) -> Act:
        if proposal.revision != seen_revision:
            raise Refused.because(RefusalKind.STALE_REVISION, seen=seen_revision, now=proposal.revision)
        if said.outcome not in OUTCOMES:
            raise Refused.because(RefusalKind.FIELD_INVALID, field="review")
        words = {name: said.words.get(name, "").strip() for name in WORDS} if said.outcome == CORRECTED else {}
        for name in MUST if words else ():
            if not words[name]:
                raise Refused.because(RefusalKind.FIELD_MISSING, field=name)
        if words and words == text_of(connection, number).public:
            raise Refused.because(RefusalKind.FIELD_INVALID, field="same_words")
        face = face_after(said.outcome, *words_of(connection, proposal), words)

        def beside(batch: Batch, proposal: Loaded, seq: int) -> None:
            batch.add(
                FACE, proposal_id=proposal.id, state=face.state, found=face.found, title=face.title,
                content=face.content, reviewed_seq=seq,
            )  # fmt: skip

        return Act(REVIEWED, {"review": said.outcome, "of_revision": proposal.revision}, words, beside)

    asked = {"review": [number, seen_revision, said.outcome, dict(said.words)]}
    answer = acting_on_words.do(connection, number, asked, why, judge, by=by, key=key, at=at)
    indexing.index(connection, _id_of(connection, number))
    return answer


def face_after(outcome: str, title: str, content: str, words: Mapping[str, str]) -> Face:
    """What everybody reads once an officer has said so, of a text as it is written."""
    found = public_text.face_of(title, content) or Face(MASKED, "", "", "")
    if outcome == KEPT:
        return Face(KEPT, found.found, found.title, found.content)
    if outcome == SHOWN:
        return Face(SHOWN, found.found, "", "")
    rest: dict[str, Any] = {name: words[name] for name in WORDS if name != "title"}
    return Face(CORRECTED, found.found, words["title"], canonical({**public_text.parsed(content), **rest}))


def waiting(connection: Connection) -> tuple[tuple[TextToReview, ...], int]:
    """The texts that nobody has looked at, oldest first, and how many there are; 100 means more than 99."""
    query = _query().where(_F.state == MASKED).order_by(_F.proposal_id).limit(SHOWN_AT_A_TIME)
    rows = tuple(_text(row) for row in connection.execute(query))
    few = select(_F.proposal_id).where(_F.state == MASKED).limit(100).subquery()
    return rows, int(connection.execute(select(func.count()).select_from(few)).scalar_one())


def files_waiting(connection: Connection) -> tuple[tuple[WaitingFiles, ...], int]:
    """The proposals whose files nobody has looked at, oldest first, and how many such files; 100: more than 99."""
    waits = (_U.standing == WAITING, _U.erased_at.is_(None), _U.proposal_id.is_not(None))
    few = select(_U.id).where(*waits).limit(100).subquery()
    count = int(connection.execute(select(func.count()).select_from(few)).scalar_one())
    latest = (_R.proposal_id == _P.id) & (_R.n == _P.revision)
    query = (
        select(_P.number, _R.title, func.count().label("files"))
        .select_from(upload.join(schema.proposal, _P.id == _U.proposal_id).join(schema.revision, latest))
        .where(*waits).group_by(_P.id, _P.number, _R.title).order_by(_P.id).limit(SHOWN_AT_A_TIME)
    )  # fmt: skip
    rows = connection.execute(query).all() if count else []
    return tuple(WaitingFiles(row.number, row.title, row.files) for row in rows), count


def text_of(connection: Connection, number: str) -> TextToReview:
    """What is written, and what everybody reads. Raises Refused(NOT_FOUND)."""
    row = connection.execute(_query().where(_P.number == number)).one_or_none()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    return _text(row)


def _query() -> Any:
    return select(
        _P.number, _P.revision, _R.title.label("written_title"), _R.content.label("written"),
        public_text.TITLE.label("title"), public_text.CONTENT.label("content"),
        func.coalesce(_F.state, public_text.AS_WRITTEN).label("state"), func.coalesce(_F.found, "").label("found"),
        _F.hidden_seq,
    ).select_from(
        public_text.faced(schema.proposal.join(schema.revision, (_R.proposal_id == _P.id) & (_R.n == _P.revision)))
    )  # fmt: skip


def _text(row: Any) -> TextToReview:
    return TextToReview(
        row.number, row.revision, row.state, tuple(filter(None, row.found.split(","))), row.hidden_seq is not None,
        _words(row.written_title, row.written), _words(row.title, row.content), erased=not row.written,
    )  # fmt: skip


def _words(title: str, content: str) -> dict[str, str]:
    said = public_text.parsed(content)
    return {"title": title, **{name: str(said.get(name) or "") for name in WORDS if name != "title"}}


def _id_of(connection: Connection, number: str) -> int:
    return int(connection.execute(select(_P.id).where(_P.number == number)).scalar_one())
