"""Opinions in parallel: each asked is a duty of its own, answers come in any order and also late, nobody's page grows
old by them, the step waits until all are in or the officer has closed the round - and verify knows it all."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from states import RefusalKind
from states.guards import GUARDS
from tests.workflow.absences import interested
from tests.workflow.cast import Case, key, person
from workflow import Engine, Refused
from workflow.opinions.asking_opinions import Question
from workflow.opinions.giving_opinions import Opinion
from workflow.records.answers import Done
from workflow.records.calendar_days import add_working_days
from workflow.verifying.verifying import verify
from workflow.views.views_opinions import Answered, OpinionRound

TECHNICAL = "Projektledare i tekniska förvaltningen"
BEFORE = ("accept", "write", "to_review", "recommend")  # the officer drafts the proposal to a decision


@pytest.fixture
def case(engine: Engine) -> Case:
    return Case(engine, "purchase", 20_000).submit().walk(*BEFORE)


class Undone(Exception):
    """Rolls back what a test has damaged."""


def holder_of(engine: Engine, title: str) -> str:
    """Of whoever is asked in person."""
    with engine.database.reading() as connection:
        query = text("SELECT ref FROM person WHERE name = :name AND kind = 'member'")
        return f"person:{connection.execute(query, {'name': title}).scalar_one()}"


def ask(case: Case, *holders: str, due_on: date | None = None, question: str = "Vad säger ni?") -> int:
    """The round's name."""
    told = Question(question, holders, due_on)
    return case.engine.ask_opinions(case.number, told, by=case.people["officer", None], key=key()).seq


def four(case: Case) -> tuple[str, ...]:
    return "registrar:ks", "body:tekniska", "controller", holder_of(case.engine, "Fastighetsägare")


def asked(case: Case, title: str) -> list[Answered]:
    """What this person is asked for, in Att göra."""
    page = case.engine.queue(person(case.engine, title))
    mine = {row.duty for row in page.waiting if (row.number, row.kind) == (case.number, "opinion")}
    return [each for one in rounds(case) for each in one.answers if each.duty in mine]


def rounds(case: Case, viewer: str | None = "Handläggare") -> tuple[OpinionRound, ...]:
    who = person(case.engine, viewer) if viewer else None
    return case.engine.timeline(case.number, who).opinions


def give(case: Case, title: str, stance: str = "comments", wording: str = "Sänk kantstenen.", seen: int = 1) -> Done:
    by = person(case.engine, title)
    (mine,) = [each for each in rounds(case)[0].answers if each.duty in case.engine.case(case.number, by).to_answer]
    return case.engine.give_opinion(case.number, mine.duty, Opinion(stance, wording, seen), by=by, key=key())


def close(case: Case, asked_at: int, reason: str = "Vi har det vi behöver.") -> None:
    case.engine.close_opinions(case.number, asked_at, reason, by=case.people["officer", None], key=key())


def refused(attempt: Callable[[], object]) -> RefusalKind:
    with pytest.raises(Refused) as caught:
        attempt()
    return caught.value.first.kind


def test_each_finds_the_question_among_its_own_work_and_all_are_counted(case: Case) -> None:
    version = case.stands()["version"]
    ask(case, *four(case))
    for title in ("Sekreterare i kommunstyrelsen", TECHNICAL, "Ekonom", "Fastighetsägare"):
        (mine,) = asked(case, title)
        assert mine.due == add_working_days(case.day, 15)
    give(case, "Ekonom")
    give(case, TECHNICAL, "abstains", "")
    (one,) = rounds(case, None)  # as the public sees it
    assert (one.given, len(one.answers), one.question) == (2, 4, "Vad säger ni?")
    assert [each.title for each in one.missing] == ["Kommunstyrelsen", "Fastighetsägare i stadskärnan"]
    assert {(each.stance, each.wording) for each in one.answers} == {(None, "")}
    (inside,) = rounds(case)
    assert ("controller", "comments", "Sänk kantstenen.") in [
        (each.holder, each.stance, each.wording) for each in inside.answers
    ]
    assert case.stands()["version"] == version
    assert case.engine.verify() == ()


def test_a_page_that_was_open_before_the_answers_can_still_be_sent(case: Case) -> None:
    """And a decision does not take the question away from those who have not answered."""
    seen = case.stands()
    asked_at = ask(case, "body:tekniska", "controller")
    give(case, "Ekonom")
    case.engine.act(
        case.number, "prepare_again", by=case.people["officer", None], seen_version=seen["version"],
        seen_revision=seen["revision"], key=key(), form={"reason": "Mer behövs."},
    )  # fmt: skip
    assert len(asked(case, TECHNICAL)) == 1
    case.pass_days(60)
    give(case, TECHNICAL)  # late
    close(case, asked_at, "")
    assert case.engine.verify() == ()


