"""What changes a proposal without moving it: a new revision. Shared with the attestant's classification."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, update

from states import Capacity, CostLine, FundingRow, RefusalKind
from states.entitlement import NEVER_INTERESTED
from workflow.acts import acting, restating
from workflow.acts.moving import DUTY
from workflow.acts.situations import Situation, proposed_pots, situate
from workflow.money import contents, paying_pots
from workflow.money.classifying import still_classified
from workflow.money.contents import Rows, Text
from workflow.privacy import public_text
from workflow.proposals.ballots import VOTE
from workflow.records import claims, loading
from workflow.records.announcing import announce
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import canonical, capacity_facts, record, write_event
from workflow.records.loading import Actor, Loaded
from workflow.records.refused import Refused
from workflow.searching import indexing
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

_P = schema.proposal.c
_TOUCH = Statement(  # a new event, and perhaps a new revision and version, without moving
    "touch proposal",
    update(schema.proposal)
    .where(_P.id == bindparam("of_id"), _P.seq == bindparam("seen_seq"))
    .values(
        seq=_P.seq + 1,
        head=bindparam("new_head"),
        version=_P.version + bindparam("more_version"),
        revision=_P.revision + bindparam("more_revision"),
    ),
    guarded=True,
)
_D = schema.duty.c
ANSWER = Statement(
    "answer duty",
    update(schema.duty)
    .where(_D.proposal_id == bindparam("of_id"), _D.kind == bindparam("of_kind"), _D.answered_at.is_(None))
    .values(answered_at=bindparam("at"), answer=bindparam("given")),
)
REVISERS = ("officer", "technical")  # employees who keep a proposal's content; its proposer only while it is asked for


def revise(
    connection: Connection,
    definitions: Definitions,
    number: str,
    *,
    by: int,
    key: str,
    seen_revision: int,
    text: Text,
    rows: Rows,
    at: datetime,
) -> str:
    """Writes the next revision and returns the stored answer. Raises Refused, see :func:`may_revise`."""
    contents.require(text)
    proposal, actor = for_change(connection, number, by, at)
    before = claims.claim(
        connection, actor.ref, key, {"number": number, "seen": seen_revision, "text": text, "rows": rows}, moment(at)
    )
    if before is not None:
        return before
    if proposal.revision != seen_revision:
        raise Refused.because(RefusalKind.STALE_REVISION, seen=seen_revision, now=proposal.revision)
    now = situate(connection, definitions, proposal, actor, local_date(at))
    capacity = may_revise(connection, proposal, actor)
    lines = tuple(restating.keep_classification(line, now.lines) for line in rows.lines)
    funding, bindings = paying_pots.resolve_rows(
        connection, now.process, proposal.id, number, replace(rows, lines=lines), restating.numbers_of(now)
    )
    restating.refuse_fixed(now, lines, funding, bindings)
    lines = _asked_anew(connection, now, lines, funding)
    batch = Batch()
    revision = contents.write_revision(
        batch,
        proposal_id=proposal.id,
        n=proposal.revision + 1,
        title=text.title,
        content=text.stored(),
        lines=lines,
        reasons=restating.reasons_of(connection, proposal, now.lines, lines),
        funding=funding,
        bindings=bindings,
        details=restating.details_of(connection, now, rows, lines),
        at=at,
        new_words=(text.title, text.stored()) != contents.words_of(connection, proposal),
    )
    facts = {"revision": revision, "capacity": capacity_facts(capacity), "version": proposal.version + 1, "entries": []}
    answer = touch(batch, proposal, actor, "revised", facts, {}, at, key, now.node.state.title, 1, 1)
    _reopen_classification(batch, now.node.state.duties, proposal, lines, at)
    batch.add(ANSWER, of_id=proposal.id, of_kind=VOTE, at=moment(at), given="revised")  # who voted saw something else
    batch.run(connection)
    indexing.index(connection, proposal.id)
    return answer


def _asked_anew(
    connection: Connection, now: Situation, lines: tuple[CostLine, ...], funding: tuple[FundingRow, ...]
) -> tuple[CostLine, ...]:
    """The lines, without what was said of one for which the rule now proposes something else."""
    before = proposed_pots(connection, now.lines, now.funding, now.today)
    return still_classified(lines, proposed_pots(connection, lines, funding, now.today), now.lines, before)


def may_revise(connection: Connection, proposal: Loaded, actor: Actor) -> Capacity:
    """An officer may; the proposer while the idea is new or a completion is asked for, and nothing of it is erased.
    Raises Refused."""
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=proposal.number)
    mine = [each for each in actor.capacities if each.role in REVISERS]
    senders = [each for each in actor.capacities if each.role == "proposer"]
    waits_for_sender = proposal.awaited.role == "proposer" or proposal.state == "idea"
    if senders and waits_for_sender and public_text.erased_of(connection, proposal.number) != public_text.EVERYTHING:
        mine += senders
    if not mine:
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    unhindered = [each for each in mine if actor.interest is None or each.role in NEVER_INTERESTED]
    if not unhindered:
        acting.refuse_interest(actor, mine[0])
    return unhindered[0]


def _reopen_classification(
    batch: Batch, duties: tuple[Any, ...], proposal: Loaded, lines: tuple[CostLine, ...], at: datetime
) -> None:
    """Lines that say something new wait for the attestant again."""
    if not any(each.kind == "classify" for each in duties) or all(line.classification for line in lines):
        return
    batch.add(ANSWER, of_id=proposal.id, of_kind="classify", at=moment(at), given="revised")
    since = local_date(at).isoformat()
    due = proposal.due_on.isoformat() if proposal.due_on else loading.NEVER
    batch.add(
        DUTY,
        proposal_id=proposal.id,
        seq=proposal.seq + 1,
        kind="classify",
        holder="attestant",
        since=since,
        due_on=due,
        version=1,
    )
    announce(batch, proposal.number, proposal.seq + 1, "revised", ("attestant",), at)


# --- shared ------------------------------------------------------------------------------------------------------


def for_change(connection: Connection, number: str, by: int, at: datetime) -> tuple[Loaded, Actor]:
    proposal = loading.load(connection, number)
    if proposal is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    actor = loading.actor(connection, by, local_date(at), proposer_of=proposal)
    if actor is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    return proposal, actor


def touch(
    batch: Batch,
    proposal: Loaded,
    actor: Actor,
    kind: str,
    facts: Mapping[str, Any],
    words: Mapping[str, str],
    at: datetime,
    key: str,
    to_title: str,
    more_version: int = 0,
    more_revision: int = 0,
) -> str:
    """Adds the event of a change that moves nothing, and the answer to its key."""
    seq = append_event(batch, proposal, actor.ref, kind, facts, words, at, more_version, more_revision)
    answer = canonical(
        {
            "number": proposal.number,
            "seq": seq,
            "version": proposal.version + more_version,
            "node": proposal.node,
            "to_title": to_title,
        }
    )
    batch.add(claims.ANSWER, of_actor=actor.ref, of_key=key, given=answer)
    return answer


def append_event(
    batch: Batch,
    proposal: Loaded,
    actor: str,
    kind: str,
    facts: Mapping[str, Any],
    words: Mapping[str, str],
    at: datetime,
    more_version: int = 0,
    more_revision: int = 0,
) -> int:
    """Adds the next event of a proposal, by a person's reference; returns its place in the stream."""
    event = record(
        stream=proposal.number,
        seq=proposal.seq + 1,
        previous=proposal.head,
        kind=kind,
        actor=actor,
        at=moment(at),
        words=words,
        facts=facts,
    )
    write_event(batch, event)
    batch.add(
        _TOUCH,
        of_id=proposal.id,
        seen_seq=proposal.seq,
        new_head=event.hash,
        more_version=more_version,
        more_revision=more_revision,
    )
    return event.seq


def read_answer(stored: str) -> dict[str, Any]:
    """The stored answer as a mapping."""
    found = json.loads(stored)
    if not isinstance(found, dict):
        raise TypeError(stored)
    return found
