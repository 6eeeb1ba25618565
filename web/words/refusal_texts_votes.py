"""The Swedish texts of refusals that a group's vote causes. Part of ``refusal_texts``."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

_NOT_YET = _("Det kan inte gå vidare än.")

VOTE_TEXTS: Mapping[Kind, tuple[Any, Any, Any]] = {
    Kind.VOTES_OFF: (
        _("Gruppen röstar inte."),
        _("Den söker samsyn, och avvikande mening antecknas."),
        _("Har gruppen bestämt sig för att rösta läggs det in av %(who)s."),
    ),
    Kind.VOTE_OPEN: (
        _NOT_YET,
        _("Gruppen röstar om förslaget, och %(cast)s av %(of)s har svarat."),
        _("Vänta tills alla har svarat, eller avsluta omröstningen. Det gör %(who)s."),
    ),
    Kind.VOTE_SAYS_OTHERWISE: (
        _NOT_YET,
        _("Omröstningen säger något annat: %(in_favour)s av %(of)s var för, och det krävdes %(needed)s."),
        _("Anteckna det som gruppen kom fram till, eller ändra förslaget och rösta igen."),
    ),
}
