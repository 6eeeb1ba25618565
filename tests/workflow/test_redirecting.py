"""An idea under a process that does not fit gets another, stays what it was, and is proved by its events."""

import re

import pytest
from sqlalchemy import text

from states import RefusalKind
from tests.files.reading import client
from tests.workflow.cast import WORDS, Case, key, person, rows
from web.app import create_app
from workflow import Engine, Refused, Rows
from workflow.acts import redirecting


def redirect(case: Case, to: str, by: str = "Handläggare", **told: object) -> None:
    asked = {"by": person(case.engine, by), "key": key(), "seen_version": case.stands()["version"]} | told
    case.engine.redirect(case.number, to, **asked)  # type: ignore[arg-type]


def refused(case: Case, to: str, by: str = "Handläggare", **told: object) -> RefusalKind:
    with pytest.raises(Refused) as why:
        redirect(case, to, by, **told)
    return why.value.first.kind


@pytest.fixture
def case(engine: Engine) -> Case:
    return Case(engine, "rebuild").submit()


def test_it_follows_the_other_process_to_its_end(engine: Engine, case: Case) -> None:
    before = engine.timeline(case.number)
    case.pass_days(3)
    redirect(case, "purchase")
    now = engine.timeline(case.number)
    assert (now.process, now.now.title, now.now.since, now.now.due) == (
        "purchase", before.now.title, before.now.since, before.now.due,
    )  # fmt: skip
    assert len(now.track.stations) < len(before.track.stations)
    assert now.steps[-1].kind == "redirected"
    assert engine.verify() == ()
    case.process = "purchase"
    case.walk("accept", "write", "to_review", "recommend", "propose", "approve", "sign", "delivered", "complete_all")
    assert engine.timeline(case.number).now.ended
    assert engine.verify() == ()


def test_who_waits_and_who_sent_it_are_told_and_the_old_duty_is_answered(engine: Engine, case: Case) -> None:
    redirect(case, "activity")
    with engine.database.reading() as connection:
        answers = connection.execute(text("SELECT answer FROM duty WHERE kind = 'step'")).scalars().all()
        told = connection.execute(text("SELECT recipient FROM notice WHERE kind = 'redirected'")).scalars().all()
    assert sorted(answers, key=str) == [None, "redirected"]
    assert "proposer" in told
    assert len(told) == 2


def test_it_can_have_rested_and_be_redirected_twice(engine: Engine, case: Case) -> None:
    case.act("park").act("wake")
    redirect(case, "purchase")
    redirect(case, "rebuild")
    assert engine.timeline(case.number).process == "rebuild"
    case.act("accept")
    assert engine.verify() == ()


def test_a_repeat_does_nothing_more_and_an_old_page_is_told_so(case: Case) -> None:
    once = {"key": key(), "seen_version": int(case.stands()["version"])}
    for _ in range(2):
        redirect(case, "purchase", **once)
    assert case.stands()["version"] == int(once["seen_version"]) + 1
    assert refused(case, "activity", seen_version=once["seen_version"]) is RefusalKind.STALE_VERSION
    assert refused(case, "purchase") is RefusalKind.FIELD_INVALID, "the process that it has"


@pytest.mark.parametrize("who", ["Budgetansvarig", "Ekonom", "Revisor", "Administratör"])
def test_only_an_officer_does_it(case: Case, who: str) -> None:
    assert refused(case, "purchase", who) is RefusalKind.NOT_PERMITTED


def test_only_an_idea_that_nothing_pays_yet(engine: Engine, case: Case) -> None:
    by, seen = person(engine, "Handläggare"), case.stands()["revision"]
    engine.revise(case.number, by=by, key=key(), seen_revision=seen, text=WORDS, rows=rows("rebuild", 90_000))
    assert refused(case, "purchase") is RefusalKind.CONTENT_FIXED
    engine.revise(case.number, by=by, key=key(), seen_revision=seen + 1, text=WORDS, rows=Rows())
    case.act("accept")
    assert refused(case, "purchase") is RefusalKind.NOT_HERE


@pytest.mark.parametrize("process", ["activity", "rebuild"])
def test_verify_finds_a_process_that_no_event_gave_last(engine: Engine, case: Case, process: str) -> None:
    redirect(case, "activity")
    redirect(case, "purchase")
    assert engine.verify() == ()
    harm = text("UPDATE proposal SET definition_id = (SELECT id FROM definition WHERE process = :process)")
    with engine.database.writing() as connection:
        connection.execute(harm, {"process": process})
    assert any("definition_id" in each for each in engine.verify())


def test_a_rule_that_lets_everything_pass_is_noticed(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.act("accept")
    monkeypatch.setattr(redirecting, "may_redirect", lambda now: now.actor.capacities[0])
    redirect(case, "purchase")
    assert any("no idea was given another process" in each for each in case.engine.verify())


def test_on_its_page(engine: Engine, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    browser = client(create_app(engine), engine, person(engine, "Handläggare"))
    case_page, path = f"/arenden/{case.number}", f"/arenden/{case.number}/process"
    assert path in browser.get(case_page).text
    page = browser.get(path).text
    assert 'value="purchase"' in page
    assert 'value="rebuild"' not in page
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.split("<main")[1]))
    empty = browser.post(path, data=hidden)
    assert (empty.status_code, "Välj ett av alternativen." in empty.text) == (422, True)
    assert browser.post(path, data=hidden | {"to": "purchase"}).status_code == 303
    assert "Processen är bytt." in browser.get(case_page).text
    case.process = "purchase"
    case.act("accept")
    browser = client(browser.application, engine, person(engine, "Handläggare"))  # a day has gone
    assert path not in browser.get(case_page).text
    assert browser.get(path).status_code == 409
