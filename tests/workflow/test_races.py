"""The twins of the races: the same tables written the naive way, which must fail - or our races prove nothing.

A barrier stands between reading and writing, so that the twins fail every time and not by luck.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text

from tests.workflow.cast import Case, budget, key, line, paid
from workflow import Engine
from workflow.contents import Rows

RACERS = 8
ASKED = 100_000  # öre each


def together(racers: int, work: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(racers) as pool:
        return list(pool.map(work, range(racers)))


def ready(engine: Engine, kronor: int = 1_000) -> Case:
    return Case(engine, "purchase", kronor).submit().walk("accept", "write", "to_review", "recommend")


def proposed(case: Case, told_key: str) -> Callable[[int], object]:
    """The same call, however often and by whichever thread: the very same key."""
    now, officer = case.stands(), case.people["officer", None]
    return lambda _: case.engine.act(
        case.number, "propose", by=officer, seen_version=now["version"], seen_revision=now["revision"], key=told_key
    )


def test_get_check_set_overspends(engine: Engine, seeded_url: str) -> None:
    """Read what is available, compare in Python, write the new figure: more is approved than the pot holds."""
    budget(engine, ASKED)
    here = threading.Barrier(RACERS)
    plain = create_engine(seeded_url, pool_size=RACERS)
    which = "FROM pot_year WHERE year = 2026 AND pot_id = (SELECT id FROM pot WHERE code = 'investment')"

    def naive(_: int) -> bool:
        with plain.connect() as connection:
            found, available, reserved = connection.execute(
                text(f"SELECT id, available_ore, reserved_ore {which}")
            ).one()
            connection.rollback()
        here.wait(30)
        if available < ASKED:
            return False
        new = {"id": found, "available": available - ASKED, "reserved": reserved + ASKED}
        write = "UPDATE pot_year SET available_ore = :available, reserved_ore = :reserved WHERE id = :id"
        with plain.begin() as connection:
            connection.execute(text(write), new)
        return True

    approved = together(RACERS, naive)
    plain.dispose()
    assert sum(map(bool, approved)) * ASKED > ASKED
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    assert pot.reserved < sum(map(bool, approved)) * ASKED
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
        both = Rows((line(1, "furniture", 1), line(2, "other", 1)), (paid(1, first, 1), paid(2, second, 1)))
        case = Case(engine, "purchase").submit().walk("accept").write(both).walk("to_review", "recommend")
        cases.append(proposed(case, key()))
    together(RACERS, lambda n: cases[n](n))
    assert {each.pot: each.reserved for each in engine.pots(2026)} == dict.fromkeys(pots, RACERS * 100)
    assert engine.verify() == ()
