"""The Swedish of refusals to whoever hands in an idea, as in ``refusal_texts``."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

Texts = tuple[Any, Any, Any]

_FILES: Mapping[str, tuple[Any, Any]] = {
    "empty": (_("Filen är tom."), _("Välj en annan fil.")),
    "large": (_("Filen är för stor. Högst 16 MB får plats."), _("Gör bilden mindre, eller välj en annan.")),
    "heic": (
        _("Bilden är sparad som HEIC, som många inte kan öppna."),
        _("Välj ”Mest kompatibel” i telefonens inställningar för kameran och ta om den, eller spara den som jpg."),
    ),
    "kind": (
        _("Det är inte en bild (jpg, png, webp) eller ett dokument (pdf)."),
        _("Spara filen i ett av formaten och försök igen."),
    ),
    "broken": (_("Filen går inte att läsa."), _("Öppna den, spara den på nytt och försök igen, eller välj en annan.")),
    "pixels": (_("Bilden är för stor, eller rör sig."), _("Gör den mindre, eller spara den som jpg, och försök igen.")),
    "active": (
        _("Dokumentet innehåller något som körs när det öppnas, eller är för krångligt byggt."),
        _("Spara det på nytt som en vanlig pdf, till exempel genom att skriva ut till pdf."),
    ),
    "waiting": (
        _("Sex av dina filer väntar på att någon hos oss tittar på dem, eller så blir de för stora tillsammans."),
        _("Försök igen när de har blivit granskade, eller skriv till oss."),
    ),
    "many": (
        _("Det är för många filer, eller så blir de för stora tillsammans."),
        _("Ta bort någon fil, eller skicka resten när idén har fått sitt nummer."),
    ),
}

VARIANTS: Mapping[tuple[Kind, str | None], Texts] = {
    (Kind.NOT_FOUND, "draft"): (
        _("Utkastet finns inte längre."),
        _("Det är skickat, slängt, eller raderat efter 30 dagar. Eller så följde inte hela adressen med."),
        _("Kontrollera adressen, eller börja på en ny idé."),
    ),
    (Kind.TOO_MANY_TRIES, "file"): (
        _("Filen är inte sparad."),
        _("Det har kommit många filer från samma nät på kort tid."),
        _("Vänta %(seconds)s och lägg till den igen. Du kan också skicka idén utan den."),
    ),
    (Kind.NOT_FOUND, "file"): (
        _("Filen kan inte visas."),
        _("Den finns inte, eller visas inte på webben."),
        _("Fråga oss om du behöver den."),
    ),
    **{
        (Kind.FIELD_INVALID, f"file_{why}"): (_("Filen är inte sparad."), reason, remedy)
        for why, (reason, remedy) in _FILES.items()
    },
    (Kind.FIELD_INVALID, "channel"): (
        _("Idén är inte inskriven."),
        _("Det framgår inte hur den kom in."),
        _("Välj ett av alternativen."),
    ),
    (Kind.FIELD_INVALID, "came_on"): (
        _("Idén är inte inskriven."),
        _("Dagen då den kom in har inte varit än, eller är mer än ett år sedan."),
        _("Rätta dagen och skriv in idén igen."),
    ),
    (Kind.FIELD_INVALID, "phase"): (
        _("Inget är registrerat."),
        _("En bild är från före, från efter, eller varken eller."),
        _("Välj ett av dem."),
    ),
    (Kind.FIELD_MISSING, "alt"): (
        _("Bilden visas inte än."),
        _("Det står inte vad den visar, för den som inte ser den."),
        _("Beskriv bilden med några ord och försök igen."),
    ),
    (Kind.TOO_MANY_TRIES, "hand_in"): (
        _("Idén är inte skickad än."),
        _("Det har kommit många idéer från samma nät på kort tid."),
        _("Vänta %(seconds)s och skicka igen. Det du skrev finns kvar."),
    ),
}
