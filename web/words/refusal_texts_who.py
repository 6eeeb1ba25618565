"""The Swedish of the refusals about who may act: who takes no part, who stands in, in whose hands a task is put."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

Texts = tuple[Any, Any, Any]
_NOTHING = _("Inget är registrerat.")
_CHOOSE = _("Välj någon annan och skicka igen.")

TEXTS: Mapping[Kind, Texts] = {
    Kind.INTERESTED: (
        _("Du deltar inte: intresseanmälan %(declared_on)s."),
        _("Den som har ett intresse i saken handlägger den inte och beslutar inte om den."),
        _("Någon annan gör det: %(who)s. Stämmer inte anmälan, så tas den tillbaka med ett skäl på förslagets sida."),
    ),
    Kind.PREPARED_IT: (
        _("Du kan inte besluta i det här ärendet."),
        _("Du har själv berett det, och den som bereder beslutar inte."),
        _("Be någon annan som får besluta: %(who)s."),
    ),
    Kind.NO_SUBSTITUTE: (
        _("Du kan inte fatta det här beslutet som ersättare."),
        _("Beslutanderätten anger ingen ersättare som du är. Som ersättare förbereder och verkställer du."),
        _("Beslutet tas av %(who)s. Säger delegationsordningen annat, så ändrar administratören beslutanderätten."),
    ),
}

VARIANTS: Mapping[tuple[Kind, str | None], Texts] = {
    (Kind.FIELD_INVALID, "deputy"): (
        _NOTHING,
        _("Den personen kan inte vara ersättare då, eller ersätter inte längre."),
        _("Välj någon annan som har ett eget uppdrag den dagen, och som inte är revisor."),
    ),
    (Kind.FIELD_INVALID, "principal"): (
        _NOTHING,
        _("Den som är borta har inget uppdrag den dagen."),
        _("Kontrollera uppdraget och dagarna, och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "to_on"): (
        _NOTHING,
        _("Sista dagen ligger före den första, eller har redan varit."),
        _("Ändra dagarna och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "colleague"): (
        _NOTHING,
        _("Den personen får inte göra uppgiften själv, eller deltar inte i ärendet."),
        _CHOOSE,
    ),
    (Kind.FIELD_INVALID, "person"): (_NOTHING, _("Den personen har inget uppdrag i ärendet."), _CHOOSE),
    (Kind.FIELD_INVALID, "ground"): (
        _NOTHING, _("Grunden för intresset är inte vald."), _("Välj en av grunderna och skicka igen."),
    ),
    (Kind.FIELD_MISSING, "basis"): (
        _NOTHING, _("Det saknas vad intresset består i."), _("Skriv det kort och skicka igen."),
    ),
}  # fmt: skip
