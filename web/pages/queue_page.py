"""Att göra: what waits for the person signed in, what they should know of, what was done last. Decides nothing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from web.forms import queue_filter
from web.forms.fields import text_field
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, me, member, posted_key, signed_in
from web.request.language import gettext
from workflow import Refused
from workflow.submission.entering_for import READS_ONLY

queue = Blueprint("queue", __name__)

TOOLS = (
    ("controller", "imports.files", _("Hämta in fakturor och budgetar")),
    ("controller", "public.pots", _("Potternas siffror")),
    ("auditor", "public.proposals", _("Granska alla förslag")),
    ("auditor", "public.pots", _("Granska potterna och deras poster")),
    ("administrator", "administration.overview", _("Organ, personer och beslutanderätt")),
    ("administrator", "rates.page", _("Ändra belopp, räntor och gränser")),
)


@queue.get("/att-gora")
@signed_in
def mine() -> ResponseReturnValue:
    who = me()
    if who.proposal is not None:
        return redirect(url_for("case.page", number=who.proposal), 303)
    return _page()


@queue.post("/att-gora/<number>/<int:duty>")
@signed_in
def attend(number: str, duty: int) -> ResponseReturnValue:
    """What no step foresaw has been taken care of."""
    who, form = member(), _form(duty, request.form)
    if not form.validate():
        return _page(duty=duty, form=form), UNPROCESSABLE
    try:
        engine().attend(number, duty, by=who.person, key=posted_key(), remarks=str(form.data["remarks"]))
    except Refused as refused:
        return _page(*words_of(refused.refusals), duty=duty, form=form), status_of(refused)
    flash(gettext("Klart. Det står i historiken för förslag %(number)s.", number=number))
    return redirect(url_for("queue.mine"), 303)


def _page(*messages: object, duty: int = 0, form: Form | None = None) -> str:
    """Att göra as its address asks, with what was typed about one unexpected duty."""
    view, filters, after = queue_filter.view(), queue_filter.form(), queue_filter.after()
    asked = queue_filter.asked(filters)
    shown = engine().queue(me().person, after, view=view, asked=asked)
    forms = {each.duty: form if form and each.duty == duty else _form(each.duty) for each in shown.unexpected}
    return render_template(
        "queue.html", queue=shown, continued=bool(after), messages=messages, forms=forms, today=engine().today(),
        faulty=[form] if form and form.errors else [], typed_for=duty, filters=filters, filtered=not asked.everything,
        views=queue_filter.VIEWS, kept={**queue_filter.carried(), "view": view or "mine"},
        gaps=engine().staffing_notice(me().capacities) if not view else (),
        tools=_tools(), not_shown=[str(form.data["remarks"])] if form and duty not in forms else [],
    )  # fmt: skip


def _tools() -> list[tuple[str, str]]:
    """Pages where somebody's role has its work although no duty of a proposal says so: (address, words)."""
    held = {each.role for each in me().capacities}
    enters = me().is_employee and held != {READS_ONLY}
    entering = [(url_for("entries.write"), gettext("Skriv in en idé som någon har lämnat"))] if enters else []
    return entering + [(url_for(endpoint), str(words)) for role, endpoint, words in TOOLS if role in held]


def _form(duty: int, posted: Any = None) -> Form:
    told = _("Till exempel vem du har talat med. Det läses av tjänstepersonerna.")
    fields = {"remarks": text_field(_("Vad har du gjort?"), must=True, long=True, help_text=told)}
    made: Form = type("AttendForm", (Form,), fields)(posted, prefix=f"duty-{duty}-")
    return made


def _again(message: str, number: str, duty: int) -> ResponseReturnValue:
    del number
    return _page(message, duty=duty, form=_form(duty, request.form)), 400


@queue.record_once
def _register(state: Any) -> None:
    again(state.app, "queue.attend", _again)
