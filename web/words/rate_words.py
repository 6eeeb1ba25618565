"""What rates and limits are called, what they decide, and how their values are written. Holds no rule."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from web.request.figures import NO_BREAK, kortdatum, kr
from web.request.language import current, gettext, ngettext
from web.words.words import msg
from workflow.money.views_money import Rate

RATES: Mapping[str, tuple[Any, Any]] = {  # name -> what it is called, what it is for
    "price_base_amount": (
        _("Prisbasbelopp"), _("Gränsen mellan drift och investering räknas som en andel av det."),
    ),
    "capitalisation_share": (
        _("Gräns för investering"),
        _("Ett inköp räknas som investering när hela köpet kostar minst så här stor del av prisbasbeloppet."),
    ),
    "capitalisation_years": (
        _("Minsta livslängd för en investering"), _("Det som håller kortare tid är drift."),
    ),
    "internal_interest": (
        _("Internränta"), _("Räntan i kapitalkostnaden för en investering."),
    ),
    "review_limit": (
        _("Gräns för inköp utan avstämning"), _("Ett inköp under gränsen behöver inte tas upp på avstämningen först."),
    ),
    "board_limit": (
        _("Gräns för aktivitet utan tjänsteskrivelse"), _("En aktivitet över gränsen kräver tjänsteskrivelse."),
    ),
    "direct_award_limit": (
        _("Gräns för direktupphandling"), _("Ett köp ska vara värt mindre för att få upphandlas direkt."),
    ),
    "year_end_days": (
        _("Dagar till årets stängning"), _("Så långt in på det nya året stängs budgetåret för nya beslut."),
    ),
    "reminder_before_days": (
        _("Påminnelse före sista dagen"), _("Så långt innan något ska vara klart påminns den som det väntar på."),
    ),
    "reminder_after_days": (
        _("Påminnelse efter sista dagen"), _("Så långt efter sista dagen påminns den som det väntar på en sista gång."),
    ),
    "opinion_days": (
        _("Dagar att lämna synpunkter"), _("Så lång tid har den som tillfrågas, om ingen annan dag anges."),
    ),
    "direct_award_documentation_limit": (
        _("Gräns för dokumenterad direktupphandling"), _("En direktupphandling över gränsen ska dokumenteras."),
    ),
}  # fmt: skip
UNIT_WORDS = {"ore": _("kronor"), "basis_points": _("procent"), "years": _("år"), "working_days": _("arbetsdagar")}


def rate_name(name: str) -> str:
    return str(RATES[name][0]) if name in RATES else msg(name)


def rate_purpose(name: str) -> str:
    return str(RATES[name][1]) if name in RATES else ""


def rate_value(rate: Rate) -> str:
    """59 200 kr, 50 %, 3 år; nothing stated says so."""
    if rate.value is None:
        return gettext("ej angivet")
    if rate.unit == "ore":
        return kr(rate.value)
    if rate.unit == "basis_points":
        return f"{percent(rate.value)}{NO_BREAK}%"
    if rate.unit == "years":
        return ngettext("%(num)d år", "%(num)d år", rate.value)
    return ngettext("%(num)d arbetsdag", "%(num)d arbetsdagar", rate.value)


def rate_days(rate: Rate) -> str:
    """2026, or the days when it began and ended."""
    if rate.year is not None:
        return str(rate.year)
    if rate.to_on is None:
        return gettext("från %(day)s", day=kortdatum(rate.from_on))
    return gettext("%(first)s till %(last)s", first=kortdatum(rate.from_on), last=kortdatum(rate.to_on))


def percent(basis_points: int) -> str:
    """50 or 1,75: hundredths of a per cent without needless noughts."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}{'.' if current() == 'en' else ','}{part:02}".rstrip("0") if part else str(whole)


FILTERS = {each.__name__: each for each in (rate_name, rate_purpose, rate_value, rate_days, percent)}
