"""The first proposals through the one door, on both databases: accepted, refused, repeated and verified."""

import uuid

import pytest

from states import Ore, RefusalKind
from tests.workflow.cast import DAY, everything, person
from workflow import Engine, Refused, Registered, Text
from workflow.demo.staging import Clock, Stage, decided


def drafted(engine: Engine, kronor: int) -> Stage:
    """A purchase that is ready to be proposed."""
    clock = Clock()
    clock.to(DAY)
    stage = Stage(engine, clock)
    words = Text("Bänkar", "Fyra bänkar", "Torget")
    stage.submit(DAY, "purchase", words)
    stage.act(DAY, "accept")
    stage.content(DAY, words, (("Bänkar", "furniture", kronor, 10),), ((1, "investment", 2026, kronor),))
    stage.act(DAY, "to_review", assessment="Bra.")
    stage.act(DAY, "recommend", held_on=DAY, position_wording="Samsyn.")
    return stage


def refused(engine: Engine, number: str, transition: str = "propose", **more: object) -> Refused:
    """The refusal, after making sure that nothing changed."""
    before = everything(engine)
    asked: dict[str, object] = {
        "by": person(engine, "Handläggare"), "seen_version": 5, "seen_revision": 2, "key": str(uuid.uuid4()),
    }  # fmt: skip
    with pytest.raises(Refused) as caught:
        engine.act(number, transition, **(asked | more))  # type: ignore[arg-type]
    assert everything(engine) == before
    return caught.value


def test_the_wrong_person(engine: Engine) -> None:
    number = drafted(engine, 1_000).number
    outcome = refused(engine, number, by=person(engine, "Fastighetsägare"))
    assert outcome.first.kind is RefusalKind.NOT_PERMITTED
    assert outcome.first.lifted_by == ("officer",)


def test_the_wrong_state(engine: Engine) -> None:
    assert refused(engine, drafted(engine, 1_000).number, "sign").first.kind is RefusalKind.NOT_HERE


def test_an_unknown_number(engine: Engine) -> None:
    assert refused(engine, "CG-1999-001").first.kind is RefusalKind.NOT_FOUND


@pytest.mark.parametrize(
    ("seen", "kind"),
    [({"seen_version": 4}, RefusalKind.STALE_VERSION), ({"seen_revision": 1}, RefusalKind.STALE_REVISION)],
)
def test_what_was_seen_is_old(engine: Engine, seen: dict[str, object], kind: RefusalKind) -> None:
    assert refused(engine, drafted(engine, 1_000).number, **seen).first.kind is kind


def test_a_repeated_key_gives_the_same_answer_once(engine: Engine) -> None:
    number = drafted(engine, 1_000).number
    asked = {"by": person(engine, "Handläggare"), "seen_version": 5, "seen_revision": 2, "key": "the key"}
    first = engine.act(number, "propose", **asked)  # type: ignore[arg-type]
    after = everything(engine)
    assert engine.act(number, "propose", **asked) == first  # type: ignore[arg-type]
    assert everything(engine) == after
    other = refused(engine, number, form={"remarks": "Något annat."}, key="the key")
    assert other.first.kind is RefusalKind.KEY_REUSED


def test_a_pot_too_small_by_one_ore(engine: Engine) -> None:
    stage = drafted(engine, 1_000)
    told = Registered("budget", "kf", DAY, "§ 1", "Budget", "investment", 2026, Ore(99_999))
    engine.register(told, by=person(engine, "Ekonom"), key="one too few")
    outcome = refused(engine, stage.number)
    assert outcome.first.kind is RefusalKind.POT_SHORT
    assert outcome.first.facts["missing_ore"] == 1
    assert outcome.first.facts["year"] == 2026


def test_a_budget_that_nobody_decided(engine: Engine) -> None:
    clock = Clock()
    clock.to(DAY)
    stage = Stage(engine, clock)
    words = Text("Bänkar", "Fyra bänkar", "Torget")
    stage.submit(DAY, "purchase", words)
    stage.act(DAY, "accept")
    stage.content(DAY, words, (("Bänkar", "furniture", 1_000, 10),), ((1, "investment", 2027, 1_000),))
    stage.act(DAY, "skip_review", assessment="Bra.", reason="Litet.")
    assert refused(engine, stage.number, seen_version=4).first.kind is RefusalKind.BUDGET_NOT_DECIDED


def test_an_invoice_above_its_order_is_booked_and_stops_new_decisions(engine: Engine) -> None:
    first, second = drafted(engine, 1_000), drafted(engine, 1_000)
    first.act(DAY, "propose")
    first.act(DAY, "approve", **decided(DAY, "delegation", "Bifall.", "Investeringspotten"))
    first.act(DAY, "sign", supplier="Leverantör", contract_amount=Ore(100_000), ready_by=DAY)
    first.invoice(DAY, 1, 1_200, "Leverantör", "1")
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    assert (pot.spent, pot.overrun) == (120_000, 20_000)
    assert refused(engine, second.number).first.kind is RefusalKind.POT_OVERRUN
    assert engine.verify() == ()


def test_a_correction_undoes_the_latest_step(engine: Engine) -> None:
    stage = drafted(engine, 1_000)
    before = next(each for each in engine.pots(2026) if each.pot == "investment")
    stage.act(DAY, "propose")
    officer = person(engine, "Handläggare")
    engine.correct(stage.number, by=officer, key="undo", seen_version=6, reason="Fel förslag.")
    assert engine.timeline(stage.number).now.state == "drafting"
    assert next(each for each in engine.pots(2026) if each.pot == "investment") == before
    assert engine.verify() == ()
