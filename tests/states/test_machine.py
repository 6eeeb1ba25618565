"""Who may take which way out of which state: the whole machine against a table kept by hand, permissions.csv.

The table is the expectation. A changed process changes it in the same commit, where whoever reads the commit sees it.
"""

import csv
import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from transitions.core import MachineError

from states import Awaited, Capacity, Facts, Fired, Process, Refusal, RefusalKind, Rule, fire, load, machine, offers
from states.vocabulary import ROLES

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("permissions.csv")
LIBRARY = load(ROOT / "states" / "processes")
PROCESSES = [LIBRARY.latest(each) for each in ("activity", "purchase", "rebuild")]
BOARD = Awaited(body="ks", body_kind="executive")
DELEGATE = Awaited(role="budget_holder")
BY_INSTANCE = ("registrar_of:awaits", "registrar_of:decided")


def table() -> dict[tuple[str, str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["process"], row["state"], row["transition"]): row for row in csv.DictReader(file)}


ROWS = table()


def process_named(name: str) -> Process:
    return next(each for each in PROCESSES if each.id == name)


def facts(role: str, awaited: Awaited = BOARD) -> Facts:
    """Somebody who holds exactly one role, in the body that is awaited."""
    return Facts(date(2026, 3, 2), "person", (Capacity(role, awaited.body),), awaited, decided_by=awaited)


def expected(row: dict[str, str], awaited: Awaited) -> set[str]:
    if row["roles"] in BY_INSTANCE:
        return {"registrar"} if awaited.body else {awaited.role or ""}
    return set(row["roles"].split())


def kinds(answer: Fired | tuple[Refusal, ...]) -> set[RefusalKind]:
    return set() if isinstance(answer, Fired) else {each.kind for each in answer}


def test_the_table_names_every_way_and_none_else() -> None:
    ways = {(p.id, node.id, way.id) for p in PROCESSES for node in p.nodes.values() for way in node.transitions}
    assert set(ROWS) == ways
    with TABLE.open(encoding="utf-8") as file:
        assert len(file.readlines()) == len(ways) + 1, "a row stands twice"


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: f"{row['process']}-{row['state']}-{row['transition']}")
def test_a_way_leads_where_the_table_says_and_costs_what_it_says(row: dict[str, str]) -> None:
    way = process_named(row["process"]).nodes[row["state"]].transition(row["transition"])
    assert way is not None
    told = "; ".join(f"{each.effect} {each.binding}" for each in way.money)
    assert (way.target, way.decision or "", told) == (row["to"], row["decision"], row["money"])


@pytest.mark.parametrize("awaited", [BOARD, DELEGATE], ids=["board", "delegate"])
@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.id)
def test_every_state_every_way_every_role(process: Process, awaited: Awaited) -> None:
    """The machine answers NOT_HERE for a foreign way, NOT_PERMITTED for a foreign role, and never otherwise."""
    ways = sorted({way.id for node in process.nodes.values() for way in node.transitions})
    asked = 0
    for node in process.nodes:
        for way in ways:
            row = ROWS.get((process.id, node, way))
            for role in ROLES:
                found = kinds(fire(process, node, way, role, facts(role, awaited)))
                asked += 1
                if row is None:
                    assert found == {RefusalKind.NOT_HERE}, (node, way, role)
                else:
                    may = role in expected(row, awaited)
                    assert (RefusalKind.NOT_PERMITTED not in found) == may, (node, way, role)
                    assert RefusalKind.NOT_HERE not in found
    assert asked == len(process.nodes) * len(ways) * len(ROLES)


