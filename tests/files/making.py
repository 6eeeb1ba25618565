"""Files as an accounting system, Excel or somebody with bad intentions writes them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import xlsxwriter

INVOICES = (
    "Förslag", "Finansieringsrad", "Pott", "År", "Belopp", "Bokföringsdatum", "Leverantör", "Verifikationsnummer",
    "Slag",
)  # fmt: skip
BUDGETS = ("Pott", "År", "Belopp", "Instans", "Beslutsdatum", "Paragraf", "Beslutssats", "Slag")
FORMS = ("csv", "xlsx")


def file_of(form: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    return (csv_file if form == "csv" else xlsx_file)([headings, *rows])


def csv_file(rows: Iterable[Sequence[object]], separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_file(rows: Iterable[Sequence[object]]) -> bytes:
    """Numbers as numbers and dates as dates, as Excel would; texts as texts."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for n, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime | date):
                    page.write_datetime(n, column, cell, day)
                elif isinstance(cell, bool):
                    page.write_boolean(n, column, cell)
                elif isinstance(cell, int | float):
                    page.write_number(n, column, cell)
                elif isinstance(cell, str):
                    page.write_string(n, column, cell)
    return stream.getvalue()


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same file with some parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return stream.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read(name)
