"""What a step had freed may be gone when the step is undone: then the correction is refused, as a decision would be."""

import pytest

from states import Ore, RefusalKind
from tests.workflow import cast
from tests.workflow.cast import DAY, Case, budget, everything
from workflow import Engine, Invoice, Refused

FREED = ("accept", "write", "to_review", "recommend", "propose", "refer_back.preparation")


def freed(engine: Engine) -> Case:
    """A purchase of 1 000 kr whose reservation was let go when it was referred back."""
    return Case(engine, "purchase", 1_000).submit().walk(*FREED)


def correct(given: Case) -> object:
    by, seen = given.people["budget_holder", None], given.stands()["version"]
    return given.engine.correct(given.number, by=by, key=cast.key(), seen_version=seen, reason="Fel.")


def short(engine: Engine, given: Case) -> None:
    budget(engine, 99_999)


def overrun(engine: Engine, given: Case) -> None:
    other = Case(engine, "purchase", 1).submit().walk("accept", "write")
    told = Invoice("invoice", 1, Ore(5), DAY, "Leverantör", "1")
    engine.book(other.number, told, by=given.people["controller", None], key=cast.key())


@pytest.mark.parametrize(("happens", "kind"), [(short, RefusalKind.POT_SHORT), (overrun, RefusalKind.POT_OVERRUN)])
def test_what_was_freed_and_is_gone_is_not_taken_back(engine: Engine, happens: object, kind: RefusalKind) -> None:
    given = freed(engine)
    assert callable(happens)
    happens(engine, given)
    before = everything(engine)
    with pytest.raises(Refused) as caught:
        correct(given)
    assert caught.value.first.kind is kind
    assert everything(engine) == before
    assert engine.verify() == ()


def test_what_was_freed_and_is_there_is_taken_back(engine: Engine) -> None:
    given = freed(engine)
    budget(engine, 100_000)
    correct(given)
    assert given.pots()["investment"] == {"reserved": 100_000}
    assert engine.verify() == ()


def test_more_of_a_budget_that_nobody_has_decided_decides_none(engine: Engine) -> None:
    """The year stays undecided until its budget is, also when that says the very sum that is there."""
    budget(engine, 500, year=2027, kind="supplement")
    assert [each.decided for each in engine.pots(2027) if each.pot == "investment"] == [False]
    assert engine.verify() == ()
    budget(engine, 500, year=2027)
    assert [each.decided for each in engine.pots(2027) if each.pot == "investment"] == [True]
    assert engine.verify() == ()
