"""Why somebody was entitled to do what an event tells: the seat that the event names, its first day and its source. A
seat is never edited, so what is read today is what held then. Decides nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflow.storage import schema
from workflow.storage.columns import read_date
from workflow.views.views import Entitlement

_M, _B = schema.membership.c, schema.body.c


def entitlements(connection: Connection, events: Iterable[Mapping[str, Any]]) -> Mapping[int | None, Entitlement]:
    """By the membership that events name in their capacity."""
    ids = {capacity["membership"] for facts in events if (capacity := facts.get("capacity") or {}).get("membership")}
    query = (
        select(_M.id, _M.role, _B.title, _M.from_on, _M.source)
        .join_from(schema.membership, schema.body, _B.id == _M.body_id)
        .where(_M.id.in_(sorted(ids)))
    )
    found: dict[int | None, Entitlement] = {}
    for row in connection.execute(query) if ids else ():
        since = read_date(row.from_on)
        assert since is not None
        found[row.id] = Entitlement(row.role, row.title, since, row.source)
    return found
