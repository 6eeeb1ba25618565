"""By which headings the columns of the accounting system's files are found. Knows no file and reads none."""

from collections import Counter
from typing import Self

from pydantic import model_validator

from workflow.settings.configuration_rows import AnyRow
from workflow.settings.configuration_values import Given, MaybeText


def plain_heading(text: str) -> str:
    """Headings are the same whatever their case and the spaces in them."""
    return " ".join(text.casefold().split())


class Columns(AnyRow):
    """By which heading each column is found in a file from the accounting system; None is not in the file."""

    @model_validator(mode="after")
    def _each_heading_once(self) -> Self:
        for heading, times in Counter(map(plain_heading, filter(None, self.model_dump().values()))).items():
            if times > 1:
                raise ValueError(f'rubriken "{heading}" anges för {times} kolumner')
        return self


class InvoiceColumns(Columns):
    number: Given = "Förslag"
    funding: MaybeText = "Finansieringsrad"
    pot: MaybeText = "Pott"
    year: MaybeText = "År"
    amount: Given = "Belopp"
    accounting_on: Given = "Bokföringsdatum"
    supplier: Given = "Leverantör"
    voucher: Given = "Verifikationsnummer"
    kind: MaybeText = "Slag"  # faktura or kreditfaktura; without the column all are invoices

    @model_validator(mode="after")
    def _names_what_pays(self) -> Self:
        if not self.funding and not (self.pot and self.year):
            raise ValueError("ange rubriken för funding, eller för både pot och year")
        return self


class BudgetColumns(Columns):
    pot: Given = "Pott"
    year: Given = "År"
    amount: Given = "Belopp"
    body: Given = "Instans"
    decided_on: Given = "Beslutsdatum"
    paragraph: MaybeText = "Paragraf"
    wording: MaybeText = "Beslutssats"
    registry_no: MaybeText = "Diarienummer"
    kind: MaybeText = "Slag"  # budget or tilläggsbudget; without the column all are budgets


class InvoiceImport(AnyRow):
    columns: InvoiceColumns = InvoiceColumns()


class BudgetImport(AnyRow):
    columns: BudgetColumns = BudgetColumns()


class Imports(AnyRow):
    invoices: InvoiceImport = InvoiceImport()
    budgets: BudgetImport = BudgetImport()
