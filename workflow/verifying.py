"""Recomputes every balance, state, chain and digest from what was written, and names each row that disagrees.

``seal`` writes one digest over all heads: a chain alone does not reveal a tail that was cut off.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.sql.schema import Table

from workflow import schema
from workflow.columns import moment
from workflow.definitions import Definitions
from workflow.effects import BUCKETS, OPEN_BUCKETS
from workflow.entering import STAYS
from workflow.history import GENESIS, canonical, chain, salted

Rows = dict[tuple[Any, ...], dict[str, Any]]
Stated = dict[tuple[Any, ...], list[Any]]


def verify(connection: Connection, definitions: Definitions) -> tuple[str, ...]:
    """Every fault as one line "table (key): what is wrong"; empty when all agree to the öre."""
    events = _read(connection, schema.event, "stream", "seq")
    return (
        *_chains(events),
        *_heads(connection, events),
        *_passages(connection, events),
        *_decisions(connection, events),
        *_entries(connection, events),
        *_revisions(connection, events),
        *_lines(connection, events),
        *_states(connection, definitions, events),
        *_duties(connection),
        *_balances(connection),
        *_budgets(connection, events),
        *_holdings(connection),
    )


def seal(connection: Connection, at: datetime) -> str:
    """One digest over every stream's length and head, as text to publish or keep elsewhere."""
    heads = sorted(_heads_of(connection).items())
    lines = canonical([[name, seq, head] for name, (seq, head) in heads])
    return f"skede seal {moment(at)} streams={len(heads)} sha256={chain('', lines)}"


def _read(connection: Connection, table: Table, *keys: str) -> Rows:
    found = connection.execute(select(table)).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in found}


def _name(table: str, key: tuple[Any, ...]) -> str:
    return f"{table} ({', '.join(str(part) for part in key)})"


# --- chains ------------------------------------------------------------------------------------------------------


def _chains(events: Rows) -> Iterator[str]:
    previous: dict[str, tuple[int, str]] = {}
    for key in sorted(events):
        row, (stream, seq) = events[key], key
        last, head = previous.get(stream, (0, GENESIS))
        if seq != last + 1:
            yield f"{_name('event', key)}: the one before it is missing"
        if row["previous"] != head or row["hash"] != chain(row["previous"], row["body"]):
            yield f"{_name('event', key)}: the chain breaks here"
        body = _body(row)
        for column in ("stream", "seq", "kind", "actor", "recorded_at"):
            if body.get(column) != row[column]:
                yield f"{_name('event', key)}: {column} is not what the event says"
        previous[stream] = (seq, row["hash"])


def _body(row: dict[str, Any]) -> dict[str, Any]:
    """The event's body; an empty one where the stored text is no longer JSON (the chain names that)."""
    try:
        found = json.loads(row["body"])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _heads_of(connection: Connection) -> dict[str, tuple[int, str]]:
    proposals, streams = schema.proposal.c, schema.stream.c
    found = {
        row[0]: (row[1], row[2]) for row in connection.execute(select(proposals.number, proposals.seq, proposals.head))
    }
    kept = select(streams.name, streams.seq, streams.head).where(streams.head != "")
    return found | {row[0]: (row[1], row[2]) for row in connection.execute(kept)}


def _heads(connection: Connection, events: Rows) -> Iterator[str]:
    last: dict[str, tuple[int, str]] = {}
    for stream, seq in sorted(events):
        last[stream] = (seq, events[stream, seq]["hash"])
    heads = _heads_of(connection)
    for stream in sorted(last.keys() | heads.keys()):
        if last.get(stream) != heads.get(stream):
            table = "proposal" if stream.startswith("CG-") else "stream"
            yield f"{_name(table, (stream,))}: its head is not the last event of the stream"


# --- what events refer to ----------------------------------------------------------------------------------------


def _passages(connection: Connection, events: Rows) -> Iterator[str]:
    passages = _read(connection, schema.passage, "stream", "seq", "field")
    wanted = {
        (*key, field): digest for key, row in events.items() for field, digest in _body(row).get("words", {}).items()
    }
    for key in sorted(wanted.keys() | passages.keys()):
        row = passages.get(key)
        if row is None or key not in wanted:
            yield f"{_name('passage', key)}: {'missing' if row is None else 'no event knows it'}"
        elif row["digest"] != wanted[key] or (row["salt"] and salted(row["salt"], row["content"]) != row["digest"]):
            yield f"{_name('passage', key)}: not the text that the event refers to"


def _decisions(connection: Connection, events: Rows) -> Iterator[str]:
    decisions = _read(connection, schema.decision, "stream", "seq")
    wanted = {key: _body(row)["decision"] for key, row in events.items() if _body(row).get("decision")}
    for key in sorted(wanted.keys() | decisions.keys()):
        if key not in decisions or key not in wanted:
            yield f"{_name('decision', key)}: {'missing' if key not in decisions else 'no event knows it'}"
            continue
        for column, value in wanted[key].items():
            if decisions[key][column] != value:
                yield f"{_name('decision', key)}: {column} is not what the event says"


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


