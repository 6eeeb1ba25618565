"""P20: forty texts that a spreadsheet might carry out, in every field that is exported, in every export of the site,
told to nobody and to officials: read again by csv and by openpyxl, none is a formula and none leaves its cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient

from states import CostLine, Ore
from tests.files.payloads import DANGEROUS, PAYLOADS, is_number
from tests.files.reading import client, csv_rows, xlsx_rows
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import DAY, Case, key, opened, person
from web.app import create_app
from web.files import spreadsheets
from workflow import Engine, FundingAsk, Invoice, Registered, Rows, Text

TABLES = {  # every endpoint that sends a table: the addresses of each are found below
    "exports.pots", "exports.entries", "exports.proposals", "open_pages.events", "delegation.as_file",
}  # fmt: skip
KRONOR = 1_234


@dataclass(slots=True)
class Read:
    """How many cells were read again, and what was wrong with which."""

    cells: int = 0
    wrong: list[str] = field(default_factory=list)


def figures(run: Run) -> Iterator[Figure]:
    chosen = PAYLOADS if run.whole else run.random("p20").sample(PAYLOADS, 3)
    for kind in run.databases("p20"):
        with run.database(kind) as url, opened(url) as engine:
            app = create_app(engine)
            written(engine, chosen)
            browsers = (client(app, engine), client(app, engine, person(engine, "Ekonom")))
            found = read(app, engine, browsers)
            with broken(spreadsheets, "_STARTS", frozenset()):
                engine.submit(process="purchase", by=None, key=key(), text=Text("=1+1", "x", "y"))
                caught = bool(read(app, engine, browsers[:1], only="/forslag").wrong)
        note = "; ".join(found.wrong[:3]) or f"{len(chosen)} texts in {len(TABLES)} kinds of table"
        yield Figure("P20", "cells that are alive", kind, found.cells, len(found.wrong), run.seed, caught, note)


def written(engine: Engine, payloads: Sequence[str]) -> None:
    """Each wherever somebody can write a text that is exported."""
    by = person(engine, "Ekonom")
    for n, payload in enumerate(payloads):
        line = CostLine(1, payload, "furniture", Ore(KRONOR * 100), 10, "municipality")
        rows = Rows((line,), (FundingAsk(1, "outside", DAY.year, Ore(KRONOR * 100), payload),))
        text = Text(payload, payload, payload, payload, payload)
        number = engine.submit(process="purchase", by=None, key=key(), text=text, rows=rows).number
        told = Registered("budget", "kf", DAY, payload, payload, "investment", 2040 + n, Ore(100), payload)
        engine.register(told, by=by, key=key())
        engine.book(number, Invoice("invoice", 1, Ore(150), DAY, payload, payload), by=by, key=key())
    Case(engine, "purchase", 20_000).submit().walk("accept", "write")


def addresses(app: Flask, engine: Engine) -> Iterator[str]:
    """Of every table: a new one that nobody reads again here is told."""
    told = {rule.endpoint for rule in app.url_map.iter_rules() if rule.arguments >= {"form"}}
    assert told == TABLES, told ^ TABLES
    yield from ("/potter", "/forslag", f"/handelser-{DAY.year}")
    for each in engine.pots():
        if not {"//", "\n", "\r"} & {each.pot[n : n + 2] for n in range(len(each.pot))} | ({*each.pot} & {"\n", "\r"}):
            yield f"/potter/{quote(each.pot)}/{each.year}"
    for meeting in engine.meetings(person(engine, "Ekonom")):
        yield f"/moten/{meeting.body}/{meeting.held_on}/delegationsbeslut"


def read(app: Flask, engine: Engine, browsers: Sequence[FlaskClient], only: str = "") -> Read:
    found = Read()
    for address in addresses(app, engine):
        for browser in browsers if address.startswith(only) else ():
            _read_one(found, browser, address)
    return found


def _read_one(found: Read, browser: FlaskClient, address: str) -> None:
    csv, xlsx = browser.get(f"{address}.csv"), browser.get(f"{address}.xlsx")
    if 300 <= csv.status_code < 500:  # for officials, or no address at all
        return
    rows = csv_rows(csv.data)
    found.cells += sum(map(len, rows))
    if len({len(row) for row in rows}) != 1:
        found.wrong.append(f"{address}: a text ends its row")
    alive = [cell for row in rows[1:] for cell in row if cell.startswith(DANGEROUS) and not is_number(cell)]
    found.wrong += [f"{address}: {cell[:40]!r}" for cell in alive]
    sheet = xlsx_rows(xlsx.data)
    if (sheet.formulas, sheet.links, sheet.parts) != (0, 0, []) or not sheet.types <= {"s", "n", "d"}:
        found.wrong.append(f"{address}.xlsx: {sheet.formulas} formulas, {sheet.links} links, {sheet.types}")
