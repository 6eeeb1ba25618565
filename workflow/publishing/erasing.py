"""Gallra: erases what somebody wrote and how they are reached, only under a registered decision (arkivlagen 1990:782,
10 §). The chain stays whole: events keep what happened, amounts and offices; the words of decisions are kept by law."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from states import RefusalKind
from workflow.privacy.public_text import EVERYTHING
from workflow.publishing import acting_on_words, commenting
from workflow.publishing.acting_on_words import Act, Why
from workflow.publishing.wiping import ERASED, SCOPES, wipe
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.history import capacity_facts
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

_S = schema.erasure.c
ERASURE = Statement("erasure", schema.erasure.insert(), columns=["stream", "scope", "seq"])


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision to erase (gallringsbeslut): which body, when, which paragraph, and how much goes: how the sender is
    reached (``contact``), or all that was written too (``everything``)."""

    body: str
    decided_on: date
    paragraph: str
    scope: str = EVERYTHING

    def facts(self) -> dict[str, Any]:
        decided = {"body": self.body.strip(), "decided_on": self.decided_on.isoformat()}
        return {"scope": self.scope, "ruling": {**decided, "paragraph": self.paragraph.strip()}}


def erase(
    connection: Connection, number: str, ruling: Ruling, why: Why, *, by: int, key: str, at: datetime
) -> str:  # fmt: skip
    """Of a proposal (CG-) or a comment (SP-). Returns the stored answer.

    Raises Refused as :func:`acting_on_words.do`; FIELD_MISSING without body or paragraph, FIELD_INVALID for a day to
    come or no such scope, NOT_HERE where it is erased already.
    """
    _judge_ruling(ruling, at)
    asked = {"erase": [number, ruling.scope, ruling.body, ruling.decided_on.isoformat(), ruling.paragraph]}
    if number.startswith("SP-"):
        return _comment(connection, number, ruling, why, asked, by=by, key=key, at=at)

    def judge(proposal: Loaded) -> Act:
        _refuse_again(connection, proposal.number, ruling.scope)

        def beside(batch: Batch, proposal: Loaded, seq: int) -> None:
            batch.add(ERASURE, stream=proposal.number, scope=ruling.scope, seq=seq)

        return Act(ERASED, ruling.facts(), {}, beside)

    answer = acting_on_words.do(connection, number, asked, why, judge, by=by, key=key, at=at)
    wipe(connection, number, ruling.scope, at)
    return answer


def _judge_ruling(ruling: Ruling, at: datetime) -> None:
    for name in ("body", "paragraph"):
        if not getattr(ruling, name).strip():
            raise Refused.because(RefusalKind.FIELD_MISSING, field=f"ruling_{name}")
    if ruling.decided_on > local_date(at) or ruling.scope not in SCOPES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="ruling")


def _refuse_again(connection: Connection, stream: str, scope: str) -> None:
    wanted = select(_S.seq).where(_S.stream == stream, _S.scope.in_((scope, EVERYTHING)))
    if connection.execute(wanted).first() is not None:
        raise Refused.because(RefusalKind.NOT_HERE, what="erased", number=stream)


def _comment(
    connection: Connection, number: str, ruling: Ruling, why: Why, asked: Mapping[str, Any], *, by: int, key: str,
    at: datetime,
) -> str:  # fmt: skip
    actor = loading.actor(connection, by, local_date(at))
    capacity = acting_on_words.may_word(actor)
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, acting_on_words.WORDERS, needs=acting_on_words.WORDERS[0])
    before = claims.claim(connection, actor.ref, key, {**asked, "why": [why.reason, why.basis]}, moment(at))
    if before is not None:
        return before
    known = select(schema.comment.c.number).where(schema.comment.c.number == number).with_for_update()
    if connection.execute(known).one_or_none() is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="comment", number=number)
    if not why.reason.strip():
        raise Refused.because(RefusalKind.FIELD_MISSING, field="reason")
    stream, batch = commenting.stream_of(number), Batch()
    _refuse_again(connection, stream, ruling.scope)
    facts = {**ruling.facts(), "capacity": capacity_facts(capacity), "entries": []}
    seq = streams.append(connection, batch, stream, ERASED, actor=actor.ref, at=at, facts=facts, words=why.words())
    batch.add(ERASURE, stream=stream, scope=ruling.scope, seq=seq)
    answer = streams.answer(batch, actor.ref, key, number, seq)
    batch.run(connection)
    wipe(connection, stream, ruling.scope, at)
    return answer
