"""Files from the accounting system: a dry run that shows each row's fate and reason, then one click that books it.
The controller's pages; every rule is the engine's."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from web.pages.errors import UNPROCESSABLE, again
from web.pages.import_words import COLUMNS, COUNTED, FATES, KINDS, column, fate, file_fault, why
from web.request.current import engine, member, signed_in
from web.request.language import gettext, ngettext
from workflow.imports.file_tables import FileFault
from workflow.imports.views_import import ImportBatch

imports = Blueprint("imports", __name__)
AT_A_TIME = 100


@imports.get("/hamta-in")
@signed_in
def files() -> ResponseReturnValue:
    return _files()


@imports.post("/hamta-in")
@signed_in
def check() -> ResponseReturnValue:
    """The dry run. The file is kept, so that nothing need be sent again."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return _files(gettext("Välj en fil.")), UNPROCESSABLE
    try:
        kept = engine().keep_import(given.read(), _name(given), by=member().person)
    except FileFault as fault:
        return _files(file_fault(fault)), UNPROCESSABLE
    return redirect(url_for("imports.file", batch=kept), 303)


@imports.get("/hamta-in/<int:batch>")
@signed_in
def file(batch: int) -> ResponseReturnValue:
    shown, after = request.args.get("visa"), request.args.get("efter", "")
    chosen = next((name for name in FATES if name == shown), None)
    return _file(batch, chosen, int(after) if after.isascii() and after.isdecimal() and len(after) < 9 else 0)


@imports.post("/hamta-in/<int:batch>/bokfor")
@signed_in
def book(batch: int) -> ResponseReturnValue:
    """May be sent again: a row that is booked stays booked once."""
    who = member().person
    before = engine().import_batch(batch, by=who, limit=1).counts
    engine().book_import(batch, by=who)
    after = engine().import_batch(batch, by=who, limit=1).counts
    booked = after["booked"] - before["booked"]
    flash(ngettext("%(num)d rad är bokförd.", "%(num)d rader är bokförda.", booked))
    return redirect(url_for("imports.file", batch=batch), 303)


def _files(*messages: object) -> str:
    settings = engine().config.imports
    wanted = {"invoices": settings.invoices.columns, "budgets": settings.budgets.columns}
    headings = {kind: [text for text in each.model_dump().values() if text] for kind, each in wanted.items()}
    shown = engine().imports(member().person)
    return render_template("imports.html", batches=shown, headings=headings, messages=messages, **_words())


def _file(batch: int, chosen: Any, after: int, *messages: object) -> str:
    shown = engine().import_batch(batch, by=member().person, fate=chosen, after=after, limit=AT_A_TIME)
    return render_template(
        "import.html", batch=shown, chosen=chosen, columns=_columns(shown), messages=messages, continued=after > 0,
        **_words(),
    )  # fmt: skip


def _columns(shown: ImportBatch) -> list[str]:
    """Those that the file has, in an order that reads well."""
    there = {name for row in shown.rows for name in row.said}
    return [name for name in COLUMNS if name in there]


def _words() -> dict[str, Any]:
    return {"fates": COUNTED, "kinds": KINDS, "fate_of": fate, "why": why, "column": column}


def _name(given: FileStorage) -> str:
    """As the sender calls it, without the folders that some browsers tell of."""
    name = (given.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in name if sign.isprintable())


# --- when a form's token had grown old ----------------------------------------------------------------------------


def _check_again(message: str) -> ResponseReturnValue:
    return _files(message, gettext("Välj filen igen.")), 400


def _book_again(message: str, batch: int) -> ResponseReturnValue:
    return _file(batch, None, 0, message), 400


@imports.record_once
def _register(state: Any) -> None:
    again(state.app, "imports.check", _check_again)
    again(state.app, "imports.book", _book_again)
