"""Gallra: an officer erases a proposal's words and sender, or a comment, under a decision that is told. Cannot be
undone, and the page says what goes and what is kept by law. Holds no rule."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Form
from wtforms.validators import DataRequired

from states import RefusalKind
from web.forms.fields import DayField, choice, required, text_field
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, signed_in
from web.request.language import gettext
from web.words.field_words import FIELDS
from web.words.publishing_words import SCOPES
from workflow import Refused
from workflow.publishing.acting_on_words import Why
from workflow.publishing.erasing import Ruling

erasing = Blueprint("erasing", __name__)


@erasing.get("/gallra/<number>")
@signed_in
def page(number: str) -> ResponseReturnValue:
    return _page(number)


@erasing.post("/gallra/<number>")
@signed_in
def erase(number: str) -> ResponseReturnValue:
    _require(number)
    form = _form(number, request.form)
    if not form.validate():
        return _page(number, form=form), UNPROCESSABLE
    said = {name: str(form.data.get(name) or "") for name in ("body", "paragraph", "reason", "basis")}
    decided_on = form["decided_on"].value  # type: ignore[attr-defined]
    ruling = Ruling(said["body"], decided_on, said["paragraph"], str(form.data.get("scope") or "everything"))
    try:
        why = Why(said["reason"], said["basis"])
        engine().erase(number, ruling, why, by=member().person, key=posted_key())
    except Refused as refused:
        return _page(number, *words_of(refused.refusals), form=form), status_of(refused)
    flash(gettext("Gallrat: %(number)s. Det går inte att ångra.", number=number))
    return redirect(_back(number), 303)


def _page(number: str, *messages: object, form: Form | None = None) -> str:
    _require(number)
    return render_template(
        "erase.html", number=number, is_comment=_is_comment(number), form=form or _form(number), messages=messages,
        back=_back(number), **_about(number),
    )  # fmt: skip


def _about(number: str) -> dict[str, Any]:
    """What is about to go: the title and whose details, or the words; how many files; and comments, which stay."""
    who = member().person
    if _is_comment(number):
        return {"comment": engine().one_comment(number, who)[0]}
    shown = engine().timeline(number, who)
    return {
        "timeline": shown, "files": [each for each in engine().files(number, who) if not each.erased],
        "comments": [each for each in engine().comments_about(number, who) if each.text],
    }  # fmt: skip


def _require(number: str) -> None:
    """Raises Refused: NOT_PERMITTED, and NOT_FOUND for a number that nothing has."""
    who = member().person
    if not engine().may_moderate(who):
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")
    if _is_comment(number):
        engine().one_comment(number, who)
    else:
        engine().text_to_review(number)


def _is_comment(number: str) -> bool:
    return number.startswith("SP-")


def _back(number: str) -> str:
    if _is_comment(number):
        return url_for("comments.one", number=number)
    return url_for("publishing.page", number=number)


def _form(number: str, posted: Any = None) -> Form:
    fields: dict[str, Any] = {
        "body": text_field(_("Vem har beslutat om gallringen?"), must=True,
                           help_text=_("Till exempel kommunstyrelsen.")),
        "decided_on": DayField(str(FIELDS["decided_on"]), [required(FIELDS["decided_on"])]),
        "paragraph": text_field(FIELDS["paragraph"], must=True),
    }  # fmt: skip
    if not _is_comment(number):
        fields["scope"] = choice(_("Vad ska gallras?"), list(SCOPES.items()), radio=True)
    fields["reason"] = text_field(FIELDS["reason"], must=True, help_text=_("Läses av tjänstepersonerna."))
    fields["basis"] = text_field(FIELDS["basis"], must=False, help_text=_("Till exempel dokumenthanteringsplanen."))
    fields["sure"] = BooleanField(
        gettext("Jag förstår att det inte går att ångra."),
        [DataRequired(gettext("Kryssa i att du förstår att det inte går att ångra."))],
    )
    made: Form = type("EraseForm", (Form,), fields)(posted)
    return made


def _again(message: str, number: str) -> ResponseReturnValue:
    return _page(number, message, form=_form(number, request.form)), 400


@erasing.record_once
def _register(state: Any) -> None:
    again(state.app, "erasing.erase", _again)
