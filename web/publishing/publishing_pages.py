"""Publicering: what everybody reads of a case, for the officers who look after it. Texts looked at, a proposal taken
out of sight, words corrected, decisions published together, and the page as a visitor sees it. Holds no rule."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from states import RefusalKind
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.pages.public import timeline_page
from web.publishing.publishing_forms import review_form, why_form, why_of, word_form
from web.request.current import engine, member, posted_key, posted_number, signed, signed_in
from web.request.language import gettext
from web.words.field_words import FIELDS
from web.words.publishing_words import DETAILS
from workflow import Refused
from workflow.publishing.moderating import WORDS, Reviewed
from workflow.publishing.views_publishing import HeldDecision
from workflow.views.views import Step

publishing = Blueprint("publishing", __name__)
OF_DECISION = ("wording", "financing")


@publishing.get("/publicering")
@signed_in
def overview() -> ResponseReturnValue:
    return _overview()


@publishing.post("/publicering")
@signed_in
def publish() -> ResponseReturnValue:
    """The words of the decisions that are ticked."""
    _require()
    who, form = member(), why_form(request.form)
    chosen = [_decision(each) for each in request.form.getlist("decisions")]
    if not chosen or not form.validate():
        told = () if chosen else (gettext("Inget beslut är valt. Kryssa för minst ett och skicka igen."),)
        return _overview(*told, form=form), UNPROCESSABLE
    try:
        done = engine().publish_decisions(chosen, why_of(form), by=who.person, key=posted_key())
    except Refused as refused:
        return _overview(*words_of(refused.refusals), form=form), status_of(refused)
    flash(gettext("Publicerat för alla: %(numbers)s.", numbers=", ".join(dict.fromkeys(done)) or "–"))
    return redirect(url_for("publishing.overview"), 303)


@publishing.get("/arenden/<number>/publicering")
@signed_in
def page(number: str) -> ResponseReturnValue:
    return _page(number)


@publishing.get("/arenden/<number>/forhandsgranska")
@signed_in
def preview(number: str) -> ResponseReturnValue:
    """The public page as everybody sees it."""
    _require()
    return timeline_page(number, None, preview=True)


@publishing.post("/arenden/<number>/publicering/text")
@signed_in
def review(number: str) -> ResponseReturnValue:
    form = review_form(request.form)

    def work(by: int) -> object:
        words = {name: str(form.data[name] or "") for name in WORDS}
        said = Reviewed(str(form.data["review"]), words if form.data["review"] == "corrected" else {})
        seen = posted_number("seen_revision")
        return engine().review_text(number, said, why_of(form), by=by, key=posted_key(), seen_revision=seen)

    return _attempt(number, form, "review", work)


@publishing.post("/arenden/<number>/publicering/synlig")
@signed_in
def hide(number: str) -> ResponseReturnValue:
    form, shows = why_form(request.form, "hide-"), request.form.get("again") == "1"
    return _attempt(
        number, form, "hide",
        lambda by: engine().unpublish(number, why_of(form), by=by, key=posted_key(), again=shows),
        "" if shows else gettext("Förslaget är avpublicerat: ingen utanför ser det. Det går att visa igen."),
    )  # fmt: skip


@publishing.post("/arenden/<number>/publicering/<int:about>/ord")
@signed_in
def word(number: str, about: int) -> ResponseReturnValue:
    form = word_form(about, request.form)
    field = request.form.get("field", "")
    return _attempt(
        number, form, f"word-{about}-{field}",
        lambda by: engine().word_event(
            number, about, field, str(form.data["public_words"]), why_of(form), by=by, key=posted_key()
        ),
    )  # fmt: skip


@publishing.post("/arenden/<number>/publicering/<int:about>/vanta")
@signed_in
def hold(number: str, about: int) -> ResponseReturnValue:
    form = why_form(request.form, f"hold-{about}-")
    return _attempt(
        number, form, f"hold-{about}",
        lambda by: engine().hold_decision(number, about, why_of(form), by=by, key=posted_key()),
        gettext("Beslutets ordalydelse väntar. Alla ser att det är fattat, av vem och när."),
    )  # fmt: skip


@publishing.post("/arenden/<number>/publicering/<int:about>/publicera")
@signed_in
def publish_one(number: str, about: int) -> ResponseReturnValue:
    form = why_form(request.form, f"publish-{about}-")
    return _attempt(
        number, form, f"publish-{about}",
        lambda by: engine().publish_decisions([(number, about)], why_of(form), by=by, key=posted_key()),
        gettext("Beslutets ordalydelse är publicerad för alla."),
    )  # fmt: skip


def waiting() -> dict[str, int] | None:
    """How many texts, files and decisions wait, for who looks after them; None for others and where nothing does."""
    who = signed()
    if who is None or who.proposal is not None or not engine().may_moderate(who.person):
        return None
    found = {
        "texts": engine().texts_to_review()[1], "files": engine().files_to_review()[1],
        "held": engine().held_count(),
    }  # fmt: skip
    return found if any(found.values()) else None


def _attempt(
    number: str, form: Form, name: str, work: Callable[[int], object], told: str = ""
) -> ResponseReturnValue:  # fmt: skip
    _require()
    if not form.validate():
        return _page(number, sent={name: form}), UNPROCESSABLE
    try:
        work(member().person)
    except Refused as refused:
        return _page(number, *words_of(refused.refusals), sent={name: form}), status_of(refused)
    flash(told or gettext("Klart. Så här läser alla det nu."))
    return redirect(url_for("publishing.page", number=number), 303)


def _require() -> None:
    """Raises Refused(NOT_PERMITTED) for who does not look after what everybody reads."""
    if not engine().may_moderate(member().person):
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")


def _overview(*messages: object, form: Form | None = None) -> str:
    _require()
    texts, count = engine().texts_to_review()
    files, files_count = engine().files_to_review()
    form = form or why_form()
    return render_template(
        "publishing.html", texts=texts, count=count, held=engine().held_decisions(), form=form, messages=messages,
        details=DETAILS, ticked=request.form.getlist("decisions"), unpublished=engine().unpublished(),
        files=files, files_count=files_count,
    )  # fmt: skip


def _page(number: str, *messages: object, sent: Mapping[str, Form] | None = None) -> str:
    _require()
    given = sent or {}
    text, who = engine().text_to_review(number), member().person
    steps = engine().timeline(number, who).steps
    shown = {} if text.hidden else {each.seq: each for each in engine().timeline(number).steps}
    held = engine().held_decisions(number)
    return render_template(
        "publishing_case.html", text=text, number=number, messages=messages, details=DETAILS,
        review=given.get("review") or review_form(**text.public), words=WORDS, sent=given,
        hide=given.get("hide") or why_form(prefix="hide-"), why_form=why_form, word_form=word_form, fields=FIELDS,
        texts=[] if text.erased else list(_texts(steps, shown, held)), held=held,
        decisions=[each for each in shown.values() if each.decision and not each.decision.held],
        faulty=[form for form in given.values() if form.errors],
    )  # fmt: skip


def _texts(
    steps: Iterable[Step], shown: Mapping[int, Step], held: Sequence[HeldDecision]
) -> Iterator[tuple[Step, str, str, str]]:  # fmt: skip
    """(event, field, as written, as everybody reads it or will) of each text of an event that is for everybody."""
    waits = {each.about: each for each in held}
    for step in (each for each in steps if each.seq in shown):
        if step.seq in waits:
            yield step, "wording", waits[step.seq].written, waits[step.seq].public
            continue
        written, public = _said(step), _said(shown[step.seq])
        yield from ((step, name, written.get(name, ""), text) for name, text in public.items() if text)


def _said(step: Step) -> dict[str, str]:
    """The texts of an event by their fields, those of its decision among them."""
    decided = {name: getattr(step.decision, name) or "" for name in OF_DECISION} if step.decision else {}
    return decided | dict(step.words)


def _decision(given: str) -> tuple[str, int]:
    """``CG-2026-014/7``; what is written otherwise names no decision."""
    number, _sign, seq = given.partition("/")
    return number, int(seq) if seq.isdecimal() and len(seq) < 10 else 0


def _publish_again(message: str) -> ResponseReturnValue:
    return _overview(message, form=why_form(request.form)), 400


def _page_again(message: str, number: str, about: int = 0) -> ResponseReturnValue:
    if "field" in request.form:
        name, form = f"word-{about}-{request.form['field']}", word_form(about, request.form)
    else:
        name, form = "review", review_form(request.form)
    return _page(number, message, sent={name: form}), 400


@publishing.record_once
def _register(state: Any) -> None:
    again(state.app, "publishing.publish", _publish_again)
    for name in ("review", "hide", "word", "hold", "publish_one"):
        again(state.app, f"publishing.{name}", _page_again)
