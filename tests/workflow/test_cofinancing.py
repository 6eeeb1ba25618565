"""Money from outside: promised, agreed, received. A contract waits until it is agreed; the money itself is granted by
the decision."""

import pytest

from states import Ore, RefusalKind
from tests.workflow.cast import Case, key, person
from tests.workflow.provocations import cofinanced
from workflow import Engine, Refused
from workflow.books.cofinancing import Noted


def note(case: Case, standing: str, financier: str = "Trafikverket", by: str = "Handläggare") -> None:
    engine = case.engine
    engine.note_cofinancing(case.number, Noted(financier, standing, case.day), by=person(engine, by), key=key())


@pytest.mark.parametrize("standing", ["", "promised"])
def test_a_contract_waits_for_who_pays_from_outside(engine: Engine, standing: str) -> None:
    case = cofinanced(engine)
    if standing:
        note(case, standing)
    with pytest.raises(Refused) as caught:
        case.act("sign", contract_amount=Ore(10_000_00))
    assert caught.value.first.kind is RefusalKind.COFINANCING_WAITS
    assert caught.value.first.facts == {"financier": "Trafikverket", "standing": standing, "needs": "agreed"}


@pytest.mark.parametrize("standing", ["agreed", "received"])
def test_and_goes_on_when_it_is_agreed(engine: Engine, standing: str) -> None:
    case = cofinanced(engine)
    version = case.stands()["version"]
    note(case, "promised")
    note(case, standing)
    assert case.stands()["version"] == version, "what deciders saw stands"
    case.act("sign", contract_amount=Ore(10_000_00))
    shown = engine.timeline(case.number)
    assert [each.standing for each in shown.content.funding] == ["", standing]
    assert next(each.title for each in shown.steps if each.kind == "cofinanced") == "Medfinansiering utlovades"
    assert engine.verify() == ()


def test_it_can_be_taken_back(engine: Engine) -> None:
    case = cofinanced(engine)
    note(case, "agreed")
    note(case, "promised")
    with pytest.raises(Refused):
        case.act("sign", contract_amount=Ore(10_000_00))


@pytest.mark.parametrize(
    ("standing", "financier", "by", "kind"),
    [
        ("agreed", "Länsstyrelsen", "Handläggare", RefusalKind.FIELD_INVALID),
        ("certain", "Trafikverket", "Handläggare", RefusalKind.FIELD_INVALID),
        ("agreed", "Trafikverket", "Fastighetsägare", RefusalKind.NOT_PERMITTED),
        ("agreed", "Trafikverket", "Revisor", RefusalKind.NOT_PERMITTED),
    ],
)
def test_what_is_refused(engine: Engine, standing: str, financier: str, by: str, kind: RefusalKind) -> None:
    case = cofinanced(engine)
    with pytest.raises(Refused) as caught:
        note(case, standing, financier, by)
    assert caught.value.first.kind is kind


def test_the_same_note_sent_twice_is_one(engine: Engine) -> None:
    case = cofinanced(engine)
    told = Noted("Trafikverket", "agreed", case.day)
    for _ in range(2):
        engine.note_cofinancing(case.number, told, by=person(engine, "Ekonom"), key="the note")
    assert [each.kind for each in engine.timeline(case.number).steps].count("cofinanced") == 1
