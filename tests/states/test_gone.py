"""A stored process that names something which is no longer there: every registry, each with one name taken away."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from states import gone, load, restore
from states.definition import EFFECT_ORDER
from states.vocabulary import (
    AWAITS_RULES,
    BODY_KINDS,
    DEADLINES,
    DUTIES,
    EVERY_LINE,
    FIELDS,
    GUARDS,
    LINE_KINDS,
    OUTCOMES,
    POSITIONS,
    ROLE_RULES,
    ROLES,
    SOURCES,
)

LIBRARY = load(Path(__file__).parents[2] / "states" / "processes")

# registry, the name taken away, a key of rebuild that says it
TAKEN: list[tuple[str, Collection[str], str, str]] = [
    ("AWAITS_RULES", AWAITS_RULES, "decider_for", "state.budget_approval.awaits"),
    ("DEADLINES", DEADLINES, "papers_due_for", "state.drafting.deadline"),
    ("DEADLINES", DEADLINES, "may_wait", "state.parked.deadline"),
    ("DUTIES", DUTIES, "classify", "state.preparation.duties"),
    ("EFFECT_ORDER", EFFECT_ORDER, "grant", "state.budget_approval.transition.approve.money"),
    ("EVERY_LINE", EVERY_LINE, "rest", "bindings.work"),
    ("FIELDS", FIELDS, "remarks", "state.idea.transition.accept.asks"),
    ("FIELDS", FIELDS, "ready_by", "state.construction.deadline"),
    ("FIELDS", FIELDS, "parked_until", "state.parked.transition.wake_by_date.clock"),
    ("GUARDS", GUARDS, "not_the_preparer", "state.budget_approval.transition.approve.guards"),
    ("LINE_KINDS", LINE_KINDS, "sketch", "bindings.sketch"),
    ("OUTCOMES", OUTCOMES, "referred_back", "state.budget_approval.transition.refer_back.drafting.decision"),
    ("POSITIONS", POSITIONS, "recommends", "state.review.transition.recommend.position"),
    ("ROLES", ROLES, "officer", "state.idea.transition.accept.role"),
    ("ROLES", ROLES, "working_group", "state.preparation.transition.order_sketch.role"),
    ("ROLES", ROLES, "attestant", "state.preparation.duties"),
    ("ROLE_RULES", ROLE_RULES, "registrar_of", "state.budget_approval.transition.approve.role"),
    ("SOURCES", SOURCES, "outside", "bindings.work"),
]


def without(names: Collection[str], taken: str) -> Collection[str]:
    assert taken in names
    if isinstance(names, Mapping):
        return {name: value for name, value in names.items() if name != taken}
    return tuple(name for name in names if name != taken)


@pytest.mark.parametrize("process", LIBRARY.processes, ids=lambda each: each.id)
def test_everything_that_ships_is_there(process) -> None:
    assert gone(restore(process.body)) == ()


@pytest.mark.parametrize(("registry", "names", "taken", "key"), TAKEN, ids=[f"{row[0]}-{row[2]}" for row in TAKEN])
def test_a_name_taken_away_is_missed(
    registry: str, names: Collection[str], taken: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = restore(LIBRARY.latest("rebuild").body)
    monkeypatch.setattr(f"states.missing.{registry}", without(names, taken))
    found = gone(stored)
    assert (key, taken) in found
    assert {name for _, name in found} == {taken}
    assert len(found) == len(set(found))


def test_a_kind_of_body_taken_away_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No shipped process awaits a body that is not also a role, so this one is written."""
    body = LIBRARY.latest("rebuild").body.replace('"name":"forum"', '"name":"council"')
    assert gone(restore(body)) == ()
    monkeypatch.setattr("states.missing.BODY_KINDS", without(BODY_KINDS, "council"))
    assert gone(restore(body)) == (("state.review.awaits", "council"),)
