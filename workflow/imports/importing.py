"""What becomes of each row of a file from the accounting system, and booking one of them: through the same door as by
hand, once however often the same file comes, and by whom it may."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from states import RefusalKind
from workflow.acts import registering
from workflow.acts.registering import Registered
from workflow.books import booking
from workflow.books.booking import Invoice
from workflow.imports import import_lookups
from workflow.imports.import_lookups import Paying
from workflow.imports.import_rows import BudgetTold, InvoiceTold, RowFault, RowFaults, Told
from workflow.records import claims, loading
from workflow.records.definitions import Definitions
from workflow.records.history import canonical, chain
from workflow.records.refused import Refused
from workflow.storage.columns import moment

IMPORT = "import"  # who holds the keys of imported rows: the same row is one, whoever brings the file
AT_A_TIME = 500

Fate = Literal["books", "exists", "fault", "booked"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What becomes of a row and why. ``stream`` and ``seq`` name the event that booked it."""

    fate: Fate
    reasons: tuple[RowFault, ...] = ()
    stream: str | None = None
    seq: int | None = None


def row_key(told: Told) -> str:
    """The same row has the same key: kind of file, verifikationsnummer, and what it says."""
    said = [str(each).casefold() for each in astuple(told)]
    kind, voucher = ("invoices", told.voucher) if isinstance(told, InvoiceTold) else ("budgets", "")
    return chain("", canonical([kind, voucher, said]))


# --- the dry run --------------------------------------------------------------------------------------------------


def check(connection: Connection, rows: Sequence[tuple[int, Told | RowFaults]]) -> Iterator[Checked]:
    """One answer for each (row number, what it says), in their order; changes and locks nothing."""
    seen: dict[str, int] = {}
    spent: dict[tuple[str, int], int] = {}
    for at in range(0, len(rows), AT_A_TIME):
        part = rows[at : at + AT_A_TIME]
        told = [each for _, each in part if not isinstance(each, RowFaults)]
        known = import_lookups.gather(connection, told, [row_key(each) for each in told], IMPORT)
        for n, each in part:
            yield Checked("fault", each.faults) if isinstance(each, RowFaults) else _check(each, n, known, seen, spent)


def _check(
    told: Told, n: int, known: import_lookups.Known, seen: dict[str, int], spent: dict[tuple[str, int], int]
) -> Checked:
    key = row_key(told)
    if key in seen:
        return Checked("exists", (RowFault("same_row", {"row": seen[key]}),))
    seen[key] = n
    if key in known.imported:
        return Checked("exists", (RowFault("imported", {}),))
    try:
        if isinstance(told, BudgetTold):
            before = known.registered(_registered(known, told))
        else:
            paying = known.paying(told)
            before = known.booked(told, paying)
            if before is None:
                _spend(told, paying, spent)
    except RowFaults as faults:
        return Checked("fault", faults.faults)
    return Checked("books") if before is None else Checked("exists", (RowFault("by_hand", {}),), *before)


def _spend(told: InvoiceTold, paying: Paying, spent: dict[tuple[str, int], int]) -> None:
    """A credit lifts no more than what the rows above it and the ledger have booked. Raises RowFaults."""
    row = (told.number, paying.n)
    so_far = spent.get(row, paying.spent)
    if told.kind == "credit" and told.amount > so_far:
        raise RowFaults([RowFault("credit_above", {"most_ore": so_far})])
    spent[row] = so_far + (-int(told.amount) if told.kind == "credit" else int(told.amount))


# --- one row ------------------------------------------------------------------------------------------------------


def book(connection: Connection, definitions: Definitions, told: Told, *, by: int, at: datetime) -> Checked:
    """Books the row in the transaction that is open, unless it is booked already, by a file or by hand.

    Raises RowFaults and Refused; the caller's transaction then rolls back.
    """
    key = row_key(told)
    if isinstance(told, InvoiceTold) and loading.load(connection, told.number) is None:  # locks what is looked at
        raise Refused.because(RefusalKind.NOT_FOUND, number=told.number)
    before = claims.claim(connection, IMPORT, key, {"row": key}, moment(at))
    if before is not None:
        return _checked("exists", before, RowFault("imported", {}))
    known = import_lookups.gather(connection, [told], [], IMPORT)
    found, answer = _found_or_booked(connection, definitions, known, told, by=by, at=at, key=f"{IMPORT} {key}")
    claims.ANSWER.run(connection, of_actor=IMPORT, of_key=key, given=answer)
    return _checked("exists", answer, RowFault("by_hand", {})) if found else _checked("booked", answer)


def _found_or_booked(
    connection: Connection, definitions: Definitions, known: import_lookups.Known, told: Told, *, by: int,
    at: datetime, key: str,
) -> tuple[bool, str]:  # fmt: skip
    """Whether it was there before, and the answer that names its event."""
    if isinstance(told, BudgetTold):
        decided = _registered(known, told)
        before = known.registered(decided)
        if before is None:
            return False, registering.register(connection, decided, by=by, key=key, at=at)
    else:
        paying = known.paying(told)
        before = known.booked(told, paying)
        if before is None:
            invoice = Invoice(told.kind, paying.n, told.amount, told.accounting_on, told.supplier, told.voucher)
            return False, booking.book(connection, definitions, told.number, invoice, by=by, key=key, at=at)
    stream, seq = before
    return True, canonical({"number": stream, "seq": seq})


def _registered(known: import_lookups.Known, told: BudgetTold) -> Registered:
    pot, body = known.pot(told.pot), known.body(told.body)
    paragraph = told.paragraph or ""
    return Registered(
        told.kind, body, told.decided_on, paragraph, told.wording, pot, told.year, told.amount, told.registry_no or None
    )


def _checked(fate: Fate, answer: str, *reasons: RowFault) -> Checked:
    event: dict[str, Any] = json.loads(answer) if answer else {}
    return Checked(fate, reasons, event.get("number"), event.get("seq"))
