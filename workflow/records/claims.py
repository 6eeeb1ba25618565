"""Once, even if sent twice: a key is claimed in the same transaction as what it does, and keeps the answer.

A change that writes as it goes claims first (``claim``) and answers last; a decision, which holds the proposal's lock
and writes in one batch, looks at what the key was used for (``answered``) and adds the claim to the batch (``TAKE``).
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.records.history import chain
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.statements import Statement

_R = schema.request.c
CLAIM = Statement(
    "claim",
    upsert(schema.request).on_conflict_do_nothing(index_elements=["actor", "key"]),
    columns=[column.name for column in _R],
)
TAKE = Statement(
    "take key",
    upsert(schema.request).on_conflict_do_nothing(index_elements=["actor", "key"]),
    columns=[column.name for column in _R],
    guarded=True,
)
_SEEN = Statement(
    "claimed before",
    select(_R.digest, _R.answer).where(_R.actor == bindparam("of_actor"), _R.key == bindparam("of_key")),
)
ANSWER = Statement(
    "answer",
    update(schema.request)
    .where(_R.actor == bindparam("of_actor"), _R.key == bindparam("of_key"))
    .values(answer=bindparam("given")),
    guarded=True,
)


def claim(connection: Connection, actor: str, key: str, asked: Mapping[str, Any], at: str) -> str | None:
    """None when the key is ours now; the stored answer when the very same was done before.

    Raises Refused(KEY_REUSED) when the same actor used the key for something else. Two actors never share a key.
    """
    digest = digest_of(asked)
    if CLAIM.run(connection, actor=actor, key=key, digest=digest, answer="", recorded_at=at) == 1:
        return None
    return answered(_SEEN.rows(connection, of_actor=actor, of_key=key)[0], digest)


def answered(before: tuple[str, str], digest: str) -> str:
    """The answer that a used key has from the very same question. Raises Refused(KEY_REUSED) for another one."""
    if before[0] != digest:
        raise Refused.because(RefusalKind.KEY_REUSED)
    return before[1]


def digest_of(asked: Mapping[str, Any]) -> str:
    """What was asked, as one digest: equal questions have equal digests."""
    return chain("", _ENCODER.encode(dict(asked)))


def _as_json(value: Any) -> Any:
    """Dates as ISO text and frozen values as lists, so that equal questions have equal bytes."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return [getattr(value, name) for name in value.__slots__]


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_json)
