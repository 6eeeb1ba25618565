"""What changes a proposal without moving it: handing it in, a new revision, the attestant's classification."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import Capacity, CostLine, Process, RefusalKind
from workflow import claims, contents, entering, loading, schema, sessions
from workflow.columns import moment
from workflow.contents import Rows, Text
from workflow.deciding import STOCKHOLM, capacity_facts, write_event
from workflow.definitions import Definitions
from workflow.history import GENESIS, canonical, record
from workflow.loading import Actor, Loaded
from workflow.refused import Refused
from workflow.situations import situate
from workflow.statements import Batch, Statement

_P = schema.proposal.c
_TOUCH = Statement(  # a new event, and perhaps a new revision and version, without moving
    "touch proposal",
    update(schema.proposal)
    .where(_P.id == bindparam("of_id"), _P.seq == bindparam("seen_seq"))
    .values(
        seq=_P.seq + 1, head=bindparam("new_head"), version=_P.version + bindparam("more_version"),
        revision=_P.revision + bindparam("more_revision"),
    ),
    guarded=True,
)  # fmt: skip
_L = schema.cost_line.c
_CLASSIFY = Statement(
    "classify",
    update(schema.cost_line)
    .where(_L.proposal_id == bindparam("of_id"), _L.revision == bindparam("of_revision"), _L.n == bindparam("of_n"))
    .values(classification=bindparam("to"), classification_reason=bindparam("why")),
    guarded=True,
)
_D = schema.duty.c
_ANSWER = Statement(
    "answer duty",
    update(schema.duty)
    .where(_D.proposal_id == bindparam("of_id"), _D.kind == bindparam("of_kind"), _D.answered_at.is_(None))
    .values(answered_at=bindparam("at"), answer=bindparam("given")),
)
NEW_DUTY = Statement(
    "duty", schema.duty.insert(), columns=["proposal_id", "seq", "kind", "holder", "since", "due_on", "version"]
)
REVISERS = ("officer", "technical")  # employees who keep a proposal's content; its proposer only while it is asked for


def submit(
    connection: Connection, definitions: Definitions, process: Process, *, by: int | None, key: str,
    contact: Mapping[str, str], text: Text, rows: Rows, is_example: bool, at: datetime,
) -> str:  # fmt: skip
    """Hands in a proposal and returns the stored answer (JSON: number, secret, first_answer_by).

    A visitor without an account becomes a proposer whose contact details stand beside the history. The secret of the
    private link is shown once; a repeat of the key gets the same answer.
    """
    _require(text)
    today = at.astimezone(STOCKHOLM).date()
    asked = {"process": process.id, "text": text, "rows": rows, "contact": contact}
    before = claims.claim(connection, f"person {by}" if by else "visitor", key, asked, moment(at))
    if before is not None:
        return before
    person, ref = _proposer(connection, by, contact, at, today)
    number = _number(connection, today.year)
    node = process.nodes[process.initial]
    proposal_id = _new_row(connection, number, definitions.pin(connection, process, at), person, node.state.id, today, is_example, at)
    funding, bindings = contents.resolve_rows(connection, process, proposal_id, number, rows)
    entered = entering.enter(connection, node, today=today, form={}, lines=rows.lines, funding=funding)
    batch = Batch()
    revision = contents.write_revision(
        batch, proposal_id=proposal_id, n=1, title=text.title, content=text.stored(), lines=rows.lines, reasons={},
        funding=funding, bindings=bindings, at=at,
    )  # fmt: skip
    event = record(
        stream=number, seq=1, previous=GENESIS, kind="submitted", actor=ref, at=moment(at), words={},
        facts={
            "process": process.id, "process_version": process.version, "definition": process.digest, "to": node.id,
            "revision": revision, "version": 1, "since": today.isoformat(), "entries": [],
            "awaits": {"role": entered.awaited.role, "body": entered.awaited.body},
            "due_on": entered.due_on.isoformat() if entered.due_on else None,
        },
    )  # fmt: skip
    write_event(batch, event)
    _settle(connection, proposal_id, event.hash, entered)
    for duty in entered.duties:
        batch.add(NEW_DUTY, proposal_id=proposal_id, seq=1, kind=duty.kind, holder=duty.holder,
                  since=today.isoformat(), due_on=duty.due_on, version=1)  # fmt: skip
    secret = sessions.new_link(connection, proposal_id, person, at)
    answer = canonical({"number": number, "secret": secret, "first_answer_by": entered.due_on.isoformat() if entered.due_on else None})
    batch.add(claims.ANSWER, of_actor=f"person {by}" if by else "visitor", of_key=key, given=answer)
    batch.run(connection)
    return answer


def _require(text: Text) -> None:
    for name in ("title", "what", "where"):
        if not getattr(text, name).strip():
            raise Refused.because(RefusalKind.FIELD_MISSING, field=name)


def _proposer(
    connection: Connection, by: int | None, contact: Mapping[str, str], at: datetime, today: date
) -> tuple[int, str]:
    if by is None:
        return sessions.new_proposer(connection, contact, at)
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
    connection: Connection, number: str, definition: int, person: int, state: str, today: date, is_example: bool,
    at: datetime,
) -> int:  # fmt: skip
    values = {
        "number": number, "definition_id": definition, "proposer_id": person, "state": state, "origin": "",
        "awaits_role": "", "awaits_body": "", "version": 1, "revision": 1, "seq": 1, "head": GENESIS,
        "since": today.isoformat(), "created_at": moment(at), "is_example": int(is_example),
    }  # fmt: skip
    return int(connection.execute(insert(schema.proposal).values(values).returning(_P.id)).scalar_one())


def _settle(connection: Connection, proposal_id: int, head: str, entered: entering.Entered) -> None:
    connection.execute(
        update(schema.proposal).where(_P.id == proposal_id).values(
            head=head, awaits_role=entered.awaited.role or "", awaits_body=entered.awaited.body or "",
            due_on=entered.due_on.isoformat() if entered.due_on else None,
        )
    )  # fmt: skip


# --- a new revision ----------------------------------------------------------------------------------------------


def revise(
    connection: Connection, definitions: Definitions, number: str, *, by: int, key: str, seen_revision: int,
    text: Text, rows: Rows, at: datetime,
) -> str:  # fmt: skip
    """Writes the next revision and returns the stored answer. Raises Refused, see :func:`may_revise`."""
    _require(text)
    proposal, actor = _for_change(connection, number, by, at)
    before = claims.claim(
        connection, actor.ref, key, {"number": number, "seen": seen_revision, "text": text, "rows": rows}, moment(at)
    )
    if before is not None:
        return before
    if proposal.revision != seen_revision:
        raise Refused.because(RefusalKind.STALE_REVISION, seen=seen_revision, now=proposal.revision)
    now = situate(connection, definitions, proposal, actor, at.astimezone(STOCKHOLM).date())
    capacity = may_revise(proposal, actor)
    lines = tuple(contents.keep_classification(line, now.lines) for line in rows.lines)
    funding, bindings = contents.resolve_rows(connection, now.process, proposal.id, number, replace(rows, lines=lines))
    contents.refuse_fixed(now, lines, funding, bindings)
    batch = Batch()
    revision = contents.write_revision(
        batch, proposal_id=proposal.id, n=proposal.revision + 1, title=text.title, content=text.stored(), lines=lines,
        reasons=contents.reasons_of(connection, proposal, now.lines, lines), funding=funding, bindings=bindings, at=at,
    )  # fmt: skip
    facts = {"revision": revision, "capacity": capacity_facts(capacity), "version": proposal.version + 1, "entries": []}
    answer = touch(batch, proposal, actor, "revised", facts, {}, at, key, now.node.state.title, 1, 1)
    _reopen_classification(batch, now.node.state.duties, proposal, lines, at)
    batch.run(connection)
    return answer


def may_revise(proposal: Loaded, actor: Actor) -> Capacity:
    """An officer may; the proposer while the idea is new or a completion is asked for. Raises Refused."""
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=proposal.number)
    mine = [each for each in actor.capacities if each.role in REVISERS]
    if proposal.awaited.role == "proposer" or proposal.state == "idea":
        mine += [each for each in actor.capacities if each.role == "proposer"]
    if not mine:
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    return mine[0]


def _reopen_classification(
    batch: Batch, duties: tuple[Any, ...], proposal: Loaded, lines: tuple[CostLine, ...], at: datetime
) -> None:
    """Lines that say something new wait for the attestant again."""
    if not any(each.kind == "classify" for each in duties) or all(line.classification for line in lines):
        return
    batch.add(_ANSWER, of_id=proposal.id, of_kind="classify", at=moment(at), given="revised")
    since = at.astimezone(STOCKHOLM).date().isoformat()
    due = proposal.due_on.isoformat() if proposal.due_on else loading.NEVER
    batch.add(NEW_DUTY, proposal_id=proposal.id, seq=proposal.seq + 1, kind="classify", holder="attestant",
              since=since, due_on=due, version=1)  # fmt: skip


# --- classification ----------------------------------------------------------------------------------------------


def classify(
    connection: Connection, definitions: Definitions, number: str, *, by: int, key: str, seen_revision: int,
    classifications: Mapping[int, tuple[str, str]], at: datetime,
) -> str:  # fmt: skip
    """The attestant says which pot each line belongs to, with a reason. Voids nobody's version, but needs the revision.

    Raises Refused: NOT_PERMITTED, PREPARED_IT, STALE_REVISION, FIELD_INVALID.
    """
    proposal, actor = _for_change(connection, number, by, at)
    asked = {"number": number, "seen": seen_revision, "lines": {str(n): c for n, c in classifications.items()}}
    before = claims.claim(connection, actor.ref, key, asked, moment(at))
    if before is not None:
        return before
    capacity = next((each for each in actor.capacities if each.role == "attestant"), None)
    if capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("attestant",), needs="attestant")
    if proposal.revision != seen_revision:
        raise Refused.because(RefusalKind.STALE_REVISION, seen=seen_revision, now=proposal.revision)
    now = situate(connection, definitions, proposal, actor, at.astimezone(STOCKHOLM).date())
    lines = {line.n for line in now.lines}
    if set(classifications) - lines or any(c not in ("investment", "operating") for c, _ in classifications.values()):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="classification")
    batch = Batch()
    for n, (to, why) in classifications.items():
        batch.add(_CLASSIFY, of_id=proposal.id, of_revision=proposal.revision, of_n=n, to=to, why=why)
    facts = {
        "lines": {str(n): to for n, (to, _) in classifications.items()}, "capacity": capacity_facts(capacity),
        "revision": {"n": proposal.revision}, "entries": [],
    }  # fmt: skip
    words = {f"line {n}": why for n, (_, why) in classifications.items() if why}
    answer = touch(batch, proposal, actor, "classified", facts, words, at, key, now.node.state.title)
    if lines <= set(classifications) | {line.n for line in now.lines if line.classification}:
        batch.add(_ANSWER, of_id=proposal.id, of_kind="classify", at=moment(at), given="classified")
    batch.run(connection)
    return answer


# --- shared ------------------------------------------------------------------------------------------------------


def _for_change(connection: Connection, number: str, by: int, at: datetime) -> tuple[Loaded, Actor]:
    proposal = loading.load(connection, number)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    actor = loading.actor(connection, by, at.astimezone(STOCKHOLM).date(), proposer_of=proposal)
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    return proposal, actor


def touch(
    batch: Batch, proposal: Loaded, actor: Actor, kind: str, facts: Mapping[str, Any], words: Mapping[str, str],
    at: datetime, key: str, to_title: str, more_version: int = 0, more_revision: int = 0,
) -> str:  # fmt: skip
    """Adds the event of a change that moves nothing, and the answer to its key."""
    event = record(
        stream=proposal.number, seq=proposal.seq + 1, previous=proposal.head, kind=kind, actor=actor.ref,
        at=moment(at), words=words, facts=facts,
    )  # fmt: skip
    write_event(batch, event)
    batch.add(_TOUCH, of_id=proposal.id, seen_seq=proposal.seq, new_head=event.hash, more_version=more_version,
              more_revision=more_revision)  # fmt: skip
    answer = canonical(
        {"number": proposal.number, "seq": event.seq, "version": proposal.version + more_version,
         "node": proposal.node, "to_title": to_title}
    )  # fmt: skip
    batch.add(claims.ANSWER, of_actor=actor.ref, of_key=key, given=answer)
    return answer


def read_answer(stored: str) -> dict[str, Any]:
    """The stored answer as a mapping."""
    found = json.loads(stored)
    if not isinstance(found, dict):
        raise TypeError(stored)
    return found


