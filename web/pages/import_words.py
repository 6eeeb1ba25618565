"""The words for a file from the accounting system: what becomes of a row, why, and why a file cannot be used.
Decides nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import Refusal, RefusalKind
from web.forms.fields import AMOUNT_WORDS
from web.request.figures import kr
from web.request.language import gettext
from web.words.refusal_words import worded
from web.words.words import msg
from workflow.imports.file_tables import FileFault
from workflow.imports.import_rows import RowFault
from workflow.imports.views_import import ImportRow

FATES: dict[str, Any] = {
    "books": _("bokförs"),
    "booked": _("bokförd"),
    "exists": _("finns redan"),
    "fault": _("fel"),
}
COUNTED: Mapping[str, Any] = FATES | {"booked": _("bokförda")}  # of several rows
KINDS: Mapping[str, Any] = {
    "invoices": _("Fakturor och kreditfakturor"),
    "budgets": _("Budgetar"),
}
COLUMNS: Mapping[str, Any] = {
    "number": _("Förslag"),
    "funding": _("Finansieringsrad"),
    "pot": _("Pott"),
    "year": _("År"),
    "amount": _("Belopp"),
    "accounting_on": _("Bokföringsdag"),
    "supplier": _("Leverantör"),
    "voucher": _("Verifikationsnummer"),
    "kind": _("Slag"),
    "body": _("Instans"),
    "decided_on": _("Beslutsdatum"),
    "paragraph": _("Paragraf"),
    "wording": _("Beslutssats"),
    "registry_no": _("Diarienummer"),
}
REASONS: Mapping[str, Any] = {
    "missing": _("%(field)s saknas."),
    "too_long": _("%(field)s är för långt: högst %(most)s tecken får plats."),
    "signs": _("%(field)s innehåller tecken som inte är text."),
    "whole": _("%(field)s ska vara ett helt tal från %(least)s till %(most)s, inte %(value)s."),
    "parts": _("Beloppet %(value)s har fler än två decimaler. Avrunda till hela ören i ekonomisystemet."),
    "day": _("%(field)s %(value)s går inte att läsa som datum. Skriv 2026-11-23, eller formatera cellen som datum."),
    "not_yet": _("%(field)s %(value)s har inte varit än."),
    "kind": _("Slag är %(value)s. Det ska vara något av: %(known)s."),
    "shape": _("Raden har fler celler än rubriker. Kontrollera om det står ett skiljetecken inuti en text."),
    "no_proposal": _("Det finns inget förslag %(number)s."),
    "names_no_payer": _("Det framgår inte vad som betalar: ange finansieringsrad, eller pott och år."),
    "not_paid_by": _("Förslag %(number)s betalas inte så. Det som betalar är: %(pays)s."),
    "several_payers": _("Flera rader passar: %(pays)s. Ange finansieringsrad."),
    "no_year": _("%(pot)s har inget år %(year)s."),
    "no_pot": _("Det finns ingen pott som heter %(value)s."),
    "several_pot": _("Flera potter heter %(value)s. Ange pottens kod."),
    "no_body": _("Det finns ingen instans som heter %(value)s."),
    "several_body": _("Flera instanser heter %(value)s. Ange instansens kod."),
    "credit_above": _("Krediten är större än det som är bokfört. Högst %(most_ore)s kan krediteras."),
    "same_row": _("Samma som rad %(row)s."),
    "imported": _("Hämtad från en fil tidigare."),
    "by_hand": _("Redan införd med samma uppgifter."),
}
FILES: Mapping[str, Any] = {
    "empty": _("Filen är tom."),
    "too_large": _("Filen är större än %(most_mb)s MB. Dela den i flera, till exempel en för varje månad."),
    "too_many_rows": _("Filen har fler än %(most)s rader. Dela den i flera, till exempel en för varje månad."),
    "not_a_table": _("Filen går inte att läsa som CSV eller XLSX. Spara om den från Excel eller ekonomisystemet."),
    "bomb": _("Filen packar upp till mer än den ger sig ut för att vara, och öppnas inte. Spara om den från Excel."),
    "encoding": _("Filens tecken går inte att läsa. Spara den som CSV UTF-8 eller som XLSX."),
    "twice": _("Rubriken %(heading)s finns två gånger. Behåll den kolumn som ska läsas."),
    "columns": _(
        "Filens rubriker känns inte igen. För fakturor saknas: %(invoices)s. För budgetar saknas: %(budgets)s."
        " Vilka rubriker som gäller står i inställningarna."
    ),
}


def file_fault(fault: FileFault) -> str:
    """Why the file cannot be used, and how to mend it."""
    facts = {name: ", ".join(value) if isinstance(value, list) else value for name, value in fault.facts.items()}
    return str(FILES[fault.kind]) % facts


def fate(row: ImportRow) -> str:
    return str(FATES[row.fate])


def column(name: str) -> str:
    return str(COLUMNS[name])


def why(row: ImportRow) -> str:
    """Every reason of a row, one after the other."""
    return " ".join(_reason(each) for each in row.reasons)


def _reason(fault: RowFault) -> str:
    facts = dict(fault.facts)
    if fault.kind == "refused":
        refusal = worded(Refusal(RefusalKind(facts["refusal"]), facts["facts"]))
        return f"{refusal.why} {refusal.remedy}"
    if fault.kind.startswith("amount_"):
        said = gettext("Belopp %(value)s:", value=facts["value"])
        return f"{said} {AMOUNT_WORDS[fault.kind.removeprefix('amount_')]}"
    told = {name: _FACTS.get(name, str)(value) for name, value in facts.items()}
    return str(REASONS[fault.kind]) % told


def _pays(rows: list[tuple[int, str, int]]) -> str:
    shown = (
        gettext("rad %(n)s, %(pot)s %(year)s", n=n, pot=msg(title), year=year) for n, title, year in rows
    )  # fmt: skip
    return "; ".join(shown) or gettext("ingenting, finansieringen är inte angiven")


_FACTS: Mapping[str, Callable[[Any], str]] = {
    "field": column,
    "most_ore": kr,
    "pays": _pays,
    "known": ", ".join,
    "pot": msg,
}
