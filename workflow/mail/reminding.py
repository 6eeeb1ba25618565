"""Reminders of what waits: some working days before the last day, on it, and some after it, once each. Acts as the
clock, in no quiet period, and decides nothing. Reads no clock."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, exists, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.elements import ColumnElement

from workflow.acts.holders import Directory
from workflow.mail.addressing import post
from workflow.people import people
from workflow.records import loading
from workflow.records.calendar_days import add_working_days, is_working_day, local_date
from workflow.records.loading import NEVER
from workflow.storage import schema
from workflow.storage.columns import moment

BEFORE_DAYS, AFTER_DAYS = "reminder_before_days", "reminder_after_days"  # rates, in working days
KINDS = {1: "before", 2: "due", 3: "after"}  # by stage, in the order in which they come
LATEST = timedelta(days=90)  # later than this after the last day it has been told more than once in other ways
AT_ONCE = 200

_D, _R, _P, _Q = schema.duty.c, schema.reminder.c, schema.proposal.c, schema.quiet_period.c


class _Due(NamedTuple):
    """Which last days a stage reminds of today: after ``after`` and up to ``upto``."""

    stage: int
    after: date
    upto: date


def remind(connection: Connection, at: datetime, host: str, limit: int = AT_ONCE) -> int:
    """Writes what is due today, at most ``limit`` duties; how many were claimed. Zero on days off and in quiet periods.

    A reminder is claimed before its mail is written, so that of two workers one writes it.
    """
    today = local_date(at)
    if not is_working_day(today) or is_quiet(connection, today):
        return 0
    directory, claimed = Directory(connection, today), 0
    for stage in _stages(connection, today):
        for duty in connection.execute(_open(stage).limit(limit - claimed)).all():
            if not _claim(connection, duty, stage.stage, at):
                continue
            claimed += 1
            proposal = loading.load(connection, duty.number, lock=False)
            for reader in directory.who_has_in_hand(duty.id) or directory.who_hold(duty.holder, proposal):
                if reader.pace == "each" and not _has_just_begun(duty, stage.stage, today):
                    post(connection, reader, KINDS[stage.stage], duty.number, duty.seq, at, host, duty.id, duty.due_on)
    return claimed


def is_quiet(connection: Connection, on: date) -> bool:
    """Whether the day is in a period in which nobody is reminded of anything."""
    day = on.isoformat()
    return connection.execute(select(_Q.id).where(_Q.from_on <= day, _Q.to_on >= day).limit(1)).first() is not None


def _stages(connection: Connection, today: date) -> Iterator[_Due]:
    """Without a stated number of days (*ej angivet*) nobody is reminded then."""
    limits = people.limits(connection, today)
    before, after = limits.get(BEFORE_DAYS), limits.get(AFTER_DAYS)
    long_ago = working_days_before(today, after) if after is not None else today - LATEST
    if after is not None:
        yield _Due(3, today - LATEST, long_ago)
    yield _Due(2, long_ago, today)
    if before is not None:
        yield _Due(1, today, add_working_days(today, before))


def working_days_before(today: date, n: int) -> date:
    """The latest day of which ``today`` is the n-th working day after it, or later."""
    day = today
    while add_working_days(day, n) > today or day == today:
        day -= timedelta(days=1)
    return day


def _open(due: _Due) -> Any:
    """Open duties whose last day is in these days and that have had neither this reminder nor a later one."""
    had = exists().where(_R.duty_id == _D.id, _R.due_on == _D.due_on, _R.stage >= due.stage)
    within: ColumnElement[bool] = and_(
        _D.due_on > due.after.isoformat(), _D.due_on <= due.upto.isoformat(), _D.due_on != NEVER
    )
    return (
        select(_D.id, _D.seq, _D.holder, _D.since, _D.due_on, _P.number)
        .join_from(schema.duty, schema.proposal)
        .where(_D.answered_at.is_(None), within, ~had)
        .order_by(_D.due_on, _D.id)
    )


def _claim(connection: Connection, duty: Any, stage: int, at: datetime) -> bool:
    row = {"duty_id": duty.id, "due_on": duty.due_on, "stage": stage, "made_at": moment(at)}
    new = upsert(schema.reminder).values(row).on_conflict_do_nothing(index_elements=["duty_id", "due_on", "stage"])
    return connection.execute(new.returning(_R.stage)).first() is not None


def _has_just_begun(duty: Any, stage: int, today: date) -> bool:
    """Opened so late that its first mail says the same."""
    if stage == 1:
        return bool(duty.since > working_days_before(today, 1).isoformat())
    return stage == 2 and bool(duty.since >= today.isoformat())