def test_the_step_waits_until_all_are_in(case: Case) -> None:
    ask(case, "body:tekniska", "controller")
    give(case, "Ekonom")
    with pytest.raises(Refused) as caught:
        case.act("propose")
    refusal = caught.value.first
    assert (refusal.kind, dict(refusal.facts)) == (
        RefusalKind.OPINIONS_MISSING, {"missing": ("Tekniska förvaltningen",), "answered": 1, "asked": 2},
    )  # fmt: skip
    give(case, TECHNICAL, "no_objection", "")
    case.act("propose")


def test_the_officer_lifts_it_by_closing_the_round_with_a_reason(case: Case) -> None:
    asked_at = ask(case, "body:tekniska", "controller")
    assert refused(lambda: close(case, asked_at, " ")) is RefusalKind.FIELD_MISSING
    close(case, asked_at)
    assert rounds(case, None)[0].reason == "Vi har det vi behöver."
    assert asked(case, "Ekonom") == []
    case.act("propose")
    assert refused(lambda: close(case, asked_at)) is RefusalKind.NOT_HERE
    assert case.engine.verify() == ()


def test_without_the_guard_nobody_waits(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotage: what the step waits for is this rule and nothing else."""
    ask(case, "body:tekniska")
    assert refused(lambda: case.act("propose")) is RefusalKind.OPINIONS_MISSING
    monkeypatch.setitem(GUARDS, "opinions_are_in", lambda *_: True)  # type: ignore[arg-type]
    assert case.act("propose").stands()["state"] == "budget_approval"


def test_an_answer_may_be_mended_until_the_round_is_closed(case: Case) -> None:
    asked_at = ask(case, "controller", "body:tekniska")
    give(case, "Ekonom")
    assert refused(lambda: give(case, "Ekonom", wording="Nytt.")) is RefusalKind.STALE_VERSION
    give(case, "Ekonom", "supports", "Nytt.", seen=2)
    (first, _) = rounds(case)[0].answers
    assert (first.stance, first.wording, first.version) == ("supports", "Nytt.", 3)
    close(case, asked_at)
    by = person(case.engine, "Ekonom")
    late = Opinion("opposes", "För sent.", 3)
    assert case.engine.case(case.number, by).to_answer == frozenset()
    assert (
        refused(lambda: case.engine.give_opinion(case.number, first.duty, late, by=by, key=key()))
        is RefusalKind.NOT_HERE
    )
    assert case.engine.verify() == ()


def test_only_who_was_asked_may_answer_and_only_in_words(case: Case) -> None:
    ask(case, "body:tekniska")
    ((only,),) = [one.answers for one in rounds(case)]
    engine, by = case.engine, person(case.engine, "Ekonom")
    said = Opinion("comments", "Jag vill.", 1)
    assert refused(lambda: engine.give_opinion(case.number, only.duty, said, by=by, key=key())) is (
        RefusalKind.NOT_PERMITTED
    )
    assert refused(lambda: give(case, TECHNICAL, wording=" ")) is RefusalKind.FIELD_MISSING
    assert refused(lambda: give(case, TECHNICAL, "kanske")) is RefusalKind.FIELD_INVALID
    give(case, TECHNICAL, "abstains", "")
    (said_by,) = [each for each in engine.timeline(case.number, None).steps if each.title == "Ett svar kom in"]
    assert (said_by.words, said_by.person) == ((), None)


def test_what_came_between_is_told_without_the_answers(case: Case) -> None:
    """Whoever looked at an older version is shown the step that made it old, not an answer that came after it."""
    seen = case.stands()["version"]
    ask(case, "controller")
    case.act("prepare_again", reason="Mer behövs.")
    give(case, "Ekonom")
    shown = case.engine.case(case.number, case.people["officer", None], seen)
    assert [each.title for each in shown.since_seen] == ["Ta tillbaka till beredning"]


def test_who_takes_no_part_in_a_case_gives_no_opinion_on_it(case: Case) -> None:
    ask(case, "controller")
    by = person(case.engine, "Ekonom")
    interested(case, by)
    assert refused(lambda: give(case, "Ekonom")) is RefusalKind.INTERESTED
    assert refused(lambda: case.engine.note(case.number, "Hej.", by=by, key=key())) is RefusalKind.INTERESTED


def test_who_cannot_be_asked(case: Case) -> None:
    officer, controller = case.people["officer", None], person(case.engine, "Ekonom")

    def attempt(told: Question, by: int = officer) -> RefusalKind:
        return refused(lambda: case.engine.ask_opinions(case.number, told, by=by, key=key()))

    assert attempt(Question("Vad?", ("controller",)), controller) is RefusalKind.NOT_PERMITTED
    assert attempt(Question("Vad?", ())) is RefusalKind.FIELD_MISSING
    assert attempt(Question(" ", ("controller",))) is RefusalKind.FIELD_MISSING
    assert attempt(Question("Vad?", ("registrar:finnsinte",))) is RefusalKind.FIELD_INVALID
    assert attempt(Question("Vad?", ("person:nobody",))) is RefusalKind.FIELD_INVALID
    assert attempt(Question("Vad?", ("controller",), case.day - timedelta(1))) is RefusalKind.FIELD_INVALID
    case.act("close")
    assert attempt(Question("Vad?", ("controller",))) is RefusalKind.ENDED


def test_the_days_are_the_municipalitys_and_can_be_more(case: Case) -> None:
    row = {
        "name": "opinion_days", "unit": "working_days", "value": 5, "from_on": "2026-01-01", "source": "KS § 1",
        "set_by": "Kommunstyrelsen",
    }  # fmt: skip
    case.engine.configure("rate", row, by=person(case.engine, "Administratör"), key=key())
    asked_at = ask(case, "controller", "body:tekniska")
    assert [each.due for each in rounds(case)[0].answers] == [add_working_days(case.day, 5)] * 2
    give(case, "Ekonom")
    until = case.day + timedelta(40)
    case.engine.extend_opinions(case.number, asked_at, until, by=case.people["officer", None], key=key())
    first, second = rounds(case)[0].answers
    assert (second.due, first.due) == (until, add_working_days(case.day, 5))  # who has answered has answered
    assert case.engine.verify() == ()


def test_a_round_lapses_with_its_proposal(case: Case) -> None:
    ask(case, "controller")
    case.act("close")
    assert asked(case, "Ekonom") == []
    assert rounds(case)[0].closed_on == case.day
    assert case.engine.verify() == ()


def test_sent_twice_it_is_asked_and_answered_once(case: Case) -> None:
    by, same = case.people["officer", None], key()
    told = Question("Vad säger ni?", ("controller",))
    first = case.engine.ask_opinions(case.number, told, by=by, key=same)
    assert case.engine.ask_opinions(case.number, told, by=by, key=same) == first
    (mine,) = asked(case, "Ekonom")
    controller, said = person(case.engine, "Ekonom"), Opinion("comments", "Ja.", 1)
    once = case.engine.give_opinion(case.number, mine.duty, said, by=controller, key=same)
    assert case.engine.give_opinion(case.number, mine.duty, said, by=controller, key=same) == once
    assert len(rounds(case)) == 1


def test_an_answer_after_a_step_does_not_keep_it_from_being_corrected(case: Case) -> None:
    ask(case, "controller")
    case.act("prepare_again", reason="Mer behövs.")
    give(case, "Ekonom")
    by, seen = case.people["officer", None], case.stands()["version"]
    case.engine.correct(case.number, by=by, key=key(), seen_version=seen, reason="Fel steg.")
    assert case.stands()["state"] == "drafting"
    assert case.engine.verify() == ()


DAMAGES = {
    "UPDATE duty SET answer = 'supports' WHERE kind = 'opinion' AND answered_at IS NOT NULL": "duty",
    "UPDATE duty SET due_on = '2026-01-01' WHERE kind = 'opinion' AND answered_at IS NULL": "duty",
    "UPDATE duty SET answered_at = NULL, answer = NULL WHERE kind = 'opinion'": "duty",
    "UPDATE duty SET holder = 'attestant' WHERE kind = 'opinion' AND answered_at IS NULL": "duty",
    "DELETE FROM duty WHERE kind = 'opinion' AND answered_at IS NULL": "duty",
    "UPDATE opinion_round SET closed_at = '2026-03-01T00:00:00.000000Z'": "opinion_round",
    "DELETE FROM opinion_round": "opinion_round",
}


def test_verify_names_what_was_changed_behind_its_back(case: Case) -> None:
    ask(case, "controller", "body:tekniska")
    give(case, "Ekonom")
    assert case.engine.verify() == ()
    definitions = case.engine._definitions
    for damage, table in DAMAGES.items():
        with suppress(Undone), case.engine.database.writing() as connection:
            assert connection.execute(text(damage)).rowcount
            assert [each for each in verify(connection, definitions) if each.startswith(f"{table} (")], damage
            raise Undone
