"""What the public writes at the foot of a page: received with a number, read by the working group, closed once."""

import pytest

from states import RefusalKind
from tests.workflow import cast
from tests.workflow.cast import Case, clock_of, key, person
from tests.workflow.changed import faults_of
from workflow import Engine, Refused
from workflow.publishing.commenting import LONGEST, NETWORK, Written

PRIVATE = "Ring 070-123 45 67 om bänkarna."


def said(text_: str = PRIVATE, proposal: str | None = None, kind: str = "comment") -> Written:
    return Written(kind, f"/forslag/{proposal}" if proposal else "/potter", text_, proposal)


def refused(call: object) -> RefusalKind:
    with pytest.raises(Refused) as caught:
        call()  # type: ignore[operator]
    return caught.value.first.kind


def test_a_comment_is_received_read_and_closed_once(engine: Engine) -> None:
    given = Case(engine, "purchase", 20_000).submit()
    officer, outsider = person(engine, "Handläggare"), person(engine, "Ekonom")
    once = key()
    first = engine.comment(said(proposal=given.number), key=once)
    assert engine.comment(said(proposal=given.number), key=once) == first, "sent twice, received once"
    second = engine.comment(said("Fint!", kind="accessibility"), key=key())
    assert (first.number, second.number) == ("SP-2026-001", "SP-2026-002")
    waiting = engine.comments(officer)
    assert [(row.number, row.kind, row.proposal) for row in waiting.rows] == [
        (first.number, "comment", given.number), (second.number, "accessibility", None),
    ]  # fmt: skip
    assert (waiting.open, waiting.may_close, engine.comments_waiting(officer)) == (2, True, 2)
    assert [row.text for row in engine.comments_about(given.number, officer)] == [PRIVATE]
    assert refused(lambda: engine.close_comment(first.number, "noted", "Läst.", by=outsider, key=key())) is (
        RefusalKind.NOT_PERMITTED
    )
    engine.close_comment(first.number, "answered", "Vi ringde.", by=officer, key=key())
    assert refused(lambda: engine.close_comment(first.number, "noted", "Igen.", by=officer, key=key())) is (
        RefusalKind.NOT_HERE
    )
    shown, may_close = engine.one_comment(first.number, officer)
    assert (shown.outcome, shown.remarks, shown.closed_by, may_close) == (
        "answered",
        "Vi ringde.",
        "Handläggare",
        False,
    )
    assert [row.number for row in engine.comments(officer, closed=True).rows] == [first.number]
    assert engine.verify() == ()


def test_who_is_not_employed_reads_comments_masked_and_others_not_at_all(engine: Engine) -> None:
    number = engine.comment(said(), key=key()).number
    trade = person(engine, "Ledamot från Omtänksamma Kristinehamn")
    assert engine.one_comment(number, trade)[0].text == "Ring [telefonnummer dolt] om bänkarna."
    assert refused(lambda: engine.comments(person(engine, "Fastighetsägare"))) is RefusalKind.NOT_PERMITTED
    assert engine.comments_waiting(trade) == 0


def test_what_is_not_received_leaves_nothing(engine: Engine) -> None:
    officer = person(engine, "Handläggare")
    assert refused(lambda: engine.comment(said("  "), key=key())) is RefusalKind.FIELD_MISSING
    assert refused(lambda: engine.comment(said("x" * (LONGEST + 1)), key=key())) is RefusalKind.FIELD_INVALID
    assert refused(lambda: engine.comment(said(kind="praise"), key=key())) is RefusalKind.FIELD_INVALID
    assert refused(lambda: engine.comment(said(proposal="CG-1999-001"), key=key())) is RefusalKind.NOT_FOUND
    assert refused(lambda: engine.one_comment("SP-2026-001", officer)) is RefusalKind.NOT_FOUND
    assert refused(lambda: engine.close_comment("SP-2026-001", "noted", "x", by=officer, key=key())) is (
        RefusalKind.NOT_FOUND
    )
    junk = engine.comment(said("Köp, köp!"), key=key()).number
    engine.close_comment(junk, "junk", "", by=officer, key=key())
    assert engine.one_comment(junk, officer)[0].outcome == "junk"
    assert engine.verify() == ()
    number = engine.comment(said(), key=key()).number
    assert refused(lambda: engine.close_comment(number, "praised", "x", by=officer, key=key())) is (
        RefusalKind.FIELD_INVALID
    )
    assert refused(lambda: engine.close_comment(number, "noted", " ", by=officer, key=key())) is (
        RefusalKind.FIELD_MISSING
    )


def test_one_network_is_slowed_down_and_another_is_not(engine: Engine) -> None:
    for n in range(NETWORK.free + 1):
        engine.comment(said(f"Nummer {n}"), key=key(), address="192.0.2.7")
    assert refused(lambda: engine.comment(said(), key=key(), address="192.0.2.9")) is RefusalKind.TOO_MANY_TRIES
    engine.comment(said(), key=key(), address="198.51.100.1")
    clock_of(engine).to(cast.DAY.replace(day=3))
    engine.comment(said(), key=key(), address="192.0.2.7")


CHANGES = [
    "UPDATE comment SET page = '/'",
    "UPDATE comment SET closed_at = received_at, outcome = 'noted'",
    "DELETE FROM comment",
    "INSERT INTO comment (number, kind, page, received_at) VALUES ('SP-1', 'comment', '/', '2026')",
]


def test_verify_finds_comments_that_no_event_tells(engine: Engine) -> None:
    engine.comment(said(), key=key())
    for change in CHANGES:
        assert [fault for fault in faults_of(engine, change) if fault.startswith("comment")], change
    assert engine.verify() == ()
