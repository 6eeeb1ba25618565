"""Publicering: what everybody reads of a case, for the officers who look after it. Texts looked at, a proposal taken
out of sight, words corrected, decisions published together, and the page as a visitor sees it. Holds no rule."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from states import RefusalKind
from web.forms.fields import choice, text_field
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.pages.public import timeline_page
from web.request.current import engine, member, posted_key, posted_number, signed_in
from web.request.language import gettext
from web.words.field_words import FIELDS
from web.words.publishing_words import DETAILS, REVIEWS
from workflow import Refused
from workflow.publishing.acting_on_words import Why
from workflow.publishing.moderating import WORDS, Reviewed

publishing = Blueprint("publishing", __name__)


@publishing.get("/publicering")
@signed_in
def overview() -> ResponseReturnValue:
    return _overview()


@publishing.post("/publicering")
@signed_in
def publish() -> ResponseReturnValue:
    """The words of the decisions that are ticked."""
    _require()
    who, form = member(), _why_form(request.form)
    chosen = [_decision(each) for each in request.form.getlist("decisions")]
    if not chosen or not form.validate():
        told = () if chosen else (gettext("Inget beslut är valt. Kryssa för minst ett och skicka igen."),)
        return _overview(*told, form=form), UNPROCESSABLE
    try:
        done = engine().publish_decisions(chosen, _why(form), by=who.person, key=posted_key())
    except Refused as refused:
        return _overview(*words_of(refused.refusals), form=form), status_of(refused)
    flash(gettext("Publicerat för alla: %(numbers)s.", numbers=", ".join(done) or "–"))
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
    form = _review_form(request.form)

    def work(by: int) -> object:
        words = {name: str(form.data[name] or "") for name in WORDS}
        said = Reviewed(str(form.data["review"]), words if form.data["review"] == "corrected" else {})
        seen = posted_number("seen_revision")
        return engine().review_text(number, said, _why(form), by=by, key=posted_key(), seen_revision=seen)

    return _attempt(number, form, "review", work)


@publishing.post("/arenden/<number>/publicering/synlig")
@signed_in
def hide(number: str) -> ResponseReturnValue:
    form, shows = _why_form(request.form, "hide-"), request.form.get("again") == "1"
    return _attempt(
        number, form, "hide",
        lambda by: engine().unpublish(number, _why(form), by=by, key=posted_key(), again=shows),
    )  # fmt: skip


@publishing.post("/arenden/<number>/publicering/<int:about>/ord")
@signed_in
def word(number: str, about: int) -> ResponseReturnValue:
    form = _word_form(about, request.form)
    field = request.form.get("field", "")
    return _attempt(
        number, form, f"word-{about}-{field}",
        lambda by: engine().word_event(
            number, about, field, str(form.data["public_words"]), _why(form), by=by, key=posted_key()
        ),
    )  # fmt: skip


@publishing.post("/arenden/<number>/publicering/<int:about>/vanta")
@signed_in
def hold(number: str, about: int) -> ResponseReturnValue:
    form = _why_form(request.form, f"hold-{about}-")
    return _attempt(
        number, form, f"hold-{about}",
        lambda by: engine().hold_decision(number, about, _why(form), by=by, key=posted_key()),
    )  # fmt: skip


def waiting() -> dict[str, int] | None:
    """How many texts and decisions wait, for who looks after them; None for others."""
    if not engine().may_moderate(member().person):
        return None
    return {"texts": engine().texts_to_review()[1], "held": len(engine().held_decisions())}


def _attempt(number: str, form: Form, name: str, work: Callable[[int], object]) -> ResponseReturnValue:
    _require()
    if not form.validate():
        return _page(number, sent={name: form}), UNPROCESSABLE
    try:
        work(member().person)
    except Refused as refused:
        return _page(number, *words_of(refused.refusals), sent={name: form}), status_of(refused)
    flash(gettext("Klart. Så här läser alla det nu."))
    return redirect(url_for("publishing.page", number=number), 303)


def _require() -> None:
    """Raises Refused(NOT_PERMITTED) for who does not look after what everybody reads."""
    if not engine().may_moderate(member().person):
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="officer")


def _overview(*messages: object, form: Form | None = None) -> str:
    _require()
    texts, count = engine().texts_to_review()
    form = form or _why_form()
    return render_template(
        "publishing.html", texts=texts, count=count, held=engine().held_decisions(), form=form, messages=messages,
        details=DETAILS, ticked=request.form.getlist("decisions"),
    )  # fmt: skip


def _page(number: str, *messages: object, sent: Mapping[str, Form] | None = None) -> str:
    _require()
    given = sent or {}
    text, who = engine().text_to_review(number), member().person
    steps = engine().timeline(number, who).steps
    public = () if text.hidden else engine().timeline(number).steps
    shown = {each.seq: each for each in public}
    told = [(each, dict(each.words), shown[each.seq]) for each in steps if each.seq in shown]
    return render_template(
        "publishing_case.html", text=text, number=number, messages=messages, details=DETAILS, reviews=REVIEWS,
        review=given.get("review") or _review_form(**text.public), words=WORDS, sent=given,
        hide=given.get("hide") or _why_form(prefix="hide-"), why_form=_why_form, word_form=_word_form, fields=FIELDS,
        events=[(step, words, public) for step, words, public in told if public.words],
        decisions=[public for _step, _words, public in told if public.decision and not public.decision.held],
        faulty=[form for form in given.values() if form.errors],
    )  # fmt: skip


def _why(form: Form) -> Why:
    return Why(str(form.data["reason"] or ""), str(form.data["basis"] or ""))


def _why_fields() -> dict[str, Any]:
    return {
        "reason": text_field(FIELDS["reason"], must=True, help_text=_("Läses av tjänstepersonerna.")),
        "basis": text_field(FIELDS["basis"], must=False, help_text=_("Till exempel ett beslut eller en begäran.")),
    }  # fmt: skip


def _why_form(posted: Any = None, prefix: str = "") -> Form:
    made: Form = type("WhyForm", (Form,), _why_fields())(posted, prefix=prefix)
    return made


def _review_form(posted: Any = None, **data: str) -> Form:
    fields: dict[str, Any] = {"review": choice(_("Hur ska alla läsa texten?"), list(REVIEWS.items()), radio=True)}
    for name in WORDS:
        fields[name] = text_field(FIELDS[name], must=False, long=name not in ("title", "where"))
    made: Form = type("ReviewForm", (Form,), fields | _why_fields())(posted, prefix="review-", data=data or None)
    return made


def _word_form(about: int, posted: Any = None, **data: str) -> Form:
    fields: dict[str, Any] = {"public_words": text_field(FIELDS["public_words"], must=True, long=True)}
    made: Form = type("WordForm", (Form,), fields | _why_fields())(
        posted, prefix=f"word-{about}-", data=data or None
    )  # fmt: skip
    return made


def _decision(given: str) -> tuple[str, int]:
    """``CG-2026-014/7``; what is written otherwise names no decision."""
    number, _sign, seq = given.partition("/")
    return number, int(seq) if seq.isdecimal() and len(seq) < 10 else 0


def _publish_again(message: str) -> ResponseReturnValue:
    return _overview(message, form=_why_form(request.form)), 400


def _page_again(message: str, number: str, about: int = 0) -> ResponseReturnValue:
    if "field" in request.form:
        name, form = f"word-{about}-{request.form['field']}", _word_form(about, request.form)
    else:
        name, form = "review", _review_form(request.form)
    return _page(number, message, sent={name: form}), 400


@publishing.record_once
def _register(state: Any) -> None:
    again(state.app, "publishing.publish", _publish_again)
    for name in ("review", "hide", "word", "hold"):
        again(state.app, f"publishing.{name}", _page_again)