def _entries(connection: Connection, events: Rows) -> Iterator[str]:
    entries = _read(connection, schema.ledger_entry, "stream", "seq", "n")
    wanted = {
        (*key, stored[0]): dict(zip(_ENTRY_COLUMNS, stored, strict=True))
        for key, row in events.items()
        for stored in _body(row).get("entries", [])
    }
    for key in sorted(wanted.keys() | entries.keys()):
        if key not in entries or key not in wanted:
            yield f"{_name('ledger_entry', key)}: {'missing' if key not in entries else 'no event knows it'}"
            continue
        for column, value in wanted[key].items():
            if entries[key][column] != value:
                yield f"{_name('ledger_entry', key)}: {column} is not what the event says"


def _revisions(connection: Connection, events: Rows) -> Iterator[str]:
    numbers = {row[0]: row[1] for row in connection.execute(select(schema.proposal.c.id, schema.proposal.c.number))}
    wanted = {
        (row["stream"], _body(row)["revision"]["n"]): _body(row)["revision"]["digest"]
        for row in events.values()
        if row["kind"] != "classified" and _body(row).get("revision")
    }
    for key, row in sorted(_read(connection, schema.revision, "proposal_id", "n").items()):
        digest = wanted.pop((numbers.get(key[0], ""), key[1]), None)
        written = salted(row["salt"], canonical({"title": row["title"], "content": row["content"]}))
        if digest != row["digest"] or (row["salt"] and written != digest):
            yield f"{_name('revision', key)}: not the content that the event refers to"
    for key in wanted:
        yield f"{_name('revision', key)}: missing"


def _lines(connection: Connection, events: Rows) -> Iterator[str]:
    """Cost lines and funding rows of every revision, classifications included, as the events state them."""
    lines, funding = _stated_rows(events)
    numbers = {row[0]: row[1] for row in connection.execute(select(schema.proposal.c.id, schema.proposal.c.number))}
    for table, wanted, columns in (
        (schema.cost_line, lines, ("kind", "amount_ore", "life_years", "owner", "classification")),
        (schema.funding, funding, ("line", "source", "pot_id", "year", "amount_ore", "binding")),
    ):
        for key, row in sorted(_read(connection, table, "proposal_id", "revision", "n").items()):
            stated = wanted.pop((numbers.get(key[0], ""), *key[1:]), None)
            if stated != [row[column] if column != "amount_ore" else row[column] or 0 for column in columns]:
                yield f"{_name(table.name, key)}: not what the event says"
        for key in wanted:
            yield f"{_name(table.name, key)}: missing"


def _stated_rows(events: Rows) -> tuple[Stated, Stated]:
    lines: Stated = {}
    funding: Stated = {}
    for key in sorted(events):
        body = _body(events[key])
        revision = body.get("revision") or {}
        for n, *rest in revision.get("lines", []):
            lines[key[0], revision["n"], n] = rest
        for n, *rest in revision.get("funding", []):
            funding[key[0], revision["n"], n] = rest
        if body.get("kind") == "classified":
            for n, to in body["lines"].items():
                lines[key[0], revision["n"], int(n)][4] = to
    return lines, funding


# --- states ------------------------------------------------------------------------------------------------------


def _states(connection: Connection, definitions: Definitions, events: Rows) -> Iterator[str]:
    """Every proposal's row, folded again from its events, and every step a way that its pinned process has."""
    refs = {row[0]: row[1] for row in connection.execute(select(schema.person.c.id, schema.person.c.ref))}
    for number, row in sorted(_read(connection, schema.proposal, "number").items()):
        mine = [_body(events[key]) for key in sorted(events) if key[0] == number[0]]
        moves = [body for body in mine if body.get("kind") in ("submitted", "moved", "corrected")]
        if not moves:
            yield f"{_name('proposal', number)}: no event tells how it came here"
            continue
        try:
            process, node = definitions.get(connection, row["definition_id"]), ""
        except (ValueError, LookupError):
            yield f"{_name('proposal', number)}: definition_id names no stored definition"
            continue
        if (process.digest, refs.get(row["proposer_id"])) != (mine[0].get("definition"), mine[0].get("actor")):
            yield f"{_name('proposal', number)}: definition_id or proposer_id is not what its first event says"
        for body in moves:
            if body["kind"] == "moved":
                way = process.nodes[node].transition(body["transition"]) if node in process.nodes else None
                if body["from"] != node or way is None or way.target != body["to"]:
                    yield f"{_name('event', (*number, body['seq']))}: the process has no such step from {node}"
            node = body["to"]
        if node not in process.nodes:
            continue
        for column, value in _expected(mine, moves[-1], process.nodes[node].state.end).items():
            if row[column] != value:
                yield f"{_name('proposal', number)}: {column} is not what its events say"


