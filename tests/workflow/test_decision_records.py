"""What becomes known of a decision afterwards: by whom, in which order, as events that move nothing; and the days that
the law counts from there."""

from datetime import date, timedelta
from typing import Any

import pytest

from states import RefusalKind
from tests.workflow.cast import DAY, Case, key, person
from workflow import Engine, Refused
from workflow.meetings.decision_records import Told
from workflow.proposals import decision_days
from workflow.views.views import Decision

TO_BOARD = ("accept", "write", "to_review", "recommend", "propose")
SECRETARY = "Sekreterare i kommunstyrelsen"


def decided(engine: Engine, kronor: int = 400_000) -> Case:
    """A purchase that the executive board has approved, or with a small sum the delegate; nothing is adjusted yet."""
    return Case(engine, "purchase", kronor).submit().walk(*TO_BOARD).act("approve", adjusted_on=None)


def latest(case: Case, viewer: int | None = None) -> Decision:
    found = case.engine.timeline(case.number, viewer).decided
    assert found is not None
    return found


def tell(case: Case, by: str = SECRETARY, **told: Any) -> None:
    engine = case.engine
    engine.record(case.number, latest(case).seq, Told(**told), by=person(engine, by), key=key())


def refusal(case: Case, by: str = SECRETARY, **told: Any) -> tuple[RefusalKind, object]:
    with pytest.raises(Refused) as caught:
        tell(case, by, **told)
    return caught.value.first.kind, caught.value.first.facts.get("field")


# --- the days that the law counts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        ("2026-11-02", "2026-11-23"),
        ("2026-11-07", "2026-11-30"),  # a Saturday and a Sunday
        ("2026-05-29", "2026-06-22"),  # Midsummer Eve, and the weekend after it
        ("2026-12-03", "2026-12-28"),  # Christmas Eve, two holidays and a Sunday
        ("2026-12-10", "2027-01-04"),  # New Year's Eve, New Year's Day and a weekend
        ("2026-03-13", "2026-04-07"),  # Good Friday to Easter Monday
        ("2026-04-10", "2026-05-04"),  # the first of May is a Friday
    ],
)
def test_the_last_day_to_appeal(posted: str, last: str) -> None:
    found = decision_days.appeal_until(date.fromisoformat(posted))
    assert found == date.fromisoformat(last)
    assert decision_days.legal_force_on(date.fromisoformat(posted)) == found + timedelta(days=1)


def test_the_notice_is_up_on_the_second_day() -> None:
    assert decision_days.post_by(date(2026, 10, 31)) == date(2026, 11, 2)
    assert decision_days.post_by(None) is decision_days.appeal_until(None) is decision_days.legal_force_on(None) is None


# --- what is told -------------------------------------------------------------------------------------------------


def test_a_protocol_day_by_day_without_moving_anything(engine: Engine) -> None:
    case = decided(engine)
    before, now = case.stands(), latest(case)
    assert now.unadjusted
    assert (now.post_by, now.appeal_until) == (None, None)
    case.pass_days(1)
    tell(case, adjusted_on=case.day, reservation="Ledamoten reserverar sig.")
    assert (latest(case).unadjusted, latest(case).post_by) == (False, case.day + timedelta(days=2))
    case.pass_days(1)
    tell(case, posted_on=case.day)
    case.pass_days(30)
    tell(case, taken_down_on=case.day)
    tell(case, sent_on=case.day, sent_to="Tekniska förvaltningen")
    shown, official = latest(case), latest(case, person(engine, SECRETARY))
    assert shown.appeal_until is not None
    assert shown.in_force(case.day)
    assert not shown.in_force(shown.appeal_until)
    assert (shown.reservation, shown.sent_on, shown.sent_to) == ("Ledamoten reserverar sig.", case.day, None)
    assert official.sent_to == "Tekniska förvaltningen"
    after = case.stands()
    assert {name for name in after if after[name] != before[name]} == {"seq", "head"}
    assert engine.verify() == ()


def test_only_the_secretary_of_the_body_tells(engine: Engine) -> None:
    case = decided(engine)
    for role in ("Handläggare", "Ekonom", "Sekreterare i kommunfullmäktige", "Budgetansvarig"):
        assert refusal(case, role, posted_on=case.day)[0] is RefusalKind.NOT_PERMITTED, role


def test_a_delegated_decision_is_told_of_by_the_delegate_or_who_it_is_reported_to(engine: Engine) -> None:
    case = decided(engine, 20_000)
    assert (latest(case).kind, latest(case).unadjusted) == ("delegated", False)
    tell(case, "Budgetansvarig", sent_on=case.day, sent_to="Inköp")
    tell(case, SECRETARY, posted_on=case.day)
    assert latest(case).appeal_until is not None
    assert refusal(case, "Sekreterare i tekniska nämnden", posted_on=case.day)[0] is RefusalKind.NOT_PERMITTED


