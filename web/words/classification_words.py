"""Why a cost is proposed as investment or operating, in plain words, or what is missing to tell. Holds no rule."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from web.request.figures import kr
from web.request.language import gettext
from web.words.content_words import LINES
from web.words.rate_words import percent
from web.words.words import SOURCES, running
from workflow.money.classifying import Proposed

REASONS: Mapping[str, Any] = {
    "operating_kind": _("%(kind)s: här köps ingenting som ska användas länge. Därför är det drift."),
    "others_property": _(
        "Platsen ägs av någon annan än kommunen. Då är pengarna ett bidrag, och bidrag är drift."
        " Stöd som riktas till ett enskilt företag kräver synnerliga skäl."
    ),
    "short_life": _("Det håller i %(life_years)s år. En investering ska hålla i minst %(least_years)s år."),
    "small": _(
        "Hela köpet kostar %(whole_ore)s. Det är under gränsen %(limit_ore)s, som är %(share)s %% av prisbasbeloppet"
        " %(year)s."
    ),
    "lasting": _(
        "Det är till för att användas länge: %(life_years)s år, och minst %(least_years)s krävs. Kommunen äger platsen."
        " Hela köpet kostar %(whole_ore)s, och gränsen är %(limit_ore)s: %(share)s %% av prisbasbeloppet %(year)s."
    ),
    "owner_missing": _("Det är inte angivet vem som äger platsen; ange det eller avgör själv."),
    "life_missing": _("Det är inte angivet hur många år det håller; ange det eller avgör själv."),
    "amount_missing": _("Det är inte angivet vad hela köpet kostar; ange det eller avgör själv."),
    "other_line_missing": _(
        "Hela köpet avgör, och för kostnad %(line)s är det inte angivet vem som äger platsen eller hur länge det"
        " håller; ange det eller avgör själv."
    ),
}
MAINTENANCE = _("Underhåll och reparation återställer det som redan finns. Därför är det drift.")
RATE_MISSING: Mapping[str, Any] = {
    "price_base_amount": _("Prisbasbelopp %(year)s är inte angivet; ange det eller avgör själv."),
    "capitalisation_share": _("Gränsen för investering %(year)s är inte angiven; ange den eller avgör själv."),
    "capitalisation_years": _("Minsta livslängd %(year)s är inte angiven; ange den eller avgör själv."),
}


def reason(proposed: Proposed) -> str:
    """Why, or what is missing: one or two sentences."""
    told = {name: _fact(name, value) for name, value in proposed.facts.items()}
    if proposed.because == "rate_missing":
        text = RATE_MISSING[str(proposed.facts["rate"])]
    else:
        text = MAINTENANCE if proposed.facts.get("kind") == "maintenance" else REASONS[proposed.because]
    return str(text) % told


def verdict(proposed: Proposed) -> str:
    """ "Föreslås: investering." or that it cannot be told."""
    if proposed.to is None:
        return gettext("Går inte att avgöra än.")
    return gettext("Föreslås: %(pot)s.", pot=running(str(SOURCES[proposed.to])))


def _fact(name: str, value: int | str) -> str:
    if name == "kind":
        return str(LINES[str(value)])
    if name == "share":
        return percent(int(value))
    return kr(int(value)) if name.endswith("_ore") else str(value)


FILTERS = {"proposed_reason": reason, "verdict": verdict}
