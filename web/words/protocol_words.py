"""The words for what becomes known of a decision after it is registered. Decides nothing."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

PROTOCOL_FIELDS: Mapping[str, Any] = {
    "posted_on": _("Anslaget uppsatt"),
    "taken_down_on": _("Anslaget nedtaget"),
    "sent_on": _("Expedierat"),
    "sent_to": _("Expedierat till"),
    "reservation": _("Reservation"),
    "point": _("Rubrik på punkten"),
    "attendance": _("Närvaro"),
    "notes": _("Anteckningar"),
    "rows": _("Beslut att anmäla"),
}
PROTOCOL_HELP: Mapping[str, Any] = {
    "adjusted_on": _("Dagen då protokollet, eller paragrafen, justerades."),
    "posted_on": _("Dagen då det tillkännagavs på anslagstavlan. Därifrån räknas tiden för att överklaga."),
    "taken_down_on": _("Anslaget sitter uppe tills överklagandetiden är slut."),
    "sent_on": _("När beslutet är expedierat kan steget inte längre rättas."),
    "sent_to": _("Vilka som har fått beslutet. Läses av tjänstepersonerna."),
    "reservation": _("Vem som reserverade sig, och reservationen ord för ord om den är skriftlig."),
}
