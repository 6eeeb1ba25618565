"""What of Att göra an address asks for, and the address that asks for it, to be kept and sent. Holds no rule."""

from collections.abc import Mapping
from typing import Any, get_args

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import Form, SelectField, StringField

from states import Process
from web.forms.fields import AmountField, clean
from web.request.current import engine
from web.words.words import SOURCES, msg
from workflow.proposals.queue_filter import DUES, SORTS, Filter
from workflow.views.views_work import View

VIEWS: Mapping[View, Any] = {
    "mine": _("Väntar på mig"),
    "bodies": _("Väntar på mina grupper och instanser"),
    "parked": _("Vilar"),
    "watched": _("Följer jag"),
    "others": _("Väntar på andra"),
    "done": _("Gjort av mig"),
}
DUE_WORDS: Mapping[str, Any] = {
    "": _("Alla dagar"),
    "passed": _("Dagen har passerat"),
    "week": _("Inom en vecka"),
    "month": _("Inom en månad"),
    "none": _("Ingen bestämd dag"),
}
SORT_WORDS: Mapping[str, Any] = {
    "due": _("Närmaste dag"),
    "amount": _("Störst belopp"),
    "waited": _("Väntat längst"),
    "stage": _("Steg"),
    "pot": _("Pott"),
    "place": _("Plats"),
}
LIFTED = ("appropriation", "outside")  # kinds of pots that belong to one proposal each
TEXT, CURSOR = 100, 450
NAMES = ("q", "stage", "pot", "place", "due", "least", "most", "sort")
KEPT = ("view", *NAMES)  # what an address of a case carries on from the queue, with ``at``


def view() -> View:
    """The section asked for; "" for all of them a little."""
    given = request.args.get("view", "")
    return next((each for each in get_args(View) if each == given), "")


def after() -> str | None:
    return request.args.get("after", "")[:CURSOR] or None


def form() -> Form:
    """The filter as a form, with what the address says in it."""
    stages = [("", _("Alla steg")), *((state, msg(title)) for state, title in _stages().items())]
    pots = [("", _("Alla potter")), *((each.code, msg(each.title)) for each in engine().pot_choices())]
    fields = {
        "q": StringField(str(_("Ord eller nummer")), filters=[clean]),
        "stage": _choice(_("Steg"), stages),
        "pot": _choice(_("Pott"), [*pots, *((kind, SOURCES[kind]) for kind in LIFTED)]),
        "place": StringField(str(_("Plats")), filters=[clean]),
        "due": _choice(_("Ska vara klart"), DUE_WORDS.items()),
        "least": AmountField(str(_("Minst, kronor"))),
        "most": AmountField(str(_("Högst, kronor"))),
        "sort": _choice(_("Ordning"), SORT_WORDS.items()),
    }
    made: Form = type("QueueFilterForm", (Form,), fields)(request.args)
    made.validate()
    return made


def asked(made: Form) -> Filter:
    """What the form says; what cannot be understood leaves nothing out."""
    said = {name: (made[name].data or "").strip()[:TEXT] for name in NAMES}
    return Filter(
        text=said["q"], stage=said["stage"], pot=said["pot"], place=said["place"],
        due=next((each for each in DUES if each == said["due"]), ""),
        least=_ore(made["least"]), most=_ore(made["most"]),
        sort=next((each for each in SORTS if each == said["sort"]), "due"),
    )  # fmt: skip


def carried() -> dict[str, Any]:
    """What an address is given so that the queue goes on as it was asked for: only what says something."""
    given = {name: request.args.get(name, "")[:TEXT] for name in (*KEPT, "at")}
    return {name: text for name, text in given.items() if text}


def at() -> int:
    """The duty from which somebody came to a case; 0 for none."""
    given = request.args.get("at", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else 0


def _ore(field: Any) -> int | None:
    return None if field.errors or field.value is None else int(field.value)


def _choice(label: Any, choices: Any) -> Any:
    return SelectField(str(label), choices={value: str(text) for value, text in choices}, validate_choice=False)


def _stages() -> dict[str, str]:
    """Every state where something may wait, in the order of the processes, each once."""
    found: dict[str, str] = {}
    processes: tuple[Process, ...] = engine().library.processes
    for process in sorted(processes, key=lambda each: -each.version):
        for node in process.nodes.values():
            if not node.state.end:
                found.setdefault(node.state.id, node.state.title)
    return found
