"""Att göra: whose work stands in which section, what a filter leaves and in which order, page by page without a gap,
what stands beside what one looks at, and one step for several proposals at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow import cast
from tests.workflow.cast import Case, key, person
from workflow import Engine, Refused, Text
from workflow.books.year_list import Chosen
from workflow.cases.acting_together import Together
from workflow.opinions.asking_opinions import Question
from workflow.proposals.queue_filter import SORTS, Filter
from workflow.records.answers import Done
from workflow.views.views_work import QueuePage, QueueRow

OFFICER = "Handläggare"
PLACES = ("Södra torget", "Ågatan", "Norrtull", "Södra torget", "Vintergatan")


@pytest.fixture
def cases(engine: Engine) -> list[Case]:
    """Five purchases at different places, of different costs, one further on than the others."""
    found = []
    for n, place in enumerate(PLACES):
        case = Case(engine, "purchase", 10_000 * (n + 1)).submit()
        case.pass_days(n)
        if n:
            case.act("accept").write()
            seen, words = case.stands()["revision"], Text(f"Bänk nr{n}", "Att sitta på", place)
            rows = cast.rows("purchase", case.kronor)
            by = case.people["officer", None]
            engine.revise(case.number, by=by, key=key(), seen_revision=seen, text=words, rows=rows)
        found.append(case)
    return found


def look(engine: Engine, title: str = OFFICER, **asked: object) -> QueuePage:
    return engine.queue(person(engine, title), view="mine", asked=Filter(**asked))  # type: ignore[arg-type]


def numbers(rows: Sequence[QueueRow]) -> list[str]:
    return [row.number for row in rows]


def everything(engine: Engine, limit: int, **asked: object) -> list[int]:
    """All duties of the officer, page by page."""
    found, after = list[int](), None
    for _ in range(20):
        page = engine.queue(
            person(engine, OFFICER), after, limit, view="mine", asked=Filter(**asked),  # type: ignore[arg-type]
        )  # fmt: skip
        found += [row.duty for row in page.waiting]
        after = page.after
        if after is None:
            return found
    raise AssertionError("the pages have no end")


# --- what a filter leaves, and in which order ----------------------------------------------------------------------


def test_a_filter_leaves_what_was_asked_for(cases: list[Case]) -> None:
    engine = cases[0].engine
    assert len(look(engine).waiting) == 5
    assert numbers(look(engine, stage="idea").waiting) == [cases[0].number]
    assert numbers(look(engine, place="södra torget").waiting) == [cases[3].number]
    assert numbers(look(engine, place="ågatan").waiting) == [cases[1].number]  # å, which SQLite has in one case only
    assert sorted(numbers(look(engine, least=4_000_000).waiting)) == sorted([cases[3].number, cases[4].number])
    assert numbers(look(engine, least=2_000_000, most=2_000_000).waiting) == [cases[1].number]
    assert len(look(engine, pot="investment").waiting) == 4
    assert look(engine, pot="operating").waiting == ()
    assert numbers(look(engine, text="bänk nr2").waiting) == [cases[2].number]
    assert numbers(look(engine, text=cases[4].number).waiting) == [cases[4].number]
    assert numbers(look(engine, pot="investment", place="vintergatan", most=9_000_000).waiting) == [cases[4].number]
    assert look(engine, due="passed").waiting == ()
    assert look(engine, due="none").waiting == ()
    assert numbers(look(engine, due="month").waiting) == [cases[0].number]  # ten days for an idea, forty for the rest


def test_pages_follow_on_each_other_in_every_order(cases: list[Case]) -> None:
    engine = cases[0].engine
    for sort in SORTS:
        whole = everything(engine, 50, sort=sort)
        assert len(whole) == len(set(whole)) == 5
        assert everything(engine, 2, sort=sort) == whole, sort


def test_the_orders(cases: list[Case]) -> None:
    engine = cases[0].engine
    by_amount = [row.amount for row in look(engine, sort="amount").waiting]
    assert by_amount == [5_000_000, 4_000_000, 3_000_000, 2_000_000, None]
    assert [row.state_title for row in look(engine, sort="stage").waiting][:2] == ["Idé", "Beredning"]
    assert look(engine, sort="pot").waiting[0].pots == ()
    waited = [row.since for row in look(engine, sort="waited").waiting]
    assert waited == sorted(waited)
    due = [row.due for row in look(engine).waiting if row.due]
    assert due == sorted(due)


def test_a_cursor_that_is_none_begins_anew_or_finds_nothing(engine: Engine) -> None:
    Case(engine, "purchase").submit()
    for after in ("", "x", "2026-01-01", "2026-01-01 x", "1 2 3", "' OR 1=1 --", "🦆 1", "9" * 500):
        for asked in (Filter(), Filter(sort="amount"), Filter(sort="place")):
            assert len(engine.queue(person(engine, OFFICER), after, view="mine", asked=asked).waiting) <= 1


# --- sections ------------------------------------------------------------------------------------------------------


def test_what_rests_stands_by_itself_for_who_parked_it_and_who_wakes_it(cases: list[Case]) -> None:
    engine, parked = cases[0].engine, cases[1]
    parked.act("park")
    page = engine.queue(person(engine, OFFICER))
    (row,) = page.parked
    assert (row.number, row.parked_until) == (parked.number, parked.day + timedelta(30))
    assert parked.number not in numbers(page.waiting)
    assert (page.count, page.counts["parked"]) == (4, 1)
    assert engine.queue(person(engine, "Ekonom")).parked == ()
    officers = parked.people["officer", None]
    with engine.database.writing() as connection:  # another officer parked it: who wakes it finds it all the same
        connection.execute(text("UPDATE duty SET holder = 'technical' WHERE answered_at IS NULL AND kind = 'step'"))
    assert numbers(engine.queue(officers).parked) == [parked.number]  # who parked it
    assert numbers(engine.queue(person(engine, "Projektledare i tekniska förvaltningen")).parked) == [parked.number]
    cast.clock_of(engine).to(parked.day + timedelta(31))
    assert len(cast.woken(engine)) == 1
    assert engine.queue(officers).parked == ()


def test_what_somebody_follows_is_found_until_they_stop(cases: list[Case]) -> None:
    engine, chosen, who = cases[0].engine, cases[2], person(cases[0].engine, "Fastighetsägare")
    for _ in range(2):
        engine.follow(chosen.number, by=who)
    assert numbers(engine.queue(who).watched) == [chosen.number]
    assert engine.case(chosen.number, who).follows
    assert engine.queue(person(engine, OFFICER)).watched == ()
    chosen.act("close")
    page = engine.queue(who, view="watched")
    assert ([row.state_title for row in page.watched], page.counts["watched"]) == (["Går inte vidare"], 1)
    for _ in range(2):
        engine.follow(chosen.number, by=who, follows=False)
    assert engine.queue(who).watched == ()
    with pytest.raises(Refused):
        engine.follow("CG-1999-001", by=who)
    with pytest.raises(Refused):
        engine.follow(chosen.number, by=chosen.proposer())


def test_what_waits_for_my_bodies_and_what_i_handed_on(cases: list[Case]) -> None:
    engine = cases[0].engine
    chair = engine.queue(person(engine, "Ordförande i Centrumgruppen"), view="bodies")
    assert chair.group == ()
    cases[1].act("to_review")
    assert numbers(engine.queue(person(engine, "Fastighetsägare"), view="bodies").group) == [cases[1].number]
    cases[1].walk("recommend", "propose")
    page = engine.queue(person(engine, OFFICER))
    assert [(row.number, row.holder) for row in page.others if row.kind == "step"] == [
        (cases[1].number, "budget_holder")
    ]
    assert [row.what for row in page.done][:2] == ["Lämna till beslut", "Anteckna att gruppen ställer sig bakom"]
    whole = engine.queue(person(engine, OFFICER), view="done", limit=50).done
    paged, after = [], None
    for _ in range(40):
        part = engine.queue(person(engine, OFFICER), after, 3, view="done")
        paged += part.done
        after = part.after
        if after is None:
            break
    assert tuple(paged) == whole


# --- what stands beside --------------------------------------------------------------------------------------------


def test_what_comes_before_and_after_is_found_also_when_it_has_been_answered(cases: list[Case]) -> None:
    engine, who = cases[0].engine, person(cases[0].engine, OFFICER)
    asked = Filter(sort="amount")
    rows = look(engine, sort="amount").waiting
    middle = rows[2]
    beside = engine.neighbours(who, middle.number, middle.duty, asked)
    assert beside.previous
    assert beside.next
    assert (beside.previous.number, beside.next.number) == (rows[1].number, rows[3].number)
    moved = next(case for case in cases if case.number == middle.number)
    moved.act("close")
    assert engine.neighbours(who, middle.number, middle.duty, asked) == beside
    last = engine.neighbours(who, rows[-1].number, rows[-1].duty, asked)
    assert last.next is None
    assert last.first
    assert last.first.number == rows[0].number
    assert engine.neighbours(who, rows[0].number, rows[0].duty, replace(asked, stage="idea")).next
    unknown = engine.neighbours(who, "", 0)
    assert unknown.previous is None
    assert unknown.next
    assert unknown.next.number == look(engine).waiting[0].number


# --- several at once -----------------------------------------------------------------------------------------------


def chosen(cases: Sequence[Case], version: int = 0) -> tuple[Chosen, ...]:
    rows = [case.stands() for case in cases]
    return tuple(Chosen(row["number"], row["version"] + version, row["revision"]) for row in rows)


def test_several_are_moved_each_by_its_own_event_and_each_refusal_is_named(engine: Engine) -> None:
    cases = [Case(engine, process).submit() for process in ("purchase", "rebuild", "activity")]
    further = Case(engine, "purchase").submit().act("accept")
    by, same = cases[0].people["officer", None], key()
    asked = Together("accept", (*chosen(cases), *chosen([further])), {"remarks": "Tack."})
    first = engine.act_together(asked, by=by, key=same)
    assert [each.to_title for each in first] == ["Beredning"] * 3 + [""]
    assert [each.kind for each in first[3].refusals] == [RefusalKind.NOT_HERE]
    events = [engine.timeline(case.number, by).steps[-1] for case in cases]
    assert [each.title for each in events] == ["Ta emot idén och börja bereda"] * 3
    assert engine.act_together(asked, by=by, key=same) == first  # sent twice it is done once
    assert [case.stands()["seq"] for case in cases] == [2, 2, 2]
    stale = engine.act_together(Together("park", chosen(cases[:1], -1), {}), by=by, key=key())
    assert stale[0].refusals[0].kind is RefusalKind.STALE_VERSION
    assert engine.verify() == ()


def test_what_the_process_does_not_allow_is_done_to_one_at_a_time(engine: Engine) -> None:
    case = Case(engine, "purchase").submit()
    (answer,) = engine.act_together(
        Together("close", chosen([case]), {"reason": "Nej."}), by=case.people["officer", None], key=key()
    )
    assert [each.kind for each in answer.refusals] == [RefusalKind.NOT_TOGETHER]
    assert case.stands()["state"] == "idea"


def test_nobody_chosen_or_too_many_is_refused_as_a_whole(engine: Engine) -> None:
    by = person(engine, OFFICER)

    def attempt(rows: tuple[Chosen, ...]) -> RefusalKind:
        with pytest.raises(Refused) as caught:
            engine.act_together(Together("accept", rows), by=by, key=key())
        return caught.value.first.kind

    assert attempt(()) is RefusalKind.FIELD_MISSING
    assert attempt(tuple(Chosen(f"CG-2026-{n:03}", 1, 1) for n in range(51))) is RefusalKind.FIELD_INVALID


# --- internal notes ------------------------------------------------------------------------------------------------


def note(case: Case, title: str, words: str = "Ring ägaren först.") -> Done:
    return case.engine.note(case.number, words, by=person(case.engine, title), key=key())


def test_a_note_is_read_by_officials_only_and_moves_nothing(engine: Engine) -> None:
    case = Case(engine, "purchase").submit()
    before = case.stands()
    note(case, "Ekonom")
    after = case.stands()
    assert (after["version"], after["revision"], after["state"]) == (1, 1, before["state"])
    (kept,) = engine.case(case.number, person(engine, OFFICER)).notes
    assert (kept.text, kept.person, kept.role) == ("Ring ägaren först.", "Ekonom", "controller")
    assert engine.case(case.number, person(engine, "Revisor")).notes == (kept,)
    outside = [person(engine, each) for each in ("Fastighetsägare", "Ledamot från Näringslivssamverkan")]
    for who in (*outside, case.proposer()):
        assert engine.case(case.number, who).notes == ()
        assert "Ring" not in repr(engine.case(case.number, who))
        assert "Ring" not in repr(engine.timeline(case.number, who))
    assert "Ring" not in repr((engine.timeline(case.number), engine.overview(), engine.find("Ring")))
    assert engine.verify() == ()


def test_who_may_not_write_one(engine: Engine) -> None:
    case = Case(engine, "purchase").submit()
    titles = ("Fastighetsägare", "Ledamot från Omtänksamma Kristinehamn", "Revisor")
    for by in (*(person(engine, title) for title in titles), case.proposer()):
        with pytest.raises(Refused) as caught:
            engine.note(case.number, "Hej.", by=by, key=key())
        assert caught.value.first.kind is RefusalKind.NOT_PERMITTED
        assert not engine.case(case.number, by).may_note


def test_a_note_says_something_and_once(engine: Engine) -> None:
    case = Case(engine, "purchase").submit()
    with pytest.raises(Refused):
        note(case, OFFICER, "  ")
    by, same = person(engine, OFFICER), key()
    again: Callable[[], Done] = lambda: engine.note(case.number, "Hej.", by=by, key=same)  # noqa: E731
    assert again() == again()
    assert len(engine.case(case.number, by).notes) == 1
    case.act("close")
    note(case, OFFICER, "Avslutat efter samtal.")  # also when it has ended
    assert len(engine.case(case.number, by).notes) == 2


def test_an_opinion_stands_among_the_work_of_who_was_asked(engine: Engine) -> None:
    case = Case(engine, "purchase").submit()
    engine.ask_opinions(case.number, Question("Vad?", ("attestant",)), by=case.people["officer", None], key=key())
    (row,) = engine.queue(person(engine, "Beslutsattestant")).waiting
    assert (row.kind, row.holder, row.together) == ("opinion", "attestant", ())
    assert engine.badge(person(engine, "Beslutsattestant")) == 1
