"""Whether every balance of a pot-year and every holding of a proposal is the sum of its ledger entries, to the öre, and
every pot-year the one that its decisions name."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from workflow.money.effects import BUCKETS, OPEN_BUCKETS
from workflow.storage import schema
from workflow.storage.stored_rows import Rows, body_of, name_of, read


def wrong_balances(connection: Connection) -> Iterator[str]:
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
    rows = read(connection, schema.pot_year, "id")
    for missing in sorted({(pot_year,) for pot_year in sums} - rows.keys()):
        yield f"{name_of('pot_year', missing)}: missing"
    for key, row in sorted(rows.items()):
        balance = sums.get(key[0], dict.fromkeys(BUCKETS, 0))
        for bucket in BUCKETS:
            kept, told = row[f"{bucket}_ore"], balance[bucket]
            if kept != told:
                yield f"{name_of('pot_year', key)}: {bucket} is {kept}, the entries say {told}"


def wrong_pot_years(connection: Connection, events: Rows) -> Iterator[str]:
    """Every year of a pot that the configuration gave is there, whether or not it has an entry yet."""
    given = {
        (pot["code"], year)
        for row in events.values()
        if row["kind"] == "configured" and body_of(row).get("what") == "pot"
        for pot in body_of(row)["rows"]
        for year in pot["years"]
    }
    query = select(schema.pot.c.code, schema.pot_year.c.year).join_from(schema.pot_year, schema.pot)
    there = {(row.code, row.year) for row in connection.execute(query)}
    for missing in sorted(given - there):
        yield f"{name_of('pot_year', missing)}: missing"


def wrong_budgets(connection: Connection, events: Rows) -> Iterator[str]:
    """A pot-year is the one its decisions name, decided because one did (or because its proposal's own), never closed
    without an event."""
    year, pot = schema.pot_year, schema.pot
    stated: dict[int, tuple[str, int]] = {}
    decided = set()
    for row in events.values():
        body = body_of(row)
        if body.get("registered") == "budget":
            decided.add((body["pot"], body["year"]))
        for stored in body.get("entries", []) if row["kind"] == "registered" else ():
            stated[stored[1]] = (body["pot"], body["year"])
    years = {entry[1]: entry[8] for row in events.values() for entry in body_of(row).get("entries", [])}
    closed = {}  # by the latest event that says so
    for _, row in sorted(events.items()):
        if row["kind"] in ("closed", "reopened"):
            closed[body_of(row).get("pot"), body_of(row).get("year")] = row["kind"] == "closed"
    for found in connection.execute(
        select(year, pot.c.code, pot.c.proposal_id).join_from(year, pot, isouter=True)
    ).mappings():
        row, key = dict(found), (found["id"],)
        own = row["proposal_id"] is not None
        if row["id"] in stated and stated[row["id"]] != (row["code"], row["year"]):
            yield f"{name_of('pot_year', key)}: pot_id or year is not what its decisions say"
        if years.get(row["id"], row["year"]) != row["year"]:
            yield f"{name_of('pot_year', key)}: year is not what its entries say"
        if row["decided"] != int(own or (row["code"], row["year"]) in decided):
            yield f"{name_of('pot_year', key)}: decided is not what its decisions say"
        if (row["closed_on"] is not None) != closed.get((row["code"], row["year"]), False):
            yield f"{name_of('pot_year', key)}: closed_on is not what its events say"


def wrong_holdings(connection: Connection) -> Iterator[str]:
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
    rows = read(connection, schema.holding, "proposal_id", "binding", "funding", "pot_year_id")
    for row_key in sorted(sums.keys() | rows.keys()):
        row = rows.get(row_key)
        for bucket, amount in sums.get(row_key, dict.fromkeys((*OPEN_BUCKETS, "spent"), 0)).items():
            if row is None or row[f"{bucket}_ore"] != amount:
                yield f"{name_of('holding', row_key)}: {bucket} is not the sum of its entries"
