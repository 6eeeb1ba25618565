"""The words for opinions: where somebody stands, and numbers as they stand in a sentence. Decides nothing."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

STANCE_WORDS: Mapping[str, Any] = {
    "comments": _("Lämnar synpunkter"),
    "supports": _("Tillstyrker"),
    "no_objection": _("Har inget att erinra"),
    "opposes": _("Avstyrker"),
    "abstains": _("Avstår från att yttra sig"),
}
NUMBERS = (  # up to a dozen, as words in a sentence
    _("inget"), _("ett"), _("två"), _("tre"), _("fyra"), _("fem"), _("sex"), _("sju"), _("åtta"), _("nio"), _("tio"),
    _("elva"), _("tolv"),
)  # fmt: skip


def counted(n: int) -> str:
    """A number as it stands in a sentence: "två"; figures above a dozen."""
    return str(NUMBERS[n]) if n < len(NUMBERS) else str(n)


def stance(name: str) -> str:
    return str(STANCE_WORDS[name]) if name in STANCE_WORDS else ""


FILTERS = {each.__name__: each for each in (counted, stance)}
