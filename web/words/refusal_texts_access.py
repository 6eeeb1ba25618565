"""The Swedish of refusals to whoever comes in, as in ``refusal_texts``: signing in, links and invitations."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

Texts = tuple[Any, Any, Any]
_NOTHING = _("Inget är registrerat.")

TEXTS: Mapping[Kind, Texts] = {
    Kind.TOO_MANY_TRIES: (
        _("Du är inte inloggad."),
        _("Det har blivit fel för många gånger, så lösenordet prövas inte just nu."),
        _("Vänta %(seconds)s och försök igen. Har du glömt lösenordet, be den som är administratör om en ny länk."),
    ),
}

VARIANTS: Mapping[tuple[Kind, str | None], Texts] = {
    (Kind.TOO_MANY_TRIES, "follow"): (
        _("Inget mejl är skickat."),
        _("Många har bett om att få följa från samma nät på kort tid."),
        _("Vänta %(seconds)s och försök igen, eller följ med Atom eller i din kalender."),
    ),
    (Kind.NOT_FOUND, "invitation"): (
        _("Länken går inte att öppna."),
        _("Den är redan använd, ersatt av en nyare, eller äldre än en vecka."),
        _("Be den som är administratör om en ny."),
    ),
    (Kind.FIELD_INVALID, "password"): (
        _NOTHING, _("Lösenordet är för kort eller för långt."), _("Skriv minst %(least)s tecken och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "disabled"): (
        _NOTHING, _("Inloggningen är avstängd."), _("Öppna den igen först, och gör sedan en ny länk."),
    ),
    (Kind.FIELD_INVALID, "login"): (
        _NOTHING,
        _("Användarnamnet är upptaget, eller så har personen redan ett."),
        _("Välj ett annat och skicka igen."),
    ),
    (Kind.NOT_PERMITTED, "sign_in"): (
        _("Du är inte inloggad."),
        _("Namnet och lösenordet hör inte ihop."),
        _("Försök igen, eller fråga den som är administratör."),
    ),
    (Kind.NOT_PERMITTED, "sign_in_as"): (
        _("Du är inte inloggad."),
        _("Bara i en provmiljö går det att logga in utan lösenord."),
        _("Logga in med namn och lösenord."),
    ),
    (Kind.NOT_FOUND, "link"): (
        _("Länken går inte att öppna."),
        _("Den är inte hel, eller ersatt av en nyare."),
        _("Kontrollera att hela länken följde med. Annars: ring oss och uppge förslagets nummer."),
    ),
}  # fmt: skip