@pytest.mark.parametrize("awaited", [BOARD, DELEGATE], ids=["board", "delegate"])
@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.id)
def test_what_is_offered_is_what_the_table_permits(process: Process, awaited: Awaited) -> None:
    for node in process.nodes:
        for role in ROLES:
            offered = offers(process, node, facts(role, awaited))
            mine = {each.transition.id for each in offered if each.capacities}
            rows = [row for (name, state, _), row in ROWS.items() if (name, state) == (process.id, node)]
            clocked = {row["transition"] for row in rows if row["roles"] == "clock"}
            assert mine == {row["transition"] for row in rows if role in expected(row, awaited)} - clocked
            assert {each.transition.id for each in offered} == {row["transition"] for row in rows} - clocked
            for each in offered:
                stopped = RefusalKind.NOT_PERMITTED in {blocker.kind for blocker in each.blockers}
                assert stopped != bool(each.capacities)


def test_the_registrar_of_another_body_decides_nothing() -> None:
    other = replace(facts("registrar"), capacities=(Capacity("registrar", "kf"),))
    for process in PROCESSES:
        for way in process.nodes["budget_approval"].transitions:
            assert RefusalKind.NOT_PERMITTED in kinds(fire(process, "budget_approval", way.id, None, other))


def test_only_who_decided_may_register_that_the_decision_is_void() -> None:
    """Not the registrar of the body that is awaited now, and nobody where no decision is known."""
    decided, awaited = Awaited(body="kf"), Awaited(body="ks")
    for process, state in zip(PROCESSES, ("held", "procurement", "construction"), strict=True):
        for body, may in (("kf", True), ("ks", False)):
            asked = replace(facts("registrar"), capacities=(Capacity("registrar", body),), awaited=awaited)
            for by, allowed in ((decided, may), (None, False)):
                answer = kinds(fire(process, state, "annul", None, replace(asked, decided_by=by)))
                assert (RefusalKind.NOT_PERMITTED in answer) != allowed, (process.id, body, by)


def test_nobody_decides_while_nobody_is_awaited() -> None:
    nobody = replace(facts("registrar"), awaited=None)
    answer = fire(PROCESSES[0], "budget_approval", "table", "registrar", nobody)
    assert RefusalKind.NOT_PERMITTED in kinds(answer)


def test_a_proposal_moves_where_the_way_leads() -> None:
    answer = fire(process_named("purchase"), "idea", "accept", "officer", facts("officer"))
    assert isinstance(answer, Fired)
    assert (answer.node.id, answer.capacity.role, answer.transition.id) == ("preparation", "officer", "accept")


def test_another_states_event_never_moves() -> None:
    """The engine room itself: an event fired from a state it does not leave changes nothing."""
    process = process_named("purchase")
    made = machine._machine(process)
    for name, event in made.events.items():
        for node in process.nodes:
            if node != name.split(":")[0]:
                cursor = machine._Cursor(node)
                with pytest.raises(MachineError):
                    event.trigger(cursor, facts=facts("officer"), role="officer")
                assert (cursor.state, cursor.refusals) == (node, [])


def test_no_way_exists_that_nobody_wrote() -> None:
    for process in PROCESSES:
        made = machine._machine(process)
        written = {f"{node.id}:{way.id}" for node in process.nodes.values() for way in node.transitions}
        assert set(made.events) == written
        assert all(list(event.transitions) == [name.split(":")[0]] for name, event in made.events.items())
        assert all(len(ways) == 1 for event in made.events.values() for ways in event.transitions.values())


def test_a_name_is_never_called() -> None:
    """The library would import it by its dotted path: a process file could run anything."""
    made = machine._build(process_named("purchase"))
    with pytest.raises(TypeError, match=r"os\.getcwd.*never looked up by name"):
        made.resolve_callable("os.getcwd", None)  # type: ignore[arg-type]
    made.add_transition("back_door", "idea", "completed", conditions=["os.getcwd"])
    cursor = machine._Cursor("idea")
    with pytest.raises(TypeError, match=r"os\.getcwd.*never looked up by name"):
        made.events["back_door"].trigger(cursor, facts=facts("officer"), role="officer")
    assert cursor.state == "idea"
    made.add_transition("other_door", "idea", "completed", before="os.getcwd")
    with pytest.raises(TypeError, match="never looked up by name"):
        made.events["other_door"].trigger(cursor, facts=facts("officer"), role="officer")
    assert cursor.state == "idea"


