"""Who takes no part in a proposal, whose hands a task is in, and what an auditor takes away. Decides nothing."""

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form

from states import RefusalKind
from web.forms.fields import choice, text_field
from web.pages.content_pages import attempt, show
from web.pages.errors import UNPROCESSABLE, again
from web.request.current import engine, my, posted_key, signed_in
from web.request.language import gettext
from web.words.who_words import GROUNDS, GROUNDS_SHORT, NEUTRAL
from workflow import Refused
from workflow.cases.interests import Declared

who_acts = Blueprint("who_acts", __name__)


@who_acts.get("/arenden/<number>/intresse")
@signed_in
def interest(number: str) -> ResponseReturnValue:
    return _interest(number)


@who_acts.post("/arenden/<number>/intresse")
@signed_in
def declare(number: str) -> ResponseReturnValue:
    who, form = my(number), _interest_form(number)(request.form)
    if not form.validate():
        return _interest(number, form=form), UNPROCESSABLE
    about = int(form.data.get("person") or who.person)
    told = Declared(about, form.data["ground"], str(form.data["basis"]).strip())

    def work() -> Any:
        return engine().declare_interest(number, told, by=who.person, key=posted_key())

    return attempt(work, gettext("Anmälan är antecknad."), lambda *said: _interest(number, *said, form=form))


@who_acts.post("/arenden/<number>/intresse/<int:person>/ta-tillbaka")
@signed_in
def withdraw(number: str, person: int) -> ResponseReturnValue:
    who, form = my(number), _reason_form(person, request.form)
    if not form.validate():
        return _interest(number, withdrawing=(person, form)), UNPROCESSABLE
    reason = str(form.data["reason"]).strip()

    def work() -> Any:
        return engine().withdraw_interest(number, person, by=who.person, key=posted_key(), reason=reason)

    return attempt(
        work, gettext("Anmälan är tillbakatagen."), lambda *said: _interest(number, *said, withdrawing=(person, form))
    )


def _interest(
    number: str, *messages: object, form: Form | None = None, withdrawing: tuple[int, Form] | None = None
) -> str:
    found = engine().stakes(number, my(number).person)
    reasons = {each.person: _reason_form(each.person) for each in found.interests if found.may_withdraw(each)}
    if withdrawing is not None and withdrawing[0] in reasons:
        reasons[withdrawing[0]] = withdrawing[1]
    made = form or _interest_form(number)()
    return show(
        "interest.html", number, *messages, stakes=found, form=made, reasons=reasons, grounds=GROUNDS_SHORT,
        faulty=[each for each in (made, *reasons.values()) if each.errors],
    )  # fmt: skip


def _interest_form(number: str) -> type[Form]:
    found = engine().stakes(number, my(number).person)
    fields: dict[str, Any] = {}
    if found.may_note:
        people = [(str(each.person), each.name) for each in engine().colleagues()]
        mine = [each for each in people if each[0] == str(found.person)]
        fields["person"] = choice(_("Vem gäller det?"), [*mine, *(each for each in people if each not in mine)])
    told = _("Skriv kort, till exempel vilket hus eller företag det gäller. Det läses av tjänstepersonerna.")
    fields["ground"] = choice(_("Varför?"), (NEUTRAL if found.may_note else GROUNDS).items(), radio=True)
    fields["basis"] = text_field(_("Vad består intresset i?"), must=True, long=True, help_text=told)
    return type("InterestForm", (Form,), fields)


def _reason_form(person: int, posted: Any = None) -> Form:
    fields = {"reason": text_field(_("Varför tas anmälan tillbaka?"), must=True, long=True)}
    made: Form = type("WithdrawForm", (Form,), fields)(posted, prefix=f"person-{person}-")
    return made


# --- a task in a colleague's hands -------------------------------------------------------------------------------


@who_acts.get("/arenden/<number>/uppgift/<int:duty>")
@signed_in
def task(number: str, duty: int) -> ResponseReturnValue:
    return _task(number, duty)


@who_acts.post("/arenden/<number>/uppgift/<int:duty>")
@signed_in
def hand(number: str, duty: int) -> ResponseReturnValue:
    who, form = my(number), _task_form(number, duty)(request.form)
    if not form.validate():
        return _task(number, duty, form=form), UNPROCESSABLE
    to, remarks = int(form.data["colleague"]), str(form.data["remarks"] or "")

    def work() -> Any:
        return engine().hand_task(number, duty, to, by=who.person, key=posted_key(), remarks=remarks)

    return attempt(work, gettext("Uppgiften är lämnad."), lambda *said: _task(number, duty, *said, form=form))


@who_acts.post("/arenden/<number>/uppgift/<int:duty>/tillbaka")
@signed_in
def give_back(number: str, duty: int) -> ResponseReturnValue:
    who = my(number)

    def work() -> Any:
        return engine().give_back_task(number, duty, by=who.person, key=posted_key())

    return attempt(work, gettext("Uppgiften är tillbaka."), lambda *said: _task(number, duty, *said))


def _task(number: str, duty: int, *messages: object, form: Form | None = None) -> str:
    """Raises Refused(NOT_HERE) for a task that is answered, or that is no concern of this person's."""
    found = next((each for each in engine().stakes(number, my(number).person).tasks if each.duty == duty), None)
    if found is None and not messages:
        raise Refused.because(RefusalKind.NOT_FOUND, number=number)
    return show("task.html", number, *messages, task=found, form=form or _task_form(number, duty)(), duty=duty)


def _task_form(number: str, duty: int) -> type[Form]:
    who = my(number)
    mine = next((each for each in engine().stakes(number, who.person).tasks if each.duty == duty), None)
    people = engine().colleagues(mine.holder, number, but=who.person) if mine else ()
    told = _("Till exempel varför, eller var underlaget finns. Det läses av tjänstepersonerna.")
    fields: dict[str, Any] = {
        "colleague": choice(_("Till vem?"), [(str(each.person), each.name) for each in people]),
        "remarks": text_field(_("Hälsning"), must=False, long=True, help_text=told),
    }
    return type("TaskForm", (Form,), fields)


# --- what an auditor takes away ----------------------------------------------------------------------------------


@who_acts.get("/arenden/<number>/akt.zip")
@signed_in
def case_file(number: str) -> ResponseReturnValue:
    made = engine().case_file(number, by=my(number).person)
    told = {"Content-Disposition": f'attachment; filename="{number}.zip"'}
    return Response(made, mimetype="application/zip", headers=told)


# --- when a form's token had grown old ---------------------------------------------------------------------------


def _declare_again(message: str, number: str) -> ResponseReturnValue:
    return _interest(number, message, form=_interest_form(number)(request.form)), 400


def _withdraw_again(message: str, number: str, person: int) -> ResponseReturnValue:
    return _interest(number, message, withdrawing=(person, _reason_form(person, request.form))), 400


def _hand_again(message: str, number: str, duty: int) -> ResponseReturnValue:
    return _task(number, duty, message, form=_task_form(number, duty)(request.form)), 400


def _back_again(message: str, number: str, duty: int) -> ResponseReturnValue:
    return _task(number, duty, message), 400


@who_acts.record_once
def _register(state: Any) -> None:
    again(state.app, "who_acts.declare", _declare_again)
    again(state.app, "who_acts.withdraw", _withdraw_again)
    again(state.app, "who_acts.hand", _hand_again)
    again(state.app, "who_acts.give_back", _back_again)
