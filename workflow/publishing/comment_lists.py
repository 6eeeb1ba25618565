"""Comments as officials and the working group read them: what waits first, what is closed after. Who is not employed
reads them masked. Changes nothing."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from states import RefusalKind
from workflow.cases.timeline import viewer_of
from workflow.privacy.masking import masked
from workflow.proposals.finding import AnyRow, AnySelect, local
from workflow.publishing import commenting
from workflow.publishing.views_publishing import Comment, Comments
from workflow.records.actors import Actor
from workflow.records.refused import Refused
from workflow.storage import schema

COUNTED = 100
PAGE = 50
_C, _P = schema.comment.c, schema.proposal.c
_STREAM = "comment/" + _C.number
_SAID, _CLOSED = schema.passage.alias("said"), schema.passage.alias("closed")
_BY, _WHO = schema.event.alias("closing"), schema.person.alias("closer")


@dataclass(frozen=True, slots=True)
class _Reader:
    official: bool
    may_close: bool


def _reader(connection: Connection, actor: Actor | None) -> _Reader:
    """Raises Refused(NOT_PERMITTED) for who reads none."""
    capacities = actor.capacities if actor else ()
    official = viewer_of(connection, capacities) == "official"
    if not commenting.may_read(capacities, official=official):
        raise Refused.because(RefusalKind.NOT_PERMITTED, commenting.CLOSERS, needs=commenting.CLOSERS[0])
    return _Reader(official, commenting.may_close(actor) is not None)


def comments(connection: Connection, actor: Actor | None, *, closed: bool, after: str | None = None) -> Comments:
    """Open ones, the oldest first; or closed ones, the latest first. Raises Refused(NOT_PERMITTED)."""
    reader = _reader(connection, actor)
    which: ColumnElement[bool] = _C.closed_at.is_not(None) if closed else _C.closed_at.is_(None)
    if after:
        place = select(_C.received_at).where(_C.number == after).scalar_subquery()
        which &= _C.received_at < place if closed else _C.received_at > place
    order = _C.received_at.desc() if closed else _C.received_at
    rows = connection.execute(_query(which).order_by(order, _C.number).limit(PAGE + 1)).all()
    shown = tuple(_comment(row, reader) for row in rows[:PAGE])
    return Comments(
        shown, shown[-1].number if len(rows) > PAGE else None, commenting.open_count(connection, COUNTED),
        reader.may_close,
    )  # fmt: skip


def comment(connection: Connection, actor: Actor | None, number: str) -> tuple[Comment, bool]:
    """One of them, and whether this person may close it. Raises Refused: NOT_PERMITTED, NOT_FOUND."""
    reader = _reader(connection, actor)
    row = connection.execute(_query(_C.number == number)).one_or_none()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="comment", number=number)
    return _comment(row, reader), reader.may_close and row.closed_at is None


def about(connection: Connection, actor: Actor | None, number: str) -> tuple[Comment, ...]:
    """What was written about a proposal, the latest first; nothing for who reads no comments."""
    try:
        reader = _reader(connection, actor)
    except Refused:
        return ()
    query = _query(_P.number == number).order_by(_C.received_at.desc(), _C.number.desc())
    return tuple(_comment(row, reader) for row in connection.execute(query))


def _query(which: ColumnElement[bool]) -> AnySelect:
    said = (_SAID.c.stream == _STREAM) & (_SAID.c.seq == 1) & (_SAID.c.field == "comment")
    closed = (_CLOSED.c.stream == _STREAM) & (_CLOSED.c.field == "remarks")
    closing = (_BY.c.stream == _STREAM) & (_BY.c.kind == commenting.CLOSED)
    return (
        select(
            schema.comment, _P.number.label("proposal"), _SAID.c.content.label("said"),
            _CLOSED.c.content.label("remarks"), _WHO.c.name.label("closed_by"),
        )
        .select_from(
            schema.comment.outerjoin(schema.proposal).outerjoin(_SAID, said).outerjoin(_CLOSED, closed)
            .outerjoin(_BY, closing).outerjoin(_WHO, _WHO.c.ref == _BY.c.actor)
        )
        .where(which)
    )  # fmt: skip


def _comment(row: AnyRow, reader: _Reader) -> Comment:
    return Comment(
        number=row.number, kind=row.kind, page=row.page, proposal=row.proposal, received_at=local(row.received_at),
        text=row.said if reader.official else masked(row.said),
        closed_at=local(row.closed_at) if row.closed_at else None, outcome=row.outcome, remarks=row.remarks or "",
        closed_by=row.closed_by or "",
    )  # fmt: skip
