"""Who may act: every cell of the table that is written by hand, and every rule taken away in turn, which is seen."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any

import pytest

from states import Capacity, RefusalKind, entitlement
from states.guards import GUARDS
from states.vocabulary import ROLES
from tests.torture.sabotage import broken
from tests.workflow import cast, who_cells
from tests.workflow.who_cells import YES, Cell, Found, ask_all, ask_deeds, table, told
from tests.workflow.who_town import ASIDE, CAPACITIES, Town
from workflow.acts import acting
from workflow.cases import case_file
from workflow.people import rights
from workflow.records import actors, loading

SOURCES = ("KL", "FL", "LOU", "LKBR", "domain", "source page")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    url = f"sqlite:///{tmp_path_factory.mktemp('who') / 'skede.sqlite3'}"
    cast.seed(url)
    with cast.opened(url) as engine:
        yield Town(engine).build()


def test_every_row_says_on_what_it_rests() -> None:
    assert len(table()) >= 30
    for line in table():
        assert line.source.startswith(SOURCES), line
        assert line.why
        assert line.expected == YES or line.expected in RefusalKind.__members__
    for law in ("KL 6:28", "7:4", "6:37", "7:5", "7:6", "6:38"):
        assert any(law in line.source for line in table()), law


def test_no_cell_answers_otherwise_than_the_table(town: Town) -> None:
    """By the rules every one, and a few in each hundred also by the door's options and by the decision itself."""
    found = ask_all(town, acts=0.01, chance=random.Random(16))
    assert found.asked > 19_000
    assert told(found) == []


def test_what_is_no_transition_is_asked_too(town: Town) -> None:
    found = ask_deeds(town)
    assert found.asked == len(CAPACITIES) * 6
    assert told(found) == []


def test_every_row_speaks_of_some_cell(town: Town) -> None:
    """A pattern that fits nothing is a mistake of the pen. Cells of the command line are asked in the tests of it."""
    ways = {
        Cell(who_cells.spoken_of(capacity), "engine", process, node, way.id, awaits)
        for process, node, awaits in who_cells.nodes()
        for way in cast.PROCESSES[process].nodes[node].transitions
        for capacity in CAPACITIES
    }
    named = who_cells.deeds(town, town.cases[ASIDE], 1)
    ways |= {Cell(each, "engine", "purchase", "preparation", deed, "delegate") for each in CAPACITIES for deed in named}
    ways |= {Cell(each, "command_line", "-", "-", "import", "-") for each in CAPACITIES}
    for line in table():
        assert any(line.fits(cell) for cell in ways), line


# --- each rule taken away ----------------------------------------------------------------------------------------

Twin = Callable[[], AbstractContextManager[Any]]


def patched(place: Any, name: str, value: object) -> Twin:
    return lambda: broken(place, name, value)


def both(one: Twin, other: Twin) -> Twin:
    """Two rules that forbid the same."""

    def twin() -> AbstractContextManager[Any]:
        undo = ExitStack()
        undo.enter_context(one())
        undo.enter_context(other())
        return undo

    return twin


def sql(before: str, after: str) -> Twin:
    """The read of who acts, with a condition that says nothing."""

    def twin() -> AbstractContextManager[Any]:
        sound = actors.WHO.text["sqlite"]
        assert before in sound, before
        return broken(actors.WHO, "text", {"sqlite": sound.replace(before, after)})

    return twin


def without_a_guard(name: str) -> Twin:
    def twin() -> AbstractContextManager[Any]:
        undo = ExitStack()
        sound = GUARDS[name]
        GUARDS[name] = lambda *_: True  # type: ignore[index]
        undo.callback(GUARDS.__setitem__, name, sound)  # type: ignore[attr-defined]
        return undo

    return twin


def any_body(_rule: object, awaited: Any, capacities: tuple[Capacity, ...]) -> tuple[Capacity, ...]:
    sound = SOUND_ENTITLED(_rule, awaited, capacities)  # type: ignore[arg-type]
    return sound or tuple(each for each in capacities if each.role == "registrar")


def chained(sound: Callable[..., Any], connection: Any, person: int, today: Any, **more: Any) -> Any:
    """A deputy of a deputy gets what the first one got."""
    found = sound(connection, person, today, **more)
    if found is None:
        return None
    refs = {each.principal for each in found.capacities if each.principal}
    ids = [row[0] for ref in refs for row in connection.exec_driver_sql(f"SELECT id FROM person WHERE ref = '{ref}'")]
    passed = [each for one in ids for each in sound(connection, one, today).capacities]
    return found._replace(capacities=(*found.capacities, *passed))


