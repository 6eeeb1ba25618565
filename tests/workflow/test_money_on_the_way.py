"""What each pot holds, to the öre, after every step that moves money; and who is awaited, until when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from states import Ore, RefusalKind
from tests.workflow.cast import SKETCH, WORDS, WORK, Case, budget, key, line, paid, person, rows, woken
from workflow import Engine, Refused
from workflow.books.booking import Invoice
from workflow.money.contents import Rows
from workflow.records.calendar_days import working_days_between
from workflow.views.views_work import Case as CaseView
from workflow.views.views_work import Expense

POT = 100_000_000  # öre: the investment pot of 2026
BEFORE = ("accept", "write", "to_review", "recommend", "propose")


def purchase(engine: Engine, *steps: str, kronor: int = 20_000) -> Case:
    return Case(engine, "purchase", kronor).submit().walk(*steps)


def holds(case: Case, **figures: int) -> None:
    """The investment pot holds this, and the rest is available."""
    assert case.pots()["investment"] == {"available": POT - sum(figures.values())} | figures
    assert case.engine.verify() == ()


def awaits(case: Case) -> tuple[str, str | None, date | None]:
    now = case.engine.timeline(case.number).now
    return now.state, now.awaits.name if now.awaits else None, now.due


def test_a_purchase_step_by_step(engine: Engine) -> None:
    case = purchase(engine, *BEFORE)
    holds(case, reserved=2_000_000)
    assert awaits(case)[:2] == ("budget_approval", "budget_holder")
    holds(case.act("approve"), committed=2_000_000)
    holds(case.act("sign", contract_amount=Ore(1_900_001)), committed=99_999, ordered=1_900_001)
    holds(case.act("delivered"), committed=99_999, ordered=1_900_001)
    holds(case.act("complete_all"))


@pytest.mark.parametrize("end", ["reject", "drop", "note", "withdraw", "refer_back.preparation", "refer_back.drafting"])
def test_what_was_reserved_is_free_again(engine: Engine, end: str) -> None:
    holds(purchase(engine, *BEFORE).act(end))


@pytest.mark.parametrize("way", ["table", "hand_over"])
def test_what_is_put_off_keeps_its_money(engine: Engine, way: str) -> None:
    holds(purchase(engine, *BEFORE).act(way), reserved=2_000_000)


@pytest.mark.parametrize("end", ["cancel", "annul"])
def test_after_an_invoice_only_the_rest_is_free_again(engine: Engine, end: str) -> None:
    case = purchase(engine, *BEFORE, "approve", "sign")
    spend(case, 700_001)
    holds(case, ordered=1_299_999, spent=700_001)
    holds(case.act(end), spent=700_001)


def spend(case: Case, ore: int, row: int = 1) -> None:
    told = Invoice("invoice", row, Ore(ore), case.day, "Leverantör", "1")
    case.engine.book(case.number, told, by=case.people["controller", None], key=key())


def test_a_supplement_raises_what_is_ordered_and_a_refused_one_does_not(engine: Engine) -> None:
    case = purchase(engine, *BEFORE, "approve", "sign", "ask_supplement")
    holds(case.act("reject_supplement"), ordered=2_000_000)
    case.act("ask_supplement")
    holds(case.act("approve_supplement", lines=rows("purchase", 25_000)), ordered=2_500_000)
    assert case.stands()["state"] == "installation"


def test_tenders_above_what_was_decided_need_a_new_decision(engine: Engine) -> None:
    case = purchase(engine, *BEFORE, "approve")
    with pytest.raises(Refused) as caught:
        case.act("sign", contract_amount=Ore(2_000_001))
    assert caught.value.first.kind is RefusalKind.ABOVE_COMMITMENT
    holds(case.act("tenders_above", lines=rows("purchase", 30_000)), reserved=3_000_000)
    assert case.stands()["state"] == "budget_approval"
    holds(case.act("approve"), committed=3_000_000)
    holds(case.act("sign", contract_amount=Ore(3_000_000)), ordered=3_000_000)


def test_a_change_in_the_decision_itself(engine: Engine) -> None:
    case = purchase(engine, *BEFORE)
    holds(case.act("approve_with_change", lines=rows("purchase", 15_000)), committed=1_500_000)


def test_an_amount_above_the_delegate_awaits_the_executive(engine: Engine) -> None:
    """300 000 kr is the delegate's; one krona more is the executive's, whose secretary registers it."""
    assert awaits(purchase(engine, *BEFORE, kronor=300_000))[1] == "budget_holder"
    case = purchase(engine, *BEFORE, kronor=300_001)
    assert awaits(case)[1] == "Kommunstyrelsen"
    assert case.stands()["awaits_body"] == "ks"
    case.act("approve")
    assert case.pots()["investment"] == {
        "available": POT - 60_000_100, "reserved": 30_000_000, "committed": 30_000_100,
    }  # fmt: skip


def test_tenders_above_the_delegate_go_to_the_next_instance(engine: Engine) -> None:
    case = purchase(engine, *BEFORE, "approve", kronor=300_000)
    case.act("tenders_above", lines=rows("purchase", 300_001))
    assert awaits(case)[1] == "Kommunstyrelsen"
    holds(case, reserved=30_000_100)


def test_who_has_been_handed_the_decision_keeps_it_until_it_is_made(engine: Engine) -> None:
    case = purchase(engine, *BEFORE)
    assert awaits(case)[1] == "budget_holder"
    case.act("hand_over", awaits_next="ks")
    assert awaits(case)[:2] == ("budget_approval", "Kommunstyrelsen")
    with pytest.raises(Refused) as caught:
        case.act("hand_over", awaits_next="budget_holder")
    assert caught.value.first.kind is RefusalKind.INSTANCE_BELOW
    case.walk("table", "take_up")
    assert awaits(case)[1] == "Kommunstyrelsen"
    holds(case, reserved=2_000_000)
    case.act("approve")
    decided = case.engine.timeline(case.number).steps[-1].decision
    assert decided is not None
    assert (decided.body, decided.kind) == ("Kommunstyrelsen", "board")
    holds(case, committed=2_000_000)


def test_a_supplement_above_the_delegate_is_handed_on_before_it_is_approved(engine: Engine) -> None:
    case = purchase(engine, *BEFORE, "approve", "sign", "ask_supplement", kronor=290_000)
    above = rows("purchase", 300_001)
    with pytest.raises(Refused) as caught:
        case.act("approve_supplement", lines=above)
    assert caught.value.first.kind is RefusalKind.DECISION_RIGHT_EXCEEDED
    holds(case, ordered=29_000_000)
    case.act("hand_over", awaits_next="ks")
    holds(case.act("approve_supplement", lines=above), ordered=30_000_100)
    assert case.stands()["state"] == "installation"


def test_only_the_instance_that_decided_registers_that_its_decision_is_void(engine: Engine) -> None:
    case = purchase(engine, *BEFORE, "hand_over", "approve")
    now = case.stands()
    for role, body in (("registrar", "ks"), ("budget_holder", None)):
        with pytest.raises(Refused) as caught:
            engine.act(
                case.number, "annul", by=case.people[role, body], seen_version=now["version"],
                seen_revision=now["revision"], key=key(), form={"decided_on": case.day, "reason": "Upphävt."},
            )  # fmt: skip
        assert caught.value.first.kind is RefusalKind.NOT_PERMITTED
        assert caught.value.first.lifted_by == ("registrar:kf",)
    holds(case.act("annul"))


def test_a_change_above_the_delegate_is_not_the_delegates(engine: Engine) -> None:
    case = purchase(engine, *BEFORE, kronor=300_000)
    with pytest.raises(Refused) as caught:
        case.act("approve_with_change", lines=rows("purchase", 300_001))
    assert caught.value.first.kind is RefusalKind.DECISION_RIGHT_EXCEEDED
    holds(case, reserved=30_000_000)


def test_a_rebuild_pays_its_sketch_from_operating_and_its_work_from_investment(engine: Engine) -> None:
    case = Case(engine, "rebuild").submit().walk("accept", "write", "order_sketch", "order")
    assert case.pots()["operating"] == {"available": 47_500_000, "ordered": 2_500_000}
    spend(case, 2_000_000)
    case.act("deliver_sketch")
    assert case.pots()["operating"] == {"available": 48_000_000, "spent": 2_000_000}
    case.walk("recommend", "propose", "approve")
    holds(case, committed=20_000_000)
    case.walk("to_procurement", "cancel_procurement", "to_procurement", "sign")
    holds(case, ordered=20_000_000)
    case.walk("ready", "fail", "ready", "pass", "complete_all")
    holds(case)
    assert case.pots()["operating"] == {"available": 48_000_000, "spent": 2_000_000}


def test_two_pots_in_one_decision(engine: Engine) -> None:
    budget(engine, 500_000, "operating")
    both = Rows(
        (line(1, "furniture", 20_000), line(2, "other", 5_000)),
        (paid(1, "investment", 20_000), paid(2, "operating", 5_000)),
    )
    case = purchase(engine, "accept").write(both).walk("to_review", "recommend", "propose")
    holds(case, reserved=2_000_000)
    assert case.pots()["operating"] == {"reserved": 500_000}


@pytest.mark.parametrize(("away", "back"), [("ask_completion", "complete"), ("park", "wake")])
def test_a_deadline_in_working_days_pauses_on_a_side_road(engine: Engine, away: str, back: str) -> None:
    """The working days left when the side road began are left when it ends, however long it was."""
    case = purchase(engine, "accept")
    due = awaits(case)[2]
    assert due is not None
    case.act(away)
    left = working_days_between(case.day, due)
    assert awaits(case)[1] == ("proposer" if away == "ask_completion" else "officer")
    case.pass_days(45)
    case.act(back)
    state, who, again = awaits(case)
    assert (state, who) == ("preparation", "Arbetsgruppen")
    assert again is not None
    assert again > due
    assert working_days_between(case.day, again) == left


def test_the_clock_wakes_no_sooner_and_only_once(engine: Engine) -> None:
    case = purchase(engine, "accept").act("park")
    until = date.fromisoformat(case.stands()["parked_until"])
    case.pass_days((until - case.day).days - 1)
    assert woken(engine) == ()
    case.pass_days(1)
    (done,) = woken(engine)
    assert done.node == "preparation"
    assert woken(engine) == ()
    step = engine.timeline(case.number).steps[-1]
    assert (step.kind, step.who) == ("clock", "clock")
    assert engine.verify() == ()


def test_the_clock_leaves_what_was_woken_by_hand(engine: Engine) -> None:
    case = purchase(engine, "accept").walk("park", "wake")
    case.pass_days(100)
    assert woken(engine) == ()
    again = case.act("park").stands()["parked_until"]
    assert date.fromisoformat(again) == case.day + timedelta(days=30)
    assert woken(engine) == ()


def revised(case: Case, *written: int) -> None:
    """The officer writes these lines of the ordinary rows of a rebuilding, in this order, and their funding."""
    every = rows("rebuild")
    lines = tuple(every.lines[n - 1]._replace(n=place) for place, n in enumerate(written, 1))
    funding = tuple(replace(every.funding[n - 1], line=place) for place, n in enumerate(written, 1))
    seen = case.stands()["revision"]
    case.engine.revise(
        case.number, by=case.people["officer", None], key=key(), seen_revision=seen, text=WORDS,
        rows=Rows(lines, funding),
    )  # fmt: skip


def test_a_row_keeps_its_number_when_others_move_around_it(engine: Engine) -> None:
    """What is ordered knows its row by the number: an invoice on a row that had changed places would be an overrun."""
    case = Case(engine, "rebuild").submit().walk("accept", "write", "order_sketch", "order")
    revised(case, 3, 2, 1)
    sketch = next(each for each in case.engine.timeline(case.number).content.funding if each.amount == SKETCH * 100)
    spend(case, 10_000_00, sketch.n)
    assert case.pots()["operating"]["spent"] == 10_000_00
    assert case.pots()["operating"]["ordered"] == SKETCH * 100 - 10_000_00
    assert engine.verify() == ()


def test_a_row_that_has_been_paid_from_stays(engine: Engine) -> None:
    case = Case(engine, "rebuild").submit().walk("accept", "write", "order_sketch", "order")
    spend(case, 10_000_00)
    case.act("deliver_sketch")
    with pytest.raises(Refused) as caught:
        revised(case, 2, 3)
    assert caught.value.first.kind is RefusalKind.CONTENT_FIXED
    assert caught.value.first.facts == {"spent_ore": 10_000_00}
    revised(case, 3, 1, 2)


def seen(case: Case, title: str = "Handläggare") -> CaseView:
    return case.engine.case(case.number, person(case.engine, title))


def test_who_decides_anew_sees_what_was_decided_before(engine: Engine) -> None:
    case = Case(engine, "rebuild").submit().walk("accept", "write", "order_sketch", "order", "deliver_sketch")
    case.walk("recommend", "propose")
    assert seen(case).decided_cost is None, "the sketch was ordered, the whole not decided"
    case.walk("approve", "to_procurement")
    before = sum(int(each.amount) for each in rows("rebuild").lines)
    assert seen(case).decided_cost is None, "nobody is asked anew"
    dearer = rows("rebuild", WORK + 10_000)
    case.act("tenders_above", lines=dearer)
    assert seen(case).decided_cost == before
    assert seen(case).timeline.cost == before + 10_000_00


@pytest.mark.parametrize(("end", "amount"), [("cancel", 700_001), ("annul", 700_001)])
def test_what_was_built_in_vain_is_to_be_expensed(engine: Engine, end: str, amount: int) -> None:
    case = purchase(engine, *BEFORE, "approve", "sign")
    spend(case, amount)
    assert seen(case).to_expense == ()
    case.act(end)
    assert seen(case).to_expense == (Expense("furniture", "Investeringspotten", 2026, amount),)
    assert seen(case, "Fastighetsägare").to_expense == ()


def test_what_was_finished_is_no_expense(engine: Engine) -> None:
    case = purchase(engine, *BEFORE, "approve", "sign")
    spend(case, 700_001)
    case.walk("delivered", "complete_all")
    assert seen(case).to_expense == ()
