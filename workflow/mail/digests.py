"""The weekly letter: once a week, to those who chose it, everything that was kept for them and what waits for them.
Chooses who gets one; what stands in it is read when it is sent."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow.acts.holders import READERS, Directory, Reader
from workflow.mail.addressing import message_id
from workflow.mail.letters import DIGEST
from workflow.mail.reminding import is_quiet
from workflow.proposals import queue_duties
from workflow.records.calendar_days import HERE, local_date
from workflow.storage import schema
from workflow.storage.columns import moment

FIRST_HOUR = 7  # of Monday, in Sweden
MARK = "weekly letter"  # the latest week that has had its letters: 2026-W49

_M, _K = schema.mail.c, schema.mark.c


def write_weekly(connection: Connection, at: datetime, host: str) -> int:
    """Writes the week's letters unless that has been done; how many. A quiet week has none, and neither has one that
    began before a week which has had its own: a clock that goes back writes nothing twice."""
    local = at.astimezone(HERE)
    year, week, weekday = local.isocalendar()
    this = f"{year}-W{week:02}"
    if (weekday == 1 and local.hour < FIRST_HOUR) or is_quiet(connection, local_date(at)):
        return 0
    if not _claim(connection, this):
        return 0
    directory = Directory(connection, local_date(at))
    readers = connection.execute(READERS.where(schema.mail_choice.c.pace == "weekly")).all()
    return sum(_write(connection, directory, Reader(*each), this, at, host) for each in readers)


def _claim(connection: Connection, week: str) -> bool:
    """Of several workers one takes the week; the others wait for its transaction and then find it taken."""
    connection.execute(
        sql("INSERT INTO mark (name, value) VALUES (:name, '') ON CONFLICT DO NOTHING").bindparams(bindparam("name")),
        {"name": MARK},
    )
    later = update(schema.mark).where(_K.name == MARK, _K.value < week)
    return connection.execute(later.values(value=week)).rowcount == 1


def _write(connection: Connection, directory: Directory, reader: Reader, week: str, at: datetime, host: str) -> bool:
    """A letter for one reader, if there is anything to tell."""
    kept = (_M.person_id == reader.id, _M.state == "kept")
    has_news = connection.execute(select(_M.id).where(*kept, _M.duty_id.is_(None)).limit(1)).first() is not None
    holders = directory.holders_of(reader) if reader.kind == "member" else ()
    if not has_news and not queue_duties.nearest(connection, holders, local_date(at), 1):
        return False
    now = moment(at)
    values = {
        "message_id": message_id(f"{week}.{DIGEST}", reader, host), "person_id": reader.id, "kind": DIGEST,
        "stream": "", "seq": 0, "state": "waiting", "attempts": 0, "next_at": now, "error": "", "created_at": now,
    }  # fmt: skip
    new = upsert(schema.mail).values(values).on_conflict_do_nothing(index_elements=["message_id"])
    digest = connection.execute(new.returning(_M.id)).scalar_one_or_none()
    if digest is None:
        return False
    connection.execute(update(schema.mail).where(*kept).values(state="sent", digest_id=digest, ended_at=now))
    return True
