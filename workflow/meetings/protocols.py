"""A whole protocol at once: what a body decided on the day of a meeting is adjusted and posted together. Each decision
has its own event, transaction and answer; what may be told of one is asked in ``decision_records``."""

from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, select

from states import RefusalKind
from workflow.acts.changing import read_answer
from workflow.meetings import meetings
from workflow.meetings.decision_records import Told, record, refuse_corrected
from workflow.meetings.views_meetings import ItemAnswer
from workflow.records.definitions import Definitions
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.database import Database

Key = tuple[str, int]
_D = schema.decision.c


def decisions_of(connection: Connection, body: str, held_on: date) -> tuple[Key, ...]:
    """The body's own decisions of that day that stand, by stream and place. Raises Refused(NOT_FOUND)."""
    meeting = meetings.find(connection, body, held_on)
    query = select(_D.stream, _D.seq).where(_D.instance == meeting.body, _D.decided_on == held_on.isoformat())
    found = [(row.stream, row.seq) for row in connection.execute(query.order_by(_D.stream, _D.seq))]
    return tuple(each for each in found if _stands(connection, *each))


def record_protocol(
    database: Database, definitions: Definitions, body: str, held_on: date, told: Told, *, by: int, key: str,
    at: datetime,
) -> tuple[ItemAnswer, ...]:  # fmt: skip
    """Tells the same of every decision of the meeting, keyed by the key and the decision: sent again, what went through
    answers the same. Raises Refused: NOT_FOUND, FIELD_MISSING (a meeting without decisions)."""
    with database.reading() as connection:
        wanted = decisions_of(connection, body, held_on)
    if not wanted:
        raise Refused.because(RefusalKind.FIELD_MISSING, field="rows")
    return tuple(_tell(database, definitions, each, told, by, key, at) for each in wanted)


def _tell(
    database: Database, definitions: Definitions, of: Key, told: Told, by: int, key: str, at: datetime
) -> ItemAnswer:
    stream, seq = of
    own = str(uuid5(NAMESPACE_URL, f"{key} {stream} {seq}"))

    def work(connection: Connection) -> str:
        return record(connection, definitions, stream, seq, told, by=by, key=own, at=at)

    try:
        return ItemAnswer(stream, read_answer(database.retrying(work))["to_title"])
    except Refused as refused:
        return ItemAnswer(stream, "", tuple(refused.refusals))


def _stands(connection: Connection, stream: str, seq: int) -> bool:
    try:
        refuse_corrected(connection, stream, seq)
    except Refused:
        return False
    return True
