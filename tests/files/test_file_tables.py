"""A file is read as what a person sees in it, or refused in words; none makes the reader compute, fetch or swell."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import AmountError, Ore, parse_amount
from states.money import MOST_ORE
from tests.files.making import csv_file, part_of, with_parts, xlsx_file
from workflow.imports import file_tables
from workflow.imports.file_tables import MOST_BYTES, MOST_ROWS, FileFault, read_table, text_of

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<worksheet><sheetData><row><c><v>&c;</v></c></row></sheetData></worksheet>"""


def cells_of(data: bytes) -> list[tuple[str, ...]]:
    table = read_table(data)
    return [table.headings, *(row.cells for row in table.rows)]


def fault_of(data: bytes) -> FileFault:
    with pytest.raises(FileFault) as caught:
        read_table(data)
    return caught.value


ROWS = [["Förslag", "Belopp"], ["CG-2026-001", "1 234,50"], ["å;ä,ö\t", 'Bänk "Ån"\nrad två']]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_is_read_however_it_was_written(separator: str, encoding: str) -> None:
    assert cells_of(csv_file(ROWS, separator, encoding)) == [tuple(row) for row in ROWS]


def test_empty_rows_are_left_out_and_the_others_keep_their_number() -> None:
    for made in (csv_file, xlsx_file):
        table = read_table(made([["a", "b"], ["", ""], ["1", "2"], [], [" ", "\u00a0"], ["3", "4"]]))
        assert [(row.n, row.cells) for row in table.rows] == [(3, ("1", "2")), (6, ("3", "4"))]


def test_an_excel_cell_is_what_a_person_reads_in_it() -> None:
    day = datetime(2026, 3, 2, 12, 30)  # noqa: DTZ001 - Excel knows no zones
    row = ["00123", 123, 1234.5, 2026.0, 1 / 3, date(2026, 3, 2), day, True, "=1+1", "  text "]
    assert cells_of(xlsx_file([[str(n) for n in range(10)], row]))[1] == (
        "00123", "123", "1234.5", "2026", "0.3333333333333333", "2026-03-02", "2026-03-02T12:30:00", "True", "=1+1",
        "text",
    )  # fmt: skip


def test_a_formula_is_what_excel_showed_last_and_is_never_computed() -> None:
    data = xlsx_file([["a"], ["1"]])
    cell = b'<c r="A2"><f>1+1</f><v>7</v></c>'
    sheet = part_of(data, SHEET).replace(b'<c r="A2" t="s"><v>1</v></c>', cell)
    assert cells_of(with_parts(data, {SHEET: sheet}))[1] == ("7",)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_is_an_amount_only_when_it_is_whole_ore(number: float) -> None:
    """Rounded to two decimals it is the same number; else it is refused."""
    try:
        ore = parse_amount(text_of(number))
    except AmountError:
        assert not (number > 0.005 and number <= MOST_ORE / 100 and round(number, 2) == number), number
    else:
        assert round(number, 2) == number
        assert ore == round(number * 100)


@given(st.integers(1, MOST_ORE))
def test_every_amount_comes_back_from_excel_to_the_ore(ore: int) -> None:
    assert parse_amount(text_of(ore / 100)) == Ore(ore)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"), (b" \r\n \n", "empty"), (b"\xef\xbb\xbf", "empty"), (csv_file([["", ""], ["", ""]]), "empty"),
        (b"a;b\n1;2\0\n", "encoding"), ("a;b\n1;2".encode("utf-16"), "encoding"), (b"a;b\n\x81;2\n", "encoding"),
        (b'a;b\n"1;2\n', "not_a_table"), (b'a;b\n"1"x;2\n', "not_a_table"), (b"PK\x03\x04 not a zip", "not_a_table"),
        (b"a" * (MOST_BYTES + 1), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)  # fmt: skip
def test_what_is_no_table_is_refused(data: bytes, kind: str) -> None:
    assert fault_of(data).kind == kind


