"""What the list of proposals is asked for by its address, as a form and as an address again. Holds no rule."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _

from web.forms.fields import clean
from web.request.current import engine
from web.words.content_words import CRITERIA
from web.words.words import SOURCES, msg
from workflow.searching.views_searching import Sought, Stage, Stages

TEXT = 100
NAMES = ("q", "place", "process", "state", "pot", "criterion", "year")
OF_ONE = ("appropriation", "outside")  # kinds of payer that are one proposal's own
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter: its words, what may be chosen (value to words; None: text), and what is."""

    name: str
    label: str
    choices: Mapping[str, str] | None
    value: str


def sought() -> Sought:
    """What the address asks for; a year that is none asks for nothing."""
    given = {name: clean(request.args.get(name, ""))[:TEXT] for name in NAMES}
    year = given["year"] if _YEAR.fullmatch(given["year"]) else None
    return Sought(
        text=given["q"], process=given["process"] or None, state=given["state"] or None, pot=given["pot"] or None,
        criterion=given["criterion"] or None, place=given["place"], year=int(year) if year else None,
    )  # fmt: skip


def asked(which: Sought) -> dict[str, str]:
    """The same as the arguments of an address."""
    told = (which.text, which.place, which.process, which.state, which.pot, which.criterion, which.year)
    return {name: str(value) for name, value in zip(NAMES, told, strict=True) if value}


def _in_order(stages: Sequence[Stages]) -> list[Stage]:
    """The stages of all processes, roughly as one meets them; side roads and ends last."""
    placed = [(n / len(process.stages), each) for process in stages for n, each in enumerate(process.stages)]
    return [each for _, each in sorted(placed, key=lambda it: (it[1].end, it[1].side, it[0]))]


def filters(which: Sought, stages: Sequence[Stages]) -> tuple[FilterField, ...]:
    """The filters with what the address says in them; what no choice offers is shown all the same when it is asked."""
    known = engine().search_choices()
    pots = [*((code, msg(title)) for code, title in known.pots), *((each, str(SOURCES[each])) for each in OF_ONE)]
    states = {each.state: msg(each.title) for each in _in_order(stages)}
    offered: dict[str, tuple[Any, Any, Iterable[tuple[str, str]]]] = {
        "process": (_("Process"), _("Alla processer"), [(each.process, msg(each.title)) for each in stages]),
        "state": (_("Står vid"), _("Alla steg"), states.items()),
        "pot": (_("Pott som betalar"), _("Alla potter"), pots),
        "criterion": (_("Bidrar till"), _("Allt"), ((code, str(words)) for code, words in CRITERIA.items())),
        "year": (_("Kom in år"), _("Alla år"), ((str(year), str(year)) for year in known.years)),
    }
    given = asked(which)
    shown = [FilterField("place", str(_("Plats")), None, given.get("place", ""))]
    for name, (label, everything, each) in offered.items():
        value = given.get(name, "")
        shown.append(
            FilterField(name, str(label), {"": str(everything)} | ({value: value} if value else {}) | dict(each), value)
        )
    return tuple(shown)
