"""A meeting from agenda to registered decisions: what stands on it, who keeps it, what it came to, and what is reported
to it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow.cast import Case, clock_of, key, person
from workflow import Engine, Refused
from workflow.meetings.minuting import Arrangement, Item, Minutes
from workflow.meetings.views_meetings import Guest, MeetingPage

FORUM, BOARD = ("centrumgruppen", date(2026, 3, 25)), ("ks", date(2026, 3, 11))
OFFICER, SECRETARY = "Handläggare", "Sekreterare i kommunstyrelsen"
TO_REVIEW, TO_DECISION = ("accept", "write", "to_review"), ("accept", "write", "to_review", "recommend", "propose")
SAID = {"position_wording": "Samsyn i gruppen.", "dissent": "En ledamot ville vänta."}
DECIDED = {"paragraph": "42", "wording": "Kommunstyrelsen bifaller.", "financing": "Investeringspotten 2026"}
Meeting = tuple[str, date]


def shown(engine: Engine, meeting: Meeting, who: str = OFFICER) -> MeetingPage:
    return engine.meeting(*meeting, person(engine, who))


def keys(page: MeetingPage) -> list[str]:
    return [each.key for each in page.points]


def to_review(engine: Engine, kronor: int = 20_000) -> Case:
    return Case(engine, "purchase", kronor).submit().walk(*TO_REVIEW)


def to_board(engine: Engine) -> Case:
    return Case(engine, "purchase", 400_000).submit().walk(*TO_DECISION)


def item(case: Case, transition: str, **form: object) -> Item:
    now = case.stands()
    return Item(case.number, transition, now["version"], now["revision"], form)


def refusal(call: Any) -> tuple[RefusalKind, Any]:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.first.kind, caught.value.first.facts.get("field")


# --- the agenda ---------------------------------------------------------------------------------------------------


def test_an_agenda_is_made_of_what_waits_and_what_has_moved(engine: Engine) -> None:
    a, b = to_review(engine), to_review(engine)
    moved = Case(engine, "activity", 5_000).submit().walk("accept")
    page = shown(engine, FORUM)
    assert keys(page) == [f"decide {a.number}", f"decide {b.number}", "moved", "pots"]
    assert [(row.number, row.what) for row in page.moved] == [(moved.number, "Idén togs emot och bereds")]
    assert [each.row is not None and each.row.amount for each in page.points[:2]] == [20_000_00, 20_000_00]
    assert not page.is_past
    later = engine.meeting("centrumgruppen", date(2026, 12, 2), person(engine, OFFICER))
    assert not [each for each in later.points if each.kind == "decide"], "what waits stands on the next agenda only"


def test_a_board_sees_what_it_decides_and_what_became_of_it(engine: Engine) -> None:
    before, waiting = to_board(engine), to_board(engine)
    before.act("approve").act("sign")
    to_review(engine)
    page = shown(engine, BOARD, SECRETARY)
    assert keys(page)[:2] == [f"decide {waiting.number}", "moved"]
    assert [row.number for row in page.moved] == [before.number]


def test_who_came_after_the_last_day_for_papers_is_told(engine: Engine) -> None:
    meeting = ("ks", date(2026, 4, 8))  # papers by 25 March
    early, late = (Case(engine, "purchase", 400_000, day=date(2026, 3, day)).submit() for day in (16, 23))
    for case in (early, late):
        case.walk(*TO_DECISION)
    marks = {each.number: each.late for each in shown(engine, meeting, SECRETARY).points if each.number}
    assert marks == {early.number: False, late.number: True}


def test_points_are_ordered_left_out_and_added(engine: Engine) -> None:
    a, b = to_review(engine), to_review(engine)
    first, second = f"decide {a.number}", f"decide {b.number}"
    asked = Arrangement(0, (second, "pots", first), ("moved",), {"added 1": "Julmarknaden"})
    engine.arrange(*FORUM, asked, by=person(engine, OFFICER), key=key())
    page = shown(engine, FORUM)
    assert keys(page) == [second, "pots", first, "added 1"]
    assert [each.key for each in page.left_out] == []
    assert page.points[-1].title == "Julmarknaden"
    new = to_review(engine)
    assert keys(shown(engine, FORUM)) == [second, "pots", first, f"decide {new.number}", "added 1"]
    assert [each.key for each in shown(engine, FORUM).left_out] in (["moved"], [])
    assert engine.verify() == ()


def test_two_who_arrange_at_once_do_not_overwrite_each_other(engine: Engine) -> None:
    to_review(engine)
    by = person(engine, OFFICER)
    engine.arrange(*FORUM, Arrangement(0, ("pots",)), by=by, key=key())
    again = refusal(lambda: engine.arrange(*FORUM, Arrangement(0, ("moved",)), by=by, key=key()))
    assert again[0] is RefusalKind.STALE_VERSION
    empty = Arrangement(1, (), (), {"added 1": " "})
    assert refusal(lambda: engine.arrange(*FORUM, empty, by=by, key=key())) == (RefusalKind.FIELD_MISSING, "point")


def test_an_agenda_follows_its_meeting_to_another_day(engine: Engine) -> None:
    to_review(engine)
    asked = Arrangement(0, ("pots",), (), {"added 1": "Julmarknaden"})
    engine.arrange(*FORUM, asked, by=person(engine, OFFICER), key=key())
    before = keys(shown(engine, FORUM))
    query = text("SELECT m.id FROM meeting m JOIN body b ON b.id = m.body_id WHERE b.code = :code AND held_on = :day")
    with engine.database.reading() as connection:
        found = connection.execute(query, {"code": FORUM[0], "day": FORUM[1].isoformat()}).scalar_one()
    row = {"id": found, "held_on": date(2026, 3, 27), "papers_due_on": None}
    engine.configure("meeting", row, by=person(engine, "Administratör"), key=key())
    assert keys(shown(engine, (FORUM[0], date(2026, 3, 27)))) == before
    assert "added 1" in before
    assert refusal(lambda: shown(engine, FORUM))[0] is RefusalKind.NOT_FOUND
    assert engine.verify() == ()


KEEPERS = [
    (FORUM, OFFICER, True),
    (FORUM, "Ordförande i Centrumgruppen", False),
    (FORUM, SECRETARY, False),
    (BOARD, SECRETARY, True),
    (BOARD, OFFICER, False),
    (BOARD, "Sekreterare i kommunfullmäktige", False),
]


def test_only_who_keeps_a_meeting_writes_about_it(engine: Engine) -> None:
    clock_of(engine).to(FORUM[1])
    for meeting, who, may in KEEPERS:
        by = person(engine, who)
        calls: list[Any] = [
            lambda meeting=meeting, by=by: engine.arrange(*meeting, Arrangement(0, ("pots",)), by=by, key=key()),
            lambda meeting=meeting, by=by: engine.minute(*meeting, Minutes((), ()), by=by, key=key()),
        ]
        assert (shown(engine, meeting, who).may_keep is None) == may, who
        for call in calls:
            if may:
                call()
            else:
                assert refusal(call)[0] is RefusalKind.NOT_PERMITTED, who


# --- what it came to ----------------------------------------------------------------------------------------------


def test_a_forum_meets_and_takes_positions(engine: Engine) -> None:
    a, b = to_review(engine), to_review(engine)
    clock_of(engine).to(FORUM[1])
    by = person(engine, OFFICER)
    seats = {each.category: each.membership for each in shown(engine, FORUM).seats}
    told = Minutes(
        tuple(keys(shown(engine, FORUM))), (seats["municipality"], seats["trade"], seats["property_owner"]),
        (Guest("Föreläsaren", "other"),), {"pots": "Gruppen gick igenom potterna."},
    )  # fmt: skip
    engine.minute(*FORUM, told, by=by, key=key())
    items = (item(a, "recommend", **SAID), item(b, "advise_against", position_wording="Arbeta om."))
    answers = engine.register_items(*FORUM, items, by=by)
    assert [(each.number, each.to_title) for each in answers] == [(a.number, "Tjänsteskrivelse"), (b.number, "")]
    assert [(why.kind, why.facts["field"]) for why in answers[1].refusals] == [(RefusalKind.FIELD_MISSING, "reason")]
    page = shown(engine, FORUM)
    assert page.attendance == {"municipality": 1, "other": 1, "property_owner": 1, "trade": 1}
    dealt = {each.number: [step.position for step in each.dealt] for each in page.points if each.number}
    assert dealt == {a.number: ["recommends"], b.number: []}
    step = page.points[0].dealt[0]
    assert ("position_wording", SAID["position_wording"]) in step.words
    assert next(each.notes for each in page.points if each.key == "pots") == "Gruppen gick igenom potterna."
    assert engine.verify() == ()


def test_what_was_interrupted_is_sent_again(engine: Engine) -> None:
    """What went through answers the same and stays one event; what was refused goes through when it is mended."""
    a, b = to_board(engine), to_board(engine)
    clock_of(engine).to(BOARD[1])
    by = person(engine, SECRETARY)
    items = [item(a, "approve", **DECIDED), item(b, "approve", paragraph="43", wording="Bifall.")]
    first = engine.register_items(*BOARD, items, by=by)
    assert [bool(each.refusals) for each in first] == [False, True]
    steps = len(a.taken())
    items[1] = item(b, "approve", **DECIDED)
    clock_of(engine).to(BOARD[1])  # a minute later
    second = engine.register_items(*BOARD, items, by=by)
    assert second[0] == first[0]
    assert not second[1].refusals
    assert len(a.taken()) == steps
    page = shown(engine, BOARD, SECRETARY)
    decisions = [step.decision for each in page.points for step in each.dealt]
    assert [each and (each.decided_on, each.outcome) for each in decisions] == [(BOARD[1], "approved")] * 2
    with engine.database.reading() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM meeting_item").scalar_one()
        events = connection.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'dealt'").scalar_one()
    assert (found, events) == (2, 2)
    assert engine.verify() == ()
    with engine.database.writing() as connection:
        connection.execute(text("DELETE FROM meeting_item WHERE stream = :number"), {"number": a.number})
    assert [each.partition(",")[0].partition(" (")[0] for each in engine.verify()] == ["meeting_item"]


def test_what_changed_since_it_was_seen_is_named_at_its_point(engine: Engine) -> None:
    a, b = to_board(engine), to_board(engine)
    clock_of(engine).to(BOARD[1])
    items = (item(a, "approve", **DECIDED), item(b, "approve", **DECIDED))
    a.day = b.day = BOARD[1]
    a.act("table")
    answers = engine.register_items(*BOARD, items, by=person(engine, SECRETARY))
    assert [[why.kind for why in each.refusals] for each in answers] == [[RefusalKind.STALE_VERSION], []]


def test_nobody_else_registers_what_a_meeting_came_to(engine: Engine) -> None:
    case = to_board(engine)
    clock_of(engine).to(BOARD[1])
    (answer,) = engine.register_items(*BOARD, [item(case, "approve", **DECIDED)], by=person(engine, OFFICER))
    assert [why.kind for why in answer.refusals] == [RefusalKind.NOT_PERMITTED]
    assert case.stands()["state"] == "budget_approval"


def test_a_meeting_to_come_has_come_to_nothing(engine: Engine) -> None:
    case, by = to_board(engine), person(engine, SECRETARY)
    (answer,) = engine.register_items(*BOARD, [item(case, "approve", **DECIDED)], by=by)
    assert [why.kind for why in answer.refusals] == [RefusalKind.FIELD_INVALID]
    told = refusal(lambda: engine.minute(*BOARD, Minutes((), ()), by=by, key=key()))
    assert told == (RefusalKind.FIELD_INVALID, "held_on")


def test_only_who_has_a_seat_was_present(engine: Engine) -> None:
    clock_of(engine).to(FORUM[1])
    by = person(engine, OFFICER)
    stranger = shown(engine, BOARD, SECRETARY).seats[0].membership
    strange: list[Minutes] = [Minutes((), (stranger,)), Minutes((), (), (Guest("", "press"),))]
    for told in strange:
        answer = refusal(lambda told=told: engine.minute(*FORUM, told, by=by, key=key()))
        assert answer == (RefusalKind.FIELD_INVALID, "attendance")


def test_the_day_after_the_secretary_still_finds_the_points(engine: Engine) -> None:
    case = to_board(engine)
    clock_of(engine).to(BOARD[1] + timedelta(days=1))
    page = shown(engine, BOARD, SECRETARY)
    assert [each.number for each in page.points if each.kind == "decide"] == [case.number]
    engine.register_items(*BOARD, [item(case, "approve", **DECIDED)], by=person(engine, SECRETARY))
    assert [bool(each.dealt) for each in shown(engine, BOARD, SECRETARY).points if each.number] == [True]


def test_who_reads_the_notes_of_a_board(engine: Engine) -> None:
    reads = {who: shown(engine, BOARD, who).reads_notes for who in ("Fastighetsägare", SECRETARY, "Ekonom")}
    assert reads == {"Fastighetsägare": False, SECRETARY: True, "Ekonom": True}
    assert shown(engine, FORUM, "Fastighetsägare").reads_notes


# --- delegated decisions ------------------------------------------------------------------------------------------


def delegated(engine: Engine) -> Case:
    return Case(engine, "purchase", 20_000).submit().walk(*TO_DECISION, "approve")


def test_delegated_decisions_are_reported_once(engine: Engine) -> None:
    a, b = delegated(engine), delegated(engine)
    rows = shown(engine, BOARD, SECRETARY).delegated
    assert [(row.number, row.role, row.amount, row.reported) for row in rows] == [
        (a.number, "budget_holder", 20_000_00, False), (b.number, "budget_holder", 20_000_00, False),
    ]  # fmt: skip
    assert shown(engine, ("tn", date(2026, 3, 19)), SECRETARY).delegated == ()
    by, chosen = person(engine, SECRETARY), [(row.stream, row.seq) for row in rows]
    early = refusal(lambda: engine.report_delegated(*BOARD, chosen, by=by, key=key()))
    assert early == (RefusalKind.FIELD_INVALID, "held_on")
    clock_of(engine).to(BOARD[1])
    engine.report_delegated(*BOARD, chosen[:1], by=by, key=key())
    assert [row.reported for row in shown(engine, BOARD, SECRETARY).delegated] == [True, False]
    decision = engine.decision(*chosen[0], by).decision
    assert decision.reported_on == BOARD[1]
    again = refusal(lambda: engine.report_delegated(*BOARD, chosen, by=by, key=key()))
    assert again[0] is RefusalKind.ALREADY_REPORTED
    assert [row.reported for row in shown(engine, BOARD, SECRETARY).delegated] == [True, False]
    clock_of(engine).to(BOARD[1] + timedelta(days=1))
    following = engine.meetings(by)
    after = next(each.held_on for each in following if each.body == "ks" and each.held_on > BOARD[1])
    assert [row.number for row in shown(engine, ("ks", after), SECRETARY).delegated] == [b.number]
    assert engine.verify() == ()


def test_what_is_not_this_bodys_is_not_reported_to_it(engine: Engine) -> None:
    board, case = to_board(engine), delegated(engine)
    board.act("approve")
    clock_of(engine).to(BOARD[1])
    by = person(engine, SECRETARY)
    (row,) = shown(engine, BOARD, SECRETARY).delegated
    decided = engine.timeline(board.number).decided
    assert decided is not None
    calls = {
        RefusalKind.FIELD_MISSING: lambda: engine.report_delegated(*BOARD, [], by=by, key=key()),
        RefusalKind.FIELD_INVALID: lambda: engine.report_delegated(
            *BOARD, [(board.number, decided.seq)], by=by, key=key()
        ),
        RefusalKind.NOT_FOUND: lambda: engine.report_delegated(*BOARD, [(case.number, 999)], by=by, key=key()),
        RefusalKind.NOT_PERMITTED: lambda: engine.report_delegated(
            *BOARD, [(row.stream, row.seq)], by=person(engine, OFFICER), key=key()
        ),
    }
    assert {kind: refusal(call)[0] for kind, call in calls.items()} == {kind: kind for kind in calls}
    council, of_council = ("kf", date(2026, 4, 21)), person(engine, "Sekreterare i kommunfullmäktige")
    clock_of(engine).to(council[1])
    elsewhere = refusal(lambda: engine.report_delegated(*council, [(row.stream, row.seq)], by=of_council, key=key()))
    assert elsewhere == (RefusalKind.FIELD_INVALID, "rows")


# --- calendars ----------------------------------------------------------------------------------------------------


def test_a_private_address_tells_the_meetings_of_my_bodies_until_it_is_taken_back(engine: Engine) -> None:
    mine = person(engine, "Fastighetsägare")
    first = engine.open_feed(mine)
    assert {each.body for each in engine.feed(first)} == {"centrumgruppen"}
    second = engine.open_feed(mine)
    assert refusal(lambda: engine.feed(first))[0] is RefusalKind.NOT_FOUND
    assert engine.has_feed(mine)
    assert engine.feed(second)
    engine.close_feed(mine)
    assert refusal(lambda: engine.feed(second))[0] is RefusalKind.NOT_FOUND
    assert not engine.has_feed(mine)
    with engine.database.reading() as connection:
        stored = connection.exec_driver_sql("SELECT secret_hash FROM calendar_feed").scalars().all()
    assert not {first, second} & set(stored)
