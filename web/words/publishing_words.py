"""The words of what everybody is shown: what may be said of a text, which details were found, and refusals."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

Texts = tuple[Any, Any, Any]
REVIEWS: Mapping[str, Any] = {
    "kept": _("Maskerad: det som är dolt förblir dolt"),
    "shown": _("Som den är skriven"),
    "corrected": _("I andra ord, som jag skriver här"),
}
STATES: Mapping[str, Any] = {
    "as_written": _("Alla läser texten som den är skriven."),
    "masked": _("Ingen har granskat texten än. Det som ser ut som personuppgifter är dolt."),
    "kept": _("Texten är granskad. Personuppgifterna är dolda."),
    "shown": _("Texten är granskad och visas som den är skriven."),
    "corrected": _("Alla läser en rättad text."),
}
DETAILS: Mapping[str, Any] = {
    "personal_number": _("personnummer"), "telephone": _("telefonnummer"), "email": _("e-postadress"),
}  # fmt: skip
SCOPES: Mapping[str, Any] = {
    "contact": _("Bara hur man når den som lämnade förslaget"),
    "everything": _("Det och allt som är skrivet i förslaget"),
}
_NOTHING = _("Inget är ändrat.")
NOT_SHOWN: Texts = (
    _("Förslaget visas inte just nu."),
    _("Förslag %(number)s är taget ur visning tills vidare. Ärendet fortsätter och handlingarna finns kvar."),
    _("Vill du veta mer eller läsa en handling? Fråga oss: kontaktuppgifterna står längst ned på sidan."),
)
PUBLISHING_VARIANTS: Mapping[tuple[Kind, str | None], Texts] = {
    (Kind.NOT_HERE, "unpublished"): (
        _NOTHING, _("Förslag %(number)s är redan taget ur visning."), _("Ladda om sidan och se hur det står."),
    ),
    (Kind.NOT_HERE, "shown"): (
        _NOTHING, _("Förslag %(number)s visas redan för alla."), _("Ladda om sidan och se hur det står."),
    ),
    (Kind.NOT_HERE, "held"): (
        _NOTHING, _("Beslutets text väntar redan på att publiceras."), _("Publicera den på sidan Publicering."),
    ),
    (Kind.NOT_HERE, "published"): (
        _NOTHING, _("Beslutets text är redan publicerad."), _("Ladda om sidan och se hur det står."),
    ),
    (Kind.NOT_HERE, "erased"): (
        _NOTHING, _("Det är redan gallrat."), _("Historiken säger när, av vem och efter vilket beslut."),
    ),
    (Kind.FIELD_MISSING, "ruling_body"): (
        _NOTHING, _("Det saknas vem som har beslutat om gallringen."), _("Fyll i det och skicka igen."),
    ),
    (Kind.FIELD_MISSING, "ruling_paragraph"): (
        _NOTHING, _("Beslutets paragraf saknas."), _("Fyll i den och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "ruling"): (
        _NOTHING, _("Beslutets dag har inte varit än, eller så är det inte valt vad som ska gallras."),
        _("Rätta det och skicka igen."),
    ),
    (Kind.NOT_FOUND, "text"): (
        _NOTHING, _("Händelsen har ingen sådan text."), _("Ladda om sidan och välj bland dem som står där."),
    ),
    (Kind.NOT_FOUND, "decision"): (
        _NOTHING, _("Det finns inget sådant beslut i ärendet."), _("Ladda om sidan och välj bland dem som står där."),
    ),
    (Kind.FIELD_INVALID, "review"): (
        _NOTHING, _("Det är inte valt hur alla ska läsa texten."), _("Välj ett av alternativen och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "same_words"): (
        _NOTHING, _("Orden är desamma som alla redan läser."),
        _("Skriv det som ska läsas annorlunda, eller låt texten vara som den är."),
    ),
    (Kind.FIELD_INVALID, "text"): (_NOTHING, _("Texten är för lång."), _("Korta den och skicka igen.")),
}  # fmt: skip