def everybody_sent_it(connection: Any, person: int, today: Any, **more: Any) -> Any:
    found = SOUND_ACTOR(connection, person, today, **more)
    return found and found._replace(capacities=(*found.capacities, Capacity("proposer")))


SOUND_ENTITLED, SOUND_ACTOR = entitlement.entitled, loading.actor
ALL = frozenset(ROLES)
# The rule taken away -> who gains by it; asked of the transitions, or of what is no transition.
TWINS: dict[str, tuple[Twin, tuple[str, ...], str]] = {
    "an interest stops": (patched(entitlement, "NEVER_INTERESTED", tuple(ALL)), ("interested_officer",), "ways"),
    "the scheme names substitutes": (
        patched(rights.Rights, "substitutes", lambda *_: ALL | {"member"}), ("deputy_of_holder",), "ways"),
    "four eyes through deputies": (patched(entitlement, "FOUR_EYES", "none"), ("deputy_of_preparer",), "ways"),
    "four eyes": (without_a_guard("not_the_preparer"), ("preparer",), "ways"),
    "a role is needed": (
        patched(entitlement, "entitled", lambda _rule, _awaited, held: held), ("external", "organiser"), "ways"),
    "the body's own registrar": (patched(entitlement, "entitled", any_body), ("registrar_tn",), "ways"),
    "an employee's task to employees": (patched(actors, "EMPLOYED", "x"), ("outside_deputy",), "ways"),
    "an elected seat passes to nobody": (patched(actors, "ELECTED", "x"), ("deputy_of_elected",), "ways"),
    "a deputy has a seat": (patched(actors, "sits", lambda _: True), ("seatless_deputy",), "ways"),
    "an auditor changes nothing": (patched(actors, "AUDITOR", "x"), ("revisor_and_officer",), "ways"),
    "no deputy of a deputy": (
        lambda: broken(actors, "find", partial(chained, actors.find)), ("deputy_of_deputy",), "ways"),
    "the sender's own proposal": (patched(loading, "actor", everybody_sent_it), ("other_proposer",), "ways"),
    "a stand-in has a first day": (
        sql("deputy.from_on <= ?", "(deputy.from_on <= ? OR 1)"), ("coming_deputy",), "ways"),
    "a stand-in has a last day": (sql("deputy.to_on >= ?", "(deputy.to_on >= ? OR 1)"), ("expired_deputy",), "ways"),
    "who is back is back": (sql("deputy.ended_at IS NULL", "1"), ("returned_deputy",), "ways"),
    "a membership ends": (sql("membership.to_on >= ?", "(membership.to_on >= ? OR 1)"), ("ended",), "ways"),
    "administration passes to nobody": (
        patched(actors, "NOT_PASSED_ON", ("auditor",)), ("deputy_of_administrator",), "deeds"),
    "an auditor's view passes to nobody": (
        both(patched(actors, "NOT_PASSED_ON", ("administrator",)), patched(actors, "ELECTED", "x")),
        ("deputy_of_revisor",), "deeds"),
    "an interest stops deeds": (
        patched(acting, "refuse_interest", lambda *_: None), ("interested_controller",), "deeds"),
    "a deed needs a role": (
        patched(acting, "as_one_of", lambda actor, *_: actor.capacities[0]), ("buyer",), "deeds"),
    "the case file is the auditor's": (patched(case_file, "require_auditor", lambda _: None), ("officer",), "deeds"),
}  # fmt: skip


@pytest.mark.parametrize("rule", TWINS)
def test_a_rule_that_is_gone_is_seen(town: Town, rule: str) -> None:
    twin, capacities, kind = TWINS[rule]
    where = ("idea", "preparation", "budget_approval", "sketch_order")

    def ask() -> Found:
        if kind == "deeds":
            return ask_deeds(town, capacities)
        return ask_all(town, capacities=capacities, where=lambda process, node: process == "rebuild" and node in where)

    sound = ask()
    with twin():
        found = ask()
    assert sound.asked == found.asked > 0
    assert told(sound) == []
    assert found.wrong, "nobody noticed"


# --- the command line --------------------------------------------------------------------------------------------


def test_files_are_brought_in_by_whom_the_table_says(town: Town) -> None:
    """Every person by name: whoever does not keep the books is turned away before anything is read."""
    found = Found()
    for capacity in CAPACITIES:
        who = town.who(capacity, town.cases[ASIDE])
        with town.engine.database.reading() as connection:
            name = connection.exec_driver_sql(f"SELECT name FROM person WHERE id = {who}").scalar() or "ingen"
        named = town.engine.people_called(name, "controller") if name else ()
        answer = YES if who in named else "NOT_PERMITTED"
        found.judge(Cell(capacity, "command_line", "-", "-", "import", "-"), answer)
    assert told(found) == []
