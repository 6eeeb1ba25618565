"""The files as those read them who did not write them: by csv and by openpyxl, cell by cell."""

import csv
import io
import zipfile
from dataclasses import dataclass

import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from workflow import Engine

XLSX_PARTS = ("xl/worksheets/_rels", "xl/externalLinks", "xl/connections", "vbaProject", "xl/drawings", "ddeLink")


def client(app: Flask, engine: Engine, person: int | None = None, language: str = "sv") -> FlaskClient:
    """A visitor's browser, or one where this person of the demonstration has signed in."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    if person is not None:
        browser.set_cookie("skede", engine.sign_in_as(person))
    return browser


def fetched(browser: FlaskClient, address: str, **query: str) -> bytes:
    answer = browser.get(address, query_string=query)
    assert answer.status_code == 200, (address, answer.text[:300])
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.data


def csv_rows(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf"), "without the mark Excel reads å as Ã¥"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


@dataclass(frozen=True, slots=True)
class Read:
    """A worksheet: values, and every way in which a cell could be something else than it looks."""

    values: list[list[object]]
    formulas: int
    links: int
    types: set[str]
    parts: list[str]  # parts of the file that reach outside it


def xlsx_rows(data: bytes) -> Read:
    (page,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    cells = [cell for row in page.iter_rows() for cell in row]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        outside = [name for name in parts.namelist() if name.startswith(XLSX_PARTS)]
        raw = parts.read(next(name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")))
    return Read(
        [[cell.value for cell in row] for row in page.iter_rows()],
        sum(cell.data_type == "f" for cell in cells) + raw.count(b"<f>") + raw.count(b"<f "),
        sum(cell.hyperlink is not None for cell in cells) + raw.count(b"hyperlink"),
        {cell.data_type for cell in cells},
        outside,
    )
