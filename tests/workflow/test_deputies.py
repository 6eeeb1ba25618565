"""Who stands in while somebody is away: what a deputy has, what no deputy has, and what the event keeps of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow.absences import ADMINISTRATOR, seat, stand_in, substitute, tomorrow
from tests.workflow.cast import Case, json_of, key, person
from workflow import Engine, Refused
from workflow.people.deputies import Absence

BEFORE = ("accept", "write", "to_review", "recommend", "propose")


def roles(engine: Engine, title: str) -> set[tuple[str, bool]]:
    """Each role and whether it is somebody else's."""
    return {(each.role, each.principal is not None) for each in engine.capacities(person(engine, title))}


def refused(call: Callable[[], object]) -> RefusalKind:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.first.kind


def latest(engine: Engine, number: str) -> dict[str, object]:
    query = text("SELECT body FROM event WHERE stream = :number ORDER BY seq DESC LIMIT 1")
    with engine.database.reading() as connection:
        return json_of(connection.execute(query, {"number": number}).scalar_one())


def test_a_deputy_has_what_the_absent_one_holds_for_those_days(engine: Engine) -> None:
    stand_in(engine, "Handläggare", "Ekonom", days=3, start=1)
    assert roles(engine, "Ekonom") == {("controller", False)}
    for _ in range(3):
        tomorrow(engine)
        assert ("officer", True) in roles(engine, "Ekonom")
        assert ("working_group", True) in roles(engine, "Ekonom")
    tomorrow(engine)
    assert roles(engine, "Ekonom") == {("controller", False)}


