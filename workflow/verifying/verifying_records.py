"""Whether what stands beside the events is what they refer to: words, decisions, ledger entries, revisions and their
rows. A row that no event knows is as wrong as one that is missing."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflow.money.contents import digested
from workflow.records.history import salted
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read

_LINE = ("proposal_id", "revision", "n")
Stated = dict[tuple[Any, ...], list[Any]]


def wrong_passages(connection: Connection, events: Rows) -> Iterator[str]:
    passages = read(connection, schema.passage, "stream", "seq", "field")
    wanted = {
        (*key, field): digest for key, row in events.items() for field, digest in body_of(row).get("words", {}).items()
    }
    for key in sorted(wanted.keys() | passages.keys()):
        row = passages.get(key)
        if row is None or key not in wanted:
            yield f"{name_of('passage', key)}: {'missing' if row is None else 'no event knows it'}"
        elif row["digest"] != wanted[key] or (row["salt"] and salted(row["salt"], row["content"]) != row["digest"]):
            yield f"{name_of('passage', key)}: not the text that the event refers to"


_ENTRY_COLUMNS = (
    "n",
    "pot_year_id",
    "kind",
    "from_bucket",
    "to_bucket",
    "amount_ore",
    "binding",
    "funding",
    "year",
    "accounting_on",
    "supplier",
    "voucher",
)


def wrong_entries(connection: Connection, events: Rows) -> Iterator[str]:
    entries = read(connection, schema.ledger_entry, "stream", "seq", "n")
    wanted = {
        (*key, stored[0]): dict(zip(_ENTRY_COLUMNS, stored, strict=True))
        for key, row in events.items()
        for stored in body_of(row).get("entries", [])
    }
    for key in sorted(wanted.keys() | entries.keys()):
        if key not in entries or key not in wanted:
            yield f"{name_of('ledger_entry', key)}: {'missing' if key not in entries else 'no event knows it'}"
            continue
        for column, value in wanted[key].items():
            if entries[key][column] != value:
                yield f"{name_of('ledger_entry', key)}: {column} is not what the event says"


def wrong_revisions(connection: Connection, events: Rows) -> Iterator[str]:
    numbers = {row[0]: row[1] for row in connection.execute(select(schema.proposal.c.id, schema.proposal.c.number))}
    wanted = {
        (row["stream"], body_of(row)["revision"]["n"]): body_of(row)["revision"]["digest"]
        for row in events.values()
        if row["kind"] != "classified" and body_of(row).get("revision")
    }
    details: dict[tuple[Any, ...], dict[int, str]] = {}
    for (*of, n), row in sorted(read(connection, schema.cost_detail, *_LINE).items()):
        details.setdefault(tuple(of), {})[n] = row["content"]
    for key, row in sorted(read(connection, schema.revision, "proposal_id", "n").items()):
        digest = wanted.pop((numbers.get(key[0], ""), key[1]), None)
        written = salted(row["salt"], digested(row["title"], row["content"], details.pop(key, {})))
        if digest != row["digest"] or (row["salt"] and written != digest):
            yield f"{name_of('revision', key)}: not the content that the event refers to"
    for key in wanted:
        yield f"{name_of('revision', key)}: missing"
    for key in details:
        yield f"{name_of('cost_detail', key)}: no revision knows it"


def wrong_lines(connection: Connection, events: Rows) -> Iterator[str]:
    """Cost lines and funding rows of every revision, classifications included, as the events state them."""
    lines, funding = _stated_rows(events)
    numbers = {row[0]: row[1] for row in connection.execute(select(schema.proposal.c.id, schema.proposal.c.number))}
    for table, wanted, columns in (
        (schema.cost_line, lines, ("kind", "amount_ore", "life_years", "owner", "classification")),
        (schema.funding, funding, ("line", "source", "pot_id", "year", "amount_ore", "binding")),
    ):
        for key, row in sorted(read(connection, table, "proposal_id", "revision", "n").items()):
            stated = wanted.pop((numbers.get(key[0], ""), *key[1:]), None)
            if stated != [row[column] if column != "amount_ore" else row[column] or 0 for column in columns]:
                yield f"{name_of(table.name, key)}: not what the event says"
        for key in wanted:
            yield f"{name_of(table.name, key)}: missing"


def _stated_rows(events: Rows) -> tuple[Stated, Stated]:
    lines: Stated = {}
    funding: Stated = {}
    for key in sorted(events):
        body = body_of(events[key])
        revision = body.get("revision") or {}
        for n, *rest in revision.get("lines", []):
            lines[key[0], revision["n"], n] = rest
        for n, *rest in revision.get("funding", []):
            funding[key[0], revision["n"], n] = rest
        if body.get("kind") == "classified":
            for n, to in body["lines"].items():
                line = lines.get((key[0], revision["n"], int(n)))
                if line is not None:  # else the event of that revision is gone, which the chain says
                    line[4] = to
    return lines, funding


def wrong_classifications(connection: Connection, events: Rows) -> Iterator[str]:
    """Whoever said anything else than was proposed gave a reason, and the line tells the reason last given."""
    passages = read(connection, schema.passage, "stream", "seq", "field")
    numbers = {row[0]: row[1] for row in connection.execute(select(schema.proposal.c.id, schema.proposal.c.number))}
    lines = {(numbers.get(key[0]), *key[1:]): row for key, row in read(connection, schema.cost_line, *_LINE).items()}
    given: dict[tuple[Any, ...], tuple[Any, ...]] = {}  # line -> the passage that holds the reason last given
    for key in sorted(events):
        body = body_of(events[key])
        for n, to in body["lines"].items() if body.get("kind") == "classified" else ():
            if body.get("proposed", {}).get(n, {"to": to})["to"] != to and f"line {n}" not in body.get("words", {}):
                yield f"{name_of('event', key)}: line {n} is not as proposed, and no reason is given"
            given[key[0], body["revision"]["n"], int(n)] = (*key, f"line {n}")
    for where, key in given.items():
        if where in lines and not _tells(lines[where], passages.get(key)):
            yield f"{name_of('cost_line', where)}: not the reason that the attestant gave"


def _tells(line: Mapping[str, Any], passage: Mapping[str, Any] | None) -> bool:
    """Words without a salt are erased, and nothing can be said of them."""
    if passage is not None and not passage["salt"]:
        return True
    return (line["classification_reason"] or None) == (passage["content"] if passage else None)
