"""Handing in an idea in three steps: what is typed is kept in a draft at every turn, right or wrong, and the draft is
its sender's own. The page that sends it, and the receipt, are in ``sending``."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from states import RefusalKind
from web.forms.fields import clean
from web.forms.sent_files import bytes_of, file_form, name_of
from web.ideas.idea_forms import IDEA, MORE, STEPS, faulty_step, form_of, title_of, typed_in
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, new_key, posted_key, posted_number, signed
from web.request.language import gettext
from workflow import Refused
from workflow.submission.drafts import Draft

submission = Blueprint("submission", __name__)

TRAP = "webbplats"  # filled in by programmes only
_ALT = re.compile(r"alt-[0-9]{1,9}")
BACK = "back"  # the name of the button that goes back


@submission.get("/lamna-forslag")
def write() -> ResponseReturnValue:
    return page(IDEA, form_of(IDEA, {}), key=new_key(), waiting=_waiting())


@submission.post("/lamna-forslag")
def begin() -> ResponseReturnValue:
    """The first step of a new idea: from here on there is a draft."""
    key = posted_key()
    form = form_of(IDEA, request.form)
    if request.form.get(TRAP):
        return page(IDEA, form, _trapped(), key=key), UNPROCESSABLE
    try:
        secret = _begun(key)
    except Refused as refused:
        sent = refused.first.kind is RefusalKind.NOT_FOUND  # a page that had been left open: a new idea gets a new key
        return page(IDEA, form, *words_of(refused.refusals), key=new_key() if sent else key), status_of(refused)
    if not form.validate():
        return page(IDEA, form, key=key), UNPROCESSABLE
    return redirect(url_for("submission.step", secret=secret, n=IDEA + 1), 303)


@submission.post("/lamna-forslag/spara")
def keep_first() -> ResponseReturnValue:
    """Saves while somebody types; for programmes of ours, which read no page."""
    if not request.form.get(TRAP) and any(typed_in(IDEA, request.form).values()):
        _begun(posted_key())
    return "", 204


def _begun(key: str) -> str:
    secret = engine().begin_draft(key, typed_in(IDEA, request.form), address=request.remote_addr or "")
    session["draft"] = secret
    return secret


@submission.get("/utkast/<secret>")
def resume(secret: str) -> ResponseReturnValue:
    """Where the sender was: the last step in which anything is kept."""
    typed = draft_of(secret).typed
    begun = [n for n in STEPS if any(field.short_name in typed for field in form_of(n, {}))]
    return redirect(url_for("submission.step", secret=secret, n=max(begun, default=IDEA)), 303)


@submission.get("/utkast/<secret>/<int:n>")
def step(secret: str, n: int) -> ResponseReturnValue:
    """A step as it was left. ``?fel=1`` also says what is not right yet."""
    draft = draft_of(secret)
    if draft.sent_as:
        return redirect(url_for("public.timeline", number=draft.sent_as), 303)
    form = form_of(_known(n), draft.typed, contact=not is_member())
    if request.args.get("fel"):
        form.validate()
    return page(n, form, draft=draft, secret=secret)


@submission.post("/utkast/<secret>/<int:n>")
def go_on(secret: str, n: int) -> ResponseReturnValue:
    """Keeps what was typed, then looks whether it is right; the way back asks nothing."""
    form = form_of(_known(n), request.form, contact=not is_member())
    draft = keep(secret, n)
    if n == MORE and (answer := _with_files(secret, form, draft)):
        return answer
    if BACK in request.form and n > IDEA:
        return redirect(url_for("submission.step", secret=secret, n=n - 1), 303)
    if request.form.get(TRAP):
        return page(n, form, _trapped(), draft=draft, secret=secret), UNPROCESSABLE
    if not form.validate():
        return page(n, form, draft=draft, secret=secret), UNPROCESSABLE
    if n == STEPS[-1]:
        return redirect(url_for("sending.check", secret=secret), 303)
    return redirect(url_for("submission.step", secret=secret, n=n + 1), 303)


def _with_files(secret: str, form: Form, draft: Draft) -> ResponseReturnValue | None:
    """Keeps the file that was chosen and what is said of those that are there; None where the form goes on."""
    alts = {int(name[4:]): clean(text) for name, text in request.form.items() if _ALT.fullmatch(name)}
    engine().describe_draft_files(secret, alts)
    if taken := posted_number("remove"):
        engine().remove_draft_file(secret, taken)
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        words = clean(request.form.get("alt"))
        try:
            engine().add_draft_file(secret, name_of(sent), bytes_of(sent), words, address=request.remote_addr or "")
        except Refused as refused:
            (told, *_) = words_of(refused.refusals)
            at_file = refused.first.kind is RefusalKind.FIELD_INVALID
            file, top = (file_form(told), ()) if at_file else (file_form(), (told,))
            return page(MORE, form, *top, draft=draft, secret=secret, file_form=file), status_of(refused)
    elif "add" in request.form and not taken:
        file = file_form(gettext("Välj en fil först."))
        return page(MORE, form, draft=draft, secret=secret, file_form=file), UNPROCESSABLE
    if taken or "add" in request.form:
        return redirect(url_for("submission.step", secret=secret, n=MORE, _anchor="filer"), 303)
    return None


@submission.post("/utkast/<secret>/<int:n>/spara")
def keep_more(secret: str, n: int) -> ResponseReturnValue:
    keep(secret, _known(n))
    return "", 204


@submission.get("/utkast/<secret>/slang")
def before_throwing(secret: str) -> ResponseReturnValue:
    draft = draft_of(secret)
    if draft.sent_as:
        return redirect(url_for("public.timeline", number=draft.sent_as), 303)
    title = title_of(draft.typed.get("what", "").strip())
    return render_template("throw_away.html", secret=secret, draft=draft, title=title)


@submission.post("/utkast/<secret>/slang")
def throw_away(secret: str) -> ResponseReturnValue:
    g.draft = True
    draft = engine().draft(secret)
    if draft is not None and draft.sent_as:
        return redirect(url_for("public.timeline", number=draft.sent_as), 303)
    engine().throw_draft_away(secret)
    session.pop("draft", None)
    flash(gettext("Utkastet är raderat."))
    return redirect(url_for("public.overview"), 303)


def draft_of(secret: str) -> Draft:
    """Raises Refused(NOT_FOUND)."""
    g.draft = True
    draft = engine().draft(secret)
    if draft is None:
        raise Refused.because(RefusalKind.NOT_FOUND, what="draft")
    return draft


def keep(secret: str, n: int) -> Draft:
    g.draft = True
    return engine().save_draft(secret, typed_in(n, request.form))


def is_member() -> bool:
    """Somebody with a role, who needs no contact details: we have them."""
    return (who := signed()) is not None and who.proposal is None


def first_fault(said: Mapping[str, str]) -> int | None:
    return faulty_step(said, contact=not is_member())


def _known(n: int) -> int:
    if n not in STEPS:
        raise Refused.because(RefusalKind.NOT_FOUND, what="draft")
    return n


def _waiting() -> str | None:
    """The secret of a draft that this browser began and has not sent."""
    secret = session.get("draft")
    draft = engine().draft(str(secret)) if secret else None
    if draft is None or draft.sent_as:
        return None
    g.draft = True
    return str(secret)


def _trapped() -> str:
    return gettext("Ett fält som ska vara tomt var ifyllt. Töm det och skicka igen.")


def page(n: int, form: Form, *messages: object, draft: Draft | None = None, **more: Any) -> str:
    more.setdefault("file_form", file_form())
    return render_template(
        "submit.html", files=engine().draft_files(more["secret"]) if n == MORE else (), n=n,
        last=STEPS[-1], form=form, messages=messages, trap=TRAP, draft=draft,
        trapped=bool(request.form.get(TRAP)), is_member=is_member(), **more,
    )  # fmt: skip


def _begin_again(message: str) -> ResponseReturnValue:
    return page(IDEA, form_of(IDEA, request.form), message, key=posted_key()), 400


def _once_more(message: str, secret: str, n: int) -> ResponseReturnValue:
    form = form_of(_known(n), request.form, contact=not is_member())
    return page(n, form, message, draft=draft_of(secret), secret=secret), 400


@submission.record_once
def _register(state: Any) -> None:
    again(state.app, "submission.begin", _begin_again)
    again(state.app, "submission.go_on", _once_more)
