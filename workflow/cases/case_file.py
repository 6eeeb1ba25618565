"""The whole case file of a proposal as one archive for whoever audits: every event with its hash, the words beside it,
every revision, the ledger, the decisions, and a page to read. The same proposal gives the same bytes."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.sql.schema import Table

from states import RefusalKind
from workflow.proposals.finding import event_title, facts_of, local
from workflow.records.actors import AUDITOR, Actor
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.storage import schema

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # of every file in the archive: the bytes tell no time
OF_PROPOSAL = ("revision", "cost_line", "cost_detail", "funding", "holding", "duty", "interest")
OF_STREAM = ("passage", "decision", "ledger_entry")
READABLE = "akt.html"
SUMS = "SHA256SUMS"


def require_auditor(actor: Actor | None) -> None:
    """Raises Refused(NOT_PERMITTED)."""
    if actor is None or not any(each.role == AUDITOR for each in actor.capacities):
        raise Refused.because(RefusalKind.NOT_PERMITTED, (AUDITOR,), needs=AUDITOR)


def case_file(connection: Connection, proposal: Loaded) -> bytes:
    """A ZIP of JSON files, a page and their SHA-256 sums. Bodies of events stand as they are hashed."""
    tables = _tables(connection, proposal)
    files = {f"{name}.json": _as_json(rows) for name, rows in tables.items()}
    files[READABLE] = _page(proposal, tables)
    files[SUMS] = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{proposal.number}/{name}", LONG_AGO)
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same wherever it is made
            archive.writestr(info, files[name])
    return made.getvalue()


def _tables(connection: Connection, proposal: Loaded) -> dict[str, list[dict[str, Any]]]:
    found = {name: _rows(connection, _table(name), proposal_id=proposal.id) for name in OF_PROPOSAL}
    found |= {name: _rows(connection, _table(name), stream=proposal.number) for name in ("event", *OF_STREAM)}
    found["proposal"] = _rows(connection, schema.proposal, id=proposal.id)
    found["definition"] = [
        row for digest in _digests(found["event"]) for row in _rows(connection, schema.definition, digest=digest)
    ]
    refs = sorted({row["actor"] for row in found["event"]} | {row["noted_by"] for row in found["interest"]})
    person = schema.person.c
    query = select(person.ref, person.name, person.title).where(person.ref.in_(refs), person.kind != "proposer")
    found["person"] = [dict(row) for row in connection.execute(query.order_by(person.ref)).mappings()]
    return found


def _digests(events: list[dict[str, Any]]) -> list[str]:
    """Of every process that the proposal has had, the first one first."""
    told = (json.loads(row["body"]).get("definition") for row in events)
    return list(dict.fromkeys(digest for digest in told if digest))


def _table(name: str) -> Table:
    table: Table = schema.metadata.tables[name]
    return table


def _rows(connection: Connection, table: Table, **which: Any) -> list[dict[str, Any]]:
    conditions = (table.c[name] == value for name, value in which.items())
    query = select(table).where(*conditions).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


def _as_json(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return (json.dumps(rows, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


# --- to read -----------------------------------------------------------------------------------------------------


def _page(proposal: Loaded, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Swedish, as the records are: what happened, by whom, in which words, and with which money."""
    names = {row["ref"]: row["name"] for row in tables["person"]}
    title = next(row["title"] for row in tables["revision"] if row["n"] == proposal.revision)
    words: dict[int, list[tuple[str, str]]] = {}
    for row in tables["passage"]:
        words.setdefault(row["seq"], []).append((row["field"], row["content"]))
    parts = [
        f"<h1>{escape(proposal.number)}: {escape(title)}</h1>",
        f"<p>Läge: {escape(proposal.node)}. Version {proposal.version}, revision {proposal.revision}.</p>",
        "<h2>Händelser</h2><ol>",
        *(_event(row, names, words.get(row["seq"], ())) for row in tables["event"]),
        "</ol>",
        *_listed("Revisioner", tables["revision"], ("n", "title", "content", "digest")),
        *_listed("Kostnader", tables["cost_line"], ("revision", "n", "what", "kind", "amount_ore", "classification")),
        *_listed("Finansiering", tables["funding"], ("revision", "n", "line", "source", "year", "amount_ore")),
        *_listed("Beslut", tables["decision"], ("seq", "instance", "kind", "outcome", "decided_on", "paragraph")),
        *_listed("Poster", tables["ledger_entry"], ("seq", "n", "kind", "from_bucket", "to_bucket", "amount_ore")),
    ]
    head = f'<!doctype html><html lang="sv"><meta charset="utf-8"><title>{escape(proposal.number)}</title>'
    return f"{head}<body>{chr(10).join(parts)}</body></html>\n".encode()


def _event(row: Mapping[str, Any], names: Mapping[str, str], words: Iterable[tuple[str, str]]) -> str:
    facts = facts_of(row["body"])
    capacity = facts.get("capacity") or {}
    who = escape(names.get(row["actor"], "förslagsställaren"))
    role = f" ({escape(str(capacity['role']))})" if capacity.get("role") else ""
    said = "".join(f"<dt>{escape(field)}</dt><dd>{escape(content)}</dd>" for field, content in words)
    at = local(row["recorded_at"]).strftime("%Y-%m-%d %H:%M")
    what = escape(event_title(facts, public=False))
    told = f"<dl>{said}</dl>" if said else ""
    return f'<li value="{row["seq"]}">{at} {what}: {who}{role}. <code>{row["hash"]}</code>{told}</li>'


def _listed(heading: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Iterable[str]:
    if not rows:
        return
    shown = [name for name in columns if name in rows[0]]
    head = "".join(f'<th scope="col">{name}</th>' for name in shown)
    yield f"<h2>{heading}</h2><table><thead><tr>{head}</tr></thead>"
    for row in rows:
        cells = ("" if row[name] is None else escape(str(row[name])) for name in shown)
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table>"
