"""The worker: what happens because a day has come, and sending what waits to be sent. Acts as the clock and decides
nothing; any number may run, on any number of nodes."""

import logging
import re
import threading
import time
from dataclasses import dataclass

from flask import Flask

from web.mail.mail_message import message
from web.words.staffing_words import lines
from workflow import Engine, Refused, outcome_of
from workflow.mail.outbox import Taken
from workflow.mail.sending import NotSent, Postman
from workflow.settings.configuration_values import MAIL_ADDRESS

log = logging.getLogger("skede")

EVERY_S = 15.0
LOOK_EVERY_S = 600.0  # at the calendar; and on every new day
MAILS_IN_A_ROUND = 200  # then it is seen whether something else has come
LONGEST_REST_S = 600.0  # while the database is away


@dataclass(slots=True)
class Round:
    """What one round did."""

    moved: tuple[str, ...] = ()  # numbers and pot-years that the clock has moved
    addressed: int = 0
    reminded: int = 0
    weekly: int = 0
    sent: int = 0
    put_aside: int = 0
    later: int = 0  # to be tried again
    problem: str | None = None  # why nothing could be sent


def run(engine: Engine, app: Flask, stop: threading.Event, every_s: float = EVERY_S) -> None:
    """Until ``stop`` is set. What goes wrong is logged and tried again: a worker that died would tell nobody."""
    rest, looked_at, today = every_s, 0.0, None
    while not stop.is_set():
        looks = today != engine.today() or time.monotonic() - looked_at >= LOOK_EVERY_S
        try:
            once(engine, app, stop, looks=looks)
            rest = every_s
            if today != engine.today():
                new_day(engine, app)
            if looks:
                looked_at, today = time.monotonic(), engine.today()
        except Exception as error:
            rest = min(rest * 2, LONGEST_REST_S)
            if outcome_of(error) is None:
                log.exception("worker: a round broke, the next one in %.0f s", rest)
            else:
                log.error("worker: the database is out of order, trying again in %.0f s: %s", rest, error)  # noqa: TRY400
        stop.wait(rest)


def once(engine: Engine, app: Flask, stop: threading.Event, *, looks: bool = True) -> Round:
    """One round: sending what waits; and where it ``looks`` at the calendar, first the clock's steps, reminders and
    weekly letters."""
    engine.saw_worker()
    did = Round(problem=engine.mail_problem)
    if looks:
        did.moved = tuple(each.number for each in engine.tick())
    if looks and did.problem is None:
        while not stop.is_set() and (n := engine.remind()):
            did.reminded += n
        did.weekly = engine.write_weekly()
    while not stop.is_set() and (n := engine.address_notices()):
        did.addressed += n
    if did.problem is None:
        with engine.postman() as postman:
            send_waiting(engine, app, postman, did, stop)
    return did


def new_day(engine: Engine, app: Flask) -> None:
    """Guesses of passwords that are of no consequence any more are forgotten, and it is told in the log where nobody
    may take the next step."""
    engine.forget_guesses()
    with app.app_context():
        for line in lines(engine.staffing()):
            log.warning("staffing: %s", line)


def send_waiting(engine: Engine, app: Flask, postman: Postman, did: Round, stop: threading.Event) -> None:
    """One mail after the other, until none is due or the server takes no more for now."""
    for _ in range(MAILS_IN_A_ROUND):
        taken = None if stop.is_set() else engine.take_mail()
        if taken is None:
            return
        refused = _send(engine, app, postman, taken)
        if refused is None:
            did.sent += engine.mail_sent(taken)
            continue
        put_aside = engine.mail_not_sent(taken, refused)
        did.put_aside += put_aside
        did.later += not put_aside
        if refused.server:
            return


def _send(engine: Engine, app: Flask, postman: Postman, taken: Taken) -> NotSent | None:
    """Written outside any transaction, and handed over."""
    try:
        letter = engine.letter(taken)
        if not re.fullmatch(MAIL_ADDRESS, letter.address):
            return NotSent("the address cannot be written to", for_good=True)
        made = message(app, engine, letter)
    except Refused as refused:
        return NotSent(f"there is nothing to tell: {refused}", for_good=True)
    except Exception as error:
        if outcome_of(error) is not None:
            raise
        log.exception("worker: mail %s cannot be written", taken.id)
        return NotSent(f"{type(error).__name__}: {error}")
    return postman.send(made)
