"""A group that votes: asked once each, about one revision, with a threshold frozen at the start; and its position then
says what the vote said. A group without a rule seeks agreement and is not asked."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.workflow.cast import DAY, WORDS, Case, key, person, rows
from workflow import Engine, Refused
from workflow.opinions.voting import Cast

GROUP = "centrumgruppen"


def let_them_vote(engine: Engine, share: int = 5_000, on: date = DAY) -> None:
    with engine.database.reading() as connection:
        body = connection.execute(text("SELECT id FROM body WHERE code = :code"), {"code": GROUP}).scalar_one()
    row = {"body_id": body, "share": share, "from_on": on, "source": "Centrumgruppen 2026-02-02"}
    engine.configure("vote_rule", row, by=person(engine, "Administratör"), key=key())


def at_review(engine: Engine) -> Case:
    return Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review")


def begin(case: Case, days: int = 14) -> None:
    case.engine.begin_vote(
        case.number, by=person(case.engine, "Handläggare"), key=key(), seen_revision=case.stands()["revision"],
        closes_on=case.day + timedelta(days=days),
    )  # fmt: skip


def voters(engine: Engine) -> list[int]:
    with engine.database.reading() as connection:
        query = """SELECT DISTINCT m.person_id FROM membership m JOIN body b ON b.id = m.body_id
            WHERE b.code = :code ORDER BY m.person_id"""
        return list(connection.execute(text(query), {"code": GROUP}).scalars())


def say(case: Case, who: int, voice: str, dissent: str = "") -> None:
    mine = case.engine.vote_page(case.number, who).mine
    assert mine is not None
    case.engine.vote(case.number, Cast(mine.id, mine.version, voice, dissent), by=who, key=key())  # type: ignore[arg-type]


def refused(work: object) -> RefusalKind:
    with pytest.raises(Refused) as caught:
        work()  # type: ignore[operator]
    return caught.value.first.kind


def test_a_group_that_seeks_agreement_is_not_asked_to_vote(engine: Engine) -> None:
    case = at_review(engine)
    assert refused(lambda: begin(case)) is RefusalKind.VOTES_OFF
    case.act("recommend")


@pytest.mark.parametrize(("in_favour", "position", "other"), [(True, "recommend", "advise_against"),
                                                              (False, "advise_against", "recommend")])  # fmt: skip
def test_the_position_says_what_the_vote_said(engine: Engine, in_favour: bool, position: str, other: str) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    version = case.stands()["version"]
    begin(case)
    members = voters(engine)
    needed = len(members) // 2 + 1
    for n, each in enumerate(members):
        assert refused(lambda: case.act("recommend")) is RefusalKind.VOTE_OPEN
        say(case, each, "for" if n < needed - (not in_favour) else "against")
    page = engine.vote_page(case.number, members[0])
    assert page.ballot is not None
    assert (page.ballot.of, page.ballot.needed, page.ballot.is_open) == (len(members), needed, False)
    assert case.stands()["version"] == version, "voters make nobody's page stale"
    assert refused(lambda: case.act(other)) is RefusalKind.VOTE_SAYS_OTHERWISE
    case.act(position)
    assert engine.verify() == ()


def test_a_vote_waits_in_each_members_own_queue_until_it_is_cast(engine: Engine) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    begin(case)
    for each in voters(engine):
        mine = [row for row in engine.queue(each).waiting if row.kind == "vote"]
        assert [(row.number, row.due) for row in mine] == [(case.number, case.day + timedelta(days=14))]
        say(case, each, "abstain")
        assert "vote" not in {row.kind for row in engine.queue(each).waiting}


def test_a_voice_may_be_changed_while_the_vote_goes_on(engine: Engine) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    begin(case)
    first, *others = voters(engine)
    say(case, first, "against", "För dyrt.")
    seen = engine.vote_page(case.number, first).mine
    say(case, first, "for")
    assert seen is not None
    stale = Cast(seen.id, seen.version, "against")
    assert refused(lambda: engine.vote(case.number, stale, by=first, key=key())) is RefusalKind.STALE_VERSION
    for each in others:
        say(case, each, "against", "Platsen är fel.")
    page = engine.vote_page(case.number, first)
    assert page.ballot is not None
    assert page.ballot.in_favour == 1
    assert page.dissents == ("Platsen är fel.",) * len(others)
    last = Cast(seen.id, seen.version + 1, "against")
    assert refused(lambda: engine.vote(case.number, last, by=first, key=key())) is RefusalKind.NOT_HERE


def test_a_changed_content_voids_the_vote(engine: Engine) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    begin(case)
    first = voters(engine)[0]
    mine = engine.vote_page(case.number, first).mine
    say(case, first, "for")
    engine.revise(
        case.number, by=person(engine, "Handläggare"), key=key(), seen_revision=case.stands()["revision"], text=WORDS,
        rows=rows("purchase", 25_000),
    )  # fmt: skip
    assert engine.vote_page(case.number, first).ballot is None
    assert mine is not None
    old = Cast(mine.id, mine.version + 1, "against")
    assert refused(lambda: engine.vote(case.number, old, by=first, key=key())) is RefusalKind.NOT_HERE
    assert all(row.kind != "vote" for each in voters(engine) for row in engine.queue(each).waiting)
    begin(case)
    assert engine.verify() == ()


def test_how_many_must_be_for_it_is_frozen_when_it_begins(engine: Engine) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    begin(case)
    before = engine.vote_page(case.number, voters(engine)[0]).ballot
    let_them_vote(engine, 9_000)
    after = engine.vote_page(case.number, voters(engine)[0]).ballot
    assert before is not None
    assert before == after


def test_who_is_not_heard_is_not_for_it(engine: Engine) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    begin(case)
    say(case, voters(engine)[0], "for")
    engine.close_vote(case.number, by=person(engine, "Handläggare"), key=key())
    assert refused(lambda: case.act("recommend")) is RefusalKind.VOTE_SAYS_OTHERWISE
    assert refused(lambda: engine.close_vote(case.number, by=person(engine, "Handläggare"), key=key())) is (
        RefusalKind.NOT_HERE
    )
    case.act("advise_against")
    assert engine.verify() == ()


def test_only_a_member_votes_and_only_with_the_own_voice(engine: Engine) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    begin(case)
    first, second = voters(engine)[:2]
    theirs = engine.vote_page(case.number, second).mine
    assert theirs is not None
    given = Cast(theirs.id, theirs.version, "for")
    for other in (first, person(engine, "Ekonom"), person(engine, "Administratör")):
        assert refused(lambda by=other: engine.vote(case.number, given, by=by, key=key())) is RefusalKind.NOT_PERMITTED
    assert refused(
        lambda: engine.begin_vote(case.number, by=person(engine, "Ekonom"), key=key(), seen_revision=2, closes_on=DAY)
    ) is RefusalKind.NOT_PERMITTED  # fmt: skip


def test_one_key_is_one_voice(engine: Engine) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    begin(case)
    first = voters(engine)[0]
    mine = engine.vote_page(case.number, first).mine
    assert mine is not None
    given, same = Cast(mine.id, mine.version, "for"), key()
    assert engine.vote(case.number, given, by=first, key=same) == engine.vote(case.number, given, by=first, key=same)
    ballot = engine.vote_page(case.number, first).ballot
    assert ballot is not None
    assert ballot.cast == 1


@pytest.mark.parametrize("damage", ["answer = 'against'", "holder = 'officer'"])
def test_a_voice_that_was_tampered_with_is_named(engine: Engine, damage: str) -> None:
    let_them_vote(engine)
    case = at_review(engine)
    begin(case)
    say(case, voters(engine)[0], "for")
    assert engine.verify() == ()
    with engine.database.writing() as connection:
        connection.execute(text(f"UPDATE duty SET {damage} WHERE kind = 'vote' AND answer = 'for'"))
    assert any("vote's events" in fault for fault in engine.verify())