def test_what_a_deputy_did_says_on_whose_behalf_and_why(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    stand_in(engine, "Handläggare", "Ekonom")
    case.people["officer", None] = person(engine, "Ekonom")
    case.act("accept")
    capacity = latest(engine, case.number)["capacity"]
    assert isinstance(capacity, dict)
    with engine.database.reading() as connection:
        query = text("SELECT d.id, p.ref FROM deputy d JOIN person p ON p.id = d.principal_id")
        row = connection.execute(query).one()
    assert (capacity["role"], capacity["deputy"], capacity["principal"]) == ("officer", row.id, row.ref)
    assert engine.verify() == ()
    case.walk("write")
    assert "principal" in str(latest(engine, case.number)) or latest(engine, case.number)["kind"] == "classified"


def test_no_deputy_of_a_deputy(engine: Engine) -> None:
    stand_in(engine, "Handläggare", "Ekonom")
    stand_in(engine, "Ekonom", "Inköpare")
    assert roles(engine, "Inköpare") == {("buyer", False), ("controller", True)}


def test_what_passes_to_nobody(engine: Engine) -> None:
    """Nobody administers or sees everything for somebody else, and who is elected has elected substitutes."""
    stand_in(engine, ADMINISTRATOR, "Ekonom")
    stand_in(engine, "Revisor", "Inköpare")
    seat(engine, person(engine, "Byggledare"), "member", "ks", "elected")
    stand_in(engine, "Byggledare", "Beslutsattestant")
    assert roles(engine, "Ekonom") == {("controller", False)}
    assert roles(engine, "Inköpare") == {("buyer", False)}
    assert roles(engine, "Beslutsattestant") == {("attestant", False), ("site_manager", True)}


def test_what_an_employee_holds_passes_to_employees_only(engine: Engine) -> None:
    """KL 7 kap. 5 §: an official's task is delegated to an employee. A seat of a trader may pass to another trader."""
    stand_in(engine, "Handläggare", "Fastighetsägare")
    stand_in(engine, "Ledamot från Omtänksamma Kristinehamn", "Ledamot från Näringslivssamverkan")
    assert {role for role, others in roles(engine, "Fastighetsägare") if others} == set()
    assert ("external", True) in roles(engine, "Ledamot från Näringslivssamverkan")


def test_a_membership_that_ends_ends_the_deputys_too(engine: Engine) -> None:
    stand_in(engine, "Handläggare", "Ekonom")
    with engine.database.reading() as connection:
        query = text("SELECT id FROM membership WHERE role = :role")
        officer, controller = (connection.execute(query, {"role": r}).scalar_one() for r in ("officer", "controller"))
    gone = engine.today() - timedelta(days=1)
    admin = person(engine, ADMINISTRATOR)
    engine.configure("membership", {"id": officer, "to_on": gone}, by=admin, key=key())
    assert ("officer", True) not in roles(engine, "Ekonom")
    assert ("working_group", True) in roles(engine, "Ekonom")
    engine.configure("membership", {"id": controller, "to_on": gone}, by=admin, key=key())
    assert all(each.title != "Ekonom" for each in engine.demo_people()), "who holds nothing is nobody's deputy"


def test_coming_back_ends_it_at_once(engine: Engine) -> None:
    stand_in(engine, "Handläggare", "Ekonom")
    (told,) = engine.deputies(person(engine, "Ekonom"))
    engine.end_deputy(told.id, by=person(engine, "Handläggare"), key=key())
    assert roles(engine, "Ekonom") == {("controller", False)}
    assert engine.deputies(person(engine, "Handläggare")) == ()
    assert refused(lambda: engine.end_deputy(told.id, by=told.principal, key=key())) is RefusalKind.FIELD_INVALID
    assert engine.verify() == ()


NAMING: tuple[tuple[str, str, str, int, int, str, RefusalKind | None], ...] = (
    ("Handläggare", "Ekonom", "Ekonom", 0, 1, "Ledig.", RefusalKind.NOT_PERMITTED),
    ("Handläggare", "Handläggare", "Handläggare", 0, 1, "Ledig.", RefusalKind.FIELD_INVALID),
    ("Handläggare", "Revisor", "Handläggare", 0, 1, "Ledig.", RefusalKind.FIELD_INVALID),
    ("Handläggare", "Ekonom", "Handläggare", 0, -1, "Ledig.", RefusalKind.FIELD_INVALID),
    ("Handläggare", "Ekonom", "Handläggare", -3, -1, "Ledig.", RefusalKind.FIELD_INVALID),
    ("Handläggare", "Ekonom", "Handläggare", 0, 1, "  ", RefusalKind.FIELD_MISSING),
    ("Handläggare", "Ekonom", ADMINISTRATOR, 0, 1, "Sjuk.", None),
)


def test_who_names_a_deputy(engine: Engine) -> None:
    for away, instead, by, first, last, reason, kind in NAMING:
        days = (engine.today() + timedelta(days=each) for each in (first, last))
        told, who = Absence(person(engine, away), person(engine, instead), *days, reason), person(engine, by)
        if kind is not None:
            assert refused(partial(engine.name_deputy, told, by=who, key=key())) is kind
            continue
        once = key()
        done = engine.name_deputy(told, by=who, key=once)
        assert engine.name_deputy(told, by=who, key=once) == done
        assert len(engine.deputies(person(engine, away))) == 1
        with engine.database.reading() as connection:
            stored = str(connection.execute(text("SELECT body FROM event WHERE stream = 'deputies'")).all())
        assert reason not in stored, "why somebody is away can be erased"


# --- decisions ---------------------------------------------------------------------------------------------------


def test_a_delegated_decision_needs_the_scheme_to_name_the_substitute(engine: Engine) -> None:
    """KL 6 kap. 37 § and 7 kap. 5-6 §§: power is delegated to somebody named, and passes to nobody by a leave."""
    case = Case(engine, "purchase", 20_000).submit().walk(*BEFORE)
    stand_in(engine, "Budgetansvarig", "Ekonom")
    case.people["budget_holder", None] = person(engine, "Ekonom")
    for named in (None, "attestant"):
        substitute(engine, named)
        assert refused(lambda: case.act("approve")) is RefusalKind.NO_SUBSTITUTE
    substitute(engine, "controller")
    case.act("approve")
    assert latest(engine, case.number)["decision"]["kind"] == "delegated"  # type: ignore[index]


def test_every_right_that_the_decision_rests_on_must_name_the_substitute(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit().walk(*BEFORE)
    stand_in(engine, "Budgetansvarig", "Ekonom")
    with engine.database.writing() as connection:
        connection.execute(text("UPDATE decision_right SET substitute = 'controller' WHERE source = 'operating'"))
    case.people["budget_holder", None] = person(engine, "Ekonom")
    assert refused(lambda: case.act("approve")) is RefusalKind.NO_SUBSTITUTE


def test_registering_what_a_body_decided_is_execution(engine: Engine) -> None:
    case = Case(engine, "purchase", 400_000).submit().walk(*BEFORE)
    assert case.stands()["awaits_body"] == "ks"
    stand_in(engine, "Sekreterare i kommunstyrelsen", "Ekonom")
    case.people["registrar", "ks"] = person(engine, "Ekonom")
    case.act("approve")
    assert latest(engine, case.number)["decision"]["kind"] == "board"  # type: ignore[index]


# --- four eyes ---------------------------------------------------------------------------------------------------


def test_nobody_attests_in_the_place_of_who_prepared(engine: Engine) -> None:
    """The officer holds the attestant's task too; the officer's deputy would attest what the officer wrote."""
    officer = person(engine, "Handläggare")
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write")
    seat(engine, officer, "attestant")
    stand_in(engine, officer, "Inköpare")
    said = {1: ("investment", "Så är det.")}
    revision = case.stands()["revision"]

    def classify(who: str) -> Callable[[], object]:
        return lambda: engine.classify(
            case.number, by=person(engine, who), key=key(), seen_revision=revision, classifications=said
        )

    assert refused(classify("Inköpare")) is RefusalKind.PREPARED_IT
    seat(engine, person(engine, "Inköpare"), "attestant")
    classify("Inköpare")()  # as an attestant in their own right: another pair of eyes


def test_what_a_deputy_prepared_was_prepared_by_both(engine: Engine) -> None:
    """Neither who wrote it nor the one in whose name it was written decides about it."""
    officer, controller = person(engine, "Handläggare"), person(engine, "Ekonom")
    case = Case(engine, "purchase", 20_000).submit()
    stand_in(engine, officer, controller, days=30)
    case.people["officer", None] = controller
    case.walk(*BEFORE)
    for who in (officer, controller):
        seat(engine, who, "budget_holder")
        case.people["budget_holder", None] = who
        assert refused(lambda: case.act("approve")) is RefusalKind.PREPARED_IT
    case.people["budget_holder", None] = person(engine, "Budgetansvarig")
    case.act("approve")


def test_a_deputy_who_prepared_decides_in_nobodys_place(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit().walk(*BEFORE)
    stand_in(engine, "Budgetansvarig", "Handläggare")
    substitute(engine, "officer")
    case.people["budget_holder", None] = person(engine, "Handläggare")
    assert refused(lambda: case.act("approve")) is RefusalKind.PREPARED_IT


def test_who_may_act_is_told_with_who_stands_in(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit().walk(*BEFORE)
    holder, controller = person(engine, "Budgetansvarig"), person(engine, "Ekonom")
    assert [each.person for each in engine.who_may_act("budget_holder")] == [holder]
    stand_in(engine, holder, controller)
    assert {each.person for each in engine.who_may_act("budget_holder", case.number)} == {holder, controller}
    decides = {"decides_on": ("investment",)}
    assert {each.person for each in engine.who_may_act("budget_holder", case.number, **decides)} == {holder}
    substitute(engine, "controller")
    assert {each.person for each in engine.who_may_act("budget_holder", case.number, **decides)} == {holder, controller}
    later = engine.today() + timedelta(days=20)
    assert {each.person for each in engine.who_may_act("budget_holder", case.number, later)} == {holder}
    seat(engine, person(engine, "Handläggare"), "budget_holder")
    assert {each.person for each in engine.who_may_act("budget_holder", case.number, four_eyes=True)} == {
        holder, controller,
    }  # fmt: skip
    assert [each.capacity.body for each in engine.who_may_act("registrar:ks")] == ["ks"]
    assert engine.who_may_act("registrar:nowhere") == ()
