"""Races for the same krona, the same key and the same pots, and their twins: the same tables written the naive way,
which must fail - or our races prove nothing.

A barrier stands between reading and writing, so that the twins fail every time and not by luck.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier

from sqlalchemy import create_engine, text

from tests.workflow import at_once
from tests.workflow.cast import DAY, Case, budget, key, line, opened, paid
from workflow import Engine, Refused
from workflow.money.contents import Rows

PROCESSES = 16
RACERS = 8  # threads of one process
HELD = 5  # of them the pot has money for
ASKED = 100_000  # öre each


def together(racers: int, work: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(racers) as pool:
        return list(pool.map(work, range(racers)))


def ready(engine: Engine, kronor: int = 1_000) -> Case:
    return Case(engine, "purchase", kronor).submit().walk("accept", "write", "to_review", "recommend")


def seen(case: Case) -> tuple[int, int]:
    now = case.stands()
    return now["version"], now["revision"]


def proposed(case: Case, told_key: str) -> Callable[[int], object]:
    """The same call, however often and by whichever thread: the very same key."""
    (version, revision), officer = seen(case), case.people["officer", None]
    return lambda _: case.engine.act(
        case.number, "propose", by=officer, seen_version=version, seen_revision=revision, key=told_key
    )


def through_the_engine(url: str, start: Barrier, number: str, version: int, revision: int, officer: int) -> str:
    """One reservation, by an engine of this process's own: accepted, or the name of the refusal."""
    with opened(url, DAY) as engine:
        start.wait(at_once.START_SECONDS)
        try:
            engine.act(number, "propose", by=officer, seen_version=version, seen_revision=revision, key=key())
        except Refused as refused:
            return refused.first.kind.name
    return "accepted"


def test_the_last_krona_is_asked_for_by_sixteen_processes(engine: Engine, seeded_url: str) -> None:
    """The pot holds five of them, and five is what is accepted, whichever come first."""
    cases = [ready(engine) for _ in range(PROCESSES)]
    budget(engine, HELD * ASKED)
    asks = [(case.number, *seen(case), case.people["officer", None]) for case in cases]
    answers = at_once.answers_of(through_the_engine, seeded_url, asks)
    assert answers == ["POT_SHORT"] * (PROCESSES - HELD) + ["accepted"] * HELD
    assert cases[0].pots()["investment"] == {"reserved": HELD * ASKED}
    assert [case.taken()[-1] for case in cases].count(("drafting", "propose")) == HELD
    assert engine.verify() == ()


def test_get_check_set_overspends(engine: Engine, seeded_url: str) -> None:
    """The twin, in as many processes: more is accepted than the pot holds, and the pot does not even know of it."""
    budget(engine, HELD * ASKED)
    answers = at_once.answers_of(at_once.get_check_set, seeded_url, [(ASKED,)] * PROCESSES)
    assert answers == ["accepted"] * PROCESSES
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    assert pot.reserved <= HELD * ASKED < answers.count("accepted") * ASKED
    assert any(fault.startswith("pot_year (") for fault in engine.verify())


def test_one_key_sent_by_many_is_one_effect_and_one_answer(engine: Engine) -> None:
    case = ready(engine)
    answers = together(RACERS, proposed(case, key()))
    assert len(set(answers)) == 1
    assert case.taken().count(("drafting", "propose")) == 1
    assert case.pots()["investment"]["reserved"] == ASKED
    assert engine.verify() == ()


def test_looking_up_a_key_before_claiming_it_does_it_more_than_once(engine: Engine, seeded_url: str) -> None:
    """The naive way with keys: everybody looks, nobody finds, everybody does it."""
    here = threading.Barrier(RACERS)
    plain = create_engine(seeded_url, pool_size=RACERS)
    budget(engine, RACERS * ASKED)
    which = "year = 2026 AND pot_id = (SELECT id FROM pot WHERE code = 'investment')"
    move = f"available_ore = available_ore - {ASKED}, reserved_ore = reserved_ore + {ASKED}"

    def naive(_: int) -> bool:
        with plain.connect() as connection:
            seen = connection.execute(text("SELECT 1 FROM request WHERE key = 'the key'")).first()
            connection.rollback()
        here.wait(30)
        if seen is not None:
            return False
        with plain.begin() as connection:
            connection.execute(text(f"UPDATE pot_year SET {move} WHERE {which}"))
        return True

    assert sum(map(bool, together(RACERS, naive))) > 1
    plain.dispose()
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    assert pot.reserved > ASKED


def test_two_pots_in_opposite_order_wait_for_each_other_and_never_lock_up(engine: Engine) -> None:
    pots = ("investment", "operating")
    cases = []
    for n in range(RACERS):
        first, second = pots if n % 2 else pots[::-1]
        kinds = {"investment": "furniture", "operating": "maintenance"}  # each pot pays what is its own
        both = Rows((line(1, kinds[first], 1), line(2, kinds[second], 1)), (paid(1, first, 1), paid(2, second, 1)))
        case = Case(engine, "purchase").submit().walk("accept").write(both).walk("to_review", "recommend")
        cases.append(proposed(case, key()))
    together(RACERS, lambda n: cases[n](n))
    assert {each.pot: each.reserved for each in engine.pots(2026)} == dict.fromkeys(pots, RACERS * 100)
    assert engine.verify() == ()
