"""The Swedish of what an administrator is refused, as in ``refusal_texts``: what does not go together."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

Texts = tuple[Any, Any, Any]
_NOTHING = _("Inget är ändrat.")
_AGAIN = _("Rätta det och skicka igen.")

TEXTS: Mapping[Kind, Texts] = {
    Kind.CONFLICTING: (_NOTHING, _("Det går inte ihop med det som redan finns."), _("Fråga %(who)s.")),
}
WHY: Mapping[str, tuple[Any, Any]] = {
    "ends_before_it_begins": (_("Sista dagen %(to_on)s är före den första, %(from_on)s."), _AGAIN),
    "has_ended": (
        _("Det upphörde redan %(to_on)s, och det som har varit ändras inte."),
        _("Lägg till en ny rad för tiden som kommer."),
    ),
    "in_the_past": (
        _("Dagen har redan varit: %(to_on)s. Det som har gjorts sedan dess vilar på det som gällde."),
        _("Ange i går eller en senare dag som sista dag, eller i dag eller senare som första."),
    ),
    "body_has_ended": (
        _("Organet upphör %(to_on)s och har inget efter den dagen."),
        _("Välj organet som tar över, eller en tidigare dag."),
    ),
    "already_member": (
        _("Personen har redan det uppdraget, sedan %(from_on)s."),
        _("Avsluta det uppdraget först, eller välj en dag efter dess sista."),
    ),
    "second_chair": (
        _("Organet har redan en ordförande de dagarna, sedan %(from_on)s."),
        _("Avsluta det uppdraget först, eller välj en dag efter dess sista."),
    ),
    "not_employed": (
        _("Rollen binder pengar eller registrerar beslut, och kan bara innehas av den som är anställd i kommunen."),
        _("Välj en annan roll, eller kategorin anställd i kommunen om det är så."),
    ),
    "last_administrator": (
        _("Då skulle ingen vara administratör från %(from_on)s."),
        _("Ge någon annan uppdraget som administratör först."),
    ),
    "body_exists": (_("Det finns redan ett organ som heter så: %(title)s."), _("Välj ett annat namn.")),
    "successor_has_ended": (
        _("Organet som ska ta över är detsamma, eller har självt upphört då."),
        _("Välj ett organ som finns kvar."),
    ),
    "successor_decides_nothing": (
        _("Organet som ska ta över fattar inga beslut, och det här har beslut som väntar eller beslutanderätt."),
        _("Välj en nämnd, kommunstyrelsen eller kommunfullmäktige."),
    ),
    "meeting_was_held": (_("Mötet %(held_on)s har redan varit."), _("Det som har varit ändras inte.")),
    "meeting_is_used": (
        _("Något är redan registrerat på mötet %(held_on)s."),
        _("Flytta det till en annan dag i stället."),
    ),
    "papers_after_meeting": (
        _("Sista dagen för handlingar är efter mötet, %(held_on)s."), _("Ange en dag före mötet, eller ingen."),
    ),
    "meets_that_day": (_("Organet har redan ett möte den dagen, %(held_on)s."), _("Välj en annan dag.")),
    "quiet_already": (
        _("En lugn period som började %(from_on)s har dagar gemensamt med den här."), _("Ändra den i stället."),
    ),
    "has_begun": (_("Perioden började %(from_on)s."), _("Ändra dess sista dag i stället.")),
    "right_already": (
        _("Den beslutanderätten finns redan för samma slags pengar, sedan %(from_on)s."),
        _("Avsluta den först, eller välj en dag efter dess sista."),
    ),
    "decides_nothing": (
        _("Organet fattar inga beslut, det tar ställning eller bereder."),
        _("Välj en nämnd, kommunstyrelsen, kommunfullmäktige eller en delegat."),
    ),
    "person_exists": (
        _("Det finns redan någon med det namnet och den titeln."), _("Ändra den personens uppgifter i stället."),
    ),
    "has_no_login": (_("Personen har ingen inloggning."), _("Bjud in personen först.")),
}  # fmt: skip
VARIANTS: Mapping[tuple[Kind, str | None], Texts] = {
    (Kind.CONFLICTING, why): (_NOTHING, *told) for why, told in WHY.items()
}