@pytest.mark.parametrize("answer", [False, None, 1, "yes", (), [True]])
def test_a_rule_answers_true_or_a_refusal(answer: Any) -> None:
    made = machine._build(process_named("purchase"))
    made.add_transition("shrugs", "idea", "completed", conditions=[lambda _: answer])
    cursor = machine._Cursor("idea")
    with pytest.raises(TypeError, match="a rule answers True or a Refusal"):
        made.events["shrugs"].trigger(cursor, facts=facts("officer"), role="officer")
    assert cursor.state == "idea"


def test_every_rule_is_asked_and_the_worst_is_told_first() -> None:
    answer = fire(process_named("purchase"), "budget_approval", "approve", "officer", facts("officer"))
    assert isinstance(answer, tuple)
    told = [each.kind for each in answer]
    assert told == sorted(told)
    assert {RefusalKind.NOT_PERMITTED, RefusalKind.FIELD_MISSING, RefusalKind.LINES_MISSING} <= set(told)
    assert {each.facts["field"] for each in answer if each.kind is RefusalKind.FIELD_MISSING} == {
        "decided_on", "paragraph", "wording", "financing",
    }  # fmt: skip


FIELDS: list[tuple[str, object, RefusalKind | None]] = [
    ("reason", "Därför", None),
    ("reason", None, RefusalKind.FIELD_MISSING),
    ("reason", "  ", RefusalKind.FIELD_MISSING),
    ("reason", 7, RefusalKind.FIELD_INVALID),
    ("decided_on", date(2026, 3, 2), None),
    ("decided_on", date(2026, 3, 3), RefusalKind.FIELD_INVALID),
    ("decided_on", "2026-03-02", RefusalKind.FIELD_INVALID),
    ("parked_until", date(2026, 3, 3), None),
    ("parked_until", date(2026, 3, 2), RefusalKind.FIELD_INVALID),
    ("ready_by", date(2020, 1, 1), None),
    ("contract_amount", 1, None),
    ("contract_amount", 0, RefusalKind.FIELD_INVALID),
    ("contract_amount", -1, RefusalKind.FIELD_INVALID),
    ("contract_amount", 1.0, RefusalKind.FIELD_INVALID),
    ("contract_amount", "1", RefusalKind.FIELD_INVALID),
    ("contract_amount", True, RefusalKind.FIELD_INVALID),
    ("dissent", None, None),
    ("dissent", 7, RefusalKind.FIELD_INVALID),
]


@pytest.mark.parametrize(("name", "value", "kind"), FIELDS)
def test_a_field_is_there_and_of_its_type(name: str, value: object, kind: RefusalKind | None) -> None:
    answer = machine._filled(name, replace(facts("officer"), form={name: value}))
    assert (None if answer is True else answer.kind) == kind


def cursors() -> Iterator[object]:
    return (each for each in gc.get_objects() if isinstance(each, machine._Cursor))


def test_nothing_is_retained_between_questions() -> None:
    process = process_named("rebuild")
    first = fire(process, "idea", "accept", "officer", facts("officer"))
    made = machine._machine(process)
    for _ in range(3):
        fire(process, "idea", "accept", "auditor", facts("auditor"))
        fire(process, "preparation", "park", "officer", facts("officer"))
    gc.collect()
    assert list(cursors()) == []
    assert made.models == []
    assert machine._machine(process) is made
    assert fire(process, "idea", "accept", "officer", facts("officer")) == first


def test_a_role_rule_without_any_role_is_the_clocks() -> None:
    clock = (Capacity("clock"),)
    assert machine.entitled(None, None, clock) == clock
    assert machine.entitled(None, None, (Capacity("officer"),)) == ()
    assert machine.entitled(Rule("officer"), None, clock) == ()
