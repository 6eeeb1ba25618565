"""Anmälan av delegationsbeslut: the list for a board's meeting, as page and files, and marking what was reported."""

import re
from typing import Any, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from states import Ore
from web.files.documents import pdf
from web.files.exports import sent
from web.files.meeting_papers import delegated_paper
from web.files.spreadsheets import Cell, Form, Sheet
from web.pages.errors import again, status_of, words_of
from web.pages.meeting_pages import held, meeting_of, sent_pdf
from web.request.current import engine, member, posted_key, signed_in
from web.request.language import gettext
from web.words.meeting_words import delegate
from web.words.words import OUTCOMES
from workflow import Refused
from workflow.meetings.views_meetings import DelegatedRow, MeetingPage

delegation = Blueprint("delegation", __name__)
FORM = f"<any({', '.join(get_args(Form))}):form>"
_CHOSEN = re.compile(r"(\S{1,120}) ([0-9]{1,9})")


@delegation.get("/moten/<body>/<held_on>/delegationsbeslut")
@signed_in
def page(body: str, held_on: str) -> ResponseReturnValue:
    return _page(meeting_of(body, held_on))


@delegation.post("/moten/<body>/<held_on>/delegationsbeslut")
@signed_in
def report(body: str, held_on: str) -> ResponseReturnValue:
    who = member()
    found = map(_CHOSEN.fullmatch, request.form.getlist("rows"))
    chosen = [(match[1], int(match[2])) for match in found if match]
    try:
        engine().report_delegated(body, held(held_on), chosen, by=who.person, key=posted_key())
    except Refused as refused:
        return _page(meeting_of(body, held_on), *words_of(refused.refusals)), status_of(refused)
    flash(gettext("Besluten är anmälda."))
    return redirect(url_for("delegation.page", body=body, held_on=held_on), 303)


@delegation.get("/moten/<body>/<held_on>/delegationsbeslut.pdf")
@signed_in
def as_pdf(body: str, held_on: str) -> ResponseReturnValue:
    return sent_pdf(pdf(delegated_paper(meeting_of(body, held_on))), f"delegationsbeslut-{body}-{held_on}")


@delegation.get(f"/moten/<body>/<held_on>/delegationsbeslut.{FORM}")
@signed_in
def as_file(body: str, held_on: str, form: Form) -> ResponseReturnValue:
    rows = [_row(each) for each in meeting_of(body, held_on).delegated]
    return sent(Sheet(gettext("Delegationsbeslut"), _headings(), rows), form, f"delegationsbeslut-{body}-{held_on}")


def _headings() -> tuple[str, ...]:
    return (
        gettext("Datum"), gettext("Nummer"), gettext("Delegationspunkt"), gettext("Delegat"), gettext("Förslag"),
        gettext("Rubrik"), gettext("Utfall"), gettext("Belopp, kr exkl. moms"), gettext("Diarienummer"),
        gettext("Anmält"),
    )  # fmt: skip


def _row(row: DelegatedRow) -> tuple[Cell, ...]:
    return (
        row.decided_on, row.paragraph or "", row.point or gettext("ej angivet"), delegate(row), row.number or "",
        row.title, str(OUTCOMES[row.outcome]), Ore(row.amount) if row.amount else None, row.registry_no or "",
        gettext("ja") if row.reported else "",
    )  # fmt: skip


def _page(shown: MeetingPage, *messages: object) -> str:
    chosen = request.form.getlist("rows") if request.method == "POST" else None
    return render_template("delegated.html", meeting=shown, messages=messages, chosen=chosen)


def _again(message: str, body: str, held_on: str) -> ResponseReturnValue:
    return _page(meeting_of(body, held_on), message), 400


@delegation.record_once
def _register(state: Any) -> None:
    again(state.app, "delegation.report", _again)
