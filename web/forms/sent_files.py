"""A file as a form sends it: its bytes, what its sender called it, and what it shows. Judges none of it."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from flask import request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FileField, Form, StringField

from web.forms.fields import clean
from web.words.refusal_words import Worded
from workflow.submission.file_reading import MOST_BYTES
from workflow.submission.uploads import Said


@dataclass(frozen=True, slots=True)
class Picture:
    """Of how it turned out, sent with a step; it is kept by a key of its own, which follows from the step's."""

    data: bytes
    said: Said

    @staticmethod
    def key(of_step: str) -> str:
        return str(uuid5(UUID(of_step), "picture"))


def picture_sent(prefix: str) -> Picture | None:
    """What was chosen in the form of a step, if anything was."""
    sent = request.files.get(f"{prefix}picture")
    if sent is None or not sent.filename:
        return None
    return Picture(
        bytes_of(sent), Said(name_of(sent), clean(request.form.get(f"{prefix}picture_alt")).strip(), "after")
    )


class FileForm(Form):
    """One file and what it shows, as a form of its own or as part of another; ``macros/files.html`` draws it."""

    file = FileField(_("Bild (jpg, png, webp) eller dokument (pdf)"))
    alt = StringField(_("Vad visar bilden? För den som inte ser den."))


def file_form(fault: str | Worded = "") -> FileForm:
    """With the description that was typed, and at the file what is wrong with it."""
    form = FileForm(MultiDict({"alt": clean(request.form.get("alt"))}))
    told = f"{fault.why} {fault.remedy}" if isinstance(fault, Worded) else fault
    form.file.errors = [told] if told else []
    return form


def name_of(sent: FileStorage) -> str:
    """What its sender called it, without any path: for people to read, never a place on a disk."""
    return clean(sent.filename).replace("\\", "/").rsplit("/", 1)[-1][-200:]


def bytes_of(sent: FileStorage) -> bytes:
    """One more than may be, so that too much is seen to be."""
    return sent.stream.read(MOST_BYTES + 1)
