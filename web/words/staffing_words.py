"""The words for where nobody may act: who is missing, from which day, and what stops. Decides nothing."""

from flask_babel import lazy_gettext as _

from web.request.figures import datum
from web.request.language import gettext, ngettext
from web.words.refusal_words import who
from web.words.words import SOURCES, running
from workflow.staffing.views_staffing import Gap, Staffing

REASONS = {
    "vacant": _("Ingen innehar rollen de dagarna."),
    "prepared": _("Den som beslutar är också den enda som bereder, och den som bereder beslutar inte."),
    "left": _("Den som annars får har berett ärendet själv, eller deltar inte för ett intresse."),
    "right": _("Ingen har beslutanderätt för det."),
}


def needed(gap: Gap) -> str:
    """Who is missing, as a title: "Budgetansvarig", "Beslutanderätt: särskilt anslag"."""
    if gap.why == "right":
        source = SOURCES.get(gap.needs)
        told = running(str(source)) if source else gettext("finansieringen av hela summan")
        return gettext("Beslutanderätt: %(source)s", source=told)
    name = who(gap.needs)
    return name[:1].upper() + name[1:]


def days(gap: Gap) -> str:
    if gap.to_on is None:
        return gettext("från %(first)s", first=datum(gap.from_on))
    return gettext("från %(first)s till och med %(last)s", first=datum(gap.from_on), last=datum(gap.to_on))


def reason(gap: Gap) -> str:
    return str(REASONS[gap.why])


def stops(gap: Gap) -> str:
    """ "Fyra förslag stannar" in figures; nothing where none does."""
    if not gap.stops:
        return gettext("Inget öppet förslag stannar just nu.")
    return ngettext("%(num)d förslag stannar.", "%(num)d förslag stannar.", len(gap.stops))


def lines(found: Staffing) -> list[str]:
    """What start, night and command line say, a line for each gap."""
    told = [f"{needed(gap)}: {days(gap)}. {reason(gap)} {stops(gap)}" for gap in found.gaps]
    if found.cannot_sign_in:
        told.append(gettext("Har uppdrag men ingen inloggning: %(names)s", names=", ".join(found.cannot_sign_in)))
    return told


FILTERS = {"gap_needed": needed, "gap_days": days, "gap_reason": reason, "gap_stops": stops}
