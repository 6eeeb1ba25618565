"""What an ärende says and costs: its content, and the attestant's classification of the costs.
Each page shows where the proposal stands, keeps what was typed, and asks the engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from states import Refusal, vocabulary
from web.forms.cost_rows import RowsForm, add_row, rows_form, rows_of
from web.forms.fields import choice, text_field, value_of
from web.pages.case_page import went
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, my, posted_key, posted_number, signed_in
from web.request.language import gettext
from web.words.content_words import CRITERIA
from web.words.words import SOURCES, msg
from workflow import Refused, Text
from workflow.records.answers import Done
from workflow.views.views import Content
from workflow.views.views_work import Case

content = Blueprint("content", __name__)
Redraw = Callable[..., str]


def show(template: str, number: str, *messages: object, **more: Any) -> str:
    """A page about one proposal. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
    shown = more.pop("shown", None) or case_of(number)
    return render_template(template, case=shown, timeline=shown.timeline, messages=messages, number=number, **more)


def case_of(number: str) -> Case:
    return engine().case(number, my(number).person)


def refuse(why: Sequence[Refusal] | None) -> None:
    """Raises Refused for a form that this person could not send anyway."""
    if why:
        raise Refused(why)


def attempt(work: Callable[[], Done], what: str, redraw: Redraw) -> ResponseReturnValue:
    """Asks the engine; a refusal draws the page again with its words."""
    try:
        return went(work(), what)
    except Refused as refused:
        return redraw(*words_of(refused.refusals)), status_of(refused)


# --- the content --------------------------------------------------------------------------------------------------


@content.get("/arenden/<number>/innehall")
@signed_in
def revise(number: str) -> ResponseReturnValue:
    shown = case_of(number)
    refuse(shown.may_revise)
    said = shown.timeline.content
    return _revise(number, _content_form(number)(data=_written(said)), rows_form(engine(), said), shown=shown)


@content.post("/arenden/<number>/innehall")
@signed_in
def save(number: str) -> ResponseReturnValue:
    who, form, rows = my(number), *_sent_content(number)
    if "add" in request.form:
        add_row(rows, request.form["add"], engine(), case_of(number).timeline.content)
        return _revise(number, form, rows)
    if not all([form.validate(), rows.validate()]):
        return _revise(number, form, rows), UNPROCESSABLE

    def work() -> Done:
        seen = posted_number("seen_revision")
        text, told = _text(form, case_of(number).timeline.content), rows_of(rows)
        if not is_officer(number):
            told = replace(told, details=None)  # between officials: as it stands
        return engine().revise(number, by=who.person, key=posted_key(), seen_revision=seen, text=text, rows=told)

    return attempt(work, gettext("Innehållet är sparat."), lambda *told: _revise(number, form, rows, *told))


def _revise(number: str, form: Form, rows: RowsForm, *messages: object, shown: Case | None = None) -> str:
    shown = shown or case_of(number)
    stands = shown.timeline.content.criteria
    chosen = set(request.form.getlist("criteria") if request.method == "POST" else stands)
    criteria = [(name, str(words), name in chosen or str(words) in chosen) for name, words in CRITERIA.items()]
    told = {words for _name, words, _chosen in criteria} | set(CRITERIA)
    criteria += [(name, msg(name), name in chosen) for name in stands if name not in told]
    return show(
        "revise.html", number, *messages, form=form, rows=rows, shown=shown, is_officer=is_officer(number),
        criteria=criteria,
    )  # fmt: skip


@content.get("/arenden/<number>/process")
@signed_in
def redirection(number: str) -> ResponseReturnValue:
    shown = case_of(number)
    refuse(shown.may_redirect)
    return _redirection(number, _process_form(shown)(), shown=shown)


@content.post("/arenden/<number>/process")
@signed_in
def redirect_now(number: str) -> ResponseReturnValue:
    who, shown = my(number), case_of(number)
    form = _process_form(shown)(request.form)
    if not form.validate():
        return _redirection(number, form, shown=shown), UNPROCESSABLE

    def work() -> Done:
        return engine().redirect(
            number, form["to"].data, by=who.person, key=posted_key(), seen_version=posted_number("seen_version")
        )

    return attempt(work, gettext("Processen är bytt."), lambda *told: _redirection(number, form, *told))


def _redirection(number: str, form: Form, *messages: object, shown: Case | None = None) -> str:
    return show("redirect.html", number, *messages, form=form, shown=shown)


def _process_form(shown: Case) -> type[Form]:
    """Every process but its own, by what it is for."""
    ids = dict.fromkeys(each.id for each in engine().library.processes if each.id != shown.timeline.process)
    others = [engine().library.latest(each) for each in ids]
    told = [(each.id, ": ".join(msg(part) for part in (each.title, each.description) if part)) for each in others]
    return type("ProcessForm", (Form,), {"to": choice(_("Vad handlar det om?"), told, radio=True)})


