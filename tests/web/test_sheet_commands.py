"""Tables out and in by the command line: what is written and printed, and whether it says done, faulty or cannot."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from tests.web.commands import DONE, FAULTY, WRONG
from web.cli import main
from web.serving import config_path
from workflow import Engine

Printed = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("examples")
BUDGETS = "Pott;År;Belopp;Instans;Beslutsdatum;Paragraf\nDriftspotten;2027;500 tkr;kf;2026-06-16;§ 60\n"


def written(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("what", ["pots", "entries", "proposals", "events"])
def test_a_table_is_written_in_both_forms(what: str, tmp_path: Path, capsys: Printed) -> None:
    for form in ("csv", "xlsx"):
        path = tmp_path / f"tabell.{form}"
        assert main(["export", what, str(path), "--pot", "operating", "--year", "2026"]) == DONE
    rows = written(tmp_path / "tabell.csv")
    page = openpyxl.load_workbook(tmp_path / "tabell.xlsx").worksheets[0]
    assert [cell.value for cell in page[1]] == rows[0]
    assert page.max_row == len(rows) > 5
    assert capsys.readouterr().out.splitlines()[0] == f"{tmp_path}/tabell.csv: {len(rows) - 1} rader."


def test_suppliers_follow_only_for_the_controller(tmp_path: Path) -> None:
    path = tmp_path / "poster.csv"
    ask = ["export", "entries", str(path), "--pot", "operating", "--year", "2026"]
    assert main(ask) == DONE
    assert "Leverantör" not in written(path)[0]
    assert main([*ask, "--by", "EKONOM"]) == DONE
    assert written(path)[0][-2:] == ["Leverantör", "Verifikationsnummer"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["pots", "x.ods"], "ska sluta på .csv eller .xlsx"),
        (["pots", "finns/inte/x.csv"], "No such file"),
        (["entries", "x.csv", "--pot", "guld"], "Det finns ingen pott guld"),
        (["pots", "x.csv", "--by", "Handläggare"], "Ingen ekonom heter Handläggare"),
    ],
)
def test_what_cannot_be_written_is_told(more: list[str], told: str, tmp_path: Path, capsys: Printed) -> None:
    what, file, *rest = more
    assert main(["export", what, str(tmp_path / file), *rest]) == WRONG
    assert told in capsys.readouterr().err
    assert list(tmp_path.glob("x.*")) == []


def test_an_import_is_a_dry_run_until_it_is_meant(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "budget.csv"
    file.write_text(BUDGETS, encoding="utf-8")
    assert main(["import", str(file)]) == DONE
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["Budgetar. Inget är bokfört: det görs med --really.", "Rad 2: bokförs", "1 bokförs"]
    assert budget() == 0
    assert main(["import", str(file), "--really", "--by", "Ekonom"]) == DONE
    assert capsys.readouterr().out.splitlines() == ["Rad 2: bokförd", "1 bokförda"]
    assert budget() == 50_000_000
    assert main(["import", str(file), "--really"]) == DONE
    assert capsys.readouterr().out.splitlines()[0] == "Rad 2: finns redan: Hämtad från en fil tidigare."
    assert budget() == 50_000_000


def test_a_bad_row_is_listed_and_the_rest_is_booked(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "budget.csv"
    file.write_text(BUDGETS + "Guldpotten;2027;1e5;kf;i går;\n", encoding="utf-8")
    assert main(["import", str(file), "--really"]) == FAULTY
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "Rad 2: bokförd"
    assert printed[1].startswith("Rad 3: fel: Belopp 1e5: Beloppet går inte att förstå.")
    assert printed[2] == "1 bokförda, 1 fel"
    assert budget() == 50_000_000


@pytest.mark.parametrize(
    ("content", "more", "told"),
    [
        (None, [], "No such file"),
        (b"", [], "Filen är tom."),
        (b"a" * 5_000_001, [], "Filen är större än 5 MB."),
        (b"a;b\n", [], "Filens rubriker känns inte igen."),
        (b"a;b\n", ["--by", "Revisor"], "Ingen ekonom heter Revisor"),
    ],
    ids=["gone", "empty", "large", "headings", "who"],
)
def test_a_file_that_cannot_be_read_is_told(
    content: bytes | None, more: list[str], told: str, tmp_path: Path, capsys: Printed
) -> None:
    file = tmp_path / "fil.csv"
    if content is not None:
        file.write_bytes(content)
    assert main(["import", str(file), *more]) == WRONG
    assert told in capsys.readouterr().err


def budget() -> int:
    with Engine.open(config_path()) as engine:
        return next(each.budget for each in engine.pots(2027) if each.pot == "operating")