def test_days_that_cannot_be(engine: Engine) -> None:
    case = decided(engine)
    day, before, after = case.day, case.day - timedelta(days=1), case.day + timedelta(days=1)
    assert refusal(case) == (RefusalKind.FIELD_MISSING, "adjusted_on")
    assert refusal(case, posted_on=day) == (RefusalKind.FIELD_MISSING, "adjusted_on")
    assert refusal(case, adjusted_on=before) == (RefusalKind.FIELD_INVALID, "adjusted_on")
    assert refusal(case, adjusted_on=after) == (RefusalKind.FIELD_INVALID, "adjusted_on")
    assert refusal(case, sent_on=day) == (RefusalKind.FIELD_MISSING, "sent_to")
    case.pass_days(2)
    tell(case, adjusted_on=case.day)
    assert refusal(case, posted_on=case.day - timedelta(days=1)) == (RefusalKind.FIELD_INVALID, "posted_on")
    tell(case, posted_on=case.day)
    assert refusal(case, taken_down_on=day) == (RefusalKind.FIELD_INVALID, "taken_down_on")


def test_adjusted_at_once_is_adjusted_on_the_day_of_the_decision(engine: Engine) -> None:
    case = decided(engine)
    case.pass_days(3)
    tell(case, immediately=True)
    assert (latest(case).immediately, latest(case).adjusted_on) == (True, latest(case).decided_on)
    assert engine.verify() == ()


def test_the_same_click_twice_is_told_once(engine: Engine) -> None:
    case, same = decided(engine), key()
    by, seq = person(engine, SECRETARY), latest(case).seq
    first = engine.record(case.number, seq, Told(adjusted_on=case.day), by=by, key=same)
    assert engine.record(case.number, seq, Told(adjusted_on=case.day), by=by, key=same) == first


def test_a_step_is_corrected_after_its_protocol_was_told_of_until_it_is_sent(engine: Engine) -> None:
    case = decided(engine)
    tell(case, adjusted_on=case.day)
    seq, by, seen = latest(case).seq, person(engine, SECRETARY), case.stands()["version"]
    engine.correct(case.number, by=by, key=key(), seen_version=seen, reason="Fel ärende.")
    assert case.stands()["state"] == "budget_approval"
    with pytest.raises(Refused) as caught:
        engine.record(case.number, seq, Told(posted_on=case.day), by=by, key=key())
    assert caught.value.first.kind is RefusalKind.DECISION_CORRECTED
    assert engine.verify() == ()


def test_a_decision_that_stands_alone_has_a_protocol_too(engine: Engine) -> None:
    stream, by = "pot/investment/2026", person(engine, "Sekreterare i kommunfullmäktige")
    decision = engine.decision(stream, 1, by).decision
    engine.record(stream, 1, Told(adjusted_on=decision.decided_on, posted_on=decision.decided_on), by=by, key=key())
    shown = engine.decision(stream, 1, by)
    assert (shown.decision.posted_on, shown.number, shown.may_record) == (decision.decided_on, None, None)
    assert engine.decision(stream, 1, person(engine, SECRETARY)).may_record is not None
    assert engine.verify() == ()


def test_work_that_starts_before_legal_force_starts_early_and_is_not_stopped(engine: Engine) -> None:
    case = decided(engine)
    buyer = case.people["technical", None]
    early = engine.case(case.number, buyer).early
    assert early is not None
    assert early.appeal_until is None
    tell(case, adjusted_on=case.day)
    tell(case, posted_on=case.day)
    until = latest(case).appeal_until
    assert until is not None
    case.pass_days((until - case.day).days)
    assert engine.case(case.number, buyer).early == latest(case)
    case.pass_days(1)
    assert engine.case(case.number, buyer).early is None
    case.act("sign")


def test_what_was_told_between_officials_is_no_step_for_others(engine: Engine) -> None:
    case = decided(engine)
    tell(case, adjusted_on=case.day)
    for other in (None, person(engine, "Fastighetsägare")):
        assert "recorded" not in [each.kind for each in engine.timeline(case.number, other).steps]
    assert engine.timeline(case.number, person(engine, SECRETARY)).steps[-1].kind == "recorded"


def test_a_whole_protocol_is_adjusted_and_posted_at_once(engine: Engine) -> None:
    """Every decision of the board's day, each with its own event; what stops one is told and stops no other."""
    a = decided(engine, 310_000)
    meeting, by = ("ks", date(2026, 3, 11)), person(engine, SECRETARY)
    with pytest.raises(Refused) as caught:
        engine.record_protocol(*meeting, Told(immediately=True), by=by, key=key())
    assert caught.value.first.kind is RefusalKind.FIELD_MISSING
    c, d = (Case(engine, "purchase", 310_000).submit().walk(*TO_BOARD) for _ in range(2))
    for case in (c, d):
        case.day = meeting[1]
        case.act("approve", adjusted_on=None, decided_on=meeting[1])
    tell(c, adjusted_on=c.day, posted_on=c.day)
    same, told = key(), Told(adjusted_on=meeting[1], posted_on=meeting[1])
    answers = engine.record_protocol(*meeting, told, by=by, key=same)
    assert [(each.number, each.refusals) for each in answers] == [(c.number, ()), (d.number, ())]
    assert engine.record_protocol(*meeting, told, by=by, key=same) == answers
    assert {latest(case).posted_on for case in (c, d)} == {meeting[1]}
    assert latest(a).posted_on is None
    early = engine.record_protocol(*meeting, Told(taken_down_on=DAY), by=by, key=key())
    assert [[why.kind for why in each.refusals] for each in early] == [[RefusalKind.FIELD_INVALID]] * 2
    others = engine.record_protocol(*meeting, told, by=person(engine, "Handläggare"), key=key())
    assert [[why.kind for why in each.refusals] for each in others] == [[RefusalKind.NOT_PERMITTED]] * 2
    assert engine.verify() == ()
