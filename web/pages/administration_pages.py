"""Administration: bodies, people, decision rights and days, and the history of every change. A form that was refused is
drawn again on its own page with what was typed. Decides nothing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from wtforms import Form

from web.forms.administration_forms import CHANGES, form_of, said_in
from web.pages.errors import UNPROCESSABLE, again, status_of, words_of
from web.request.current import engine, member, posted_key, posted_number, signed_in
from web.words.administration_words import FILTERS
from workflow import Refused

administration = Blueprint("administration", __name__)
ON_OVERVIEW = ("body", "person", "quiet", "end_quiet", "cancel_quiet")
ON_RIGHTS = ("right", "end_right")
ON_BODY = ("seat", "end_seat", "rename", "dissolve", "meeting", "move_meeting", "cancel_meeting")
ON_PERSON = ("details", "close", "open", "end_seat")
Typed = dict[str, Form]  # forms that were sent, by how the page finds them


@administration.get("/administration")
@signed_in
def overview() -> str:
    return _overview({})


@administration.get("/administration/beslutanderatt")
@signed_in
def rights() -> str:
    return _rights({})


@administration.get("/administration/historik")
@signed_in
def history() -> str:
    _reader()
    before = request.args.get("before", "")
    seq = int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None
    told = engine().configuration_history(seq)
    return render_template("configuration_history.html", told=told, last=told[-1].seq if told else 1)


@administration.get("/administration/organ/<code>")
@signed_in
def body(code: str) -> str:
    return _body({}, code)


@administration.get("/administration/personer/<int:person>")
@signed_in
def person(person: int) -> str:
    return _person({}, person)


@administration.post("/administration/andra/<what>")
@signed_in
def change(what: str) -> ResponseReturnValue:
    where, page = ("administration.rights", _rights) if what in ON_RIGHTS else ("administration.overview", _overview)
    return _changed(what, (*ON_OVERVIEW, *ON_RIGHTS), None, page, url_for(where))


@administration.post("/administration/organ/<code>/<what>")
@signed_in
def change_body(code: str, what: str) -> ResponseReturnValue:
    return _changed(what, ON_BODY, code, _body, url_for("administration.body", code=code))


@administration.post("/administration/personer/<int:person>/<what>")
@signed_in
def change_person(person: int, what: str) -> ResponseReturnValue:
    return _changed(what, ON_PERSON, person, _person, url_for("administration.person", person=person))


@administration.post("/administration/personer/<int:person>/bjud-in")
@signed_in
def invite(person: int) -> ResponseReturnValue:
    """The link is shown once, on this answer: whoever has it chooses the password."""
    who = member()
    engine().may_administer(who.person)
    login = request.form.get("login", "").strip()[:200]
    try:
        secret = engine().invite(person, login, by=who.person, key=posted_key())
    except Refused as refused:
        return _person({}, person, *words_of(refused.refusals), login=login), status_of(refused)
    link = engine().config.server.base_url.rstrip("/") + url_for("own.choose", secret=secret)
    return _person({}, person, link=link)


def _changed(what: str, known: tuple[str, ...], about: Any, page: Any, back: str) -> ResponseReturnValue:
    who = member()
    engine().may_administer(who.person)
    if what not in known:
        raise NotFound
    row = posted_number("row") or None
    form = form_of(what, request.form, row)
    typed = {what if row is None else f"{what}-{row}": form}
    where = () if about is None else (about,)
    if not form.validate():
        return page(typed, *where), UNPROCESSABLE
    try:
        made = CHANGES[what].row(said_in(form, row), about)
        engine().configure(CHANGES[what].what, made, by=who.person, key=posted_key())
    except Refused as refused:
        return page(typed, *where, *words_of(refused.refusals)), status_of(refused)
    flash(str(CHANGES[what].done))
    return redirect(back, 303)


def _reader() -> dict[str, Any]:
    """What every page is given: whether the forms are shown, and how one is found. Raises Refused(NOT_PERMITTED)."""
    who = member()
    engine().may_read_administration(who.person)
    return {"may": any(each.role == "administrator" for each in who.capacities), "today": engine().today()}


def _overview(typed: Typed, *messages: object) -> str:
    shared = _reader()
    return render_template(
        "administration.html", bodies=engine().bodies(), members=engine().members(),
        quiet_periods=engine().quiet_periods(), form=_finder(typed), messages=messages, faulty=_faulty(typed), **shared,
    )  # fmt: skip


def _rights(typed: Typed, *messages: object) -> str:
    shared, groups = _reader(), [each for each in engine().bodies() if each.kind == "forum" and each.stands]
    return render_template(
        "decision_rights.html", rights=engine().decision_rights(), groups=groups, form=_finder(typed),
        messages=messages, faulty=_faulty(typed), **shared,
    )  # fmt: skip


def _body(typed: Typed, code: str, *messages: object) -> str:
    shared, found = _reader(), engine().body(code)
    return render_template(
        "administered_body.html", body=found, seats=engine().seats(code), meetings=engine().meetings_of(code),
        form=_finder(typed), messages=messages, faulty=_faulty(typed), **shared,
    )  # fmt: skip


def _person(typed: Typed, person: int, *messages: object, link: str = "", login: str = "") -> str:
    shared, found = _reader(), engine().members(person)
    if not found:
        raise NotFound
    (them,) = found
    return render_template(
        "administered_person.html", person=them, seats=engine().seats(person=person), link=link,
        login=login or them.email or them.name.lower().replace(" ", "."), deputies=engine().deputies(person),
        form=_finder(typed), messages=messages, faulty=_faulty(typed), **shared,
    )  # fmt: skip


def _finder(typed: Typed) -> Any:
    """By name, and by the row that it is about: the form as it was sent, or an empty one."""

    def find(name: str, row: int | None = None, /, **data: Any) -> Form:
        sent = typed.get(name if row is None else f"{name}-{row}")
        return sent if sent is not None else form_of(name, None, row, **data)

    return find


def _faulty(typed: Typed) -> list[Form]:
    return [each for each in typed.values() if each.errors]


def _change_again(message: str, what: str) -> ResponseReturnValue:
    typed = {what: form_of(what, request.form)} if what in CHANGES and not posted_number("row") else {}
    return (_rights if what in ON_RIGHTS else _overview)(typed, message), 400


def _change_body_again(message: str, code: str, what: str) -> ResponseReturnValue:
    typed = {what: form_of(what, request.form)} if what in ON_BODY and not posted_number("row") else {}
    return _body(typed, code, message), 400


def _change_person_again(message: str, person: int, what: str) -> ResponseReturnValue:
    return _person({what: form_of(what, request.form)} if what == "details" else {}, person, message), 400


@administration.record_once
def _register(state: Any) -> None:
    state.app.jinja_env.filters.update(FILTERS)
    again(state.app, "administration.change", _change_again)
    again(state.app, "administration.change_body", _change_body_again)
    again(state.app, "administration.change_person", _change_person_again)
