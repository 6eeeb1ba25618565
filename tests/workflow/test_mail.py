"""What becomes mail, to whom, and once: a duty to whoever must act, a public step to the sender, and nothing that is
over."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow.absences import stand_in
from tests.workflow.cast import WORDS, Case, clock_of, key, person
from tests.workflow.test_keys import also
from workflow import Engine, Refused
from workflow.mail import addressing
from workflow.mail.sending import NotSent
from workflow.mail.views_mail import Letter
from workflow.storage.columns import read_moment

SENDER = "sender@example.org"
OFFICER, HOLDER = "Handläggare", "Budgetansvarig"
BEFORE = ("accept", "write", "to_review", "recommend", "propose")


def reach(engine: Engine, *titles: str, pace: str = "each", language: str = "sv") -> None:
    """These can be written to."""
    for title in titles:
        address = f"{title[:4].lower()}@example.org"
        engine.choose_mail(person(engine, title), key=key(), pace=pace, language=language, address=address)


def handed_in(engine: Engine, address: str = SENDER, process: str = "purchase", **more: str) -> Case:
    """By a private person with an address."""
    case = Case(engine, process, 20_000).submit()
    case.number = engine.submit(
        process=process, by=None, key=key(), text=WORDS, contact={"email": address, **more}, is_example=True
    ).number
    return case


def letters(engine: Engine) -> list[Letter]:
    """Everything that would be sent now, each marked as sent."""
    while engine.address_notices():
        pass
    found = []
    while (taken := engine.take_mail()) is not None:
        found.append(engine.letter(taken))
        assert engine.mail_sent(taken)
    return found


def told(found: list[Letter]) -> list[tuple[str, str]]:
    return [(each.address.partition("@")[0], each.kind) for each in found]


def mails(engine: Engine) -> list[dict[str, Any]]:
    with engine.database.reading() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM mail ORDER BY id")).mappings()]


def test_whoever_must_act_is_told_once_and_why(engine: Engine) -> None:
    reach(engine, OFFICER)
    case = Case(engine, "purchase", 20_000).submit()
    (letter,) = letters(engine)
    assert letter.duty is not None
    assert (letter.kind, letter.duty.number, letter.duty.holder) == ("duty", case.number, "officer")
    assert letter.duty.due is not None
    assert letter.is_member
    assert letters(engine) == []


def test_who_took_the_step_is_not_told_what_the_page_already_said(engine: Engine) -> None:
    reach(engine, OFFICER, HOLDER)
    case = Case(engine, "purchase", 20_000).submit()
    letters(engine)
    case.walk(*BEFORE)
    assert told(letters(engine)) == [("budg", "duty")]


def test_nothing_is_sent_of_a_duty_that_was_answered_before(engine: Engine) -> None:
    reach(engine, HOLDER)
    Case(engine, "purchase", 20_000).submit().walk(*BEFORE, "approve")
    assert letters(engine) == [], "answered before anybody was told"
    assert mails(engine) == []
    case = Case(engine, "purchase", 20_000).submit().walk(*BEFORE)
    engine.address_notices()
    case.act("approve")
    assert letters(engine) == [], "and here between writing and sending"
    assert [each["state"] for each in mails(engine)] == ["lapsed"]


def test_the_sender_is_told_each_public_step_and_no_other(engine: Engine) -> None:
    case = handed_in(engine)
    assert told(letters(engine)) == [("sender", "step")]
    case.walk("accept", "write")
    found = letters(engine)
    assert told(found) == [("sender", "step")], "writing what it costs is no step"
    (news,) = [each.news for each in found]
    assert news is not None
    assert news.timeline.viewer == "public"
    assert news.step.person is None
    case.walk("to_review", "recommend", "propose", "approve")
    assert [each.news.step.title for each in letters(engine) if each.news] == [
        each.title for each in engine.timeline(case.number).steps if each.kind == "moved"
    ][1:]


def test_a_step_that_was_corrected_before_it_was_told_is_not_told(engine: Engine) -> None:
    case = handed_in(engine)
    letters(engine)
    case.walk("accept")
    engine.address_notices()
    by = case.people["officer", None]
    engine.correct(case.number, by=by, key=key(), seen_version=case.stands()["version"], reason="Fel ärende.")
    assert [each.news.step.kind for each in letters(engine) if each.news] == ["corrected"]


def test_who_leaves_is_not_written_to(engine: Engine) -> None:
    case = handed_in(engine)
    engine.address_notices()
    engine.choose_mail(mails(engine)[0]["person_id"], key=key(), pace="none", language="sv")
    case.walk("accept")
    assert letters(engine) == []
    with pytest.raises(Refused) as caught:  # and whose move it may be cannot leave
        engine.choose_mail(person(engine, OFFICER), key=key(), pace="none", language="sv")
    assert caught.value.first.kind is RefusalKind.FIELD_INVALID


def test_an_address_that_could_be_more_than_one_is_refused(engine: Engine) -> None:
    officer = person(engine, OFFICER)
    for address in ("a@b\r\nBcc: c@d", "å@example.org", "a b@example.org", "<a@b>", "a@b,c@d", "@", "a@b\n"):
        with pytest.raises(Refused):
            engine.choose_mail(officer, key=key(), pace="each", language="sv", address=address)
    assert engine.mail_choice(officer).address == ""


def test_the_sender_is_written_to_in_the_language_of_the_form(engine: Engine) -> None:
    handed_in(engine, language="en")
    assert [each.language for each in letters(engine)] == ["en"]
    assert engine.verify() == ()


def test_a_mail_is_one_workers_until_its_lease_ends_and_keeps_its_name(engine: Engine) -> None:
    handed_in(engine)
    engine.address_notices()
    first = engine.take_mail()
    assert first is not None
    name = engine.letter(first).message_id
    assert engine.take_mail() is None
    clock_of(engine).at += timedelta(minutes=11)
    second = engine.take_mail()
    assert second is not None
    assert engine.letter(second).message_id == name
    assert not engine.mail_sent(first), "too late: another has it now"
    assert engine.mail_sent(second)
    assert engine.take_mail() is None


def test_it_is_tried_less_and_less_often_and_then_put_aside(engine: Engine) -> None:
    handed_in(engine)
    engine.address_notices()
    pauses, clock = [], clock_of(engine)
    for _ in range(100):
        taken = engine.take_mail()
        assert taken is not None
        if engine.mail_not_sent(taken, NotSent("451 senare")):
            break
        again = read_moment(mails(engine)[0]["next_at"])
        pauses.append(again - clock.at)
        clock.at = again
    assert len(pauses) == 19
    assert pauses == sorted(pauses)
    assert timedelta(days=3) < sum(pauses, timedelta()) < timedelta(days=5)
    ((dead,),) = [engine.post_office(person(engine, "Administratör")).dead]
    assert (dead.address, dead.attempts, dead.error) == (SENDER, 20, "451 senare")


def test_what_the_server_refuses_for_good_is_put_aside_until_somebody_tries_again(engine: Engine) -> None:
    handed_in(engine)
    engine.address_notices()
    taken = engine.take_mail()
    assert taken is not None
    assert engine.mail_not_sent(taken, NotSent("550 okänd", for_good=True))
    assert engine.take_mail() is None
    administrator = person(engine, "Administratör")
    with pytest.raises(Refused):
        engine.try_mail_again(None, by=person(engine, OFFICER), key=key())
    engine.try_mail_again(taken.id, by=administrator, key="again")
    engine.try_mail_again(taken.id, by=administrator, key="again")
    assert told(letters(engine)) == [("sender", "step")]
    assert engine.post_office(administrator).dead == ()
    assert engine.verify() == ()


def test_telling_what_is_over_is_noticed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without the look at whether it is over, an answered duty is told."""
    monkeypatch.setattr(addressing, "_duty", lambda *_: (None, False))
    reach(engine, HOLDER)
    Case(engine, "purchase", 20_000).submit().walk(*BEFORE, "approve")
    engine.address_notices()
    assert [each["kind"] for each in mails(engine)] == ["told"]


