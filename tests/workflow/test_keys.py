"""A key is one person's word, once: the same question again gets the same answer, another question is refused, and
nobody is answered with what somebody else's key led to."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from states import Ore, RefusalKind
from tests.workflow.cast import DAY, WORDS, Case, everything, key, person, rows
from workflow import Engine, Invoice, Refused, Registered, Text

Ask = Callable[[str, bool], object]  # with this key: the question, or (True) another one
OTHER_WORDS = Text("Soffor", "Fyra soffor", "Torget")


def case(engine: Engine, *steps: str) -> Case:
    return Case(engine, "purchase", 1_000).submit().walk(*steps)


def submits(engine: Engine) -> Ask:
    return lambda key, other: engine.submit(
        process="purchase", by=None, key=key, text=OTHER_WORDS if other else WORDS, is_example=True
    )


def revises(engine: Engine) -> Ask:
    given = case(engine, "accept")
    by = given.people["officer", None]
    return lambda key, other: engine.revise(
        given.number, by=by, key=key, seen_revision=1, text=WORDS, rows=rows("purchase", 2_000 if other else 1_000)
    )


def classifies(engine: Engine) -> Ask:
    given = case(engine, "accept", "write")
    by, seen = given.people["attestant", None], given.stands()["revision"]
    return lambda key, other: engine.classify(
        given.number, by=by, key=key, seen_revision=seen,
        classifications={1: ("operating" if other else "investment", "Så är det.")},
    )  # fmt: skip


def acts(engine: Engine) -> Ask:
    given = case(engine, "accept", "write", "to_review", "recommend")
    now, by = given.stands(), given.people["officer", None]
    return lambda key, other: engine.act(
        given.number, "propose", by=by, seen_version=now["version"], seen_revision=now["revision"], key=key,
        form={"remarks": "Något annat." if other else "Så här."},
    )  # fmt: skip


def books(engine: Engine) -> Ask:
    given = case(engine, "accept", "write", "to_review", "recommend", "propose", "approve", "sign")
    by = given.people["controller", None]
    return lambda key, other: engine.book(given.number, bill(2 if other else 1), by=by, key=key)


def bill(ore: int) -> Invoice:
    return Invoice("invoice", 1, Ore(ore), DAY, "Leverantör", "1")


def attends(engine: Engine) -> Ask:
    given = case(engine, "accept", "write")
    engine.book(given.number, bill(1), by=given.people["controller", None], key=key())
    by = given.people["budget_holder", None]
    (notice,) = engine.queue(by).unexpected
    return lambda key, other: engine.attend(
        given.number, notice.duty, by=by, key=key, remarks="Något annat." if other else "Så här."
    )


def corrects(engine: Engine) -> Ask:
    given = case(engine, "accept")
    by, seen = given.people["officer", None], given.stands()["version"]
    return lambda key, other: engine.correct(
        given.number, by=by, key=key, seen_version=seen, reason="Något annat." if other else "Fel."
    )


def registers(engine: Engine) -> Ask:
    by = person(engine, "Ekonom")
    return lambda key, other: engine.register(supplement(2 if other else 1), by=by, key=key)


def supplement(ore: int) -> Registered:
    return Registered("supplement", "kf", DAY, "§ 1", "Mer.", "investment", 2026, Ore(ore))


def configures(engine: Engine) -> Ask:
    by = person(engine, "Administratör")
    row = {"from_on": DAY, "to_on": DAY, "title": "Stängt"}
    return lambda key, other: engine.configure(
        "quiet_period", row | ({"title": "Öppet"} if other else {}), by=by, key=key
    )


def chooses_mail(engine: Engine) -> Ask:
    by = person(engine, "Handläggare")
    return lambda key, other: engine.choose_mail(by, key=key, pace="weekly" if other else "each", language="sv")


def tries_mail_again(engine: Engine) -> Ask:
    by = person(engine, "Administratör")
    return lambda key, other: engine.try_mail_again(1 if other else None, by=by, key=key)


WAYS = {
    each.__name__: each
    for each in (
        submits, revises, classifies, acts, books, attends, corrects, registers, configures, chooses_mail,
        tries_mail_again,
    )
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_same_key_with_another_question_is_refused(engine: Engine, way: str) -> None:
    ask = WAYS[way](engine)
    first = ask("the key", False)
    after = everything(engine)
    with pytest.raises(Refused) as caught:
        ask("the key", True)
    assert [each.kind for each in caught.value.refusals] == [RefusalKind.KEY_REUSED]
    assert everything(engine) == after
    assert ask("the key", False) == first, "the answer that it kept stands"
    assert everything(engine) == after


def also(engine: Engine, role: str, title: str) -> int:
    """Somebody who may do what only one person could."""
    query = "SELECT * FROM membership WHERE role = :role AND to_on IS NULL LIMIT 1"
    with engine.database.reading() as connection:
        row = dict(connection.execute(text(query), {"role": role}).mappings().one())
    del row["id"]
    who = person(engine, title)
    engine.configure("membership", row | {"person_id": who}, by=person(engine, "Administratör"), key=key())
    return who


def test_a_step_with_the_key_of_somebody_else_is_a_step_of_ones_own(engine: Engine) -> None:
    one, other = (case(engine, "accept", "write", "to_review", "recommend") for _ in range(2))
    officers = (one.people["officer", None], also(engine, "officer", "Inköpare"))
    given_no_key = also(engine, "officer", "Byggledare")

    def propose(given: Case, by: int) -> Any:
        return engine.act(given.number, "propose", by=by, seen_version=5, seen_revision=2, key="the key")

    first, second = propose(one, officers[0]), propose(other, officers[1])
    assert (first.number, second.number) == (one.number, other.number)
    assert [given.taken()[-1] for given in (one, other)] == [("drafting", "propose")] * 2
    before = everything(engine)
    with pytest.raises(Refused) as caught:
        propose(one, officers[1])  # the very question that the first was answered; one's own key said another
    assert caught.value.first.kind is RefusalKind.KEY_REUSED
    with pytest.raises(Refused) as caught:
        propose(one, given_no_key)  # and who has not used it yet is told what has become of the proposal
    assert caught.value.first.kind is RefusalKind.STALE_VERSION
    assert everything(engine) == before
    assert engine.verify() == ()


def test_a_revision_with_the_key_of_somebody_else_is_held_against_what_was_seen(engine: Engine) -> None:
    given = case(engine, "accept")

    def revise(role: str, seen: int) -> Any:
        return engine.revise(
            given.number, by=given.people[role, None], key="the key", seen_revision=seen, text=WORDS,
            rows=rows("purchase", 1_000),
        )  # fmt: skip

    first, before = revise("officer", 1), everything(engine)
    with pytest.raises(Refused) as caught:
        revise("technical", 1)
    assert caught.value.first.kind is RefusalKind.STALE_REVISION
    assert everything(engine) == before
    assert revise("technical", 2).seq == first.seq + 1
    assert given.stands()["revision"] == 3
    assert engine.verify() == ()


def test_an_invoice_with_the_key_of_somebody_else_is_an_invoice_of_its_own(engine: Engine) -> None:
    given = case(engine, "accept", "write", "to_review", "recommend", "propose", "approve", "sign")
    bookers = (given.people["controller", None], also(engine, "controller", "Inköpare"))
    first, second = (engine.book(given.number, bill(100), by=by, key="the key") for by in bookers)
    assert second.seq == first.seq + 1
    assert given.pots()["investment"]["spent"] == 200
    assert engine.verify() == ()


def test_a_hand_in_with_the_key_of_somebody_else_is_refused_and_gives_no_link_away(engine: Engine) -> None:
    """The key makes the private link, so that two hand-ins can never share one."""
    first = engine.submit(process="purchase", by=None, key="the key", text=WORDS, is_example=True)
    before = everything(engine)
    for by in (person(engine, "Handläggare"), person(engine, "Fastighetsägare")):
        with pytest.raises(Refused) as caught:
            engine.submit(process="purchase", by=by, key="the key", text=WORDS, is_example=True)
        assert caught.value.first.kind is RefusalKind.KEY_REUSED
    assert everything(engine) == before
    signed = engine.session(engine.open_link(first.secret))
    assert signed is not None
    assert signed.proposal == first.number
