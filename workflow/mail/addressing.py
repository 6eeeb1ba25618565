"""Makes mail of notices: one for each person who must act or who handed the proposal in, and none for what has been
answered or corrected in the meantime. Renders nothing and sends nothing."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow.acts.holders import READERS, Directory, Reader
from workflow.acts.moving import SUCCEEDED
from workflow.records import loading
from workflow.records.announcing import PROPOSER
from workflow.records.calendar_days import local_date
from workflow.storage import schema
from workflow.storage.columns import moment, read_moment

AT_ONCE = 100  # notices in one transaction
NEWS_FOR = timedelta(days=30)  # a step older than this is history, which the page tells
STEP, DUTY, TOLD = "step", "duty", "told"
FOLLOWED, CONFIRM = "followed", "confirm"  # a step, to whoever follows; whether somebody wants to
HANDED = "task_handed"
OF_A_BODY = "registrar:"  # only these pass to another, when a body ends

_N, _D, _E, _P, _H = schema.notice.c, schema.duty.c, schema.event.c, schema.proposal.c, schema.handover.c

_FOLLOWERS = (
    READERS.add_columns(schema.follow.c.changed_at)
    .join(schema.follow, (schema.follow.c.person_id == schema.person.c.id) & (schema.follow.c.state == "confirmed"))
    .join(schema.proposal, _P.id == schema.follow.c.proposal_id)
)


def address(connection: Connection, at: datetime, host: str, limit: int = AT_ONCE) -> int:
    """Takes the oldest notices, writes their mail and marks them; how many. Several may do so at once: what one has
    taken the others pass by."""
    unsent = select(schema.notice).where(_N.sent_at.is_(None)).order_by(_N.id).limit(limit)
    notices = connection.execute(unsent.with_for_update(skip_locked=True)).all()
    directory = Directory(connection, local_date(at))
    for each in notices:
        _address_one(connection, directory, each, at, host)
    taken = update(schema.notice).where(_N.id.in_([each.id for each in notices])).values(sent_at=moment(at))
    if notices:
        connection.execute(taken)
    return len(notices)


def _address_one(connection: Connection, directory: Directory, notice: Any, at: datetime, host: str) -> None:
    if notice.recipient == PROPOSER:
        _tell_everybody(connection, directory, notice, at, host)
        return
    duty, is_over = _duty(connection, notice)
    if is_over:
        return
    proposal = loading.load(connection, notice.stream, lock=False)
    actor = connection.execute(select(_E.actor).where(_E.stream == notice.stream, _E.seq == notice.seq)).scalar()
    for reader in directory.who_hold(notice.recipient, proposal):
        if reader.ref != actor:  # whoever took the step was answered with what follows
            post(connection, reader, DUTY if duty else TOLD, notice.stream, notice.seq, at, host, duty)


def _tell_everybody(connection: Connection, directory: Directory, notice: Any, at: datetime, host: str) -> None:
    """Who handed the proposal in and who follows it, while it is news."""
    if read_moment(notice.created_at) + NEWS_FOR <= at or is_corrected(connection, notice.stream, notice.seq):
        return
    proposer = _proposer(connection, directory, notice.stream)
    if proposer and proposer.pace != "none":
        post(connection, proposer, STEP, notice.stream, notice.seq, at, host)
    for row in connection.execute(_FOLLOWERS.where(_P.number == notice.stream)):
        follower = Reader(row.id, row.ref, row.kind, row.pace or "each")
        if notice.created_at > row.changed_at:
            post(connection, follower, FOLLOWED, notice.stream, notice.seq, at, host)


def post(
    connection: Connection,
    reader: Reader,
    kind: str,
    stream: str,
    seq: int,
    at: datetime,
    host: str,
    duty: int | None = None,
    day: str = "",
) -> bool:
    """Writes one mail, waiting to be sent or kept for the weekly letter; False when it was written before. ``day`` is
    what a reminder reminds of: another day is another mail."""
    what = ".".join(str(each) for each in (stream, seq, kind, duty, day) if each)
    now = moment(at)
    values = {
        "message_id": message_id(what, reader, host), "person_id": reader.id, "kind": kind, "stream": stream,
        "seq": seq, "duty_id": duty, "state": "kept" if reader.pace == "weekly" else "waiting", "attempts": 0,
        "next_at": now, "error": "", "created_at": now,
    }  # fmt: skip
    new = upsert(schema.mail).values(values).on_conflict_do_nothing(index_elements=["message_id"])
    return connection.execute(new.returning(schema.mail.c.id)).first() is not None


def message_id(what: str, reader: Reader, host: str) -> str:
    """Made of what is told and to whom, so that a mail sent twice is known to be the same. Of the signs of an atom only
    (RFC 5322, 3.2.3 and 3.6.4): a moment has others, and a name with them is cut on its way."""
    atoms = re.sub(r"[^A-Za-z0-9./-]", "-", what)
    return f"<{atoms}.{reader.ref[:16]}@{f'[IPv6:{host}]' if ':' in host else host}>"


def is_corrected(connection: Connection, number: str, seq: int) -> bool:
    """Whether the step was undone after it was taken: then it is not told any more."""
    later = select(_E.body).where(_E.stream == number, _E.seq > seq, _E.kind == "corrected")
    return any(json.loads(body)["corrects"] == seq for body in connection.execute(later).scalars())


def _proposer(connection: Connection, directory: Directory, number: str) -> Reader | None:
    person = connection.execute(select(_P.proposer_id).where(_P.number == number)).scalar_one_or_none()
    return directory.one(person) if person is not None else None


def _duty(connection: Connection, notice: Any) -> tuple[int | None, bool]:
    """The open duty that a notice is about, and whether it is over: answered, taken back, or another body's by now.

    A notice about no duty at all only tells something.
    """
    query = select(_D.id, _D.answered_at, _D.holder).join_from(schema.duty, schema.proposal)
    if notice.kind == HANDED:
        query = query.join(schema.handover).where(_H.seq == notice.seq, _H.returned_seq.is_(None))
    elif notice.kind != SUCCEEDED:
        query = query.where(_D.seq == notice.seq)
    rows = connection.execute(query.where(_P.number == notice.stream).order_by(_D.id)).all()
    mine = [row for row in rows if notice.kind == HANDED or row.holder == notice.recipient]
    open_ = next((row.id for row in mine if row.answered_at is None), None)
    passed_on = bool(rows) and notice.recipient.startswith(OF_A_BODY)
    is_over = bool(mine) or passed_on or notice.kind in (HANDED, SUCCEEDED)
    return open_, open_ is None and is_over
