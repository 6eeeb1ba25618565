"""The command line's tables: out as CSV or XLSX, and in from the accounting system. Speaks Swedish, holds no rule."""

import argparse
import sys
from pathlib import Path

from flask import Flask

from web.files.exports import entries_sheet, pots_sheet, proposals_sheet
from web.files.spreadsheets import FORMS, Sheet, written
from web.open_data.open_pages import events_sheet
from web.pages.import_words import COUNTED, KINDS, fate, file_fault, why
from web.request import language
from web.serving import config_path
from web.words.refusal_words import worded
from workflow import Engine, Refused
from workflow.imports.file_tables import MOST_BYTES, FileFault
from workflow.imports.views_import import ImportRow

FAULTY, WRONG = 1, 2
SHEETS = ("pots", "entries", "proposals", "events")
AT_A_TIME = 1000


def add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", metavar="VAD", choices=SHEETS, help="pots, entries (poster), proposals, events (händelser)"
    )
    parser.add_argument("file", metavar="FIL", type=Path, help="slutar på .csv eller .xlsx")
    parser.add_argument("--pot", default="investment", help="pottens kod, för entries (investment)")
    parser.add_argument("--year", type=int, help="år, för entries och events (i år)")
    parser.add_argument("--by", metavar="VEM", help="ekonomens inloggning eller namn: då följer leverantörerna med")


def add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FIL", type=Path, help="CSV eller XLSX från ekonomisystemet")
    parser.add_argument("--really", action="store_true", help="bokför det; annars visas bara vad som skulle hända")
    parser.add_argument("--by", metavar="VEM", help="inloggning eller namn på den ekonom som bokför")


def export(asked: argparse.Namespace) -> int:
    """What anybody may see; with --by what the controller may."""
    form = next((each for each in FORMS if asked.file.suffix.lower() == f".{each}"), None)
    if form is None:
        return _stopped(f"{asked.file}: filen ska sluta på .csv eller .xlsx.")
    with Engine.open(config_path()) as engine:
        viewer = _controller(engine, asked.by) if asked.by else None
        if asked.by and viewer is None:
            return _nobody(asked.by)
        with _in_swedish(engine).app_context():
            sheet = _sheet(engine, asked, viewer)
            if sheet is None:
                return _stopped(f"Det finns ingen pott {asked.pot} {asked.year or engine.today().year}.")
            try:
                asked.file.write_bytes(written(sheet, form))
            except OSError as error:
                return _stopped(f"{asked.file}: {error.strerror}.")
    print(f"{asked.file}: {len(sheet.rows)} rader.")
    return 0


def _sheet(engine: Engine, asked: argparse.Namespace, viewer: int | None) -> Sheet | None:
    if asked.what == "pots":
        return pots_sheet(engine.pots())
    if asked.what == "proposals":
        return proposals_sheet(engine.money_rows(viewer=viewer))
    year = asked.year or engine.today().year
    if asked.what == "events":
        return events_sheet(engine.steps_of_year(year))
    known = any((each.pot, each.year) == (asked.pot, year) for each in engine.pots())
    return entries_sheet(engine.entries(asked.pot, year, viewer=viewer)) if known else None


def bring_in(asked: argparse.Namespace) -> int:
    """The dry run, or with --really the booking. 1 when any row is faulty: the others are booked all the same."""
    try:
        with asked.file.open("rb") as given:
            data = given.read(MOST_BYTES + 1)
    except OSError as error:
        return _stopped(f"{asked.file}: {error.strerror}.")
    with Engine.open(config_path()) as engine, _in_swedish(engine).app_context():
        by = _controller(engine, asked.by)
        if by is None:
            return _nobody(asked.by)
        try:
            return _bring_in(engine, asked, data, by)
        except FileFault as fault:
            return _stopped(f"{asked.file}: {file_fault(fault)}")
        except Refused as refused:
            return _stopped(str(worded(refused.first)))


def _bring_in(engine: Engine, asked: argparse.Namespace, data: bytes, by: int) -> int:
    if not asked.really:
        kind, rows = engine.check_import(data, by=by)
        print(f"{KINDS[kind]}. Inget är bokfört: det görs med --really.")
        return _told(rows)
    batch = engine.keep_import(data, asked.file.name, by=by)
    engine.book_import(batch, by=by)
    rows, after = (), 0
    while True:
        page = engine.import_batch(batch, by=by, after=after, limit=AT_A_TIME)
        rows += page.rows
        if page.after is None:
            return _told(rows)
        after = page.after


def _told(rows: tuple[ImportRow, ...]) -> int:
    for each in rows:
        reason = why(each)
        print(f"Rad {each.n}: {fate(each)}" + (f": {reason}" if reason else ""))
    counts = {name: sum(each.fate == name for each in rows) for name in COUNTED}
    print(", ".join(f"{count} {COUNTED[name]}" for name, count in counts.items() if count) or "Filen har inga rader.")
    return FAULTY if counts["fault"] else 0


def _controller(engine: Engine, name: str | None) -> int | None:
    """Whoever is meant, if that is one person."""
    found = engine.people_called(name, "controller")
    return found[0] if len(found) == 1 else None


def _nobody(name: str | None) -> int:
    told = f"Ingen ekonom heter {name}, eller flera gör det." if name else "Det finns inte exakt en ekonom."
    return _stopped(f"{told} Ange ekonomens inloggning eller namn med --by.")


def _in_swedish(engine: Engine) -> Flask:
    made = Flask("web", root_path=str(Path(__file__).parents[1]))
    made.extensions["skede"] = engine
    language.init_app(made)
    return made


def _stopped(why_not: str) -> int:
    print(why_not, file=sys.stderr)
    return WRONG
