"""What the pages show, as tables to take away: the pots by year, the entries behind a pot-year, proposals with stage
and money. Told in the reader's language, and no more than the page tells the same reader."""

from collections.abc import Sequence
from typing import get_args

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from states import Ore
from web.files.spreadsheets import TYPES, Cell, Form, Sheet, written
from web.forms import list_filter
from web.request.current import engine, signed
from web.request.language import gettext
from web.words.words import BUCKETS, ENTRIES, SOURCES, awaits_words, msg
from workflow.money.views_money import Entry, PotYear
from workflow.proposals.views_overview import MoneyRow

exports = Blueprint("exports", __name__)

FORM = f"<any({', '.join(get_args(Form))}):form>"
FIGURES = ("budget", "reserved", "committed", "ordered", "spent", "available", "overrun")
HELD = ("reserved", "committed", "ordered", "spent")


@exports.get(f"/potter.{FORM}")
def pots(form: Form) -> Response:
    return sent(pots_sheet(engine().pots()), form, "potter")


@exports.get(f"/potter/<path:pot>/<int:year>.{FORM}")
def entries(pot: str, year: int, form: Form) -> ResponseReturnValue:
    if not any((each.pot, each.year) == (pot, year) for each in engine().pots()):
        abort(404)
    viewer = signed()
    found = engine().entries(pot, year, viewer=viewer.person if viewer else None)
    return sent(entries_sheet(found), form, f"poster-{pot}-{year}")


@exports.get(f"/forslag.{FORM}")
def proposals(form: Form) -> Response:
    """The same choice as the list."""
    viewer = signed()
    rows = engine().money_rows(list_filter.sought(), viewer=viewer.person if viewer else None)
    return sent(proposals_sheet(rows), form, "forslag")


def sent(sheet: Sheet, form: Form, name: str) -> Response:
    safe = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name)
    answer = Response(written(sheet, form), content_type=TYPES[form])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{safe}-{engine().today()}.{form}")
    return answer


# --- the tables, also for the command line -------------------------------------------------------------------------


def pots_sheet(shown: Sequence[PotYear]) -> Sheet:
    """Budget and what is taken, year by year. A year without a budget has an empty cell, which is not zero."""
    headings = (
        gettext("Pott"), gettext("Slag"), gettext("År"), *(_in_kronor(str(BUCKETS[each])) for each in FIGURES),
        gettext("Beslut"), gettext("Stängt"),
    )  # fmt: skip
    return Sheet(gettext("Potterna"), headings, [_pot(each) for each in shown])


def _pot(pot: PotYear) -> tuple[Cell, ...]:
    undecided = not (pot.given and pot.decided)
    amounts = (None if undecided and each == "budget" else Ore(getattr(pot, each)) for each in FIGURES)
    decision = gettext("inte beslutad") if undecided else pot.decision or ""
    return msg(pot.title), str(SOURCES[pot.kind]), pot.year, *amounts, decision, _yes(pot.closed)


def entries_sheet(found: Sequence[Entry]) -> Sheet:
    """What moved, from where to where. Suppliers and vouchers have columns when the reader may be told of any."""
    told = any(each.supplier or each.voucher for each in found)
    headings = (
        gettext("Datum"), gettext("Infört"), gettext("Pott"), gettext("År"), gettext("Händelse"), gettext("Från"),
        gettext("Till"), _in_kronor(gettext("Belopp")), gettext("Förslag"), gettext("Rubrik"), gettext("Varför"),
    )  # fmt: skip
    more = (gettext("Leverantör"), gettext("Verifikationsnummer")) if told else ()
    rows = [(*_entry(each), each.supplier or "", each.voucher or "") if told else _entry(each) for each in found]
    return Sheet(gettext("Poster"), (*headings, *more), rows)


def _entry(entry: Entry) -> tuple[Cell, ...]:
    return (
        entry.on, entry.recorded_on, msg(entry.pot_title), entry.year, str(ENTRIES[entry.kind]),
        str(BUCKETS[entry.from_]), str(BUCKETS[entry.to]), Ore(entry.amount), entry.proposal or "",
        entry.proposal_title or "", msg(entry.why),
    )  # fmt: skip


def proposals_sheet(rows: Sequence[MoneyRow]) -> Sheet:
    headings = (
        gettext("Nummer"), gettext("Rubrik"), gettext("Process"), gettext("Står vid"),
        gettext("Väntar på"), gettext("Sedan"), gettext("Senast"), gettext("Vad som betalar"),
        _in_kronor(gettext("Kostnad")), *(_in_kronor(str(BUCKETS[each])) for each in HELD), gettext("Exempel"),
    )  # fmt: skip
    return Sheet(gettext("Förslag"), headings, [_proposal(each) for each in rows])


def _proposal(row: MoneyRow) -> tuple[Cell, ...]:
    cost: Cell = None if row.cost is None else Ore(row.cost)
    return (
        row.number, row.title, msg(row.process_title), msg(row.state_title),
        awaits_words(row.awaits), row.since, row.due, ", ".join(map(msg, row.payers)), cost,
        *(Ore(getattr(row, each)) for each in HELD), _yes(row.is_example),
    )  # fmt: skip


def _in_kronor(heading: str) -> str:
    return gettext("%(what)s, kr exkl. moms", what=heading)


def _yes(given: bool) -> str:
    return gettext("ja") if given else ""
