"""Pictures and documents: shown to who may see them, brought in and looked at by officials. A picture is one that we
wrote ourselves; whatever else is sent as something to take away, and runs nothing (see ``_sent``)."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import dump_options_header

from states import RefusalKind
from web.forms.fields import clean
from web.forms.sent_files import bytes_of, name_of
from web.pages.errors import again, status_of, words_of
from web.request.current import engine, member, posted_key, posted_number, signed
from web.request.language import gettext
from workflow import Refused
from workflow.submission.uploads import READS_ONLY, Said, Upload

files = Blueprint("files", __name__)

RUNS_NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox"


@files.get("/filer/<name>")
def whole(name: str) -> ResponseReturnValue:
    return _of_proposal(name, small=False)


@files.get("/filer/<name>/liten")
def small(name: str) -> ResponseReturnValue:
    return _of_proposal(name, small=True)


def _of_proposal(name: str, *, small: bool) -> ResponseReturnValue:
    viewer = signed()
    found = engine().file(name, viewer.person if viewer else None, small=small)
    if found is None or (viewer and viewer.proposal and not _is_mine(found[0], viewer.proposal)):
        raise Refused.because(RefusalKind.NOT_FOUND, what="file")
    return _sent(*found)


def _is_mine(file: Upload, number: str) -> bool:
    """A private link opens one proposal, and what everybody may see."""
    return file.standing == "shown" or any(each.id == file.id for each in engine().files(number, signed().person))  # type: ignore[union-attr]


@files.get("/utkast/<secret>/filer/<int:upload>")
def of_draft(secret: str, upload: int) -> ResponseReturnValue:
    g.draft = True
    found = engine().draft_file(secret, upload)
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="file")
    return _sent(*found)


def _sent(file: Upload, data: bytes) -> Response:
    """Inline only what was written anew as a picture; of a document only that it may be kept (ASVS 5.4.1, 5.4.2)."""
    if file.kind == "picture":
        answer = Response(data, mimetype="image/jpeg")
        shown = dump_options_header("inline", {"filename": "bild.jpg"})
    else:
        answer = Response(data, mimetype="application/pdf")
        shown = dump_options_header("attachment", {"filename": "dokument.pdf"})
    answer.headers["Content-Disposition"] = shown
    answer.headers["Content-Security-Policy"] = RUNS_NOTHING
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


# --- for officials -----------------------------------------------------------------------------------------------


@files.get("/arenden/<number>/filer")
def page(number: str) -> ResponseReturnValue:
    return _page(number)


@files.post("/arenden/<number>/filer")
def add(number: str) -> ResponseReturnValue:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(number, gettext("Välj en fil.")), 422
    said = Said(name_of(sent), clean(request.form.get("alt")), request.form.get("phase", ""))
    if not said.alt.strip():
        return _page(number, gettext("Beskriv filen för den som inte ser den.")), 422
    return _done(
        number,
        lambda: engine().add_file(number, bytes_of(sent), said, by=member().person, key=posted_key()),
        gettext("Filen är tillagd och visas på webben."),
    )


@files.post("/arenden/<number>/filer/granska")
def look(number: str) -> ResponseReturnValue:
    shows = request.form.get("shows") == "1"
    alt, phase = clean(request.form.get("alt")), request.form.get("phase", "")
    return _done(
        number,
        lambda: engine().look_at_file(
            number, posted_number("file"), shows=shows, alt=alt, phase=phase, by=member().person, key=posted_key()
        ),
        gettext("Filen visas på webben.") if shows else gettext("Filen visas inte på webben."),
    )


def _done(number: str, work: Any, told: str) -> ResponseReturnValue:
    try:
        work()
    except Refused as refused:
        if refused.first.kind is RefusalKind.NOT_PERMITTED:
            raise
        return _page(number, *words_of(refused.refusals)), status_of(refused)
    flash(told)
    return redirect(url_for("files.page", number=number), 303)


def _page(number: str, *messages: object) -> str:
    """Raises Refused: NOT_FOUND, NOT_PERMITTED."""
    who = member()
    shown = engine().case(number, who.person)
    if shown.timeline.viewer != "official":
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    return render_template(
        "files.html", case=shown, timeline=shown.timeline, messages=messages, files=engine().files(number, who.person),
        may_add=any(each.role != READS_ONLY for each in who.capacities),
    )  # fmt: skip


def _page_again(message: str, number: str) -> ResponseReturnValue:
    return _page(number, message), 400


@files.record_once
def _register(state: Any) -> None:
    again(state.app, "files.add", _page_again)
    again(state.app, "files.look", _page_again)
