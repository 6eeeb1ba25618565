"""Rates and limits: who may give one, what applies on a day, and that the history stays."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow.cast import clock_of, key, person
from tests.workflow.test_verify import lift
from workflow import Engine, Refused
from workflow.money.views_money import Rate
from workflow.people import people

BASE = "price_base_amount"
ROW: dict[str, Any] = {
    "name": BASE, "value": 60_000_00, "unit": "ore", "from_on": date(2027, 1, 1), "to_on": date(2027, 12, 31),
    "source": "SFS", "set_by": "Regeringen",
}  # fmt: skip


def give(engine: Engine, by: str = "Ekonom", **changed: object) -> None:
    engine.configure("rate", ROW | changed, by=person(engine, by), key=key())


def applies(engine: Engine, on: date, name: str = BASE) -> int | None:
    with engine.database.reading() as connection:
        return people.limits(connection, on).get(name)


def of(engine: Engine, name: str = BASE) -> list[Rate]:
    return [each for each in engine.rates() if each.name == name]


@pytest.mark.parametrize(("who", "role"), [("Ekonom", "controller"), ("Administratör", "administrator")])
def test_who_keeps_the_books_gives_a_rate(engine: Engine, who: str, role: str) -> None:
    assert applies(engine, date(2027, 6, 1)) is None
    give(engine, who)
    assert applies(engine, date(2027, 6, 1)) == 60_000_00
    newest, old = [each for each in of(engine) if each.year == 2027]
    assert (newest.value, newest.entered_as, newest.replaced) == (60_000_00, role, False)
    assert (old.value, old.entered_as, old.replaced) == (None, None, True)
    assert newest.entered_on == engine.today()
    assert engine.verify() == ()


@pytest.mark.parametrize("who", ["Handläggare", "Beslutsattestant", "Budgetansvarig", "Fastighetsägare"])
def test_nobody_else_does(engine: Engine, who: str) -> None:
    before = engine.rates()
    with pytest.raises(Refused) as caught:
        give(engine, who)
    assert caught.value.first.kind is RefusalKind.NOT_PERMITTED
    assert caught.value.first.lifted_by == ("controller", "administrator")
    assert engine.rates() == before


def test_who_keeps_the_books_gives_nobody_a_role(engine: Engine) -> None:
    row = {"from_on": date(2027, 1, 1), "to_on": date(2027, 1, 2), "title": "Stängt"}
    with pytest.raises(Refused) as caught:
        engine.configure("quiet_period", row, by=person(engine, "Ekonom"), key=key())
    assert caught.value.first.lifted_by == ("administrator",)


@pytest.mark.parametrize(
    ("changed", "kind", "field"),
    [
        ({"name": ""}, RefusalKind.FIELD_MISSING, "name"),
        ({"source": " "}, RefusalKind.FIELD_MISSING, "source"),
        ({"set_by": ""}, RefusalKind.FIELD_MISSING, "set_by"),
        ({"from_on": None}, RefusalKind.FIELD_MISSING, "from_on"),
        ({"name": "prisbasbelop"}, RefusalKind.FIELD_INVALID, "name"),
        ({"unit": "years"}, RefusalKind.FIELD_INVALID, "name"),
        ({"value": -1}, RefusalKind.FIELD_INVALID, "value"),
        ({"value": 10**12 + 1}, RefusalKind.FIELD_INVALID, "value"),
        ({"value": 1.5}, RefusalKind.FIELD_INVALID, "value"),
        ({"value": True}, RefusalKind.FIELD_INVALID, "value"),
        ({"to_on": date(2026, 12, 31)}, RefusalKind.FIELD_INVALID, "to_on"),
    ],
)
def test_what_is_no_rate_is_refused(engine: Engine, changed: dict[str, object], kind: RefusalKind, field: str) -> None:
    before = engine.rates()
    with pytest.raises(Refused) as caught:
        give(engine, **changed)
    assert (caught.value.first.kind, caught.value.first.facts["field"]) == (kind, field)
    assert engine.rates() == before


def test_of_several_the_one_that_began_last_applies_and_then_the_one_registered_last(engine: Engine) -> None:
    share = {"name": "capitalisation_share", "unit": "basis_points", "to_on": None}
    for from_on, value in ((date(2027, 1, 1), 10_000), (date(2020, 1, 1), 2_500), (date(2027, 1, 1), 7_500)):
        give(engine, **share, from_on=from_on, value=value)
    assert applies(engine, date(2019, 6, 1), "capitalisation_share") == 5_000
    assert applies(engine, date(2026, 12, 31), "capitalisation_share") == 2_500
    assert applies(engine, date(2027, 1, 1), "capitalisation_share") == 7_500
    assert [each.value for each in of(engine, "capitalisation_share")] == [7_500, 10_000, 2_500, 5_000]
    assert [each.value for each in of(engine, "capitalisation_share") if each.applies] == [2_500]
    clock_of(engine).to(date(2027, 3, 1))
    assert [each.value for each in of(engine, "capitalisation_share") if each.applies] == [7_500]
    assert engine.verify() == ()


def test_a_value_may_be_taken_back_to_not_given(engine: Engine) -> None:
    give(engine)
    give(engine, value=None)
    assert applies(engine, date(2027, 6, 1)) is None


def test_a_rate_ends_when_its_municipality_says_so(engine: Engine) -> None:
    (share,) = of(engine, "capitalisation_share")
    engine.configure("rate", {"id": share.id, "to_on": date(2026, 12, 31)}, by=person(engine, "Ekonom"), key=key())
    assert applies(engine, date(2027, 1, 1), "capitalisation_share") is None
    assert engine.verify() == ()


SLIPPED_IN = "VALUES ('board_limit', 1, 'ore', '2026-01-01', 'x', 'x')"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rate SET value = value + 1 WHERE name = 'price_base_amount' AND from_on = '2026-01-01'",
        "UPDATE rate SET value = 1 WHERE name = 'price_base_amount' AND from_on = '2027-01-01'",
        "UPDATE rate SET to_on = '2030-01-01' WHERE name = 'capitalisation_share'",
        "UPDATE rate SET from_on = '2018-01-01' WHERE name = 'capitalisation_share'",
        "UPDATE rate SET source = 'annat' WHERE name = 'capitalisation_share'",
        "DELETE FROM rate WHERE name = 'internal_interest' AND from_on = '2024-01-01'",
        f"INSERT INTO rate (name, value, unit, from_on, source, set_by) {SLIPPED_IN}",
    ],
)
def test_whoever_changes_a_rate_is_found_out(engine: Engine, change: str) -> None:
    assert engine.verify() == ()
    with engine.database.writing() as connection:
        lift(connection)
        connection.execute(text(change))
    assert any(each.startswith("rate (") for each in engine.verify())
