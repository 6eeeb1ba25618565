"""The forms by which bodies, people, seats, rights and days are changed: what each asks for, and the row that comes of
what was written. Whether the row may stand is for the engine to say."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from flask_babel import lazy_gettext as _
from wtforms import Form, HiddenField

from web.forms.fields import AmountField, DayField, choice, required, text_field, value_of
from web.request.current import engine
from web.words.administration_words import CATEGORIES
from web.words.words import BODY_KINDS, ROLES, SOURCES, msg
from workflow.bodies.standing_bodies import DECIDES
from workflow.settings.configuration_faults import DELEGATES, EMPLOYEE_ROLES
from workflow.settings.configuration_values import Category, Role, SourceKind

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of form: what it configures, its fields, and the row that it comes to on a page about ``about``."""

    what: str
    fields: Callable[[], dict[str, Any]]
    row: Callable[[Said, Any], dict[str, Any]]
    done: Any


def day(label: Any, *, must: bool = True, told: Any = "") -> DayField:
    return DayField(str(label), [required(label)] if must else [], description=str(told))


def _ended(said: Said, _: Any) -> dict[str, Any]:
    return {"id": int(said["id"]), "to_on": said["to_on"]}


def _last(label: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"id": HiddenField(), "to_on": day(label)}


def _body() -> dict[str, Any]:
    kinds = [(kind, name) for kind, name in BODY_KINDS.items()]
    order = _("Bara för dem som beslutar: högre beslutar efter lägre. Nämnd 20, styrelse 30, fullmäktige 40.")
    return {
        "title": text_field(_("Namn"), must=True),
        "kind": choice(_("Slag"), kinds),
        "level": text_field(_("Ordning"), must=False, most=4, help_text=order),
    }


def _new_body(said: Said, _: Any) -> dict[str, Any]:
    level = said["level"] or "0"
    return {
        "code": code_of(said["title"]), "title": said["title"], "kind": said["kind"],
        "level": int(level) if level.isascii() and level.isdecimal() and said["kind"] in DECIDES else 0,
    }  # fmt: skip


