"""The Swedish of refusals of what is done beside the steps: opinions, notes, several at once. Part of
``refusal_texts``; facts stand as %(name)s and ``who`` can lift it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

Texts = tuple[Any, Any, Any]

TEXTS: Mapping[Kind, Texts] = {
    Kind.OPINIONS_MISSING: (
        _("Det kan inte gå vidare än."),
        _("%(answered)s av %(asked)s svar har kommit. Vi väntar på %(missing)s."),
        _("Vänta på svaren, eller avsluta insamlingen med ett skäl. Det gör %(who)s."),
    ),
    Kind.COST_UNEXPLAINED: (
        _("Det går inte att avsluta än."),
        _("%(spent_ore)s är bokfört och %(ordered_ore)s är beställt utan att vara bokfört."),
        _(
            "Bokför det som fattas, skriv det bokförda som slutlig kostnad, eller skriv varför den är en annan."
            " Det gör %(who)s."
        ),
    ),
    Kind.PICTURE_MISSING: (
        _("Det går inte att avsluta än."),
        _("Ingen bild visar hur det blev."),
        _("Lägg till en bild, eller skriv varför det inte finns någon. Det gör %(who)s."),
    ),
    Kind.NOT_TOGETHER: (
        _("Det görs för ett förslag i taget."),
        _("Processen låter inte flera förslag lämna ”%(state)s” så på en gång."),
        _("Öppna ärendet och ta steget där."),
    ),
}
VARIANTS: Mapping[tuple[Kind, str | None], Texts] = {
    (Kind.CONTENT_FIXED, "redirected"): (
        _("Processen kan inte bytas."),
        _("Vad som ska betala är redan inskrivet, och varje process säger själv vad som får betala."),
        _("Ta bort det som ska betala, byt process och skriv in det igen. Det gör %(who)s."),
    ),
    (Kind.FIELD_INVALID, "process"): (
        _("Processen kan inte bytas."),
        _("Välj en annan process än den som förslaget har."),
        _("Välj en process i listan och skicka igen."),
    ),
    (Kind.NOT_HERE, "opinions"): (
        _("Inget är registrerat."),
        _("Insamlingen av synpunkter är avslutad."),
        _("Vill du ändå säga något, så skriv till handläggaren."),
    ),
    (Kind.NOT_FOUND, "opinion"): (
        _("Sidan kan inte visas."),
        _("Det finns ingen sådan fråga i ärendet."),
        _("Öppna ärendet och se vad som har frågats."),
    ),
    (Kind.FIELD_MISSING, "asked"): (
        _("Inget är skickat."), _("Ingen är vald."), _("Välj minst en som ska svara och skicka igen."),
    ),
    (Kind.FIELD_MISSING, "rows"): (
        _("Inget är gjort."), _("Inget förslag är valt."), _("Kryssa för minst ett förslag och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "asked"): (
        _("Inget är skickat."),
        _("Någon av de valda kan inte svara i dag: ingen har uppdraget."),
        _("Välj bland dem som står på sidan och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "answer_by"): (
        _("Inget är skickat."), _("Svarsdagen har redan varit."), _("Skriv en dag som kommer och skicka igen."),
    ),
}  # fmt: skip
