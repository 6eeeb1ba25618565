"""The form at the foot of each public page, and where officials read what came in and say what became of it. A comment
is optional: *Skicka* works empty, and then only thanks. Holds no rule."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException
from wtforms import Form, TextAreaField
from wtforms.validators import Length, StopValidation

from web.forms.fields import choice, clean
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, is_ours, member, posted_key, signed, signed_in
from web.request.language import gettext
from web.words.comment_words import KINDS, OUTCOMES
from web.words.words import running
from workflow import Refused
from workflow.publishing.commenting import JUNK, LONGEST, Written
from workflow.publishing.views_publishing import Comments

comments = Blueprint("comments", __name__)

TRAP = "webbplats"  # filled in by programmes only
KEPT_MINUTES = 30
# Pages for everybody at whose foot something may be said. Where a form of its own stands, a second would be in the way.
COMMENTED = frozenset(
    {"public.overview", "public.proposals", "public.timeline", "public.pots", "public.pot", "public.processes",
     "public.process", "rates.page", "legal.privacy", "legal.glossary"}
)  # fmt: skip


def commented_page() -> str | None:
    """The address of the page being read, where it may be commented."""
    if request.endpoint in COMMENTED and request.method in ("GET", "HEAD"):
        return request.path
    return None


# --- everybody ---------------------------------------------------------------------------------------------------


@comments.get("/kommentar")
def write() -> ResponseReturnValue:
    return _form(_page_named(request.args.get("sida", ""))[0])


@comments.post("/kommentar")
def send() -> ResponseReturnValue:
    page, proposal = _page_named(request.form.get("page", ""))
    said, kind = clean(request.form.get("comment")).strip(), request.form.get("kind", "comment")
    if request.form.get(TRAP):
        told = gettext("Ett fält som ska vara tomt var ifyllt. Töm det och skicka igen.")
        return _form(page, told), UNPROCESSABLE
    if not said:
        return _thank("", page)
    if len(said) > LONGEST:
        told = gettext("Kommentaren är för lång. Korta den till högst %(most)s tecken.", most=LONGEST)
        return _form(page, told), UNPROCESSABLE
    try:
        kept = engine().comment(
            Written(kind, page, said, proposal), key=posted_key(), address=request.remote_addr or ""
        )  # fmt: skip
    except Refused as refused:
        return _form(page, *words_of(refused.refusals)), status_of(refused)
    return _thank(kept.number, page, kind)


@comments.get("/kommentar/tack")
def thanks() -> ResponseReturnValue:
    """From the sender's own cookie: the number is nobody else's business."""
    g.personal = True
    kept = session.get("commented") or {}
    fresh = datetime.now(UTC).timestamp() <= kept.get("until", 0)
    return render_template(
        "comment_thanks.html", number=kept["number"] if fresh else "", back=kept["page"] if fresh else "/",
        kind=kept.get("kind", "comment"),
    )  # fmt: skip


def _thank(number: str, page: str, kind: str = "comment") -> ResponseReturnValue:
    until = datetime.now(UTC).timestamp() + KEPT_MINUTES * 60
    session["commented"] = {"number": number, "page": page, "until": until, "kind": kind}
    return redirect(url_for("comments.thanks"), 303)


def _form(page: str, *messages: object) -> str:
    kind = request.form.get("kind", "comment")
    return render_template(
        "comment.html", page=page, messages=messages, trap=TRAP, trapped=bool(request.form.get(TRAP)), longest=LONGEST,
        said=request.form.get("comment", ""), kind=kind if kind in KINDS else "comment",
    )  # fmt: skip


def _page_named(address: str) -> tuple[str, str | None]:
    """One of our own pages for everybody, and the proposal that it shows; the front page for anything else."""
    path = address.split("?", 1)[0]
    if not is_ours(path):
        return "/", None
    try:
        endpoint, values = current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return "/", None
    if endpoint not in (*COMMENTED, "legal.accessibility"):  # which has a form of its own
        return "/", None
    number = values.get("number")
    return (path, number) if number is None or engine().has_proposal(number) else ("/", None)


def _write_again(message: str) -> ResponseReturnValue:
    return _form(_page_named(request.form.get("page", ""))[0], message), 400


# --- officials ---------------------------------------------------------------------------------------------------


@comments.get("/kommentarer")
@signed_in
def overview() -> ResponseReturnValue:
    closed = "besvarade" in request.args
    shown = engine().comments(member().person, closed=closed, after=request.args.get("after"))
    return render_template("comments.html", comments=shown, closed=closed, kinds=KINDS, outcomes=OUTCOMES)


@comments.get("/kommentarer/<number>")
@signed_in
def one(number: str) -> ResponseReturnValue:
    return _one(number)


@comments.post("/kommentarer/<number>")
@signed_in
def close(number: str) -> ResponseReturnValue:
    who, form = member(), _close_form()(request.form)
    if not form.validate():
        return _one(number, form=form), UNPROCESSABLE
    outcome, remarks = str(form.data["outcome"]), str(form.data["remarks"])
    try:
        engine().close_comment(number, outcome, remarks, by=who.person, key=posted_key())
    except Refused as refused:
        return _one(number, *words_of(refused.refusals), form=form), status_of(refused)
    flash(gettext("Klart. %(number)s: %(outcome)s.", number=number, outcome=running(str(OUTCOMES[outcome]))))
    return redirect(url_for("comments.overview"), 303)


def waiting() -> Comments | None:
    """The oldest that wait for an answer, for who answers them and for the working group, which they are written to;
    None for others and when none waits."""
    who = signed()
    if who is None or who.proposal is not None:
        return None
    try:
        found = engine().comments(who.person)
    except Refused:
        return None
    theirs = found.may_close or any(each.body_kind == "working_group" for each in who.capacities)
    return found if found.rows and theirs else None


def _one(number: str, *messages: object, form: Form | None = None) -> str:
    shown, may_close = engine().one_comment(number, member().person)
    return render_template(
        "comment_read.html", comment=shown, may_close=may_close, form=form or _close_form()(), messages=messages,
        kinds=KINDS, outcomes=OUTCOMES, may_erase=engine().may_moderate(member().person),
    )  # fmt: skip


class MustUnlessJunk:
    """A word on what became of it, where there was anything to take care of."""

    def __init__(self) -> None:
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        if form["outcome"].data != JUNK and not (field.data or "").strip():
            raise StopValidation(gettext("Fyll i %(field)s.", field=running(field.label.text)))


def _close_form() -> type[Form]:
    told = _("Läses av tjänstepersonerna och arbetsgruppen. Kan lämnas ut om någon begär handlingen.")
    fields: dict[str, Any] = {
        "outcome": choice(_("Vad blev det?"), list(OUTCOMES.items()), radio=True),
        "remarks": TextAreaField(
            str(_("Hur togs kommentaren om hand?")), [MustUnlessJunk(), Length(max=LONGEST)], filters=[clean],
            description=str(told),
        ),
    }  # fmt: skip
    return type("CloseCommentForm", (Form,), fields)


def _close_again(message: str, number: str) -> ResponseReturnValue:
    return _one(number, message, form=_close_form()(request.form)), 400


@comments.record_once
def _register(state: Any) -> None:
    again(state.app, "comments.send", _write_again)
    again(state.app, "comments.close", _close_again)
