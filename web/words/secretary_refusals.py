"""The Swedish of what is refused to a body's secretary, in three parts as in ``refusal_texts``. Decides nothing."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

_NOTHING = _("Inget är registrerat.")

SECRETARY_TEXTS: Mapping[Kind, tuple[Any, Any, Any]] = {
    Kind.DECISION_CORRECTED: (
        _NOTHING,
        _("Steget där beslutet registrerades är rättat, så beslutet gäller inte."),
        _("Registrera uppgifterna på det beslut som gäller. Fråga %(who)s."),
    ),
    Kind.ALREADY_REPORTED: (
        _NOTHING,
        _("Ett av besluten är redan anmält."),
        _("Ladda om sidan och välj bland dem som är kvar. Fråga %(who)s."),
    ),
}
SECRETARY_VARIANTS: Mapping[tuple[Kind, str | None], tuple[Any, Any, Any]] = {
    (Kind.NOT_FOUND, "meeting"): (
        _("Sidan kan inte visas."),
        _("Något sådant möte är inte angivet, eller adressen gäller inte längre."),
        _("Gå till mötena och välj ett datum där."),
    ),
    (Kind.FIELD_INVALID, "order"): (
        _NOTHING,
        _("Dagarna kommer i fel ordning: %(field)s kan inte vara före den %(earliest)s."),
        _("Rätta dagen och skicka igen."),
    ),
}
