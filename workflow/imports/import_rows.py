"""What a row of the accounting system's files says, read field by field. Tells every fault of a row; knows no database
and books nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from states import AmountError, Ore, parse_amount
from workflow.imports.file_tables import FileFault, FileTable
from workflow.settings.configuration_imports import Columns, Imports, InvoiceColumns, plain_heading

FileKind = Literal["invoices", "budgets"]
SHORT, LONG = 200, 5000
FIRST_YEAR, LAST_YEAR = 2000, 2100
# How the kinds are written in the files -> what they are.
INVOICE_KINDS = {"": "invoice", "faktura": "invoice", "kreditfaktura": "credit"}
BUDGET_KINDS = {"": "budget", "budget": "budget", "tilläggsbudget": "supplement"}
# Columns that a file may lack though the configuration names them.
MAY_LACK = frozenset({"funding", "pot", "year"}), frozenset({"paragraph", "wording", "registry_no", "kind"})
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_FRACTION = re.compile(r"[0-9]+[.,][0-9]{3,}(e-?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row cannot be used. ``kind`` is worded by the pages, with the facts in their places."""

    kind: str
    facts: Mapping[str, Any]


class RowFaults(Exception):
    """Every fault of one row."""

    def __init__(self, faults: Iterable[RowFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(each.kind for each in self.faults))


@dataclass(frozen=True, slots=True)
class InvoiceTold:
    """An invoice or credit note. What pays is named by its funding row, or by pot (code or title) and year."""

    number: str
    funding: int | None
    pot: str
    year: int | None
    amount: Ore
    accounting_on: date
    supplier: str
    voucher: str
    kind: str  # invoice, credit


@dataclass(frozen=True, slots=True)
class BudgetTold:
    """A decided budget. Pot and body are named by code or title."""

    pot: str
    year: int
    amount: Ore
    body: str
    decided_on: date
    paragraph: str
    wording: str
    registry_no: str
    kind: str  # budget, supplement


Told: TypeAlias = InvoiceTold | BudgetTold


def columns_of(table: FileTable, settings: Imports) -> tuple[FileKind, dict[str, int]]:
    """Which kind of file it is by its headings, and where each column stands. Raises FileFault: columns, twice."""
    headings = [plain_heading(each) for each in table.headings]
    wanted: dict[FileKind, Columns] = {"invoices": settings.invoices.columns, "budgets": settings.budgets.columns}
    missing = {kind: _missing(columns, headings) for kind, columns in wanted.items()}
    kind = min(missing, key=lambda each: len(missing[each]))
    if missing[kind]:
        raise FileFault("columns", invoices=missing["invoices"], budgets=missing["budgets"])
    named = {name: plain_heading(text) for name, text in wanted[kind].model_dump().items() if text}
    for name in named.values():
        if headings.count(name) > 1:
            raise FileFault("twice", heading=table.headings[headings.index(name)])
    return kind, {name: headings.index(text) for name, text in named.items() if text in headings}


def _missing(columns: Columns, headings: list[str]) -> list[str]:
    """The headings that a file of this kind must have and does not."""
    given = {name: text for name, text in columns.model_dump().items() if text}
    absent = {name: text for name, text in given.items() if plain_heading(text) not in headings}
    is_invoices = isinstance(columns, InvoiceColumns)
    found = [text for name, text in absent.items() if name not in MAY_LACK[not is_invoices]]
    there = given.keys() - absent.keys()
    if is_invoices and "funding" not in there and not {"pot", "year"} <= there:
        found += [absent[name] for name in ("pot", "year") if name in absent] or [absent["funding"]]
    return found


def told_of(kind: FileKind, said: Mapping[str, str], today: date) -> Told:
    """Raises RowFaults. What is said to be decided has been, by today."""
    row = _Row(said)
    told = _invoice(row) if kind == "invoices" else _budget(row, today)
    if row.faults:
        raise RowFaults(row.faults)
    return told


def _invoice(row: "_Row") -> InvoiceTold:
    return InvoiceTold(
        number=row.text("number", must=True).upper(), funding=row.whole("funding", 1, 999_999), pot=row.text("pot"),
        year=row.year(must=bool(row.said.get("pot"))), amount=row.amount(), accounting_on=row.day("accounting_on"),
        supplier=row.text("supplier", must=True), voucher=row.text("voucher", must=True), kind=row.kind(INVOICE_KINDS),
    )  # fmt: skip


def _budget(row: "_Row", today: date) -> BudgetTold:
    return BudgetTold(
        pot=row.text("pot", must=True), year=row.year(must=True) or 0, amount=row.amount(),
        body=row.text("body", must=True), decided_on=row.day("decided_on", today), paragraph=row.text("paragraph"),
        wording=row.text("wording", most=LONG), registry_no=row.text("registry_no"), kind=row.kind(BUDGET_KINDS),
    )  # fmt: skip


class _Row:
    """Reads one field at a time and keeps what was wrong; what it returns then is never used."""

    def __init__(self, said: Mapping[str, str]) -> None:
        self.said, self.faults = said, list[RowFault]()

    def _fault(self, kind: str, field: str, **facts: object) -> None:
        self.faults.append(RowFault(kind, {"field": field, "value": self.said.get(field, "")[:SHORT], **facts}))

    def text(self, field: str, *, must: bool = False, most: int = SHORT) -> str:
        text = self.said.get(field, "")
        if must and not text:
            self._fault("missing", field)
        if len(text) > most:
            self._fault("too_long", field, most=most)
        if _NO_TEXT.search(text):
            self._fault("signs", field)
        return text

    def whole(self, field: str, least: int, most: int) -> int | None:
        text = self.said.get(field, "")
        if not text:
            return None
        number = int(text) if _NUMBER.fullmatch(text) else -1
        if not least <= number <= most:
            self._fault("whole", field, least=least, most=most)
        return number

    def year(self, *, must: bool) -> int | None:
        if must and not self.said.get("year", ""):
            self._fault("missing", "year")
        return self.whole("year", FIRST_YEAR, LAST_YEAR)

    def amount(self) -> Ore:
        text = self.said.get("amount", "")
        try:
            return parse_amount(text)
        except AmountError as error:
            if error.reason == "empty":
                self._fault("missing", "amount")
            else:
                self._fault("parts" if _FRACTION.fullmatch(text) else f"amount_{error.reason}", "amount")
            return Ore(0)

    def day(self, field: str, latest: date = date.max) -> date:
        found = _day(self.said.get(field, ""))
        if found is not None and found > latest:
            self._fault("not_yet", field)
        if found is None:
            self._fault("day" if self.said.get(field) else "missing", field)
        return found or date.min

    def kind(self, known: Mapping[str, str]) -> str:
        """Only a file without the column says nothing of the kind."""
        text = self.said.get("kind", "").casefold()
        if "kind" in self.said and not text:
            self._fault("missing", "kind")
        if text not in known:
            self._fault("kind", "kind", known=[each for each in known if each])
        return known.get(text, "")


def _day(text: str) -> date | None:
    """2026-03-02; None for anything else and for days that no calendar has."""
    if not _ISO.fullmatch(text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