def _sent_content(number: str) -> tuple[Form, RowsForm]:
    """A proposer writes the words; what it costs and what pays stays as the officials have put it."""
    said = case_of(number).timeline.content
    rows = rows_form(engine(), said, request.form if is_officer(number) else None)
    return _content_form(number)(request.form), rows


def is_officer(number: str) -> bool:
    return any(each.role != "proposer" for each in my(number).capacities)


def _content_form(number: str) -> type[Form]:
    fields: dict[str, Any] = {
        "title": text_field(_("Rubrik"), must=True),
        "what": text_field(_("Vad"), must=True, long=True),
        "where": text_field(_("Var"), must=True),
        "why": text_field(_("Varför"), must=False, long=True),
        "own_contribution": text_field(_("Eget bidrag"), must=False, long=True),
    }
    if is_officer(number):
        fields["plan_row"] = text_field(_("Rad i handlingsplanen"), must=False)
        fields["outside_plan_reason"] = text_field(_("Varför utanför handlingsplanen"), must=False, long=True)
    return type("ContentForm", (Form,), fields)


def _written(said: Content) -> Mapping[str, str]:
    names = ("title", "what", "where", "why", "own_contribution", "plan_row", "outside_plan_reason")
    return {name: getattr(said, name) or "" for name in names}


def _text(form: Form, before: Content) -> Text:
    """What the form says; what it does not ask this person about stays as it was."""
    said = {field.short_name: str(value_of(field) or "") for field in form}
    criteria = tuple(request.form.getlist("criteria")) if "plan_row" in said else before.criteria
    plan_row = said.pop("plan_row", before.plan_row) or None
    outside = said.pop("outside_plan_reason", before.outside_plan_reason) or None
    known = tuple(each for each in criteria if each in CRITERIA or each in before.criteria)
    return Text(**said, criteria=known, plan_row=plan_row, outside_plan_reason=outside, point=before.point)


# --- classification -----------------------------------------------------------------------------------------------


@content.get("/arenden/<number>/drift-eller-investering")
@signed_in
def classify(number: str) -> ResponseReturnValue:
    shown = case_of(number)
    refuse(shown.may_classify)
    return show("classify.html", number, shown=shown, forms=_line_forms(shown))


@content.post("/arenden/<number>/drift-eller-investering")
@signed_in
def classified(number: str) -> ResponseReturnValue:
    who, shown = my(number), case_of(number)
    forms = _line_forms(shown, request.form)
    right = [_agree(shown, n, each) for n, each in forms.items()]  # each is asked, so that every fault is told at once
    if not all(right):
        return show("classify.html", number, shown=shown, forms=forms), UNPROCESSABLE
    said = {n: (str(each.data["to"]), str(value_of(each["why"]))) for n, each in forms.items()}

    def work() -> Done:
        seen = posted_number("seen_revision")
        return engine().classify(number, by=who.person, key=posted_key(), seen_revision=seen, classifications=said)

    return attempt(
        work, gettext("Klassningen är sparad."), lambda *told: show("classify.html", number, *told, forms=forms)
    )


def _line_forms(shown: Case, posted: Any = None) -> dict[int, Form]:
    """One small form for each cost line."""
    kinds = [(name, SOURCES[name]) for name in vocabulary.CLASSIFICATIONS]
    help_text = _("Behövs när du avgör något annat än det som föreslås, eller när inget kan föreslås.")
    fields = {
        "to": choice(_("Drift eller investering"), kinds, radio=True),
        "why": text_field(_("Skäl"), must=False, help_text=help_text, most=500),
    }
    made = type("LineClassForm", (Form,), fields)
    return {
        line.n: made(posted, prefix=f"line-{line.n}-",
                     data={"to": line.classification or shown.proposed[line.n].to,
                           "why": line.classification_reason or ""})
        for line in shown.timeline.content.lines
    }  # fmt: skip


def _agree(shown: Case, n: int, form: Form) -> bool:
    """Whoever says anything else than what is proposed says why."""
    right = form.validate()
    if form.data["to"] and form.data["to"] != shown.proposed[n].to and not value_of(form["why"]):
        form["why"].errors = [*form["why"].errors, gettext("Skriv varför det inte blir som föreslaget.")]
        right = False
    return right


# --- when a form's token had grown old ----------------------------------------------------------------------------


def _revise_again(message: str, number: str) -> ResponseReturnValue:
    return _revise(number, *_sent_content(number), message), 400


def _redirect_again(message: str, number: str) -> ResponseReturnValue:
    shown = case_of(number)
    return _redirection(number, _process_form(shown)(request.form), message, shown=shown), 400


def _classify_again(message: str, number: str) -> ResponseReturnValue:
    shown = case_of(number)
    return show("classify.html", number, message, shown=shown, forms=_line_forms(shown, request.form)), 400


@content.record_once
def _register(state: Any) -> None:
    again(state.app, "content.save", _revise_again)
    again(state.app, "content.classified", _classify_again)
    again(state.app, "content.redirect_now", _redirect_again)
