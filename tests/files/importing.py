"""Rows of invoices and budgets, and everything that can be wrong with one."""

from datetime import timedelta
from typing import Any

from tests.files.making import BUDGETS, INVOICES, file_of
from tests.workflow.cast import DAY, Case
from workflow import Engine
from workflow.imports.views_import import ImportBatch, ImportRow

KRONOR = 20_000
BEFORE = ("accept", "write", "to_review", "recommend", "propose", "approve", "sign")


def invoice(case: Case, **more: Any) -> dict[str, Any]:
    row = {
        "Förslag": case.number, "Pott": "Investeringspotten", "År": 2026, "Belopp": 1234.5, "Bokföringsdatum": DAY,
        "Leverantör": "Bänkar AB", "Verifikationsnummer": "A 1", "Slag": "faktura",
    }  # fmt: skip
    return row | more


def invoices(*rows: dict[str, Any], form: str = "csv") -> bytes:
    return file_of(form, INVOICES, [[row.get(name, "") for name in INVOICES] for row in rows])


def budgets(*rows: dict[str, Any], form: str = "csv") -> bytes:
    plain = {"Pott": "Driftspotten", "År": 2027, "Belopp": "1,5 mnkr", "Instans": "Kommunfullmäktige",
             "Beslutsdatum": DAY, "Paragraf": "§ 9", "Slag": "budget"}  # fmt: skip
    return file_of(form, BUDGETS, [[(plain | row).get(name, "") for name in BUDGETS] for row in rows])


def brought(engine: Engine, data: bytes, by: int) -> ImportBatch:
    """The file read and booked."""
    batch = engine.keep_import(data, "fil.csv", by=by)
    engine.book_import(batch, by=by)
    return engine.import_batch(batch, by=by)


def fates(rows: tuple[ImportRow, ...]) -> list[tuple[str, ...]]:
    return [(row.fate, *(each.kind for each in row.reasons)) for row in rows]


def dry(engine: Engine, data: bytes, by: int) -> list[tuple[str, ...]]:
    return fates(engine.check_import(data, by=by)[1])


FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no proposal": ({"Förslag": "CG-1999-001"}, ["no_proposal"]),
    "nothing said": ({"Förslag": "", "Leverantör": "", "Verifikationsnummer": "", "Slag": ""}, ["missing"] * 4),
    "no payer": ({"Pott": "", "År": ""}, ["names_no_payer"]),
    "another pot": ({"Pott": "Driftspotten"}, ["not_paid_by"]),
    "another year": ({"År": 2025}, ["not_paid_by"]),
    "no year": ({"År": ""}, ["missing"]),
    "no such row": ({"Finansieringsrad": 2}, ["not_paid_by"]),
    "row zero": ({"Finansieringsrad": 0}, ["whole"]),
    "half a row": ({"Finansieringsrad": 1.5}, ["whole"]),
    "a long supplier": ({"Leverantör": "x" * 201}, ["too_long"]),
    "a very long supplier": ({"Leverantör": "x" * 9000}, ["too_long"]),
    "a hidden sign": ({"Leverantör": "AB\u202eBA"}, ["signs"]),
    "an unknown kind": ({"Slag": "nota"}, ["kind"]),
    "three decimals": ({"Belopp": 12.345}, ["parts"]),
    "minus": ({"Belopp": -5}, ["amount_grammar"]),
    "nothing to pay": ({"Belopp": 0}, ["amount_zero"]),
    "too much": ({"Belopp": 10**11}, ["amount_too_large"]),
    "no amount": ({"Belopp": ""}, ["missing"]),
    "a day in words": ({"Bokföringsdatum": "2 mars 2026"}, ["day"]),
    "no such day": ({"Bokföringsdatum": "2026-02-30"}, ["day"]),
    "another calendar": ({"Bokföringsdatum": "0026-02-03"}, ["day"]),
    "a serial number": ({"Bokföringsdatum": 46083}, ["day"]),
    "a credit above": ({"Slag": "kreditfaktura"}, ["credit_above"]),
    "two at once": ({"Belopp": "x", "Bokföringsdatum": "y"}, ["amount_grammar", "day"]),
}
BUDGET_FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no pot": ({"Pott": "Guldpotten"}, ["no_pot"]),
    "no body": ({"Instans": "Kungen"}, ["no_body"]),
    "no year": ({"År": ""}, ["missing"]),
    "another century": ({"År": 1826}, ["whole"]),
    "tomorrow": ({"Beslutsdatum": DAY + timedelta(days=1)}, ["not_yet"]),
    "an unknown kind": ({"Slag": "faktura"}, ["kind"]),
    "no wording": ({"Beslutssats": "x" * 5001}, ["too_long"]),
}
