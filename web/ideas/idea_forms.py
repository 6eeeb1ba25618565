"""The three steps of handing in an idea as forms, and what they say once they are right. Only *vad* and *var* are
asked for; "Vet inte" is an answer. Knows no draft and no database."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import Optional, Regexp, StopValidation

from states import CostLine, Process
from web.forms.fields import AmountField, choice, clean, text_field
from web.request.current import engine
from web.request.language import current, gettext
from web.words.words import msg
from workflow import Rows, Text
from workflow.settings.configuration_values import MAIL_ADDRESS

IDEA, PLACE, MORE = 1, 2, 3
STEPS = (IDEA, PLACE, MORE)
TITLE_LENGTH = 80
NOT_KNOWN = "?"
CONTACT = ("name", "email", "telephone")
_POINT = re.compile(r"([0-9]{2}(?:\.[0-9]{1,9})?)(?: *[,;] *| +)([0-9]{1,2}(?:\.[0-9]{1,9})?)")
_SOUTH, _NORTH, _WEST, _EAST = 55.0, 69.5, 10.5, 24.5  # where Sweden is, in degrees of WGS 84


def form_of(step: int, said: Mapping[str, str], *, contact: bool = True) -> Form:
    """A step as filled in. Made for each request, so that it speaks the visitor's language and offers the processes
    there are; without ``contact`` for who is signed in."""
    fields = fields_of(step)
    asked = {name: each for name, each in fields.items() if contact or name not in CONTACT}
    made: Form = type("IdeaForm", (Form,), asked)(MultiDict(said))
    return made


def fields_of(step: int) -> dict[str, Any]:
    """The fields of a step, by name."""
    return {IDEA: _idea, PLACE: _place, MORE: _more}[step]()


def typed_in(step: int, sent: Mapping[str, str]) -> dict[str, str]:
    """What was typed into a step's own fields, right or wrong; what the form did not have is left out."""
    names = [field.short_name for field in form_of(step, {})]
    return {name: clean(sent[name]) for name in names if name in sent}


def faulty_step(said: Mapping[str, str], *, contact: bool) -> int | None:
    """The first step that is not right yet."""
    return next((step for step in STEPS if not form_of(step, said, contact=contact).validate()), None)


def _idea() -> dict[str, Any]:
    kinds = [(each.id, msg(each.description or each.title)) for each in processes()]
    return {
        "what": text_field(_("Vad är din idé?"), must=True, long=True, help_text=_("Berätta med egna ord."),
                           missing=_("Berätta vad din idé är.")),
        "why": text_field(_("Varför behövs det?"), must=False, long=True),
        "about": choice(_("Vad handlar det om?"), [(NOT_KNOWN, _("Vet inte")), *kinds], must=False, radio=True),
    }  # fmt: skip


def _place() -> dict[str, Any]:
    return {
        "where": text_field(_("Var?"), must=True, help_text=_("En adress, en gata, ett torg eller en plats."),
                            missing=_("Berätta var det är.")),
        "point": text_field(
            _("Punkt på kartan"), must=False, most=60, checks=[_IsPoint()],
            help_text=_("Behövs inte. Har du koordinater från en karttjänst, skriv dem så här: 59.3097, 14.1088."),
        ),
    }  # fmt: skip


def _more() -> dict[str, Any]:
    return {
        "cost": AmountField(
            str(_("Vad tror du att det kostar?")), [Optional()],
            description=str(_('Till exempel 12 000 eller 12 tkr. Vet du inte, lämna tomt eller skriv ”vet inte”.')),
            filters=[_unknown],
        ),
        "own_contribution": text_field(_("Vill du bidra med något själv?"), must=False, long=True,
                                       help_text=_("Till exempel arbete, material eller pengar.")),
        **contact_fields(),
    }  # fmt: skip


def contact_fields() -> dict[str, Any]:
    like_an_address = gettext("E-postadressen ska se ut så här: namn@exempel.se.")
    return {
        "name": text_field(_("Namn"), must=False),
        "email": text_field(_("E-post"), must=False, checks=[Regexp(MAIL_ADDRESS, message=like_an_address)]),
        "telephone": text_field(_("Telefon"), must=False, most=40),
    }


def _unknown(written: str | None) -> str:
    """ "Vet inte" is an answer."""
    said = written or ""
    return "" if said.strip().lower().rstrip(".!") in ("vet inte", "vet ej", "don't know", "?") else said


class _IsPoint:
    def __call__(self, _form: Any, field: Any) -> None:
        if (field.data or "").strip() and point_of(field.data) is None:
            raise StopValidation(
                gettext("Punkten går inte att förstå. Skriv grader norr och öster, så här: 59.3097, 14.1088.")
            )


def point_of(written: str | None) -> str | None:
    """Degrees north and east in one spelling, ``59.3097, 14.1088``; None for what is no place in Sweden."""
    found = _POINT.fullmatch((written or "").strip())
    if found is None:
        return None
    north, east = float(found[1]), float(found[2])
    inside = _SOUTH <= north <= _NORTH and _WEST <= east <= _EAST
    return f"{north:.6g}, {east:.6g}" if inside else None


# --- what it says -------------------------------------------------------------------------------------------------


def processes() -> list[Process]:
    """The newest version of each."""
    known = dict.fromkeys(each.id for each in engine().library.processes)
    return [engine().library.latest(each) for each in known]


def process_of(said: Mapping[str, str]) -> str:
    """Who does not know gets the fullest way, which leaves nothing out."""
    known = {each.id: each for each in processes()}
    chosen = said.get("about")
    return chosen if chosen in known else max(known.values(), key=lambda each: len(each.track)).id


def text_of(said: Mapping[str, str]) -> Text:
    what, where, why, own = (said.get(name, "").strip() for name in ("what", "where", "why", "own_contribution"))
    return Text(title_of(what), what, where, why, own, point=point_of(said.get("point")) or "")


def rows_of(cost: Any) -> Rows:
    """A cost that the sender guessed is one line, for the working group to part into what it consists of."""
    if cost.value is None:
        return Rows()
    return Rows((CostLine(1, gettext("Uppskattad kostnad"), "other", cost.value, None, "unknown"),))


def contact_of(said: Mapping[str, str]) -> dict[str, str]:
    """With the language that the sender wrote the form in, where mail would be in another."""
    given = {name: said.get(name, "").strip() for name in CONTACT}
    here = current()
    return given | ({"language": here} if given["email"] and here != engine().config.server.language else {})


def title_of(what: str) -> str:
    """A heading from what was told: its first line or sentence, shortened at a word. The officer may write a better."""
    first = what.strip().split("\n", 1)[0].split(". ", 1)[0].strip().rstrip(".")
    if len(first) <= TITLE_LENGTH:
        return first
    return first[: TITLE_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
