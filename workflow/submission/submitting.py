"""Where data flows in: a proposal is handed in, gets its number, its first revision and its private link."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import Process, RefusalKind
from workflow.acts.moving import open_duties
from workflow.mail import choosing
from workflow.money import contents, paying_pots
from workflow.money.contents import Rows, Text
from workflow.people import people, sessions
from workflow.proposals import entering
from workflow.records import claims, loading
from workflow.records.announcing import PROPOSER, announce
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import GENESIS, canonical, record, write_event
from workflow.records.refused import Refused
from workflow.searching import indexing
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch
from workflow.submission import entering_for
from workflow.submission.entering_for import Entry

_P = schema.proposal.c


def submit(
    connection: Connection,
    definitions: Definitions,
    process: Process,
    *,
    by: int | None,
    key: str,
    contact: Mapping[str, str],
    text: Text,
    rows: Rows,
    is_example: bool,
    files: Sequence[str] = (),
    entry: Entry | None = None,
    at: datetime,
) -> str:
    """Hands in a proposal and returns the stored answer (JSON: number, first_answer_by).

    A visitor without an account becomes a proposer whose contact details stand beside the history. The private link
    is made from the key, of which only a digest is stored; a repeat of the key gets the same answer. ``files``: the
    SHA-256 digests of what comes with it; ``entry``: that an official writes it down for somebody, who is its proposer.
    """
    contents.require(text)
    today = local_date(at)
    entered_by = entering_for.official(connection, entry, at) if entry else None
    since = entry.came_on if entry else today
    reached = {name: value for name, value in contact.items() if name != "language"}
    asked: dict[str, Any] = {"process": process.id, "text": text, "rows": rows, "contact": reached}
    asked |= {"entry": [entry.by, entry.channel, entry.came_on]} if entry else {}
    sends = entry.by if entry else by
    sender, kept = f"person {sends}" if sends else "visitor", sessions.stored_key(key)
    before = claims.claim(connection, sender, kept, asked, moment(at))
    if before is not None:
        return before
    person, ref = _proposer(connection, by, contact, at, today)
    number = _number(connection, today.year)
    node = process.nodes[process.initial]
    proposal_id = _new_row(
        connection, number, definitions.pin(connection, process, at), person, node.state.id, since, is_example, at
    )
    funding, bindings = paying_pots.resolve_rows(connection, process, proposal_id, number, rows)
    entered = entering.enter(connection, node, today=since, form={}, lines=rows.lines, funding=funding)
    batch = Batch()
    revision = contents.write_revision(
        batch,
        proposal_id=proposal_id,
        n=1,
        title=text.title,
        content=text.stored(),
        lines=rows.lines,
        reasons={},
        funding=funding,
        bindings=bindings,
        details=rows.details or {},
        at=at,
    )
    event = record(
        stream=number,
        seq=1,
        previous=GENESIS,
        kind="submitted",
        actor=ref,
        at=moment(at),
        words={},
        facts={
            "process": process.id,
            "process_version": process.version,
            "definition": process.digest,
            "to": node.id,
            "revision": revision,
            "version": 1,
            "example": int(is_example),
            "since": since.isoformat(),
            "entries": [],
            "awaits": {"role": entered.awaited.role, "body": entered.awaited.body},
            "due_on": entered.due_on.isoformat() if entered.due_on else None,
            **({"files": list(files)} if files else {}),
            **({"entry": {"by": entered_by, "channel": entry.channel, "came_on": since.isoformat()}} if entry else {}),
        },
    )
    write_event(batch, event)
    _settle(connection, proposal_id, event.hash, entered)
    open_duties(batch, entered.duties, proposal_id=proposal_id, seq=1, since=since.isoformat())
    if by is None and "language" in contact:
        choosing.keep(connection, batch, person, ref, "each", contact["language"], at)
    announce(batch, number, 1, "submitted", (PROPOSER, *(duty.holder for duty in entered.duties)), at)
    sessions.new_link(connection, proposal_id, person, sessions.link_secret(key), at)
    first = entered.due_on.isoformat() if entered.due_on else None
    answer = canonical({"number": number, "first_answer_by": first})
    batch.add(claims.ANSWER, of_actor=sender, of_key=kept, given=answer)
    batch.run(connection)
    indexing.index(connection, proposal_id)
    return answer


def number_of(answer: str) -> str:
    """The number in a stored answer."""
    return str(json.loads(answer)["number"])


def _proposer(
    connection: Connection, by: int | None, contact: Mapping[str, str], at: datetime, today: date
) -> tuple[int, str]:
    if by is None:
        return people.new_proposer(connection, contact, at)
    actor = loading.actor(connection, by, today)
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    return actor.id, actor.ref


def _number(connection: Connection, year: int) -> str:
    """The next number of the year. The counter's row is held until commit, so that no number is skipped."""
    counter = upsert(schema.stream).values(name=f"numbers/{year}", seq=1, head="")
    counted = counter.on_conflict_do_update(index_elements=["name"], set_={"seq": schema.stream.c.seq + 1})
    return f"CG-{year}-{int(connection.execute(counted.returning(schema.stream.c.seq)).scalar_one()):03d}"


def _new_row(
    connection: Connection,
    number: str,
    definition: int,
    person: int,
    state: str,
    since: date,
    is_example: bool,
    at: datetime,
) -> int:
    values = {
        "number": number,
        "definition_id": definition,
        "proposer_id": person,
        "state": state,
        "origin": "",
        "awaits_role": "",
        "awaits_body": "",
        "version": 1,
        "revision": 1,
        "seq": 1,
        "head": GENESIS,
        "since": since.isoformat(),
        "created_at": moment(at),
        "is_example": int(is_example),
    }
    return int(connection.execute(insert(schema.proposal).values(values).returning(_P.id)).scalar_one())


def _settle(connection: Connection, proposal_id: int, head: str, entered: entering.Entered) -> None:
    connection.execute(
        update(schema.proposal)
        .where(_P.id == proposal_id)
        .values(
            head=head,
            awaits_role=entered.awaited.role or "",
            awaits_body=entered.awaited.body or "",
            due_on=entered.due_on.isoformat() if entered.due_on else None,
        )
    )