def code_of(title: str) -> str:
    """By which history names a body, whatever it is called later: letters and digits of its first name."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789") or "organ"


def _seat() -> dict[str, Any]:
    people = [(str(each.id), f"{msg(each.name)}, {each.title}") for each in engine().members()]
    whence = _("Beslutet som uppdraget vilar på, till exempel KS § 12 2026-12-09, eller anställningsavtalet.")
    return {
        "person": choice(_("Person"), people),
        "role": choice(_("Roll"), [(role, ROLES[role][0]) for role in get_args(Role)]),
        "category": choice(_("Kategori"), [(each, CATEGORIES[each]) for each in get_args(Category)]),
        "from_on": day(_("Från och med")),
        "to_on": day(_("Till och med"), must=False, told=_("Lämna tomt om det gäller tills vidare.")),
        "source": text_field(_("Källa"), must=True, help_text=whence),
    }


def _new_seat(said: Said, body: str) -> dict[str, Any]:
    names = ("role", "category", "from_on", "to_on", "source")
    return {"body": body, "person_id": int(said["person"]), **{name: said[name] for name in names}}


def _dissolve() -> dict[str, Any]:
    others = [(each.code, msg(each.title)) for each in engine().bodies() if each.stands and each.ended_on is None]
    return {"ended_on": day(_("Sista dag")), "successor": choice(_("Vem tar över"), others)}


def _meeting() -> dict[str, Any]:
    return {"held_on": day(_("Mötesdag")), "papers_due_on": day(_("Sista dag för handlingar"), must=False)}


def _days(said: Said) -> dict[str, Any]:
    return {"held_on": said["held_on"], "papers_due_on": said["papers_due_on"]}


def _person() -> dict[str, Any]:
    return {
        "name": text_field(_("Namn"), must=True),
        "title": text_field(_("Titel"), must=True),
        "email": text_field(_("E-postadress"), must=False),
        "telephone": text_field(_("Telefon"), must=False),
    }


def _details(said: Said, person: int | None) -> dict[str, Any]:
    given = {name: said[name] or "" for name in ("name", "title", "email", "telephone")}
    return given if person is None else given | {"person_id": person}


def _right() -> dict[str, Any]:
    deciding = [(each.code, msg(each.title)) for each in engine().bodies() if each.stands and each.level > 0]
    roles = [(role, ROLES[role][0]) for role in sorted(DELEGATES)]
    substitutes = [("", _("Ingen")), *((role, ROLES[role][0]) for role in sorted(EMPLOYEE_ROLES))]
    limit = _("Hela summan som får beslutas, till exempel 300 000 kr. Lämna tomt om det inte finns någon gräns.")
    return {
        "holder": choice(_("Vem beslutar"), [*roles, *deciding]),
        "source": choice(_("Slags pengar"), [(each, SOURCES[each]) for each in get_args(SourceKind)]),
        "up_to": AmountField(str(_("Till vilket belopp")), description=str(limit)),
        "point": text_field(_("Punkt i delegationsordningen"), must=False),
        "substitute": choice(_("Ersättare enligt delegationsordningen"), substitutes, must=False),
        "from_on": day(_("Från och med")),
        "to_on": day(_("Till och med"), must=False, told=_("Lämna tomt om det gäller tills vidare.")),
        "basis": text_field(
            _("Grund"), must=True, help_text=_("Beslutet som ger rätten, till exempel KF § 88 2025-06-17.")
        ),
    }


def _new_right(said: Said, _: Any) -> dict[str, Any]:
    names = ("holder", "source", "point", "from_on", "to_on", "basis")
    more = {"substitute": said["substitute"] or None} if said["holder"] in DELEGATES else {}
    return {**{name: said[name] for name in names}, "up_to_ore": said["up_to"], **more}


def _quiet() -> dict[str, Any]:
    first, last = day(_("Från och med")), day(_("Till och med"))
    return {"title": text_field(_("Namn"), must=True), "from_on": first, "to_on": last}


CHANGES: Mapping[str, Change] = {
    "body": Change("body", _body, _new_body, _("Organet är tillagt.")),
    "rename": Change(
        "rename", lambda: {"title": text_field(_("Nytt namn"), must=True)},
        lambda said, code: {"code": code, "title": said["title"]}, _("Namnet är ändrat."),
    ),
    "dissolve": Change(
        "dissolve", _dissolve, lambda said, code: {"code": code, **said},
        _("Det är sparat. Öppna ärenden och beslutanderätter följer med när den dagen har varit."),
    ),
    "seat": Change("membership", _seat, _new_seat, _("Uppdraget är tillagt.")),
    "end_seat": Change("membership", _last(_("Sista dag")), _ended, _("Uppdraget har fått en sista dag.")),
    "meeting": Change(
        "meeting", _meeting, lambda said, code: {"body": code, **_days(said)},
        _("Mötet är tillagt. Frister som vilar på det följer med."),
    ),
    "move_meeting": Change(
        "meeting", lambda: {"id": HiddenField(), **_meeting()},
        lambda said, _: {"id": int(said["id"]), **_days(said)},
        _("Mötet är flyttat. Frister som vilar på det följer med."),
    ),
    "cancel_meeting": Change(
        "meeting", lambda: {"id": HiddenField()}, lambda said, _: {"id": int(said["id"]), "cancelled": True},
        _("Mötet är inställt. Frister som vilade på det följer nästa."),
    ),
    "person": Change("person", _person, _details, _("Personen är tillagd.")),
    "details": Change("person", _person, _details, _("Uppgifterna är ändrade.")),
    "close": Change(
        "sign_in", dict, lambda _, person: {"person_id": person, "open": False},
        _("Inloggningen är avstängd, och personen är utloggad överallt."),
    ),
    "open": Change(
        "sign_in", dict, lambda _, person: {"person_id": person, "open": True}, _("Inloggningen är öppen igen."),
    ),
    "right": Change("decision_right", _right, _new_right, _("Beslutanderätten är införd.")),
    "end_right": Change("decision_right", _last(_("Sista dag")), _ended, _("Beslutanderätten har fått en sista dag.")),
    "quiet": Change("quiet_period", _quiet, lambda said, _: dict(said), _("Den lugna perioden är tillagd.")),
    "end_quiet": Change("quiet_period", _last(_("Ny sista dag")), _ended, _("Den sista dagen är ändrad.")),
    "cancel_quiet": Change(
        "quiet_period", lambda: {"id": HiddenField()}, lambda said, _: {"id": int(said["id"]), "cancelled": True},
        _("Den lugna perioden är borttagen."),
    ),
}  # fmt: skip


def form_of(name: str, posted: Any = None, row: int | None = None, /, **data: Any) -> Form:
    """An empty form, filled in with ``data``, or as it was sent. Those of a row carry its id."""
    prefix = f"{name}-" if row is None else f"{name}-{row}-"
    given = data if row is None else {"id": str(row), **data}
    made: Form = type("ChangeForm", (Form,), CHANGES[name].fields())(posted, prefix=prefix, data=given)
    return made


def said_in(form: Form, row: int | None) -> dict[str, Any]:
    """What was written, read; the id is the one in the address."""
    return {field.short_name: value_of(field) for field in form} | ({} if row is None else {"id": row})
