"""Forms of what is said beside the steps: an internal note, a question to several, an answer, the end of a round.
What may be said and by whom is the engine's."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Form, SelectMultipleField, widgets

from web.forms.fields import DayField, choice, required, text_field
from web.request.current import engine
from web.words.field_words import FIELDS
from web.words.opinion_words import STANCE_WORDS
from web.words.words import role
from workflow.opinions.giving_opinions import STANCES
from workflow.proposals.opinion_holders import AskKind, MayAsk

KINDS: Mapping[AskKind, Any] = {
    "body": _("Instanser, förvaltningar och grupper"), "role": _("Roller"), "person": _("Namngivna personer"),
}  # fmt: skip


class _Boxes(SelectMultipleField):
    """Several of several, by check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def note_form(posted: Any = None) -> Form:
    told = _("Läses av tjänstepersonerna och visas inte på webben. Kan lämnas ut om någon begär handlingen.")
    fields = {"text": text_field(FIELDS["note"], must=True, long=True, help_text=told)}
    made: Form = type("NoteForm", (Form,), fields)(posted, prefix="note-")
    return made


def question_form(posted: Any = None) -> Form:
    """Whom to ask, sorted by kind, what, and until when: the usual day unless another is given."""
    asked = engine().may_be_asked()
    told = _("Skriv vad du vill ha svar på. Frågan visas för alla.")
    fields: dict[str, Any] = {"question": text_field(FIELDS["question"], must=True, long=True, help_text=told)}
    for kind, label in KINDS.items():
        fields[kind] = _Boxes(str(label), choices=_choices(asked, kind), validate_choice=False)
    fields["answer_by"] = DayField(str(FIELDS["answer_by"]), [required(FIELDS["answer_by"])])
    data = None if posted is not None else {"answer_by": engine().usual_answer_day().isoformat()}
    made: Form = type("QuestionForm", (Form,), fields)(posted, data=data)
    return made


def _choices(asked: Sequence[MayAsk], kind: AskKind) -> dict[str, str]:
    return {each.holder: _named(each) for each in asked if each.kind == kind}


def _named(each: MayAsk) -> str:
    """Several may have the same title, and the officer must know whom they ask."""
    title = role(each.title)
    return f"{title}, {each.name}" if each.name and each.name != title else title


def holders(form: Form) -> tuple[str, ...]:
    """Everybody who is ticked."""
    return tuple(dict.fromkeys(holder for kind in KINDS for holder in form[kind].data or ()))


def opinion_form(posted: Any = None, **said: str) -> Form:
    told = _("Behövs inte om du avstår eller inget har att erinra. Läses av tjänstepersonerna och gruppen.")
    fields = {
        "stance": choice(FIELDS["stance"], [(each, STANCE_WORDS[each]) for each in STANCES], radio=True),
        "opinion": text_field(FIELDS["opinion"], must=False, long=True, help_text=told),
    }
    made: Form = type("OpinionForm", (Form,), fields)(posted, data=said or None)
    return made


def close_form(asked_at: int, posted: Any = None) -> Form:
    told = _("Behövs om någon inte har svarat. Visas för alla.")
    fields = {"reason": text_field(FIELDS["reason"], must=False, long=True, help_text=told)}
    made: Form = type("CloseForm", (Form,), fields)(posted, prefix=f"avsluta-{asked_at}-")
    return made


def extend_form(asked_at: int, posted: Any = None) -> Form:
    fields = {"answer_by": DayField(str(FIELDS["answer_by"]), [required(FIELDS["answer_by"])])}
    made: Form = type("ExtendForm", (Form,), fields)(posted, prefix=f"forlang-{asked_at}-")
    return made


def day_of(field: Any) -> date:
    """Of a field that has been validated and must be filled in."""
    found: date = field.value
    return found
