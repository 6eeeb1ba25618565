"""The Swedish of refusals to whoever hands in an idea, as in ``refusal_texts``."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

Texts = tuple[Any, Any, Any]

VARIANTS: Mapping[tuple[Kind, str | None], Texts] = {
    (Kind.NOT_FOUND, "draft"): (
        _("Utkastet finns inte längre."),
        _("Det är skickat, slängt, eller raderat efter 30 dagar. Eller så följde inte hela adressen med."),
        _("Kontrollera adressen, eller börja på en ny idé."),
    ),
    (Kind.TOO_MANY_TRIES, "hand_in"): (
        _("Idén är inte skickad än."),
        _("Det har kommit många idéer från samma nät på kort tid."),
        _("Vänta %(seconds)s och skicka igen. Det du skrev finns kvar."),
    ),
}
