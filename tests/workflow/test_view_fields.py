"""What a visitor is given holds only what everybody may see; every field of every public view says for whom it is."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest

from states import Ore
from tests.workflow.cast import Case, key, person
from workflow import Engine, Invoice
from workflow.money.views_money import Entry, PotYear, Rate, RunningCost
from workflow.privacy import view_fields
from workflow.privacy.view_fields import INTERNAL, PUBLIC, internal_told
from workflow.proposals.views_overview import ListRow, MoneyRow, Overview
from workflow.searching.views_searching import Choices, Found, Sought, Stages
from workflow.views.views_timeline import Timeline

GIVEN = (Timeline, Overview, ListRow, MoneyRow, Found, Stages, Choices, PotYear, Entry, RunningCost, Rate)


def views(given: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Every view that is reached from one, by name."""
    if is_dataclass(given) and isinstance(given, type):
        if given.__name__ in known:
            return known
        known[given.__name__] = given
        for hint in get_type_hints(given).values():
            views(hint, known)
    for part in get_args(given):
        views(part, known)
    return known


def test_every_field_says_for_whom_it_is() -> None:
    """A new field is for nobody until somebody has put it in workflow/privacy/view_fields.py."""
    reached: dict[str, Any] = {}
    for each in GIVEN:
        views(each, reached)
    wanted = {name: {each.name for each in fields(view)} for name, view in reached.items()}
    told = {name: {*PUBLIC.get(name, "").split(), *INTERNAL.get(name, "").split()} for name in PUBLIC | INTERNAL}
    assert told == wanted
    assert not any(set(PUBLIC.get(name, "").split()) & set(INTERNAL[name].split()) for name in INTERNAL)


@pytest.fixture
def case(engine: Engine) -> Case:
    """Decided, ordered and paid, with everything that officials say on the way."""
    made = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    made.act("approve", wording="Bifall.", financing="Investeringspotten.")
    invoice = Invoice("invoice", 1, Ore(150), date(2026, 3, 9), "Bänkar AB", "A 1001")
    engine.book(made.number, invoice, by=person(engine, "Ekonom"), key=key())
    engine.note(made.number, "Mellan oss.", by=person(engine, "Handläggare"), key=key())
    return made


def given_to(engine: Engine, number: str, viewer: int | None) -> Iterator[object]:
    yield engine.timeline(number, viewer)
    yield from (engine.overview(), engine.seek(Sought()), engine.pots(), engine.stages(), engine.rates())
    yield engine.money_rows(viewer=viewer)
    yield [engine.entries("investment", 2026, viewer=viewer), engine.running_costs(2027)]


def test_a_visitor_is_given_nothing_internal_and_an_official_is(engine: Engine, case: Case) -> None:
    for viewer in (None, person(engine, "Fastighetsägare")):
        for view in given_to(engine, case.number, viewer):
            assert list(internal_told(view)) == []
    officer = person(engine, "Handläggare")
    told = [place for view in given_to(engine, case.number, officer) for place in internal_told(view)]
    for name in ("Step.person", "Step.entitled", "Step.classified", "Entry.supplier", "Entry.voucher"):
        assert any(f"{name} " in place for place in told), name


def test_a_field_that_nobody_has_classified_is_told(
    engine: Engine, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    less = {name: told.replace("title", "") for name, told in PUBLIC.items()}
    monkeypatch.setattr(view_fields, "PUBLIC", less)
    assert any("nobody's" in place for place in internal_told(engine.timeline(case.number)))