def test_a_file_may_have_twenty_thousand_rows_and_no_more() -> None:
    rows = "a;b\n" + "1;2\n" * MOST_ROWS
    assert len(read_table(rows.encode()).rows) == MOST_ROWS
    assert fault_of((rows + "1;2\n").encode()).kind == "too_many_rows"


def test_a_sheet_with_rows_far_apart_is_not_walked_through() -> None:
    """A row may call itself the billionth: the empty ones before it would be made one by one."""
    data = xlsx_file([["a"], ["1"]])
    sheet = part_of(data, SHEET).replace(b'<row r="2"', b'<row r="1000000000"').replace(b'r="A2"', b'r="A1000000000"')
    assert fault_of(with_parts(data, {SHEET: sheet})).kind == "too_many_rows"


def test_a_sheet_a_million_columns_wide_is_read_as_far_as_anybody_looks() -> None:
    data = xlsx_file([["a"], ["1"]])
    sheet = part_of(data, SHEET).replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"').replace(b'r="A2"', b'r="XFD2"')
    (row,) = cells_of(with_parts(data, {SHEET: sheet}))
    assert len(row) <= file_tables.MOST_COLUMNS


@pytest.mark.parametrize(
    "name", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_words_that_grow_are_refused_wherever_they_stand(name: str) -> None:
    data = xlsx_file([["a"], ["1"]])
    assert fault_of(with_parts(data, {name: LAUGHS})).kind == "bomb"
    assert fault_of(with_parts(data, {name: LAUGHS.decode().encode("utf-16")})).kind == "bomb"


def test_the_refusal_is_what_keeps_them_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the reader comes as far as the words themselves."""
    data = with_parts(xlsx_file([["a"], ["1"]]), {SHEET: LAUGHS})
    monkeypatch.setattr(file_tables, "_refuse_entities", lambda *_, **__: None)
    assert fault_of_or_rows(data) != "bomb"


def fault_of_or_rows(data: bytes) -> object:
    try:
        return cells_of(data)
    except FileFault as fault:
        return fault.kind


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    data = xlsx_file([["a"], ["1"]])
    swollen = with_parts(data, {SHEET: part_of(data, SHEET) + b" " * 41_000_000})
    assert len(swollen) < MOST_BYTES
    assert fault_of(swollen).kind == "bomb"
    assert fault_of(with_parts(data, {"xl/styles.xml": b" " * 5_000_000})).kind == "bomb"
    assert fault_of(with_parts(data, {f"xl/media/{n}.png": b"x" for n in range(201)})).kind == "bomb"


def test_a_file_that_lies_about_what_it_unpacks_to_is_no_table() -> None:
    data = with_parts(xlsx_file([["a"], ["1"]]), {SHEET: b"<worksheet/>" + b" " * 50_000_000})
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        size = parts.getinfo(SHEET).file_size.to_bytes(4, "little")
    assert data.count(size) >= 1
    assert fault_of(data.replace(size, (1_000).to_bytes(4, "little"))).kind == "not_a_table"


def test_links_to_other_files_are_not_followed() -> None:
    data = xlsx_file([["a"], ["1"]])
    link = b'<externalLink xmlns="x"><externalBook r:id="rId1"/></externalLink>'
    assert cells_of(with_parts(data, {"xl/externalLinks/externalLink1.xml": link})) == [("a",), ("1",)]


@pytest.mark.parametrize("damage", [b"", b"<x", b"<worksheet/>", b"\xff" * 50, b"<?xml version='1.0'?><a><b></a>"])
@pytest.mark.parametrize(
    "name", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml", "xl/styles.xml"]
)
def test_a_broken_file_is_no_table_and_nothing_worse(name: str, damage: bytes) -> None:
    found = fault_of_or_rows(with_parts(xlsx_file([["a"], ["1"]]), {name: damage}))
    assert found in ("not_a_table", "empty", [("a",), ("1",)]) or isinstance(found, list)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    assert fault_of_or_rows(data) is not None
    assert fault_of_or_rows(b"PK\x03\x04" + data) is not None
