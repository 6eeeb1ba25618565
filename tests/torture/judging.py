"""Reads the histories of the workers and the database, and names everything that does not agree. Asks no engine."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import create_engine, text

from tests.torture.history import Attempt, percentile

SOURCES = ("budget", "overrun")
BUCKETS = ("budget", "overrun", "available", "reserved", "committed", "ordered", "spent")
Rows = list[dict[str, Any]]


class Books:
    """What the database holds, read once, by plain SQL."""

    def __init__(self, url: str) -> None:
        plain = create_engine(url)
        with plain.connect() as connection:

            def rows(sql: str) -> Rows:
                return [dict(each) for each in connection.execute(text(sql)).mappings()]

            self.pots = {
                (each["code"], each["year"]): each
                for each in rows("SELECT p.code, y.* FROM pot_year y JOIN pot p ON p.id = y.pot_id")
            }
            self.entries = rows(
                "SELECT e.*, p.code FROM ledger_entry e JOIN pot_year y ON y.id = e.pot_year_id"
                " JOIN pot p ON p.id = y.pot_id"
            )
            order = "rowid" if plain.dialect.name == "sqlite" else "pg_xact_commit_timestamp(xmin), stream, seq"
            self.events = rows(f"SELECT stream, seq, kind, body FROM event ORDER BY {order}")
            self.keys = {each["key"] for each in rows("SELECT key FROM request")}
        plain.dispose()

    def bound(self, pot: str) -> int:
        """What decisions took from a pot and have not given back, summed from the entries."""
        taken = sum(each["amount_ore"] for each in self.entries if self._moves(each, pot, "from_bucket"))
        given = sum(each["amount_ore"] for each in self.entries if self._moves(each, pot, "to_bucket"))
        return taken - given

    @staticmethod
    def _moves(entry: Mapping[str, Any], pot: str, side: str) -> bool:
        other = "to_bucket" if side == "from_bucket" else "from_bucket"
        return entry["code"] == pot and entry[side] == "available" and entry[other] not in ("budget", "overrun")


def kept_promises(books: Books, attempts: Iterable[Attempt]) -> list[str]:
    """What was acknowledged is there, once; what was refused is not; nobody was told of a fault."""
    faults = []
    there = Counter((each["stream"], each["seq"]) for each in books.events)
    told: Counter[tuple[str, int]] = Counter()
    for each in attempts:
        name = f"{each.asked} by {each.worker}"
        if each.outcome == "ok":
            place = (each.told["number"], each.told["seq"])
            told[place] += 1
            if there[place] != 1 or each.asked["key"] not in books.keys:
                faults.append(f"lost: {name}")
        elif each.outcome == "refused" and each.asked["key"] in books.keys:
            faults.append(f"refused, and happened: {name}")
        elif each.outcome == "unknown":
            faults.append(f"told of a fault: {name}: {each.told}")
    return faults + [f"acknowledged to {n}: {place}" for place, n in told.items() if n > 1]


def overspent(attempts: Iterable[Attempt], budgets: Mapping[str, int]) -> list[str]:
    """By what the workers were told alone: no pot gave more than it had."""
    given: Counter[str] = Counter()
    for each in attempts:
        if each.outcome == "ok":
            given.update(dict(each.asked["payers"]))
    return [f"over: {pot} gave {given[pot]} of {ore}" for pot, ore in budgets.items() if given[pot] > ore]


def falsely_refused(books: Books, attempts: Iterable[Attempt], budgets: Mapping[str, int]) -> list[str]:
    """Where nothing was given back: what was given at last, and what was refused, is more than the pot held."""
    short = [each for each in attempts if each.outcome == "refused" and each.told["kind"] == "POT_SHORT"]
    others = [each for each in attempts if each.outcome == "refused" and each.told["kind"] != "POT_SHORT"]
    found = [f"refused for another reason: {each.told}" for each in others]
    for each in short:
        ore = dict(each.asked["payers"])
        if all(books.bound(pot) + ore[pot] <= held for pot, held in budgets.items() if pot in ore):
            found.append(f"refused although there was money: {each.asked}")
    return found


def replayed(books: Books) -> list[str]:
    """Every event in the order of its commit: what bound money found it there, in a year open and not överskridet."""
    stands = {each["id"]: Counter[str]() for each in books.pots.values()}
    ids = {f"pot/{code}/{year}": each["id"] for (code, year), each in books.pots.items()}
    closed: set[int] = set()
    faults = []
    for event in books.events:
        if event["kind"] in ("closed", "reopened"):
            (closed.add if event["kind"] == "closed" else closed.discard)(ids[event["stream"]])
        name = f"{event['stream']} {event['seq']}"
        entries = json.loads(event["body"]).get("entries") or []
        before = {pot: Counter(held) for pot, held in stands.items()}
        for _, pot, _, left, entered, ore, *_ in entries:
            if left == "available" and entered not in SOURCES:
                if pot in closed:
                    faults.append(f"{name}: bound in a closed year")
                if before[pot]["overrun"]:
                    faults.append(f"{name}: bound although överskridet by {before[pot]['overrun']} öre")
            stands[pot][left] += ore if left in SOURCES else -ore
            stands[pot][entered] += -ore if entered in SOURCES else ore
        faults += [f"{name}: {pot} {held}" for pot, held in stands.items() if min(held.values(), default=0) < 0]
    for pot in books.pots.values():
        wrong = {
            bucket: pot[f"{bucket}_ore"] for bucket in BUCKETS if pot[f"{bucket}_ore"] != stands[pot["id"]][bucket]
        }
        faults += [f"{pot['code']} {pot['year']}: {wrong}, replayed {dict(stands[pot['id']])}"] if wrong else []
    return faults


def figures_of(attempts: list[Attempt]) -> str:
    """For the note: how many of each, and how long an answer took."""
    n = Counter(each.outcome for each in attempts)
    told = ", ".join(f"{n[name]} {name}" for name in ("ok", "refused", "unknown") if n[name])
    times = [each for each in attempts if each.outcome != "unknown"]
    return f"{told}; p50 {percentile(times, 0.5)} ms, p99 {percentile(times, 0.99)} ms"
