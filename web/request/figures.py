"""How amounts, dates and days are written. Knows no process and no person."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date

from web.request.language import current, gettext, ngettext

NO_BREAK = "\u00a0"
MINUS = "\u2212"
HERE = ZoneInfo("Europe/Stockholm")


def kr(ore: int | None) -> str:
    """1 000 000 kr with no-break spaces; öre only where there are any; None is not known yet."""
    if ore is None:
        return gettext("inte känt än")
    whole, part = divmod(abs(ore), 100)
    text = f"{whole:,}".replace(",", NO_BREAK)
    if part:
        text += f"{'.' if current() == 'en' else ','}{part:02}"
    return f"{MINUS if ore < 0 else ''}{text}{NO_BREAK}kr"


def kr_signed(ore: int) -> str:
    """With a plus before what is added: +12 000 kr."""
    return f"+{kr(ore)}" if ore > 0 else kr(ore)


def datum(day: date | datetime | None) -> str:
    """23 november 2026; a moment is told as the day it was in Sweden."""
    return str(format_date(_day(day), "d MMMM y")).replace(" ", NO_BREAK) if day else gettext("ej angivet")


def kortdatum(day: date | datetime | None) -> str:
    """2026-11-23, for tables."""
    return _day(day).isoformat() if day else gettext("ej angivet")


def manad(day: date) -> str:
    """november 2026, for what is only roughly known."""
    return str(format_date(day, "MMMM y")).replace(" ", NO_BREAK)


def arbetsdagar(days: int) -> str:
    """12 arbetsdagar"""
    return ngettext("%(num)d arbetsdag", "%(num)d arbetsdagar", days).replace(f"{days} ", f"{days}{NO_BREAK}")


def klockslag(moment: datetime) -> str:
    """23 november 2026 kl. 14.05"""
    local = moment.astimezone(HERE) if moment.tzinfo else moment
    return gettext("%(date)s kl. %(time)s", date=datum(local), time=f"{local:%H.%M}")


def dagar(days: int) -> str:
    """väntat 12 arbetsdagar"""
    if days == 0:
        return gettext("sedan i dag")
    return ngettext("väntat %(num)d arbetsdag", "väntat %(num)d arbetsdagar", days).replace(
        f"{days} ", f"{days}{NO_BREAK}"
    )


def tal(count: int) -> str:
    """12 345, in groups of three."""
    return f"{count:,}".replace(",", NO_BREAK)


def badge(count: int) -> str:
    """A counter stops at 99+."""
    return "99+" if count > 99 else str(count)


def anchor(name: str) -> str:
    """A name as an id that a picture or an address may point at."""
    return "".join(sign if sign.isascii() and sign.isalnum() else f"-{ord(sign):x}-" for sign in name)


def tel(number: str) -> str:
    """0550-880 00 as a telephone dials it."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def _day(day: date | datetime) -> date:
    if isinstance(day, datetime):
        return (day.astimezone(HERE) if day.tzinfo else day).date()
    return day


FILTERS = {
    each.__name__: each
    for each in (kr, kr_signed, datum, kortdatum, manad, klockslag, dagar, arbetsdagar, tal, badge, anchor, tel)
}
