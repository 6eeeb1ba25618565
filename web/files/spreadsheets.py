"""Tables as CSV and XLSX that no spreadsheet reads as a formula or a link. Knows nothing of what stands in them.

CSV: UTF-8 with byte order mark, semicolons, quoted as RFC 4180 says, decimal comma; what Swedish Excel opens by itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Literal, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from states import Ore

# What begins a formula or a command in some spreadsheet, by OWASP; the wide forms are read as the narrow ones there.
_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
_SPACES = " \u00a0\u200b\u3000\ufeff"  # seen through by some spreadsheets
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_CELL, LONGEST_NAME = 32_767, 31  # Excel's own limits
WIDEST = 60

Cell: TypeAlias = str | int | Ore | date | None  # None is an empty cell; Ore an amount; another int a number or a year
Form = Literal["csv", "xlsx"]
FORMS: tuple[Form, ...] = ("csv", "xlsx")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a heading for each column."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def written(sheet: Sheet, form: Form) -> bytes:
    return csv_of(sheet) if form == "csv" else xlsx_of(sheet)


def csv_of(sheet: Sheet) -> bytes:
    lines = (";".join(map(_csv_cell, row)) + "\r\n" for row in [sheet.headings, *sheet.rows])
    return ("\ufeff" + "".join(lines)).encode()


def _csv_cell(cell: Cell) -> str:
    """Every text is quoted: whoever opens the file with another separator does not find a cell inside a text."""
    if isinstance(cell, str):
        return '"' + inert(cell).replace('"', '""') + '"'
    return _number(cell)


def inert(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet might carry out, spaces before it or not."""
    return f"'{_plain(text)}" if _is_live(text) else _plain(text)


def _plain(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _is_live(text: str) -> bool:
    return text.lstrip(_SPACES)[:1] in _STARTS


def _number(cell: int | date | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Ore):
        kronor, rest = divmod(abs(cell), 100)
        return f"{'-' if cell < 0 else ''}{kronor},{rest:02d}"
    return cell.isoformat() if isinstance(cell, date) else str(int(cell))


def xlsx_of(sheet: Sheet) -> bytes:
    """One worksheet. Every text is written as a text, whatever it looks like; amounts are kronor as numbers."""
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        page = book.add_worksheet(_NO_SHEET_NAME.sub(" ", _plain(sheet.title))[:LONGEST_NAME])
        page.freeze_panes(1, 0)
        for column, heading in enumerate(sheet.headings):
            page.write_string(0, column, heading, book.add_format({"bold": True, "num_format": "@"}))
            page.set_column(column, column, _width(heading, (row[column] for row in sheet.rows)))
        formats = _formats(book)
        for n, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                _write(page, n, column, cell, formats)
    return stream.getvalue()


def _formats(book: Workbook) -> dict[str, Format]:
    """``live`` keeps a text a text also when somebody edits the cell."""
    shapes = {
        "text": {"num_format": "@"},
        "live": {"num_format": "@", "quote_prefix": True},
        "amount": {"num_format": "#,##0.00"},
        "day": {"num_format": "yyyy-mm-dd"},
        "whole": {"num_format": "0"},
    }
    return {name: book.add_format(shape) for name, shape in shapes.items()}


def _write(page: Worksheet, row: int, column: int, cell: Cell, formats: dict[str, Format]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        text = _plain(cell)
        fits = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
        page.write_string(row, column, fits, formats["live" if _is_live(cell) else "text"])
    elif isinstance(cell, Ore):
        page.write_number(row, column, Decimal(int(cell)).scaleb(-2), formats["amount"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats["day"])
    else:
        page.write_number(row, column, int(cell), formats["whole"])


def _width(heading: str, cells: Iterable[Cell]) -> int:
    widest = max((len(cell if isinstance(cell, str) else _number(cell)) for cell in cells), default=0)
    return min(max(widest, len(heading)) + 2, WIDEST)
