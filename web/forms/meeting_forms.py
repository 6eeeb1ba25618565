"""The form that registers a whole meeting: who came, and at each point what it came to, with the fields that the
definition asks for, and notes. Reads what was sent, and keeps it; decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import Form

from states import Refusal, vocabulary
from web.forms.cost_rows import RowsForm, add_row, rows_form, rows_of
from web.forms.fields import SHORT, ask_form, clean, values
from web.forms.ways import element_id, instances
from web.request.current import engine
from web.words.refusal_words import Worded, worded
from workflow.meetings.agendas import is_outcome
from workflow.meetings.minuting import CATEGORIES, LONGEST, Item, Minutes
from workflow.meetings.views_meetings import Guest, MeetingPage, Point
from workflow.views.views_work import Case, Option

OF_MEETING = ("decided_on", "held_on", "delegation_point")  # the day is the meeting's own, and no delegate decides
GUESTS = 4


@dataclass(slots=True)
class Outcome:
    """What a point may come to, with its fields; ``prefix`` begins the name of each."""

    option: Option
    prefix: str
    form: Form
    rows: RowsForm | None
    chosen: bool

    def is_right(self) -> bool:
        """Both parts are judged, so that every fault is told at once."""
        good = [self.form.validate(), self.rows is None or self.rows.validate()]
        return all(good)

    def said(self) -> dict[str, object]:
        rows: dict[str, object] = {} if self.rows is None else {"lines": rows_of(self.rows)}
        return values(self.form) | rows


@dataclass(slots=True)
class PointForm:
    """A point with what may be registered at it now, and why the rest may not. ``name`` begins its fields' names."""

    point: Point
    name: str
    case: Case | None
    outcomes: tuple[Outcome, ...]
    stopped: tuple[tuple[str, tuple[Worded, ...]], ...]
    notes: str
    refusals: tuple[Worded, ...] = ()
    lost: tuple[str, ...] = ()  # what was typed for an outcome that is gone

    @property
    def chosen(self) -> Outcome | None:
        return next((each for each in self.outcomes if each.chosen), None)

    def item(self) -> Item | None:
        """What is to be registered; None where nothing is. What was sent for a way that is gone is asked for all the
        same, by the names that were sent: what went through answers as before, and else the engine says why not."""
        sent, chosen = request.form.get(f"{self.name}-outcome", ""), self.chosen
        if not sent or self.point.number is None:
            return None
        seen = request.form.get(f"{self.name}-seen", "").split()
        version, revision = (int(each) if each.isdigit() else 0 for each in [*seen, "", ""][:2])
        said = chosen.said() if chosen else _as_sent(f"{self.name}-{element_id(sent)}-")
        return Item(self.point.number, sent, version, revision, said)


def _as_sent(prefix: str) -> dict[str, object]:
    names = [name for name in vocabulary.FIELDS if f"{prefix}{name}" in request.form]
    form = ask_form(names, engine().today(), instances())(request.form, prefix=prefix)
    form.validate()  # reads what was typed into values
    rows: dict[str, object] = {}
    if any(name.startswith((f"{prefix}lines-", f"{prefix}funding-")) for name in request.form):
        written = rows_form(engine(), None, request.form, prefix)
        written.validate()
        rows = {"lines": rows_of(written)}
    return values(form) | rows


def point_forms(meeting: MeetingPage, person: int, refused: Mapping[str, Sequence[Refusal]]) -> list[PointForm]:
    """One for each point of the agenda. ``refused``: why what was sent did not go through, by number."""
    return [_point(meeting, point, n, person, refused) for n, point in enumerate(meeting.points, 1)]


def _point(
    meeting: MeetingPage, point: Point, n: int, person: int, refused: Mapping[str, Sequence[Refusal]]
) -> PointForm:
    name = point.number or f"punkt-{n}"
    notes = clean(request.form.get(f"{name}-notes", point.notes))[:LONGEST]
    why = tuple(map(worded, refused.get(point.number or "", ())))
    sent = request.form.get(f"{name}-outcome", "")
    if point.row is None or point.number is None:
        lost = tuple(_typed(f"{name}-{element_id(sent)}-")) if why else ()
        return PointForm(point, name, None, (), (), notes, why, lost)
    case = engine().case(point.number, person)
    mine = [each for each in case.options if is_outcome(meeting.kind, each.transition) and each.capacities]
    offered = [each for each in mine if each.allowed or each.transition.id == sent]
    outcomes = tuple(_outcome(case, each, name, sent) for each in offered)
    stopped = tuple((each.transition.title, tuple(map(worded, each.blockers))) for each in mine if not each.allowed)
    is_lost = bool(sent) and not any(each.chosen for each in outcomes)
    lost = tuple(_typed(f"{name}-{element_id(sent)}-")) if is_lost else ()
    return PointForm(point, name, case, outcomes, stopped, notes, why, lost)


def _outcome(case: Case, option: Option, name: str, sent: str) -> Outcome:
    """With what was typed, also at outcomes that are not chosen: who changes their mind finds it again."""
    way = option.transition
    prefix = f"{name}-{element_id(way.id)}-"
    posted = request.form if any(each.startswith(prefix) for each in request.form) else None
    asked = [each for each in way.asks if each not in OF_MEETING]
    form = ask_form(asked, engine().today(), instances())(posted, prefix=prefix)
    rows = None
    if "lines" in way.asks:
        rows = rows_form(engine(), case.timeline.content, posted, prefix)
        if which := request.form.get(f"{prefix}add"):
            add_row(rows, which, engine(), case.timeline.content)
    return Outcome(option, prefix, form, rows, way.id == sent)


def _typed(prefix: str) -> list[str]:
    return [text for name, text in request.form.items() if name.startswith(prefix) and len(text.strip()) > 2]


def adds_a_row() -> bool:
    """Whether the button that was pressed only asks for one more row."""
    return any(name.endswith("-add") for name in request.form)


# --- who came, and notes -----------------------------------------------------------------------------------------


def minutes_sent(meeting: MeetingPage, forms: Sequence[PointForm]) -> Minutes:
    present = tuple(each.membership for each in meeting.seats if f"seat-{each.membership}" in request.form)
    return Minutes(
        tuple(each.key for each in meeting.points), present, tuple(guests_sent(meeting)),
        {each.point.key: each.notes for each in forms if each.notes.strip()},
    )  # fmt: skip


def guests_sent(meeting: MeetingPage) -> list[Guest]:
    """As written; as noted before where nothing was sent. A row without a name or a category is no guest."""
    if request.method != "POST":
        return list(meeting.guests)
    found = []
    for n in range(1, GUESTS + len(meeting.guests) + 1):
        name = " ".join(clean(request.form.get(f"guest-{n}", "")).split())[:SHORT]
        category = request.form.get(f"guest-{n}-category", "")
        if name or category in CATEGORIES:
            found.append(Guest(name, category if category in CATEGORIES else "other"))
    return found


def came(meeting: MeetingPage) -> set[int]:
    """The memberships that are ticked: as sent, or as noted before."""
    if request.method == "POST":
        return {each.membership for each in meeting.seats if f"seat-{each.membership}" in request.form}
    return {each.membership for each in meeting.seats if each.present}


def faulty(forms: Sequence[PointForm]) -> list[Any]:
    """The parts of chosen outcomes in which something is wrong, for the summary at the top of the page."""
    chosen = [each.chosen for each in forms if each.chosen]
    return [form for each in chosen for form in (each.form, each.rows) if form is not None and form.errors]
