"""An idea is held against what is already there: by its words, however they are bent or misspelt, and by its place."""

import pytest

from tests.workflow.cast import Case, key
from workflow import Engine, Text


@pytest.fixture
def town(engine: Engine) -> Engine:
    for title, where in (
        ("Fler bänkar vid Varnan", "Varnan"),
        ("En lekplats i Stadsparken", "Stadsparken"),
        ("Julbelysning längs Kungsgatan", "Kungsgatan"),
        ("Cykelställ vid stationen", "Järnvägsstationen"),
    ):
        engine.submit(process="purchase", by=None, key=key(), text=Text(title, title, where), is_example=True)
    return engine


@pytest.mark.parametrize(
    ("title", "where", "found"),
    [
        ("Bänkarna i skuggan", "Vid Varnan", ["Fler bänkar vid Varnan"]),
        ("Banker att sitta på", "varnan", ["Fler bänkar vid Varnan"]),
        ("Lekplatser för de minsta", "", ["En lekplats i Stadsparken"]),
        ("Lekplast", "Stadsparkn", ["En lekplats i Stadsparken"]),
        ("Belysning till jul", "Kungsgatan", ["Julbelysning längs Kungsgatan"]),
        ("En bastu", "Varnan", []),
        ("En bastu längs Kungsgatan", "Kungsgatan", []),
        ("Fler och bättre", "någonstans", []),
        ("", "", []),
        ("!!! ... ???", "%_'", []),
    ],
)
def test_what_is_like_it_is_found(town: Engine, title: str, where: str, found: list[str]) -> None:
    assert [each.title for each in town.similar(title, where)] == found


def test_what_has_ended_is_not_shown(engine: Engine) -> None:
    case = Case(engine, "activity").submit()
    assert [each.number for each in engine.similar("Fyra bänkar", "Torget")] == [case.number]
    case.act("withdraw")
    assert engine.similar("Fyra bänkar", "Torget") == ()
