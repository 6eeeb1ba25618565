"""What a budget year leaves behind: rows that may be carried to the next year, reservations that nobody has moved, and
the closing of the year. Closing stops new decisions and moves no money; an invoice is booked all the same."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, select, text, update

from states import RefusalKind
from workflow.acts.changing import read_answer
from workflow.money.views_money import LeftRow
from workflow.people import people
from workflow.proposals.finding import AnySelect
from workflow.records import claims, loading, streams
from workflow.records.answers import Done
from workflow.records.calendar_days import add_working_days, local_date
from workflow.records.history import capacity_facts
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.database import Database
from workflow.storage.statements import Batch

DAYS = "year_end_days"  # the rate: working days into the new year on which the old one closes
STRANDED_SHOWN = 20
CLOSERS = ("controller",)

_Y, _P, _H = schema.pot_year.c, schema.pot.c, schema.holding.c


def to_carry(connection: Connection, pot: str, year: int) -> tuple[LeftRow, ...]:
    """Underlag för ombudgetering: every row of a pot's year that is committed or ordered and not paid."""
    left = (_P.code == pot) & (_Y.year == year) & (_H.committed_ore + _H.ordered_ore > 0)
    return tuple(_rows(connection, left))


def stranded(connection: Connection) -> tuple[LeftRow, ...]:
    """Reservations on closed years, the oldest few: only a step of their own proposal moves them. Read off the index
    of what is reserved, so that it costs the same however much is not."""
    closed = select(schema.pot_year.c.id).where(schema.pot_year.c.closed_on.is_not(None))
    left = _H.pot_year_id.in_(closed) & text("holding.reserved_ore > 0")
    return tuple(_rows(connection, left, STRANDED_SHOWN))


def _rows(connection: Connection, which: ColumnElement[bool], most: int | None = None) -> Iterator[LeftRow]:
    for row in connection.execute(_left().where(which).limit(most)):
        yield LeftRow(
            row.number, row.title, row.ended_at is not None, row.what or "", row.funding, row.code, row.pot_title,
            row.year, row.reserved_ore, row.committed_ore + row.ordered_ore, row.spent_ore,
        )  # fmt: skip


def _left() -> AnySelect:
    proposal, revision, funding, line = schema.proposal, schema.revision, schema.funding, schema.cost_line
    latest = (revision.c.proposal_id == proposal.c.id) & (revision.c.n == proposal.c.revision)
    same_row = (funding.c.proposal_id == proposal.c.id) & (funding.c.n == _H.funding)
    same_line = (line.c.proposal_id == proposal.c.id) & (line.c.n == funding.c.line)
    return (
        select(
            proposal.c.number, revision.c.title, proposal.c.ended_at, line.c.what, _H.funding, _P.code,
            _P.title.label("pot_title"), _Y.year, _H.reserved_ore, _H.committed_ore, _H.ordered_ore, _H.spent_ore,
        )
        .select_from(
            schema.holding.join(schema.pot_year)
            .join(schema.pot)
            .join(proposal, proposal.c.id == _H.proposal_id)
            .join(revision, latest)
            .outerjoin(funding, same_row & (funding.c.revision == proposal.c.revision))
            .outerjoin(line, same_line & (line.c.revision == proposal.c.revision))
        )
        .order_by(proposal.c.id, _H.funding)
    )  # fmt: skip


# --- closing -----------------------------------------------------------------------------------------------------


def close(connection: Connection, pot: str, year: int, *, by: int, key: str, at: datetime, again: bool = False) -> str:
    """Closes a pot's year, or opens it ``again``; an event of the pot-year's own. Returns the stored answer.

    Raises Refused: NOT_PERMITTED; NOT_FOUND; FIELD_INVALID for a year that has not ended, or is that already.
    """
    today = local_date(at)
    actor = loading.actor(connection, by, today)
    capacity = next((x for x in actor.capacities if x.role in (*CLOSERS, loading.CLOCK)), None) if actor else None
    if actor is None or capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, CLOSERS, needs="controller")
    before = claims.claim(connection, actor.ref, key, {"close": [pot, year, again]}, moment(at))
    if before is not None:
        return before
    there = select(_Y.id, _Y.closed_on).join_from(schema.pot_year, schema.pot).where(_P.code == pot, _Y.year == year)
    found = connection.execute(there.with_for_update(of=schema.pot_year)).one_or_none()
    if found is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=f"{pot} {year}")
    if year >= today.year or (found.closed_on is None) == again:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="year", value=year)
    batch, stream = Batch(), f"pot/{pot}/{year}"
    facts = {"pot": pot, "year": year, "capacity": capacity_facts(capacity), "entries": []}
    kind = "reopened" if again else "closed"
    seq = streams.append(connection, batch, stream, kind, actor=actor.ref, at=at, facts=facts, words={})
    answer = streams.answer(batch, actor.ref, key, stream, seq)
    batch.run(connection)
    closed_on = None if again else today.isoformat()
    connection.execute(update(schema.pot_year).where(_Y.id == found.id).values(closed_on=closed_on))
    return answer


def tick(database: Database, at: datetime) -> tuple[Done, ...]:
    """Closes the years whose day has come, as the actor *clock*. Without a stated number of days none closes so."""
    with database.reading() as connection:
        clock, years = _clock(connection), tuple(_due(connection, local_date(at)))
    closed = []
    for pot, year in years:
        key = f"clock pot/{pot}/{year} closed"

        def work(connection: Connection, pot: str = pot, year: int = year, key: str = key) -> str:
            return close(connection, pot, year, by=clock, key=key, at=at)

        closed.append(Done(**read_answer(database.retrying(work))))
    return tuple(closed)


def _clock(connection: Connection) -> int:
    query = select(schema.person.c.id).where(schema.person.c.ref == loading.CLOCK)
    return int(connection.execute(query).scalar_one())


def _due(connection: Connection, today: date) -> Iterator[tuple[str, int]]:
    """Yearly pots' years that are past their day, unless somebody has opened them again."""
    days = people.limits(connection, today).get(DAYS)
    if days is None:
        return
    event = schema.event.c
    opened = set(connection.execute(select(event.stream).where(event.kind == "reopened")).scalars())
    query = (
        select(_P.code, _Y.year)
        .join_from(schema.pot_year, schema.pot)
        .where(_Y.closed_on.is_(None), _Y.year < today.year, _P.proposal_id.is_(None))
        .order_by(_Y.year, _P.code)
    )
    for code, year in connection.execute(query):
        if today >= add_working_days(date(year, 12, 31), days) and f"pot/{code}/{year}" not in opened:
            yield code, year
