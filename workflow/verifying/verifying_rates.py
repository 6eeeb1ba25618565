"""Whether every rate is one that an event of the configuration tells, and ends when one says so."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from workflow.money.rates import STREAM, row_of, told
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read


def wrong_rates(connection: Connection, events: Rows) -> Iterator[str]:
    rows = [row for key in sorted(events) if key[0] == STREAM for row in told(body_of(events[key]))]
    ended = {row["id"]: row["to_on"] for row in rows if "id" in row}
    wanted: Counter[tuple[Any, ...]] = Counter((*row_of(row), row.get("to_on")) for row in rows if "id" not in row)
    begun = Counter({key[:-1]: 0 for key in wanted})
    for key, n in wanted.items():
        begun[key[:-1]] += n
    for key, row in sorted(read(connection, schema.rate, "id").items()):
        as_told = (*row_of(row), row["to_on"])
        begun[as_told[:-1]] -= 1
        if begun[as_told[:-1]] < 0:
            yield f"{name_of('rate', key)}: no event knows it"
        elif row["to_on"] != ended[row["id"]] if row["id"] in ended else not wanted[as_told]:
            yield f"{name_of('rate', key)}: does not end when the events say"
    for lost, n in begun.items():
        if n > 0:
            yield f"rate ({lost[0]}, {lost[3]}): missing"
