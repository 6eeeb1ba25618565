"""The words of comments: of what kind they are, and what became of them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

KINDS: Mapping[str, Any] = {"comment": _("Kommentar"), "accessibility": _("Tillgänglighet")}
OUTCOMES: Mapping[str, Any] = {
    "noted": _("Läst och noterad"),
    "answered": _("Besvarad"),
    "forwarded": _("Lämnad vidare"),
    "junk": _("Skräp, inget att ta hand om"),
}
COMMENT_VARIANTS: Mapping[tuple[Kind, str | None], tuple[Any, Any, Any]] = {
    (Kind.TOO_MANY_TRIES, "comment"): (
        _("Kommentaren är inte skickad."),
        _("Det har kommit många kommentarer från samma nätverk på kort tid."),
        _("Vänta %(seconds)s och skicka igen. Det du skrev finns kvar."),
    ),
    (Kind.NOT_FOUND, "comment"): (
        _("Sidan kan inte visas."),
        _("Det finns ingen kommentar med numret %(number)s."),
        _("Gå tillbaka till listan och välj därifrån."),
    ),
    (Kind.NOT_HERE, "comment"): (
        _("Inget är ändrat."),
        _("Kommentaren %(number)s är redan besvarad."),
        _("Öppna den och läs vad som blev av den."),
    ),
    (Kind.FIELD_MISSING, "comment"): (
        _("Inget är skickat."), _("Kommentaren är tom."), _("Skriv något, eller tryck bara på Skicka."),
    ),
    (Kind.FIELD_INVALID, "comment"): (
        _("Inget är skickat."), _("Kommentaren är för lång."), _("Korta den och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "outcome"): (
        _("Inget är ändrat."), _("Det är inte valt vad det blev."), _("Välj ett av alternativen och skicka igen."),
    ),
}  # fmt: skip
