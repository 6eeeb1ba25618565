"""Reads a CSV or XLSX file into rows of plain texts, and refuses what is too large or no table. Trusts no file: it
knows the format's traps and nothing of what the columns mean."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

import openpyxl

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
MOST_SCANNED = 100_000  # empty rows included: Excel saves a formatted sheet with many
MOST_COLUMNS = 100
MOST_UNPACKED = 40_000_000
MOST_OF_A_PART = 4_000_000  # of what is read as a whole before the rows: styles, relations
MOST_PARTS = 200
MOST_SIGNS = 5_000  # in one cell
_SPACES = " \u00a0"  # no more than the parser of amounts sees through
SEPARATORS = (";", "\t", ",")
_LARGE_PARTS = ("xl/worksheets/", "xl/sharedStrings", "xl/media/", "xl/printerSettings/")


class FileFault(Exception):
    """The file as a whole cannot be used. ``kind``: empty, too_large, too_many_rows, not_a_table, bomb, encoding; and
    from those who look for columns: columns, twice."""

    def __init__(self, kind: str, **facts: object) -> None:
        super().__init__(f"{kind}: {facts}")
        self.kind, self.facts = kind, facts


@dataclass(frozen=True, slots=True)
class FileRow:
    """``n`` is the row's number in the file, the headings being the first. Cells are stripped texts, '' when empty."""

    n: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileTable:
    headings: tuple[str, ...]
    rows: tuple[FileRow, ...] = field(default=())

    def under(self, row: FileRow, columns: Mapping[str, int]) -> dict[str, str]:
        """The row's texts by field; a row that ends early is empty there."""
        return {name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.items()}


def read_table(data: bytes) -> FileTable:
    """The first sheet of an XLSX file, or a CSV file with ; tab or comma between cells. Raises FileFault."""
    if not data.strip():
        raise FileFault("empty")
    if len(data) > MOST_BYTES:
        raise FileFault("too_large", most_mb=MOST_BYTES // 1_000_000)
    rows = _xlsx_rows(data) if data.startswith(b"PK\x03\x04") else _csv_rows(data)
    found = list(islice(_filled(rows), MOST_ROWS + 2))
    if not found:
        raise FileFault("empty")
    if len(found) > MOST_ROWS + 1:
        raise FileFault("too_many_rows", most=MOST_ROWS)
    return FileTable(found[0].cells, tuple(found[1:]))


def _filled(rows: Iterable[Iterable[object]]) -> Iterator[FileRow]:
    """Rows in which anything stands."""
    for n, row in enumerate(rows, 1):
        if n > MOST_SCANNED:
            raise FileFault("too_many_rows", most=MOST_ROWS)
        cells = [text_of(cell)[: MOST_SIGNS + 1] for cell in row]  # one too many: whoever reads it says so
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield FileRow(n, tuple(cells))


def text_of(cell: object) -> str:
    """What a person would read in the cell. A number keeps every decimal that it has, so that the one parser of
    amounts judges it: 0.1 + 0.2 is 0.30000000000000004, which is no amount. A day without a time is an ISO date."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip(_SPACES)


# --- CSV ----------------------------------------------------------------------------------------------------------


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    separator = max(SEPARATORS, key=text.split("\n", 1)[0].count)  # the first of equals
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise FileFault("not_a_table", row=reader.line_num) from error


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark; else what older Swedish systems write. Zero bytes are in no text of either."""
    if b"\0" in data:
        raise FileFault("encoding")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise FileFault("encoding") from error


# --- XLSX ---------------------------------------------------------------------------------------------------------


def _xlsx_rows(data: bytes) -> Iterator[tuple[object, ...]]:
    """Values as Excel showed them last; nothing is computed and nothing outside the file is fetched."""
    _refuse_bombs(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        page = book.worksheets[0]
        page.reset_dimensions()  # the file may lie about how large it is
        yield from page.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    except FileFault:
        raise
    except Exception as error:  # a strange file may break the library in any way
        raise FileFault("not_a_table") from error


def _refuse_bombs(data: bytes) -> None:
    """What would unpack to more than it says it is worth, and XML that defines words of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _refuse_large(parts.infolist())
            for each in parts.infolist():
                if not each.is_dir() and not each.filename.startswith("xl/media/"):
                    _refuse_entities(parts.read(each), is_text=each.filename.endswith((".xml", ".rels")))
    except FileFault:
        raise
    except Exception as error:  # as above
        raise FileFault("not_a_table") from error


def _refuse_large(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED:
        raise FileFault("bomb")
    for each in parts:
        if each.file_size > MOST_OF_A_PART and not each.filename.startswith(_LARGE_PARTS):
            raise FileFault("bomb")


def _refuse_entities(part: bytes, *, is_text: bool) -> None:
    """Spreadsheets declare no document type; nor are they written in wide signs, in which one could hide."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or (is_text and b"\0" in part):
        raise FileFault("bomb")
