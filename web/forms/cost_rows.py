"""Cost lines and the funding rows that pay them, as rows of a form that grows without any script.
Reads what people write into rows; whether they may stand is for the engine to say."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional, StopValidation

from states import CostLine, Ore, vocabulary
from web.forms.fields import AmountField, clean
from web.forms.line_detail_fields import RUNNING, DetailFields, details_of, stated
from web.request.language import gettext
from web.words.content_words import LINES
from web.words.words import SOURCES, msg
from workflow import Engine, FundingAsk, Rows
from workflow.views.views import Content, CostLineView, FundingView

MOST_ROWS = 40
OWNERS = (("unknown", _("Vet inte")), ("municipality", _("Kommunen")), ("other", _("Någon annan")))
_YEARS = re.compile(r"[0-9]{1,3}")
_SOURCE = re.compile(r"([a-z][a-z0-9-]*):([0-9]{4})")
_OWN = ("appropriation", "outside")


class _Row(Form):
    """A row of which an empty one is nothing, and one marked for removal is gone."""

    remove = BooleanField(_("Ta bort raden"))

    def says_something(self) -> bool:
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        if not self.says_something():
            return True
        return bool(super().validate(extra_validators))


def _short(label: Any) -> Any:
    too_long = _("Texten är för lång. Högst 200 tecken får plats.")
    return StringField(label, [Length(max=200, message=too_long)], filters=[clean, str.strip])


class LineRow(_Row, DetailFields):
    """What something costs. No amount: "Vet inte"."""

    n = HiddenField()
    what = _short(_("Vad"))
    kind = SelectField(_("Slag"), validate_choice=False)
    amount = AmountField(_("Belopp, kr"), [Optional()])
    life_years = _short(_("Håller i, år"))
    owner = SelectField(_("Platsen ägs av"), validate_choice=False)

    def says_something(self) -> bool:
        typed = (self.what.data, self.amount.data, self.life_years.data)
        return not self.remove.data and any(typed)

    def validate_what(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(gettext("Skriv vad kostnaden gäller."))

    def validate_kind(self, field: Any) -> None:
        if field.data not in vocabulary.LINE_KINDS:
            raise StopValidation(gettext("Välj ett slag av kostnad."))

    def validate_owner(self, field: Any) -> None:
        if field.data not in dict(OWNERS):
            raise StopValidation(gettext("Välj vem som äger platsen."))

    def validate_life_years(self, field: Any) -> None:
        if field.data and not (_YEARS.fullmatch(field.data) and int(field.data) > 0):
            raise StopValidation(gettext("Skriv ett antal år med siffror, till exempel 10."))


class FundingRow(_Row):
    """What pays a cost: a pot and its budget year, an appropriation, or a named financier."""

    line = SelectField(_("Kostnad"), validate_choice=False)
    source = SelectField(_("Betalas av"), validate_choice=False)
    amount = AmountField(_("Belopp, kr"))
    title = _short(_("Vem eller vilket anslag"))

    def says_something(self) -> bool:
        return not self.remove.data and bool(self.amount.data or self.title.data)

    def validate_amount(self, field: Any) -> None:
        if field.value is None:
            raise StopValidation(gettext("Skriv hur mycket som betalas."))

    def validate_source(self, field: Any) -> None:
        if not _SOURCE.fullmatch(field.data or ""):
            raise StopValidation(gettext("Välj vad som betalar."))

    def validate_line(self, field: Any) -> None:
        if not _YEARS.fullmatch(field.data or ""):
            raise StopValidation(gettext("Välj vilken kostnad som betalas."))

    def validate_title(self, field: Any) -> None:
        if (self.source.data or "").startswith("outside:") and not field.data:
            raise StopValidation(gettext("Skriv vem som betalar."))


class RowsForm(Form):
    lines = FieldList(FormField(LineRow), max_entries=MOST_ROWS)
    funding = FieldList(FormField(FundingRow), max_entries=MOST_ROWS)

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        known = {each.form.n.data for each in self.lines.entries if each.form.says_something()}
        for each in self.funding.entries:
            row = each.form
            if row.says_something() and not row.line.errors and row.line.data not in known:
                row.line.errors = [gettext("Kostnaden är borttagen. Välj en annan.")]
                good = False
        return good


def rows_form(engine: Engine, content: Content | None, posted: Any = None, prefix: str = "") -> RowsForm:
    """The rows as posted, or else as they stand in the content."""
    data = None if posted is not None else {"lines": _lines(content), "funding": _funding(content)}
    form = RowsForm(posted, data=data, prefix=prefix)
    if posted is None and not form.lines.entries:
        _add(form.lines)
    number_and_offer(form, engine, content)
    return form


def add_row(form: RowsForm, which: str, engine: Engine, content: Content | None) -> None:
    """One more empty row, of ``line`` or ``funding``."""
    _add(form.lines if which == "line" else form.funding)
    number_and_offer(form, engine, content)


def _add(rows: Any) -> None:
    if len(rows.entries) < MOST_ROWS:
        rows.append_entry()


def number_and_offer(form: RowsForm, engine: Engine, content: Content | None) -> None:
    """Every line its number, and every list its choices."""
    taken = [int(n) for each in form.lines.entries if _YEARS.fullmatch(n := each.form.n.data or "")]
    following = max(taken, default=0)
    for entry in form.lines.entries:
        if not _YEARS.fullmatch(entry.form.n.data or ""):
            following += 1
            entry.form.n.data = str(following)
        entry.form.kind.choices = [(name, str(LINES[name])) for name in vocabulary.LINE_KINDS]
        entry.form.owner.choices = [(value, str(text)) for value, text in OWNERS]
    lines = [(each.form.n.data, f"{each.form.n.data}. {each.form.what.data or ''}") for each in form.lines.entries]
    offered = sources(engine, content)
    for paid in form.funding.entries:
        paid.form.line.choices, paid.form.source.choices = lines, offered


def sources(engine: Engine, content: Content | None) -> list[tuple[str, str]]:
    """What may pay: pots of this year and later, and whatever pays already."""
    this_year = engine.today().year
    used = {(row.pot, row.year) for row in content.funding} if content else set()
    found = [
        (f"{pot.code}:{year}", f"{msg(pot.title)} {year}")
        for pot in engine.pot_choices()
        if pot.kind not in _OWN
        for year in pot.years
        if year >= this_year or (pot.code, year) in used
    ]
    years = sorted({this_year, this_year + 1, *(row.year for row in content.funding if row.source in _OWN)} if content
                   else {this_year, this_year + 1})  # fmt: skip
    return found + [(f"{kind}:{year}", f"{SOURCES[kind]} {year}") for kind in _OWN for year in years]


def rows_of(form: RowsForm) -> Rows:
    """What a valid form says."""
    said = [each.form for each in form.lines.entries if each.form.says_something()]
    paid = tuple(_paid(each.form) for each in form.funding.entries if each.form.says_something())
    return Rows(tuple(map(_line, said)), paid, {int(row.n.data or 0): details_of(row) for row in said})


def _line(row: LineRow) -> CostLine:
    life = int(row.life_years.data) if row.life_years.data else None
    return CostLine(int(row.n.data or 0), row.what.data or "", row.kind.data, row.amount.value or Ore(0), life,
                    row.owner.data)  # fmt: skip


def _paid(row: FundingRow) -> FundingAsk:
    pot, _, year = str(row.source.data).partition(":")
    title = row.title.data or "" if pot in _OWN else ""
    return FundingAsk(int(row.line.data), pot, int(year), row.amount.value or Ore(0), title)


def _lines(content: Content | None) -> list[dict[str, Any]]:
    return [
        {"n": str(each.n), "what": each.what, "kind": each.kind, "amount": written(each.amount),
         "life_years": str(each.life_years or ""), "owner": each.owner, **_stated(each)}
        for each in (content.lines if content else ())
    ]  # fmt: skip


def _stated(line: CostLineView) -> dict[str, str]:
    return {name: written(said) if name in RUNNING else said for name, said in stated(line).items()}


def _funding(content: Content | None) -> list[dict[str, Any]]:
    return [
        {"line": str(each.line), "source": _source(each), "amount": written(each.amount), "title": _title(each)}
        for each in (content.funding if content else ())
    ]


def _source(row: FundingView) -> str:
    return f"{row.source if row.source in _OWN else row.pot}:{row.year}"


def _title(row: FundingView) -> str:
    """An own source is known by the name in its code, which the engine made of number, kind and name."""
    return row.pot.split("/", 2)[-1] if row.source in _OWN and row.pot.count("/") >= 2 else ""


def written(ore: int | None) -> str:
    """An amount as it may be typed again: 1 000,50."""
    if not ore:
        return ""
    kronor, rest = divmod(ore, 100)
    return f"{kronor:,}".replace(",", " ") + (f",{rest:02d}" if rest else "")
