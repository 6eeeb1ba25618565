"""The last look at an idea before it is sent, the sending, and the receipt that says what follows."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from states import RefusalKind
from web.ideas.idea_forms import MORE, contact_of, form_of, process_of, rows_of, text_of
from web.ideas.writing import draft_of, first_fault, is_member
from web.pages.errors import again, status_of, words_of
from web.request.current import engine, posted_key, signed
from web.words.publishing_words import DETAILS
from workflow import Refused
from workflow.privacy.masking import parts_of
from workflow.records.answers import Receipt
from workflow.submission.drafts import Draft

sending = Blueprint("sending", __name__)

FREE = ("what", "why", "where", "own_contribution")  # what everybody reads of it
KEPT_MINUTES = 30  # how long a receipt with its private link stays in the sender's own cookie


@sending.get("/utkast/<secret>/skicka")
def check(secret: str) -> ResponseReturnValue:
    draft = draft_of(secret)
    if draft.sent_as:
        return _sent(draft)
    return _unfinished(secret, draft) or _page(secret, draft)


@sending.post("/utkast/<secret>/skicka")
def send(secret: str) -> ResponseReturnValue:
    """A second click on the same form gets the same receipt; the draft is sent once."""
    draft = draft_of(secret)
    if not draft.sent_as and (unfinished := _unfinished(secret, draft)):
        return unfinished
    try:
        _keep(_handed_in(secret, draft), draft)
    except Refused as refused:
        if refused.first.kind is RefusalKind.NOT_FOUND:
            return _sent(draft_of(secret))
        return _page(secret, draft, *words_of(refused.refusals)), status_of(refused)
    return redirect(url_for("sending.receipt"), 303)


def _handed_in(secret: str, draft: Draft) -> Receipt:
    """Raises Refused."""
    said, who = draft.typed, signed()
    by = who.person if who and is_member() else None
    form = form_of(MORE, said)
    form.validate()
    return engine().send_draft(
        secret, process=process_of(said), by=by, key=posted_key(), text=text_of(said),
        rows=rows_of(form["cost"]), contact={} if by else contact_of(said), is_example=engine().is_demo,
        address=request.remote_addr or "",
    )  # fmt: skip


def _unfinished(secret: str, draft: Draft) -> ResponseReturnValue | None:
    """The way to the first step that is not right yet."""
    step = first_fault(draft.typed)
    return redirect(url_for("submission.step", secret=secret, n=step, fel=1), 303) if step else None


def _sent(draft: Draft) -> ResponseReturnValue:
    """Where the sender finds it: by the receipt while this browser has it, else on the idea's own page."""
    if not draft.sent_as:
        raise Refused.because(RefusalKind.NOT_FOUND, what="draft")
    kept = session.get("receipt")
    if kept and kept["number"] == draft.sent_as:
        return redirect(url_for("sending.receipt"), 303)
    return redirect(url_for("public.timeline", number=draft.sent_as), 303)


@sending.get("/lamna-forslag/kvitto")
def receipt() -> ResponseReturnValue:
    """What the sender gets, from the sender's own cookie: the database knows the link only as a digest."""
    g.personal = True
    kept = session.get("receipt")
    if not kept or datetime.now(UTC).timestamp() > kept["until"]:
        return redirect(url_for("submission.write"), 303)
    first = datetime.fromisoformat(kept["first"]).date() if kept["first"] else None
    link = url_for("people.link", secret=kept["secret"], _external=True) if kept["secret"] else None
    return render_template(
        "receipt.html", number=kept["number"], link=link, first_answer_by=first, entered=kept.get("entered", False),
        email=kept.get("email", ""), mail_problem=engine().mail_problem,
    )  # fmt: skip


def _keep(given: Receipt, draft: Draft) -> None:
    """Somebody who signs in with a role finds the proposal that way, and a link would carry their other roles."""
    session.pop("draft", None)
    before = session.get("receipt") or {}
    email = contact_of(draft.typed)["email"]  # of a draft that was sent before, by the same form: nothing any more
    if not email and before.get("number") == given.number:
        email = before.get("email", "")
    session["receipt"] = kept_receipt(given, None, "") if is_member() else kept_receipt(given, given.secret, email)


def kept_receipt(given: Receipt, secret: str | None, email: str = "") -> dict[str, Any]:
    """As the cookie holds it, for half an hour."""
    return {
        "number": given.number,
        "secret": secret,
        "email": email,
        "first": given.first_answer_by.isoformat() if given.first_answer_by else None,
        "until": datetime.now(UTC).timestamp() + KEPT_MINUTES * 60,
    }


def _page(secret: str, draft: Draft, *messages: object) -> str:
    forms = {n: form_of(n, draft.typed, contact=not is_member()) for n in (1, 2, 3)}
    for form in forms.values():
        form.validate()
    text = text_of(draft.typed)
    return render_template(
        "submit_check.html", secret=secret, draft=draft, forms=forms, messages=messages,
        similar=engine().similar(text.title, text.where), files=engine().draft_files(secret),
        masked=[(kind, said) for name in FREE for kind, said in parts_of(draft.typed.get(name, ""))], details=DETAILS,
    )  # fmt: skip


def _once_more(message: str, secret: str) -> ResponseReturnValue:
    return _page(secret, draft_of(secret), message), 400


@sending.record_once
def _register(state: Any) -> None:
    again(state.app, "sending.send", _once_more)
