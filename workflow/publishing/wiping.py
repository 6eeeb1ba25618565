"""What goes when something is erased, and what is kept: events with their facts, the words of decisions and of what is
told of their protocols, cost lines and the ledger. Knows neither who may erase nor why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, select, update

from workflow.privacy.public_text import CONTACT, EVERYTHING
from workflow.searching import indexing
from workflow.storage import schema
from workflow.storage.schema_submission import upload as upload_table
from workflow.submission import uploads

ERASED = "erased"
SCOPES = (CONTACT, EVERYTHING)
KEPT_KINDS = ("recorded", ERASED)  # beside the words of decisions: what is told of their protocols, and of erasing

_P, _N, _W, _E = schema.proposal.c, schema.person.c, schema.passage.c, schema.event.c
_U = upload_table.c
_NOTHING = {"salt": "", "content": ""}


def wipe(connection: Connection, stream: str, scope: str, at: datetime) -> None:
    """Empties what the erased event is about. May be done again at any time: what is empty stays empty. The files
    themselves are taken away once this is committed, see :func:`files_gone`."""
    number = stream.removeprefix("comment/")
    if stream.startswith("comment/"):
        _forget_requests(connection, number, ("visitor",))
        _wipe_passages(connection, stream, _E.kind != ERASED)
        return
    sent = select(_P.id, _P.proposer_id, _N.ref).join_from(schema.proposal, schema.person).where(_P.number == number)
    proposal = connection.execute(sent).one_or_none()
    if proposal is None:  # of a database older than the proposal
        return
    _forget_requests(connection, number, ("visitor", f"person {proposal.proposer_id}", proposal.ref))
    _wipe_person(connection, proposal.proposer_id)
    if scope == EVERYTHING:
        _wipe_words(connection, stream, proposal.id)
        for upload in connection.execute(select(_U.id).where(_U.proposal_id == proposal.id)).scalars().all():
            uploads.erase(connection, upload, at)


def files_gone(connection: Connection) -> tuple[str, ...]:
    """The names of files that were erased: none of them may lie anywhere."""
    return tuple(connection.execute(select(_U.name).where(_U.erased_at.is_not(None)).order_by(_U.id)).scalars())


def _wipe_person(connection: Connection, person: int) -> None:
    """How a sender is reached, and where from; somebody with a role is no sender of this kind."""
    emptied = update(schema.person).where(_N.id == person, _N.kind == "proposer")
    if connection.execute(emptied.values(name="", email="", telephone="")).rowcount == 0:
        return
    mine = select(schema.session.c.token_hash).where(schema.session.c.person_id == person)
    connection.execute(delete(schema.session_browser).where(schema.session_browser.c.token_hash.in_(mine)))
    connection.execute(update(schema.mail).where(schema.mail.c.person_id == person).values(error=""))


def _wipe_words(connection: Connection, number: str, proposal: int) -> None:
    revision, line, face = schema.revision, schema.cost_line, schema.public_face
    connection.execute(update(revision).where(revision.c.proposal_id == proposal).values(title="", **_NOTHING))
    decided = exists().where(schema.decision.c.stream == _E.stream, schema.decision.c.seq == _E.seq)
    _wipe_passages(connection, number, ~decided & _E.kind.not_in(KEPT_KINDS))
    given = (line.c.proposal_id == proposal) & line.c.classification_reason.is_not(None)
    connection.execute(update(line).where(given).values(classification_reason=None))
    shown = {"state": "as_written", "found": "", "title": "", "content": "", "reviewed_seq": None}
    connection.execute(update(face).where(face.c.proposal_id == proposal).values(**shown))
    indexing.forget(connection, proposal)
    indexing.index(connection, proposal)


def _wipe_passages(connection: Connection, stream: str, which: ColumnElement[bool]) -> None:
    of_events = select(_E.seq).where(_E.stream == stream, which)
    connection.execute(update(schema.passage).where(_W.stream == stream, _W.seq.in_(of_events)).values(**_NOTHING))


def _forget_requests(connection: Connection, number: str, senders: Sequence[str]) -> None:
    """A digest of what a sender sent could be guessed at: it has no salt."""
    request = schema.request.c
    about = request.answer.contains(f'"number":"{number}"', autoescape=True)
    connection.execute(update(schema.request).where(request.actor.in_(senders), about).values(digest=""))
