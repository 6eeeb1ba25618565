"""P16: nobody acts outside the role. Every cell of the table that is written by hand: capacities, states, transitions
and instances, asked by the rules, by the door's options, by the decision itself, and by the page and its forms."""

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask.testing import FlaskClient

from states import entitlement
from states.vocabulary import ROLES
from tests.torture.report import DATABASES, Figure, Run
from tests.torture.sabotage import broken
from tests.workflow import cast, who_cells
from tests.workflow.cast import PROCESSES, Case, key
from tests.workflow.who_cells import YES, Cell, Found, ask_all, ask_deeds, expected, place, spoken_of, told
from tests.workflow.who_town import CAPACITIES, Town
from web.app import create_app
from web.pages.errors import _STATUS
from workflow.people import rights
from workflow.records import actors

PERMISSION = {_STATUS[kind] for kind in who_cells.ABOUT_WHO}  # 403
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# What is taken away -> by whom it is seen.
TWINS: Mapping[str, tuple[Any, str, object]] = {
    "interested_officer": (entitlement, "NEVER_INTERESTED", (*ROLES, "member", "external")),
    "deputy_of_holder": (rights.Rights, "substitutes", lambda *_: frozenset({"member"})),
    "outside_deputy": (actors, "EMPLOYED", "x"),
}
LOOKED_AT = {("rebuild", "idea"), ("rebuild", "budget_approval")}


def figures(run: Run) -> Iterator[Figure]:
    chance = run.random("p16")
    for database in DATABASES if run.whole else DATABASES[:1]:
        with run.database(database, sabotaged=True) as url, cast.opened(url) as engine:  # put where no way leads
            town = Town(engine).build()
            yield _of_engine(run, town, database, chance)
            if database == "sqlite":
                yield _of_pages(run, town, chance)


def _of_engine(run: Run, town: Town, database: str, chance: random.Random) -> Figure:
    share = 1.0 if run.whole else 0.002
    wanted = CAPACITIES if run.whole else tuple(sorted(chance.sample(CAPACITIES, 10)))
    found = ask_all(town, acts=share, chance=chance, capacities=wanted)
    caught = all(_caught(town, capacity) for capacity in TWINS)
    deeds = ask_deeds(town, wanted)
    wrong = [*told(found), *told(deeds)]
    said = f"{len(wanted)} capacities, {len(who_cells.table())} rows, {share:.1%} also decided"
    asked = found.asked + deeds.asked
    what = "cells of the engine against the table"
    return Figure("P16", what, database, asked, len(wrong), run.seed, caught, "; ".join(wrong[:3]) or said)


def _caught(town: Town, capacity: str) -> bool:
    place_, attribute, value = TWINS[capacity]
    with broken(place_, attribute, value):
        where = LOOKED_AT.__contains__
        return bool(ask_all(town, capacities=(capacity,), where=lambda process, node: where((process, node))).wrong)


# --- the pages ---------------------------------------------------------------------------------------------------


def _of_pages(run: Run, town: Town, chance: random.Random) -> Figure:
    """Of a share of the cells: whether the page offers the form, and what a form sent by hand is answered."""
    pages = Pages(town)
    found = pages.ask(chance, run.n(sample=15, whole=1000))
    with broken(entitlement, "stopped", lambda *_: None):
        twin = Found()
        pages.judge(twin, "interested_officer", ("purchase", "idea", "board"), "accept")
    what, note = "cells of the page against the table", "; ".join(told(found, 3))
    return Figure("P16", what, "sqlite", found.asked, len(found.wrong), run.seed, bool(twin.wrong), note)


SENDERS = ("proposer", "interested_proposer", "other_proposer")  # who come by a private link


class Pages:
    """A browser for each capacity, signed in once; the proposals are put where the cell says."""

    def __init__(self, town: Town) -> None:
        self.town, self.app = town, create_app(town.engine)
        self.clients: dict[tuple[str, str], FlaskClient] = {}

    def client(self, capacity: str, made: Case) -> FlaskClient:
        """Nobody, the sender by the private link, or a member by a session of their own."""
        sender = capacity in SENDERS
        named = (capacity, made.number if sender else "")
        if named not in self.clients:
            client = self.clients[named] = self.app.test_client()
            if sender:
                own = made if capacity != "other_proposer" else self._another(made)
                self._send(client, f"/mitt/{own.secret}")
            elif capacity != "anonymous":
                self._send(client, "/logga-in", person=str(self.town.who(capacity, made)))
        return self.clients[named]

    def _another(self, made: Case) -> Case:
        return next(each for each in self.town.cases.values() if each.number != made.number)

    def _send(self, client: FlaskClient, path: str, **form: str) -> int:
        page = client.get("/").get_data(as_text=True)
        token = TOKEN.search(page)
        sent = {"csrf_token": token[1] if token else "", "key": key(), **form}
        return client.post(path, data=sent).status_code

    def ask(self, chance: random.Random, share: int) -> Found:
        found, all_nodes = Found(), list(who_cells.nodes())
        browsing = [each for each in CAPACITIES if each != "clock"]
        while found.asked < share:
            at = chance.choice(all_nodes)
            ways = [each for each in PROCESSES[at[0]].nodes[at[1]].transitions if each.clock is None]
            if ways:
                self.judge(found, chance.choice(browsing), at, chance.choice(ways).id)
        return found

    def judge(self, found: Found, capacity: str, at: tuple[str, str, str], way: str) -> None:
        process, node, awaits = at
        made = self.town.cases[process, awaits]
        with self.town.engine.database.writing() as connection:
            place(connection, made, node, awaits)
        cell = Cell(spoken_of(capacity), "page", process, node, way, awaits)
        found.judge(cell, self._answer(cell, capacity, made, way))

    def _answer(self, cell: Cell, capacity: str, made: Case, way: str) -> str:
        """Where the table says no: the status of the form sent by hand, and that no form is there. Where it says yes
        nothing is sent, since it would happen: the form is there whenever the door's options allow it."""
        client, now, wanted = self.client(capacity, made), made.stands(), expected(cell)
        own = f"/arenden/{made.number}{'/min-ide' if capacity in SENDERS else ''}"
        page = client.get(own).get_data(as_text=True)
        shown = f'{own}/steg/{way}"' in page
        if wanted == YES:
            return YES if shown == self._allowed(capacity, made, way) else "no form"
        seen = {"seen_version": str(now["version"]), "seen_revision": str(now["revision"])}
        status = self._send(client, f"{own}/steg/{way}", **seen)
        refused = status in (401, *PERMISSION)
        return wanted if refused and not shown else f"status {status}, a form: {shown}"

    def _allowed(self, capacity: str, made: Case, way: str) -> bool:
        found = self.town.engine.options(made.number, self.town.who(capacity, made))
        return any(each.transition.id == way and each.allowed for each in found)
