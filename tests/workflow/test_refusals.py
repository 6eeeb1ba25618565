"""Every reason for a refusal, provoked through the door: nothing has changed, and the log has one row more."""

import json

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow.cast import budget, everything, rows
from tests.workflow.provocations import BEFORE, BY_OTHER_PROCESSES, HOW, case
from workflow import Engine, Refused


def log(engine: Engine) -> list[tuple[object, ...]]:
    with engine.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT kind, actor, what, facts FROM refusal"))]


@pytest.mark.parametrize("kind", HOW, ids=lambda kind: kind.name)
def test_refused_and_nothing_has_changed(engine: Engine, kind: RefusalKind) -> None:
    attempt = HOW[kind](engine)
    before, logged = everything(engine), log(engine)
    with pytest.raises(Refused) as caught:
        attempt()
    refusal = caught.value.first
    assert refusal.kind is kind
    assert everything(engine) == before
    (row,) = log(engine)[len(logged) :]
    assert row[0] == int(kind)
    assert json.loads(str(row[3])) == {name: str(value) for name, value in refusal.facts.items()}


def test_every_kind_is_provoked() -> None:
    assert set(HOW) | BY_OTHER_PROCESSES == set(RefusalKind)
    assert not set(HOW) & BY_OTHER_PROCESSES


def test_what_a_step_lets_go_first_counts_as_there(engine: Engine) -> None:
    """The figures of a refusal add up for who reads them: what is missing and what is there make what is asked."""
    given = case(engine, *BEFORE, kronor=20_000)
    budget(engine, 30_000_00)
    with pytest.raises(Refused) as caught:
        given.act("approve_with_change", lines=rows("purchase", 50_000))
    facts = caught.value.first.facts
    assert caught.value.first.kind is RefusalKind.POT_SHORT
    assert (facts["asked_ore"], facts["missing_ore"], facts["available_ore"]) == (50_000_00, 20_000_00, 30_000_00)
