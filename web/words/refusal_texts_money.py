"""The Swedish texts of refusals that the pots cause. Part of ``refusal_texts``."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind

_NOT_YET = _("Det kan inte gå vidare än.")

MONEY_TEXTS: Mapping[Kind, tuple[Any, Any, Any]] = {
    Kind.BUDGET_NOT_DECIDED: (
        _("Pengar kan inte tas i anspråk."),
        _("Budget %(year)s för %(pot_title)s är inte beslutad."),
        _("Vänta på budgetbeslutet, eller välj ett annat budgetår. Budgeten beslutas av %(who)s."),
    ),
    Kind.YEAR_CLOSED: (
        _("Pengar kan inte tas i anspråk."),
        _("Året är stängt: %(pot_title)s %(year)s."),
        _("Välj ett öppet budgetår, eller fråga %(who)s om ombudgetering."),
    ),
    Kind.POT_OVERRUN: (
        _("Inga nya beslut kan fattas på potten."),
        _("%(pot_title)s %(year)s är överskriden med %(overrun_ore)s som inget beslut täcker."),
        _("Överskridandet behöver först täckas genom ett beslut av %(who)s."),
    ),
    Kind.POT_SHORT: (
        _("Pengarna räcker inte."),
        _("%(missing_ore)s fattas i %(pot_title)s %(year)s: %(asked_ore)s behövs, och %(available_ore)s är kvar."),
        _("Mer kan ges genom ett beslut av %(who)s."),
    ),
    Kind.NOTHING_OPEN: (
        _NOT_YET,
        _("Inget är %(bucket)s för det här."),
        _("Det behöver göras först. Fråga %(who)s."),
    ),
    Kind.MONEY_SPENT: (
        _("Steget kan inte göras om."),
        _("%(spent_ore)s är redan bokfört."),
        _("Ta ett nytt steg i stället, eller fråga %(who)s."),
    ),
    Kind.COFINANCING_WAITS: (
        _NOT_YET,
        _("%(financier)s har inte kommit så långt med sin del av pengarna."),
        _("Anteckna medfinansieringen när den är klar. Det gör %(who)s."),
    ),
}
