"""What somebody writes before it is handed in: kept on the server behind a secret link, of which only a digest is
stored, and erased when it has lain still for long. No event tells of it, and nothing here asks who somebody is: an
official, an auditor or an export has no way to it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.people import sessions
from workflow.records.history import canonical, digest_of
from workflow.records.refused import Refused
from workflow.storage.columns import moment, read_moment
from workflow.storage.schema_submission import draft

KEPT = timedelta(days=30)  # since it was last written in
MOST_SIGNS = 10_000  # kept of one field: more than any may hold, so that too long a text is there to be shortened
MOST_FIELDS = 30

_D = draft.c


@dataclass(frozen=True, slots=True)
class Draft:
    """``sent_as`` is the number that it became; then nothing is left of what was typed."""

    id: int
    typed: Mapping[str, str]
    changed_at: datetime
    sent_as: str | None

    @property
    def erased_at(self) -> datetime:
        return self.changed_at + KEPT


def secret_of(key: str) -> str:
    """The secret of the draft that a form with this key begins: the same form sent twice begins one draft."""
    return hashlib.blake2b(key.encode(), digest_size=24, person=b"skede draft").hexdigest()


def find(connection: Connection, secret: str) -> Draft | None:
    row = connection.execute(select(draft).where(_of(secret))).one_or_none()
    return _read(row) if row else None


def open_one(connection: Connection, secret: str) -> Draft:
    """Raises Refused(NOT_FOUND) for one that is not there, or was sent."""
    found = find(connection, secret)
    if found is None or found.sent_as is not None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="draft")
    return found


def save(connection: Connection, secret: str, typed: Mapping[str, str], at: datetime) -> Draft:
    """Keeps these fields; the others stay as they were. Raises Refused(NOT_FOUND) for one that is not, or was sent."""
    row = _locked(connection, secret)
    if row.sent_as is not None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="draft")
    kept = dict(list((json.loads(row.typed) | _cut(typed)).items())[:MOST_FIELDS])
    values = {"typed": canonical(kept), "changed_at": moment(at)}
    connection.execute(update(draft).where(_D.id == row.id).values(values))
    return Draft(int(row.id), kept, at, None)


def begin(connection: Connection, secret: str, typed: Mapping[str, str], at: datetime) -> bool:
    """Makes a draft; False where there was one, which is left as it was."""
    now = moment(at)
    values = {"secret_hash": digest_of(secret), "typed": canonical(_cut(typed)), "created_at": now, "changed_at": now}
    new = upsert(draft).values(values).on_conflict_do_nothing(index_elements=["secret_hash"])
    return connection.execute(new.returning(_D.id)).first() is not None


def take(connection: Connection, secret: str, key: str) -> str | None:
    """Locks a draft that is to be sent: None; or the answer that it got when the very same form sent it before.

    Raises Refused(NOT_FOUND) for one that is not there or that another form has sent.
    """
    row = _locked(connection, secret)
    if row.sent_as is not None and row.key_hash != sessions.stored_key(key):
        raise Refused.because(RefusalKind.NOT_FOUND, what="draft")
    return str(row.answer) if row.sent_as is not None else None


def end(connection: Connection, secret: str, key: str, number: str, answer: str) -> None:
    """What was typed is a proposal now and stands here no longer."""
    values = {"typed": "{}", "sent_as": number, "key_hash": sessions.stored_key(key), "answer": answer}
    connection.execute(update(draft).where(_of(secret)).values(values))


def throw_away(connection: Connection, secret: str) -> None:
    """The sender's own choice; of no consequence for one that is not there."""
    connection.execute(delete(draft).where(_of(secret), _D.sent_as.is_(None)))


def erase_old(connection: Connection, at: datetime) -> int:
    """Those that nobody has written in for 30 days; how many."""
    return connection.execute(delete(draft).where(_D.changed_at <= moment(at - KEPT))).rowcount


def _locked(connection: Connection, secret: str) -> Any:
    row = connection.execute(select(draft).where(_of(secret)).with_for_update()).one_or_none()
    if row is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="draft")
    return row


def _read(row: Any) -> Draft:
    return Draft(int(row.id), json.loads(row.typed), read_moment(row.changed_at), row.sent_as)


def _cut(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: text[:MOST_SIGNS] for name, text in list(typed.items())[:MOST_FIELDS]}


def _of(secret: str) -> ColumnElement[bool]:
    return _D.secret_hash == digest_of(secret)
