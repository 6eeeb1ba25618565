"""The ways out of where a proposal stands, each as a form or as every reason why not. Reads forms; decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from wtforms import Form

from states import Capacity, vocabulary
from web.forms.cost_rows import RowsForm, add_row, number_and_offer, rows_form, rows_of
from web.forms.fields import ask_form, values
from web.request.current import engine
from web.words.refusal_words import Worded, worded
from web.words.words import msg, role
from workflow.views.views_work import Case, Option


@dataclass(frozen=True, slots=True)
class Way:
    """A transition as the page shows it."""

    option: Option
    id: str  # as part of an element's id
    form: Form
    rows: RowsForm | None  # where it restates what things cost
    blockers: tuple[Worded, ...]
    roles: tuple[str, ...]  # in which it may be taken, each once
    open: bool = False

    @property
    def asks_for_picture(self) -> bool:
        """Of how it turned out."""
        return any(each.name == "outcome_is_pictured" for each in self.option.transition.guards)

    @property
    def ordinary(self) -> bool:
        """Leads on, and not aside or to an early end."""
        return "@" not in self.option.transition.target and not self.option.to_ends


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent for a transition, which may be gone by now."""

    transition: str
    form: Form
    rows: RowsForm | None

    @property
    def prefix(self) -> str:
        return f"{element_id(self.transition)}-"

    def fits(self, way: Option) -> bool:
        return way.transition.id == self.transition and {*way.transition.asks} - {"lines"} <= {*self.form._fields}

    def is_right(self) -> bool:
        """Both parts are judged, so that every fault is told at once."""
        good = [self.form.validate(), self.rows is None or self.rows.validate()]
        return all(good)

    def said(self) -> dict[str, object]:
        rows: dict[str, object] = {} if self.rows is None else {"lines": rows_of(self.rows)}
        return values(self.form) | rows


def instances() -> list[tuple[str, str]]:
    """Who may decide about anything, lowest first: what a decision can be handed over to."""
    return [(name, msg(title) if title else role(name)) for name, title in engine().instances().items()]


def element_id(transition: str) -> str:
    return transition.replace(".", "-")


def sent(transition: str) -> Sent:
    """What the browser sent, by the names it sent: a repeated click must say the same also when the proposal moved."""
    prefix = f"{element_id(transition)}-"
    names = [name for name in vocabulary.FIELDS if prefix + name in request.form]
    form = ask_form(names, engine().today(), instances())(request.form, prefix=prefix)
    has_rows = any(name.startswith((f"{prefix}lines-", f"{prefix}funding-")) for name in request.form)
    return Sent(transition, form, rows_form(engine(), None, request.form, prefix) if has_rows else None)


def ways(case: Case, before: Sent | None = None) -> tuple[Way, ...]:
    """Every way out, in the order of the process; ``before`` keeps what was typed."""
    return tuple(_way(case, option, before) for option in case.options)


def _way(case: Case, option: Option, before: Sent | None) -> Way:
    way, name = option.transition, element_id(option.transition.id)
    roles = tuple(dict.fromkeys(each.role for each in option.capacities))
    blockers = tuple(worded(each) for each in option.blockers)
    if before is not None and before.fits(option):
        if before.rows is not None:
            number_and_offer(before.rows, engine(), case.timeline.content)
        return Way(option, name, before.form, before.rows, blockers, roles, open=True)
    form = ask_form(way.asks, engine().today(), instances())(prefix=f"{name}-")
    rows = None
    if "lines" in way.asks and option.allowed:
        rows = rows_form(engine(), case.timeline.content, prefix=f"{name}-")
    return Way(option, name, form, rows, blockers, roles)


def parted(found: Iterable[Way]) -> dict[str, list[Way]]:
    """First what leads on, then the rest that is possible; apart, what a rule stops and what somebody else does.
    The ordinary way, which the process names first, stands by itself when a rule stops it: that is what to mend."""
    parts: dict[str, list[Way]] = {"next": [], "onward": [], "aside": [], "stopped": [], "others": []}
    for n, way in enumerate(found):
        if n == 0 and way.option.capacities and not way.option.allowed:
            parts["next"].append(way)
        elif way.option.allowed:
            parts["onward" if way.ordinary else "aside"].append(way)
        else:
            parts["stopped" if way.option.capacities else "others"].append(way)
    return parts


def role_chosen(capacities: Iterable[Capacity]) -> str | None:
    """The capacity that the form names, if it is one of those held."""
    given = request.form.get("capacity", "")
    return given if given in {each.role for each in capacities} else None


def add_row_to(asked: Sent, which: str) -> None:
    """One more empty row where the form has rows."""
    if asked.rows is not None:
        add_row(asked.rows, which, engine(), None)