def _expected(mine: list[dict[str, Any]], last: dict[str, Any], ended: bool) -> dict[str, Any]:
    state, _, origin = last["to"].partition("@")
    revised = [body for body in mine if body.get("revision") and body["kind"] != "classified"]
    return {
        "state": state,
        "origin": origin,
        "awaits_role": last["awaits"]["role"] or "",
        "awaits_body": last["awaits"]["body"] or "",
        "since": last["since"],
        "due_on": last["due_on"],
        "parked_until": last.get("parked_until"),
        "version": max(body.get("version", 1) for body in mine),
        "revision": revised[-1]["revision"]["n"],
        "ended_at": last["recorded_at"] if ended else None,
        "created_at": mine[0]["recorded_at"],
        "is_example": mine[0].get("example", 0),
        "registry_no": next(
            (body["given_registry_no"] for body in reversed(mine) if "given_registry_no" in body), None
        ),
    }


def _duties(connection: Connection) -> Iterator[str]:
    """An open duty belongs to a proposal that has not ended, unless a fact opened it."""
    duty, proposal = schema.duty, schema.proposal
    query = (
        select(duty.c.id, proposal.c.number)
        .join_from(duty, proposal, proposal.c.id == duty.c.proposal_id)
        .where(duty.c.answered_at.is_(None), duty.c.kind != STAYS, proposal.c.ended_at.is_not(None))
    )
    for row in connection.execute(query):
        yield f"{_name('duty', (row[0],))}: still open although {row[1]} has ended"


# --- balances ----------------------------------------------------------------------------------------------------


def _balances(connection: Connection) -> Iterator[str]:
    sums: dict[int, dict[str, int]] = {}
    table = schema.ledger_entry.c
    for pot_year, from_, to, amount in connection.execute(
        select(table.pot_year_id, table.from_bucket, table.to_bucket, table.amount_ore)
    ):
        balance = sums.setdefault(pot_year, dict.fromkeys(BUCKETS, 0))
        if not {from_, to} <= balance.keys():
            continue  # a bucket nobody knows: said where the entry is held against its event
        balance[from_] += amount if from_ in ("budget", "overrun") else -amount
        balance[to] += -amount if to in ("budget", "overrun") else amount
    for key, row in sorted(_read(connection, schema.pot_year, "id").items()):
        balance = sums.get(key[0], dict.fromkeys(BUCKETS, 0))
        for bucket in BUCKETS:
            if row[f"{bucket}_ore"] != balance[bucket]:
                yield f"{_name('pot_year', key)}: {bucket} is {row[f'{bucket}_ore']}, the entries say {balance[bucket]}"


def _budgets(connection: Connection, events: Rows) -> Iterator[str]:
    """A pot-year is the one its decisions name, decided because one did (or because its proposal's own), never closed
    without an event."""
    year, pot = schema.pot_year, schema.pot
    stated: dict[int, tuple[str, int]] = {}
    for row in events.values():
        body = _body(row)
        for stored in body.get("entries", []) if row["kind"] == "registered" else ():
            stated[stored[1]] = (body["pot"], body["year"])
    years = {entry[1]: entry[8] for row in events.values() for entry in _body(row).get("entries", [])}
    closed = {(_body(row).get("pot"), _body(row).get("year")) for row in events.values() if row["kind"] == "closed"}
    for found in connection.execute(
        select(year, pot.c.code, pot.c.proposal_id).join_from(year, pot, isouter=True)
    ).mappings():
        row, key = dict(found), (found["id"],)
        own = row["proposal_id"] is not None
        if row["id"] in stated and stated[row["id"]] != (row["code"], row["year"]):
            yield f"{_name('pot_year', key)}: pot_id or year is not what its decisions say"
        if years.get(row["id"], row["year"]) != row["year"]:
            yield f"{_name('pot_year', key)}: year is not what its entries say"
        if row["decided"] != int(own or row["id"] in stated):
            yield f"{_name('pot_year', key)}: decided is not what its decisions say"
        if (row["closed_on"] is not None) != ((row["code"], row["year"]) in closed):
            yield f"{_name('pot_year', key)}: closed_on is not what its events say"


def _holdings(connection: Connection) -> Iterator[str]:
    entry, proposal = schema.ledger_entry.c, schema.proposal.c
    query = select(
        proposal.id,
        entry.binding,
        entry.funding,
        entry.pot_year_id,
        entry.from_bucket,
        entry.to_bucket,
        entry.amount_ore,
    ).join_from(schema.ledger_entry, schema.proposal, proposal.number == entry.stream)
    sums: dict[tuple[Any, ...], dict[str, int]] = {}
    for *key, from_, to, amount in connection.execute(query):
        held = sums.setdefault(tuple(key), dict.fromkeys((*OPEN_BUCKETS, "spent"), 0))
        if from_ in held:
            held[from_] -= amount
        if to in held:
            held[to] += amount
    rows = _read(connection, schema.holding, "proposal_id", "binding", "funding", "pot_year_id")
    for row_key in sorted(sums.keys() | rows.keys()):
        row = rows.get(row_key)
        for bucket, amount in sums.get(row_key, dict.fromkeys((*OPEN_BUCKETS, "spent"), 0)).items():
            if row is None or row[f"{bucket}_ore"] != amount:
                yield f"{_name('holding', row_key)}: {bucket} is not the sum of its entries"
