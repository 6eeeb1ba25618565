"""How the post stands, for whoever looks after it: what waits and why, what cannot be delivered, who cannot be written
to; and letting what was put aside be tried again."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select, update
from sqlalchemy import text as sql

from states import RefusalKind
from workflow.mail import outbox
from workflow.mail.views_mail import DeadLetter, PostOffice
from workflow.proposals.finding import AnySelect
from workflow.proposals.queue_duties import holders_of
from workflow.records import claims, loading, streams
from workflow.records.calendar_days import local_date
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment, read_moment
from workflow.storage.statements import Batch

STREAM = "post"
KEEPERS = ("administrator",)
READERS = ("administrator", "auditor")
WORKER = "worker seen"
COUNT_STOPS_AT = 1000
DEAD_SHOWN = 100
A_WEEK = timedelta(days=7)

_M, _P, _K = schema.mail.c, schema.person.c, schema.mark.c


def stands(connection: Connection, at: datetime, problem: str | None) -> PostOffice:
    """``problem``: why nothing can be sent at all."""
    waiting = _M.state == "waiting"
    oldest = connection.execute(select(_M.created_at).where(waiting).order_by(_M.next_at, _M.id).limit(1)).scalar()
    tried = select(_M.error).where(waiting, _M.error != "")
    latest = connection.execute(tried.order_by(_M.next_at.desc(), _M.id.desc()).limit(1)).scalar()
    since = moment(at - A_WEEK)
    return PostOffice(
        problem=problem,  # type: ignore[arg-type]
        waiting=_count(connection, select(_M.id).where(waiting)),
        waiting_since=read_moment(oldest) if oldest else None,
        sent=_count(connection, select(_M.id).where(_M.state == "sent", _M.digest_id.is_(None), _M.ended_at >= since)),
        retried=_count(connection, tried),
        last_error=latest or "",
        dead=_dead(connection),
        without_address=_without_address(connection, local_date(at)),
        worker_seen=worker_seen(connection),
    )


def may_see(connection: Connection, person: int, on: date) -> bool:
    actor = loading.actor(connection, person, on)
    return actor is not None and any(each.role in READERS for each in actor.capacities)


def try_again(connection: Connection, mail: int | None, *, by: int, key: str, at: datetime) -> str:
    """Lets one dead letter, or without a number all of them, wait for its turn anew. Returns the stored answer.

    What is not put aside any more is left as it is. Raises Refused(NOT_PERMITTED).
    """
    actor = loading.actor(connection, by, local_date(at))
    capacity = next((each for each in actor.capacities if each.role in KEEPERS), None) if actor else None
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, KEEPERS, needs=KEEPERS[0])
    before = claims.claim(connection, actor.ref, key, {"mail": mail}, moment(at))
    if before is not None:
        return before
    n = outbox.try_again(connection, None if mail is None else (mail,), at)
    batch = Batch()
    facts = {"mail": mail, "n": n, "capacity": capacity_facts(capacity)}
    seq = streams.append(connection, batch, STREAM, "tried_again", actor=actor.ref, at=at, facts=facts, words={})
    answer = streams.answer(batch, actor.ref, key, STREAM, seq)
    batch.run(connection)
    return answer


def saw_worker(connection: Connection, at: datetime) -> None:
    """Notes that a worker is alive."""
    seen = update(schema.mark).where(_K.name == WORKER)
    if connection.execute(seen.values(value=moment(at))).rowcount == 0:
        new = sql("INSERT INTO mark (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
        connection.execute(new, {"name": WORKER, "value": moment(at)})


def worker_seen(connection: Connection) -> datetime | None:
    kept = connection.execute(select(_K.value).where(_K.name == WORKER)).scalar_one_or_none()
    return read_moment(kept) if kept else None


def _count(connection: Connection, rows: AnySelect) -> int:
    some = rows.limit(COUNT_STOPS_AT).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _dead(connection: Connection) -> tuple[DeadLetter, ...]:
    columns = (_M.id, _M.kind, _M.stream, _P.kind.label("person_kind"), _P.name, _P.email, _M.attempts, _M.error)
    query = select(*columns, _M.ended_at).join_from(schema.mail, schema.person).where(_M.state == "dead")
    return tuple(
        DeadLetter(
            row.id, row.kind, "" if "/" in row.stream else row.stream,
            row.name if row.person_kind == "member" else "", row.email, row.attempts,
            row.error, read_moment(row.ended_at),
        )
        for row in connection.execute(query.order_by(_M.id.desc()).limit(DEAD_SHOWN))
    )  # fmt: skip


def _without_address(connection: Connection, on: date) -> tuple[str, ...]:
    """Members for whom something may wait, and who get no mail about it."""
    unknown = select(_P.id, _P.name).where(_P.kind == "member", _P.email == "").order_by(_P.id)
    found = []
    for row in connection.execute(unknown).all():
        actor = loading.actor(connection, row.id, on)
        if actor and holders_of(actor.capacities):
            found.append(row.name)
    return tuple(found)
