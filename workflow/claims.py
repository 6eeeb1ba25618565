"""Once, even if sent twice: a key is claimed in the same transaction as what it does, and keeps the answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow import schema
from workflow.history import canonical, chain
from workflow.refused import Refused
from workflow.statements import Statement

_R = schema.request.c
CLAIM = Statement(
    "claim",
    upsert(schema.request).on_conflict_do_nothing(index_elements=["actor", "key"]),
    columns=[column.name for column in _R],
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
    digest = chain("", canonical(_plain(asked)))
    if CLAIM.run(connection, actor=actor, key=key, digest=digest, answer="", recorded_at=at) == 1:
        return None
    ((before, answer),) = _SEEN.rows(connection, of_actor=actor, of_key=key)
    if before != digest:
        raise Refused.because(RefusalKind.KEY_REUSED)
    return str(answer)


def _plain(value: Any) -> Any:
    """Dates as ISO text and values as lists, so that equal questions have equal bytes."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "__slots__") and not isinstance(value, int | str):
        return [_plain(getattr(value, name)) for name in value.__slots__]
    return value if isinstance(value, str | None) else int(value)
