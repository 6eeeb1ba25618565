"""What no step foresaw becomes a duty, stays until somebody has attended to it, and moves nothing."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from states import Ore, RefusalKind
from tests.workflow import cast
from workflow import Engine, Invoice, Refused
from workflow.storage import schema
from workflow.views.views_work import Notice


@pytest.fixture
def drafted(engine: Engine) -> cast.Case:
    """A purchase whose costs are written: nobody expects an invoice yet."""
    case = cast.Case(engine, "purchase")
    case.submit()
    case.walk("accept")
    case.write()
    return case


def invoice(case: cast.Case, key: str) -> None:
    booked = Invoice("invoice", 1, Ore(10_000), cast.DAY, "Leverantör", "1")
    case.engine.book(case.number, booked, by=cast.person(case.engine, "Ekonom"), key=key)


def notices(engine: Engine, title: str = "Budgetansvarig") -> list[Notice]:
    return list(engine.queue(cast.person(engine, title)).unexpected)


def attend(
    engine: Engine, notice: Notice, title: str = "Budgetansvarig", remarks: str = "Talat med leverantören."
) -> None:
    engine.attend(notice.number, notice.duty, by=cast.person(engine, title), key=cast.key(), remarks=remarks)


def test_an_invoice_that_nobody_expected_waits_for_the_budget_holder(drafted: cast.Case) -> None:
    engine, before = drafted.engine, drafted.engine.timeline(drafted.number).now
    invoice(drafted, "first")
    (notice,) = notices(engine)
    assert (notice.number, notice.kind, notice.since) == (drafted.number, "unexpected_invoice", drafted.day)
    assert engine.timeline(drafted.number).now == before
    attend(engine, notice)
    assert notices(engine) == []
    assert engine.verify() == ()


def test_it_stays_when_the_proposal_moves_and_ends(drafted: cast.Case) -> None:
    invoice(drafted, "first")
    drafted.act("close", reason="Det blir inget.")
    (notice,) = notices(drafted.engine)
    assert drafted.engine.verify() == ()
    attend(drafted.engine, notice)
    assert notices(drafted.engine) == []
    assert drafted.engine.verify() == ()


@pytest.mark.parametrize(
    ("title", "remarks", "kind"),
    [
        ("Handläggare", "Jag vill.", RefusalKind.NOT_PERMITTED),
        ("Budgetansvarig", "  ", RefusalKind.FIELD_MISSING),
    ],
)
def test_who_attends_and_says_nothing_changes_nothing(
    drafted: cast.Case, title: str, remarks: str, kind: RefusalKind
) -> None:
    invoice(drafted, "first")
    (notice,) = notices(drafted.engine)
    before = cast.everything(drafted.engine)
    with pytest.raises(Refused) as caught:
        attend(drafted.engine, notice, title, remarks)
    assert caught.value.first.kind is kind
    assert cast.everything(drafted.engine) == before


def test_it_is_attended_to_once_and_a_step_is_not_answered_so(drafted: cast.Case) -> None:
    engine = drafted.engine
    invoice(drafted, "first")
    (notice,) = notices(engine)
    attend(engine, notice)
    with engine.database.reading() as connection:
        d = schema.duty.c
        step = connection.execute(select(d.id).where(d.kind == "step", d.answered_at.is_(None))).scalar_one()
    for duty in (notice.duty, step):
        with pytest.raises(Refused) as caught:
            engine.attend(
                drafted.number, duty, by=cast.person(engine, "Budgetansvarig"), key=cast.key(), remarks="Igen."
            )
        assert caught.value.first.kind is RefusalKind.NOT_HERE


def test_only_officials_are_told(drafted: cast.Case) -> None:
    engine = drafted.engine
    invoice(drafted, "first")
    attend(engine, notices(engine)[0])
    officer = engine.timeline(drafted.number, cast.person(engine, "Handläggare"))
    assert "attended" in {step.kind for step in officer.steps}
    assert "attended" not in {step.kind for step in engine.timeline(drafted.number).steps}


@pytest.fixture
def no_dates(engine: Engine) -> Engine:
    """A town that has given no meeting any date."""
    with engine.database.writing() as connection:
        connection.execute(delete(schema.meeting))
    return engine


def test_a_meeting_without_a_date_is_asked_for_until_it_is_given(no_dates: Engine) -> None:
    """The group has no secretary, so the officer is asked; the deadline says what holds meanwhile."""
    case = cast.Case(no_dates, "purchase")
    case.submit()
    case.walk("accept")
    case.write()
    case.walk("to_review")
    now = no_dates.timeline(case.number).now
    assert now.next_meeting is None
    assert now.due is not None
    (notice,) = notices(no_dates, "Handläggare")
    assert notice.kind == "missing_meeting_date"
    with no_dates.database.reading() as connection:
        b = schema.body.c
        forum = connection.execute(select(b.id).where(b.kind == "forum")).scalar_one()
    given = {"body_id": forum, "held_on": date(2026, 12, 2)}
    no_dates.configure("meeting", given, by=cast.person(no_dates, "Administratör"), key=cast.key())
    assert notices(no_dates, "Handläggare") == []
    assert no_dates.timeline(case.number).now.next_meeting == date(2026, 12, 2)
    assert [each for each in no_dates.verify() if not each.startswith("meeting (")] == []


def test_a_body_with_a_secretary_has_its_secretary_asked(no_dates: Engine) -> None:
    case = cast.Case(no_dates, "purchase")
    case.submit()
    case.walk("accept")
    case.write(cast.rows("purchase", 400_000))
    case.walk("to_review", "recommend")
    kinds = [each.kind for each in notices(no_dates, "Sekreterare i kommunstyrelsen")]
    assert kinds == ["missing_meeting_date"]
