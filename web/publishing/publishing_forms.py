"""The forms of Publicering: why, how everybody reads a text, and other words of an event. Decides nothing."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import Length, StopValidation

from web.forms.fields import choice, clean, text_field
from web.request.language import gettext
from web.words.field_words import FIELDS
from web.words.publishing_words import REVIEWS
from web.words.words import running
from workflow.privacy.public_text import CORRECTED
from workflow.publishing.acting_on_words import LONGEST, Why
from workflow.publishing.moderating import MUST, WORDS

LINES = ("title", "where")


class MustIfCorrected:
    """Needed where everybody is to read other words, and only there."""

    def __init__(self) -> None:
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        if form["review"].data == CORRECTED and not (field.data or "").strip():
            raise StopValidation(gettext("Fyll i %(field)s.", field=running(field.label.text)))


def why_of(form: Form) -> Why:
    return Why(str(form.data["reason"] or ""), str(form.data["basis"] or ""))


def _why_fields() -> dict[str, Any]:
    return {
        "reason": text_field(FIELDS["reason"], must=True, help_text=_("Läses av tjänstepersonerna.")),
        "basis": text_field(FIELDS["basis"], must=False, help_text=_("Till exempel ett beslut eller en begäran.")),
    }  # fmt: skip


def why_form(posted: Any = None, prefix: str = "") -> Form:
    made: Form = type("WhyForm", (Form,), _why_fields())(posted, prefix=prefix)
    return made


def review_form(posted: Any = None, **data: str) -> Form:
    fields: dict[str, Any] = {"review": choice(_("Hur ska alla läsa texten?"), list(REVIEWS.items()), radio=True)}
    for name in WORDS:
        if name in MUST:
            kind = StringField if name in LINES else TextAreaField
            fields[name] = kind(str(FIELDS[name]), [MustIfCorrected(), Length(max=LONGEST)], filters=[clean])
        else:
            fields[name] = text_field(FIELDS[name], must=False, long=True)
    made: Form = type("ReviewForm", (Form,), fields | _why_fields())(posted, prefix="review-", data=data or None)
    return made


def word_form(about: int, posted: Any = None, **data: str) -> Form:
    fields: dict[str, Any] = {"public_words": text_field(FIELDS["public_words"], must=True, long=True)}
    made: Form = type("WordForm", (Form,), fields | _why_fields())(
        posted, prefix=f"word-{about}-", data=data or None
    )  # fmt: skip
    return made
