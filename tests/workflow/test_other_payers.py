"""A proposal that comes back with other pots than it held money of goes on: what it no longer names is let go."""

from tests.workflow.cast import Case, line, paid
from workflow import Engine
from workflow.money.contents import Rows

TWO = Rows((line(1, "furniture", 900), line(2, "other", 300)), (paid(1, "investment", 900), paid(2, "operating", 300)))
ONE = Rows((line(1, "furniture", 900),), (paid(1, "investment", 900),))
AGAIN = ("to_review", "recommend", "propose")


def test_what_was_let_go_stands_in_nobody_s_way(engine: Engine) -> None:
    given = Case(engine, "purchase").submit().walk("accept").write(TWO).walk(*AGAIN, "refer_back.preparation")
    given.write(ONE).walk(*AGAIN, "approve")
    assert given.pots() == {
        "investment": {"available": 99_910_000, "committed": 90_000},
        "operating": {"available": 50_000_000},
    }
    assert engine.verify() == ()


def test_what_a_correction_took_back_of_another_pot_is_let_go(engine: Engine) -> None:
    given = Case(engine, "purchase").submit().walk("accept").write(TWO).walk(*AGAIN)
    given.act("approve_with_change", lines=ONE)
    by, seen = given.people["budget_holder", None], given.stands()["version"]
    engine.correct(given.number, by=by, key="once", seen_version=seen, reason="Fel.")
    assert given.pots()["operating"] == {"available": 49_970_000, "reserved": 30_000}
    given.walk("approve")
    assert given.pots() == {
        "investment": {"available": 99_910_000, "committed": 90_000},
        "operating": {"available": 50_000_000},
    }
    assert engine.verify() == ()
