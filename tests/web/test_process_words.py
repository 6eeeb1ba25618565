"""What a process file says about whose move it is, what pays and until when, in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from states import Deadline, MoneyEffect, Process, Rule, Transition, load
from web.request import language
from web.words import process_words

PROCESSES = {each.id: each for each in load(Path(__file__).resolve().parents[2] / "states/processes").processes}


@pytest.fixture(autouse=True)
def _swedish() -> Iterator[None]:
    app = Flask("web")
    language.init_app(app)
    with app.test_request_context(headers={"Accept-Language": "sv"}):
        yield


@pytest.fixture
def rebuild() -> Process:
    return PROCESSES["rebuild"]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (None, ""),
        (Rule("officer"), "handläggaren"),
        (Rule("board"), "nämnden"),
        (Rule("decider_for", "total"), "den som har rätt att besluta om summan"),
        (Rule("any_of", ("working_group", "officer")), "arbetsgruppen eller handläggaren"),
    ],
)
def test_whose_move(rule: Rule | None, told: str) -> None:
    assert process_words.awaits_rule(rule) == told


@pytest.mark.parametrize(
    ("deadline", "told"),
    [
        (None, ""),
        (Deadline("working_days", 1), "inom 1 arbetsdag"),
        (
            Deadline("next_meeting_of", "awaits", Deadline("working_days", 10)),
            "vid nästa sammanträde, annars inom 10 arbetsdagar",
        ),
        (Deadline("papers_due_for", "decider"), "till sista dagen för handlingar"),
        (Deadline("date", "ready_by"), "det datum som anges (klart senast)"),
        (Deadline("may_wait", "tiden står i avtalet"), "tiden står i avtalet"),
    ],
)
def test_until_when(deadline: Deadline | None, told: str) -> None:
    assert process_words.deadline_words(deadline) == told


@pytest.mark.parametrize(
    ("effects", "told"),
    [
        ((), ""),
        ((("release", "open"),), "pengar lämnas tillbaka"),
        ((("release", "sketch"), ("commit", "sketch")), "pengar beslutas (drift)"),
        ((("commit", "sketch"), ("order", "sketch")), "pengar beställs (drift)"),
    ],
)
def test_what_pays(rebuild: Process, effects: tuple[tuple[str, str], ...], told: str) -> None:
    money = tuple(MoneyEffect(effect, binding) for effect, binding in effects)
    way = Transition("any", "Any", "sketch", role=Rule("officer"), money=money)
    assert process_words.money_words(way, rebuild) == told


def test_every_state_and_way_of_the_shipped_processes_is_told_in_full() -> None:
    for process in PROCESSES.values():
        for node in process.nodes.values():
            told = process_words.public_words(node.state) + process_words.deadline_words(node.state.deadline)
            assert told
            assert "{" not in told
            assert node.state.end or process_words.awaits_rule(node.state.awaits)
            assert all(process_words.money_words(way, process) for way in node.transitions if way.money)


def test_every_step_that_has_been_taken_is_told_as_done() -> None:
    """The button says what to do; the history must not."""
    ways = [way for process in PROCESSES.values() for node in process.nodes.values() for way in node.transitions]
    assert [way.title for way in ways if not way.public] == []
