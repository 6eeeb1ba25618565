"""The streams that no proposal owns: a pot-year's decisions and the configuration. Appends an event to one, under the
lock of its head; knows neither what the event tells nor who may cause it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow.records import claims
from workflow.records.history import GENESIS, canonical, record, write_event
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

_S = schema.stream.c
_HEAD = Statement("head", select(_S.seq, _S.head).where(_S.name == bindparam("stream")).with_for_update())
_new_head = upsert(schema.stream)
_SET_HEAD = Statement(
    "set head",
    _new_head.on_conflict_do_update(
        index_elements=["name"], set_={"seq": _new_head.excluded.seq, "head": _new_head.excluded.head}
    ),
    columns=["name", "seq", "head"],
)


def append(
    connection: Connection,
    batch: Batch,
    stream: str,
    kind: str,
    *,
    actor: str,
    at: datetime,
    facts: Mapping[str, Any],
    words: Mapping[str, str],
) -> int:
    """Adds the stream's next event and its new head to the batch; returns the event's place in the stream."""
    found = _HEAD.rows(connection, stream=stream)
    seq, head = found[0] if found else (0, GENESIS)
    event = record(
        stream=stream, seq=seq + 1, previous=head, kind=kind, actor=actor, at=moment(at), words=words, facts=facts
    )
    batch.add(_SET_HEAD, name=stream, seq=event.seq, head=event.hash)
    write_event(batch, event)
    return event.seq


def answer(batch: Batch, actor: str, key: str, stream: str, seq: int) -> str:
    """Adds the answer that this key keeps, and returns it: no proposal stands anywhere else than before."""
    given = canonical({"number": stream, "seq": seq, "version": 1, "node": "", "to_title": ""})
    batch.add(claims.ANSWER, of_actor=actor, of_key=key, given=given)
    return given