def test_whoever_gets_a_task_in_hand_is_told_and_reminded(engine: Engine) -> None:
    other = also(engine, "officer", "Byggledare")
    reach(engine, OFFICER, "Byggledare")
    case = Case(engine, "purchase", 20_000).submit()
    assert sorted(told(letters(engine))) == [("bygg", "duty"), ("hand", "duty")]
    (duty,) = [each.duty for each in engine.case(case.number, other).duties]
    by = case.people["officer", None]
    engine.hand_task(case.number, duty, other, by=by, key=key())
    assert told(letters(engine)) == [("bygg", "duty")]
    clock_of(engine).to(date(2026, 3, 11))
    engine.remind()
    (reminder,) = letters(engine)
    assert told([reminder]) == [("bygg", "before")], "in whose hands it is"
    assert reminder.duty is not None
    assert reminder.duty.handed_by == OFFICER


def test_a_deputy_is_told_in_whose_place(engine: Engine) -> None:
    reach(engine, "Arrangör")
    stand_in(engine, OFFICER, "Arrangör", days=1)
    Case(engine, "purchase", 20_000).submit()
    (letter,) = letters(engine)
    assert letter.duty is not None
    assert (letter.duty.in_place_of, letter.duty.holder) == (OFFICER, "officer")
    clock_of(engine).to(date(2026, 3, 3))
    Case(engine, "purchase", 20_000, day=date(2026, 3, 3)).submit()
    assert letters(engine) == [], "the principal is back"


def test_verify_finds_a_choice_that_nobody_made_and_a_mail_about_nothing(engine: Engine) -> None:
    handed_in(engine, language="en")
    reach(engine, OFFICER, HOLDER)
    engine.address_notices()
    assert engine.verify() == ()
    with engine.database.writing() as connection:
        officer = person(engine, OFFICER)
        for broken in (
            "UPDATE mail_choice SET pace = 'none' WHERE language = 'en'",
            f"UPDATE mail_choice SET changed_at = '' WHERE person_id = {officer}",
            f"DELETE FROM mail_choice WHERE person_id = {person(engine, HOLDER)}",
            "INSERT INTO mail_choice VALUES (1, 'each', 'sv', '')",
            "UPDATE mail SET seq = 99 WHERE kind = 'step'",
            "UPDATE mail SET stream = 'CG-2026-001', seq = 1 WHERE kind = 'duty'",
        ):
            connection.execute(text(broken))
    found = engine.verify()
    assert len(found) == 6, found
