"""What everybody reads: details masked until an officer has looked, other words where they are given, and nothing of
what is taken out of sight; officials read what is written all the time."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow import cast
from tests.workflow.cast import Case, key, person
from tests.workflow.changed import faults_of
from workflow import Engine, Refused, Rows, Text
from workflow.publishing.acting_on_words import Why
from workflow.publishing.moderating import Reviewed
from workflow.searching import indexing
from workflow.searching.views_searching import Sought

TELEPHONE, MAIL = "070-123 45 67", "sender@exempel.se"
SAID = Text(f"Bänkar, ring {TELEPHONE}", f"Fyra bänkar. {MAIL}", "Torget", f"Fråga {TELEPHONE}", f"Ring {TELEPHONE}")
WHY = Why("Rutin för publicering.", "KS § 12")
CORRECTED = {"title": "Bänkar", "what": "Fyra bänkar.", "where": "Torget", "why": "", "own_contribution": ""}


def handed_in(engine: Engine, said: Text = SAID) -> str:
    return engine.submit(process="purchase", by=None, key=key(), text=said, is_example=True).number


def everything_public(engine: Engine, number: str) -> str:
    """Whatever a visitor and a member from outside are given."""
    owner = person(engine, "Fastighetsägare")
    listed = engine.seek(Sought(number)).rows
    shown = [engine.timeline(number, None), engine.timeline(number, owner), engine.overview(), listed]
    return repr([*shown, engine.money_rows(Sought())])


def officer(engine: Engine) -> int:
    return person(engine, "Handläggare")


def refused(call: Callable[[], object]) -> RefusalKind:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.first.kind


def review(engine: Engine, number: str, outcome: str, **more: object) -> None:
    asked: dict[str, object] = {"by": officer(engine), "key": key(), "seen_revision": 1} | more
    words = CORRECTED if outcome == "corrected" else {}
    engine.review_text(number, Reviewed(outcome, words), WHY, **asked)  # type: ignore[arg-type]


def test_what_the_public_wrote_is_masked_until_somebody_has_looked(engine: Engine) -> None:
    number = handed_in(engine)
    public = everything_public(engine, number)
    assert TELEPHONE not in public
    assert MAIL not in public
    assert "[telefonnummer dolt]" in public
    assert TELEPHONE in repr(engine.timeline(number, officer(engine)).content), "officials read what is written"
    (waiting,), count = engine.texts_to_review()
    assert (waiting.number, waiting.state, waiting.found, count) == (number, "masked", ("email", "telephone"), 1)
    assert waiting.written["title"] == SAID.title
    assert engine.verify() == ()


@pytest.mark.parametrize(
    ("outcome", "reads"), [("shown", TELEPHONE), ("kept", "dolt]"), ("corrected", "'Fyra bänkar.'")]
)
def test_an_officer_says_what_everybody_reads(engine: Engine, outcome: str, reads: str) -> None:
    number = handed_in(engine)
    review(engine, number, outcome)
    public = everything_public(engine, number)
    assert reads in public
    assert (TELEPHONE in public) == (outcome == "shown")
    assert engine.texts_to_review() == ((), 0)
    told = engine.timeline(number, officer(engine))
    assert told.content.title == SAID.title, "what was written is kept"
    assert [step.kind for step in told.steps if step.title == "Texten granskades"] == ["between_colleagues"]
    assert "Rutin för publicering" not in public
    assert engine.verify() == ()


def test_nobody_finds_a_proposal_by_what_is_masked(engine: Engine) -> None:
    number = handed_in(engine)
    for asked in ("1234567", "sender", "0701234567", TELEPHONE):
        assert number not in [row.number for row in engine.seek(Sought(asked)).rows], asked
    assert [row.number for row in engine.seek(Sought("bänkar")).rows] == [number]


def test_new_words_are_looked_at_anew_and_the_same_words_are_not(engine: Engine) -> None:
    number = handed_in(engine)
    review(engine, number, "shown")
    rows = engine.case(number, officer(engine)).timeline.content
    assert rows.lines == ()
    asked = {"by": officer(engine), "text": SAID, "rows": None}
    from_workflow = Rows()
    engine.revise(number, key=key(), seen_revision=1, **(asked | {"rows": from_workflow}))  # type: ignore[arg-type]
    assert TELEPHONE in everything_public(engine, number)
    again = Text("Bänkar", f"Ring {TELEPHONE} nu", "Torget")
    engine.revise(number, key=key(), seen_revision=2, **(asked | {"rows": from_workflow, "text": again}))  # type: ignore[arg-type]
    assert TELEPHONE not in everything_public(engine, number)
    assert engine.texts_to_review()[1] == 1
    plain = Text("Bänkar", "Fyra", "Torget")
    engine.revise(number, key=key(), seen_revision=3, **(asked | {"rows": from_workflow, "text": plain}))  # type: ignore[arg-type]
    assert engine.texts_to_review() == ((), 0)
    assert engine.verify() == ()


def test_only_an_officer_who_saw_the_words_may_and_must_say_why(engine: Engine) -> None:
    number = handed_in(engine)
    assert refused(lambda: review(engine, number, "shown", by=person(engine, "Ekonom"))) is RefusalKind.NOT_PERMITTED
    assert refused(lambda: review(engine, number, "shown", seen_revision=2)) is RefusalKind.STALE_REVISION
    assert refused(lambda: review(engine, number, "praised")) is RefusalKind.FIELD_INVALID
    nothing = {"by": officer(engine), "key": key(), "seen_revision": 1}
    shown = Reviewed("shown", {})
    assert refused(lambda: engine.review_text(number, shown, Why(" "), **nothing)) is RefusalKind.FIELD_MISSING  # type: ignore[arg-type]
    empty = Reviewed("corrected", {**CORRECTED, "what": " "})
    assert refused(lambda: engine.review_text(number, empty, WHY, **nothing)) is RefusalKind.FIELD_MISSING  # type: ignore[arg-type]
    assert refused(lambda: engine.text_to_review("CG-1999-001")) is RefusalKind.NOT_FOUND


def test_a_proposal_is_taken_out_of_sight_at_once_and_shown_again(engine: Engine) -> None:
    number = handed_in(engine)
    by = officer(engine)
    engine.unpublish(number, WHY, by=by, key=key())
    assert refused(lambda: engine.timeline(number, None)) is RefusalKind.NOT_SHOWN
    assert engine.timeline(number, by).number == number
    assert number not in repr([engine.overview(), engine.seek(Sought("bänkar")), engine.money_rows(Sought())])
    assert sum(each.count for each in engine.stages()) == 0, "nor is it counted"
    assert number in repr(engine.money_rows(Sought(), viewer=by))
    assert refused(lambda: engine.unpublish(number, WHY, by=by, key=key())) is RefusalKind.NOT_HERE
    assert engine.verify() == ()
    engine.unpublish(number, WHY, by=by, key=key(), again=True)
    assert engine.timeline(number, None).number == number
    assert [row.number for row in engine.seek(Sought("bänkar")).rows] == [number]
    assert engine.verify() == ()


def test_an_event_is_told_to_everybody_in_other_words(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    case.act("ask_completion", question="Ring Kalle på 070-765 43 21.")
    seq = engine.timeline(case.number, None).steps[-1].seq
    engine.word_event(case.number, seq, "question", "Ring handläggaren.", WHY, by=officer(engine), key=key())
    public = engine.timeline(case.number, None)
    assert dict(public.steps[1].words)["question"] == "Ring handläggaren."
    assert "Kalle" not in repr(public)
    assert "Kalle" in repr(engine.timeline(case.number, officer(engine)))
    wrong = {"by": officer(engine), "key": key()}
    assert refused(lambda: engine.word_event(case.number, seq, "wording", "x", WHY, **wrong)) is RefusalKind.NOT_FOUND
    assert (
        refused(lambda: engine.word_event(case.number, seq, "question", "", WHY, **wrong)) is RefusalKind.FIELD_MISSING
    )
    assert engine.verify() == ()


def test_decisions_wait_and_are_published_together(engine: Engine) -> None:
    cases = [Case(engine, "purchase", 20_000).submit() for _ in range(2)]
    for each in cases:
        each.walk("accept", "write", "to_review", "recommend", "propose").act(
            "approve", wording="Bifall till bänkarna."
        )
    decided = [(each.number, engine.timeline(each.number, None).decided.seq) for each in cases]  # type: ignore[union-attr]
    by = officer(engine)
    for number, seq in decided:
        engine.hold_decision(number, seq, WHY, by=by, key=key())
        shown = engine.timeline(number, None).decided
        assert shown is not None
        assert (shown.held, shown.wording, shown.outcome) == (True, None, "approved")
        assert "Bifall till bänkarna." in repr(engine.timeline(number, by))
    assert [(each.number, each.about) for each in engine.held_decisions()] == decided
    engine.word_event(*decided[0], "wording", "Bifall.", WHY, by=by, key=key())
    assert [(each.written, each.public) for each in engine.held_decisions()] == [
        ("Bifall till bänkarna.", "Bifall."), ("Bifall till bänkarna.", "Bifall till bänkarna."),
    ]  # fmt: skip
    assert [each.number for each in engine.held_decisions(decided[1][0])] == [decided[1][0]]
    assert engine.held_count() == 2
    engine.word_event(*decided[0], "wording", "Bifall till bänkarna.", WHY, by=by, key=key())
    assert refused(lambda: engine.hold_decision(*decided[0], WHY, by=by, key=key())) is RefusalKind.NOT_HERE
    assert refused(lambda: engine.hold_decision(decided[0][0], 1, WHY, by=by, key=key())) is RefusalKind.NOT_FOUND
    assert engine.verify() == ()
    assert engine.publish_decisions(decided, WHY, by=by, key=key()) == tuple(number for number, _ in decided)
    assert engine.held_decisions() == ()
    for number, _seq in decided:
        assert "Bifall till bänkarna." in repr(engine.timeline(number, None).decided)
    assert engine.publish_decisions(decided, WHY, by=by, key=key()) == ()
    assert engine.verify() == ()


OLD_RULES = [
    "UPDATE mark SET value = '0' WHERE name = 'masked by'",
    "UPDATE public_face SET found = 'telephone', content = replace(content, '[personnummer dolt]', '19800229-1235')",
    "DELETE FROM public_face WHERE reviewed_seq IS NULL",
]


def test_texts_that_older_rules_looked_at_are_looked_at_again(engine: Engine) -> None:
    """What was masked is masked by ours, what is found by is too, and what an officer said of a text stands."""
    said = Text("Bänkar", f"Ring {TELEPHONE}, jag är 19800229-1235.", "Torget")
    numbers = {outcome: handed_in(engine, said) for outcome in ("kept", "shown", "unseen")}
    for outcome in ("kept", "shown"):
        review(engine, numbers[outcome], outcome)
    with engine.database.writing() as connection:
        for each in OLD_RULES:
            connection.execute(text(each))
        indexing.catch_up(connection)
        for proposal in connection.execute(text("SELECT id FROM proposal")).scalars().all():
            indexing.index(connection, proposal)
    assert "19800229-1235" in everything_public(engine, numbers["unseen"])
    assert engine.verify() != ()
    with cast.opened(engine.config.database_url) as now:
        for outcome, number in numbers.items():
            assert ("19800229-1235" in repr(now.timeline(number, None))) == (outcome == "shown"), outcome
        assert [row.number for row in now.seek(Sought("1235")).rows] == [numbers["shown"]]
        assert now.verify() == ()


CHANGES = [
    "UPDATE public_face SET title = 'Ring 070-123 45 67'",
    "UPDATE public_face SET state = 'shown', title = '', content = ''",
    "UPDATE public_face SET hidden_seq = 1",
    "DELETE FROM public_face",
    "INSERT INTO public_wording (stream, about, field, seq) VALUES ('CG-2026-001', 1, 'x', 1)",
    "INSERT INTO held_decision (stream, about, held_seq) VALUES ('CG-2026-001', 1, 1)",
]


def test_verify_finds_what_everybody_should_not_read(engine: Engine) -> None:
    handed_in(engine)
    for change in CHANGES:
        assert faults_of(engine, change), change
    assert engine.verify() == ()
