"""What must agree between the rows of a configuration: references, periods, who may hold what.
Looks at valid rows only, so that one fault is told once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, groupby
from typing import Any

# Roles that bind money, register decisions or prepare them: employees of the municipality only.
EMPLOYEE_ROLES = frozenset(
    {
        "officer", "budget_holder", "attestant", "controller", "registrar", "technical", "buyer", "site_manager",
        "administrator",
    }
)  # fmt: skip
DELEGATES = frozenset({"budget_holder"})  # roles that may hold a decision right
Rows = Sequence[tuple[str, Any]]  # a row with its place in words


def crossing_faults(given: Mapping[str, Any], rows: Mapping[str, Rows]) -> Iterator[str]:
    """Every disagreement, in Swedish. ``given`` is the file as read: a reference to a faulty row is no second fault."""
    bodies, pots = _named(given, "body"), _named(given, "pot")
    for table, key in (("body", "code"), ("person", "id"), ("person", "name"), ("pot", "code")):
        yield from _repeated(f"{table}.{key}", [getattr(row, key) for _, row in rows[table]])
    yield from _repeated("budget", [f"{row.pot} {row.year}" for _, row in rows["budget"]])
    held = [f"{row.body} {meeting.on}" for _, row in rows["meetings"] for meeting in row.held]
    yield from _repeated("meetings", held)
    for place, person in rows["person"]:
        yield from _of_memberships(place, person, bodies)
    yield from _of_budgets(rows, bodies, pots)
    yield from _of_rights(rows, bodies)
    yield from _of_rates(rows["rate"])
    for place, row in rows["meetings"]:
        if row.body not in bodies:
            yield f'{place} › body: organet "{row.body}" finns inte'
        for meeting in row.held:
            if meeting.papers_due and meeting.papers_due > meeting.on:
                yield f"{place} › held {meeting.on}: papers_due ligger efter sammanträdet"
    voting = {row.code for _, row in rows["body"] if row.kind in ("forum", "working_group")}
    for place, row in rows["vote_rule"]:
        yield from _backwards(place, row.from_on, row.to_on)
        if row.body not in voting:
            yield f'{place} › body: "{row.body}" är ingen grupp som tar ställning (forum eller working_group)'
    for place, row in rows["quiet_period"]:
        yield from _backwards(place, row.from_on, row.to_on)


def _named(given: Mapping[str, Any], table: str) -> set[str]:
    rows = given.get(table, [])
    return {str(row.get("code")) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()


def _repeated(where: str, values: Sequence[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f'{where}: "{value}" finns {times} gånger'


def _backwards(place: str, first: date, last: date | None) -> Iterator[str]:
    if last is not None and last < first:
        yield f"{place}: to_on {last} ligger före from_on {first}"


def _of_memberships(place: str, person: Any, bodies: set[str]) -> Iterator[str]:
    for n, row in enumerate(person.membership, 1):
        here = f"{place} › membership › nr {n}"
        if row.body not in bodies:
            yield f'{here} › body: organet "{row.body}" finns inte'
        if row.role in EMPLOYEE_ROLES and row.category != "municipality":
            yield f'{here} › role: "{row.role}" kan bara innehas av en anställd i kommunen (category = "municipality")'
        yield from _backwards(here, row.from_on, row.to_on)


def _of_budgets(rows: Mapping[str, Rows], bodies: set[str], pots: set[str]) -> Iterator[str]:
    years = {row.code: row.years for _, row in rows["pot"]}
    for place, row in rows["budget"]:
        if row.pot not in pots:
            yield f'{place} › pot: potten "{row.pot}" finns inte'
        elif row.pot in years and row.year not in years[row.pot]:
            yield f'{place} › year: potten "{row.pot}" har inget år {row.year}'
        if row.body not in bodies:
            yield f'{place} › body: organet "{row.body}" finns inte'


def _of_rights(rows: Mapping[str, Rows], bodies: set[str]) -> Iterator[str]:
    levels = {row.code: row.level for _, row in rows["body"]}
    for place, row in rows["decision_right"]:
        yield from _backwards(place, row.from_on, row.to_on)
        if row.holder in DELEGATES:
            if row.level is None or row.level < 1:
                yield f"{place} › level: saknas för en roll"
        elif row.holder not in bodies:
            yield f'{place} › holder: "{row.holder}" är varken ett organ eller en roll som kan ha beslutanderätt'
        elif levels.get(row.holder) == 0:
            yield f'{place} › holder: organet "{row.holder}" beslutar inte (level = 0)'
        elif row.level is not None and row.level != levels.get(row.holder, row.level):
            yield f'{place} › level: organet "{row.holder}" har redan level {levels[row.holder]}'
        yield from _of_substitute(place, row)


def _of_substitute(place: str, row: Any) -> Iterator[str]:
    """Only an employee decides in a delegate's place (KL 7:5); a body has its own ersättare."""
    if row.substitute is None:
        return
    if row.holder not in DELEGATES:
        yield f"{place} › substitute: ett organ har sina egna ersättare"
    elif row.substitute not in EMPLOYEE_ROLES:
        yield f'{place} › substitute: "{row.substitute}" är ingen roll som innehas av anställda'


def _of_rates(rows: Rows) -> Iterator[str]:
    by_name = sorted(rows, key=lambda each: (each[1].name, each[1].from_on))
    for place, row in rows:
        yield from _backwards(place, row.from_on, row.to_on)
    for _, group in groupby(by_name, key=lambda each: each[1].name):
        for (place, earlier), (other, later) in combinations(group, 2):
            if earlier.to_on is None or earlier.to_on >= later.from_on:
                yield f"{other}: gäller samtidigt som {place}"
