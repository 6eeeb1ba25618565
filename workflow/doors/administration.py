"""What an administrator and a revisor read: bodies, seats, people, rights, days, and the history of what was changed.
Holds no rule; changes go through ``Engine.configure``."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from states import RefusalKind
from workflow.bodies.views_administration import Body, MeetingDay, Member, Quiet, Right, Seat, Told
from workflow.doors.opened import Opened
from workflow.proposals.finding import body_titles, facts_of, local
from workflow.records import loading
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import read_date

READERS = ("administrator", "auditor")
STREAM = "configuration"
_M, _B, _P, _A, _E = schema.membership.c, schema.body.c, schema.person.c, schema.account.c, schema.event.c


class Administration(Opened):
    """Answers are frozen values, from ``views_administration``."""

    def may_read_administration(self, person: int) -> None:
        """Raises Refused(NOT_PERMITTED)."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
        if actor is None or not any(each.role in READERS for each in actor.capacities):
            raise Refused.because(RefusalKind.NOT_PERMITTED, READERS[:1], needs=READERS[0])

    def may_administer(self, person: int) -> None:
        """Raises Refused(NOT_PERMITTED)."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
        if actor is None or not any(each.role == READERS[0] for each in actor.capacities):
            raise Refused.because(RefusalKind.NOT_PERMITTED, READERS[:1], needs=READERS[0])

    def seats(self, body: str | None = None, person: int | None = None) -> tuple[Seat, ...]:
        """Memberships, of a body or of a person or all; those that last first, then as they were given."""
        with self._database.reading() as connection:
            return _seats(connection, self.today(), body, person)

    def ending_seats(self, body: str, first: date) -> tuple[Seat, ...]:
        """Seats of a body that are held on the eve of a new mandate period."""
        eve = date.fromordinal(first.toordinal() - 1)
        held = (each for each in self.seats(body) if each.from_on <= eve)
        return tuple(each for each in held if each.to_on is None or each.to_on >= eve)

    def bodies(self) -> tuple[Body, ...]:
        """Those that stand first, the lowest in the order of deciding first."""
        with self._database.reading() as connection:
            return _bodies(connection, self.today())

    def body(self, code: str) -> Body:
        """Raises Refused(NOT_FOUND)."""
        found = next((each for each in self.bodies() if each.code == code), None)
        if found is None:
            raise Refused.because(RefusalKind.NOT_FOUND, what="row", number=code)
        return found

    def meetings_of(self, body: str) -> tuple[MeetingDay, ...]:
        """From today on, the nearest first."""
        m = schema.meeting.c
        query = select(m.id, m.held_on, m.papers_due_on).join_from(schema.meeting, schema.body)
        coming = query.where(_B.code == body, m.held_on >= self.today().isoformat()).order_by(m.held_on)
        with self._database.reading() as connection:
            return tuple(
                MeetingDay(row.id, date.fromisoformat(row.held_on), read_date(row.papers_due_on))
                for row in connection.execute(coming)
            )

    def quiet_periods(self) -> tuple[Quiet, ...]:
        """That have not ended, the nearest first."""
        q, today = schema.quiet_period.c, self.today().isoformat()
        with self._database.reading() as connection:
            rows = connection.execute(select(schema.quiet_period).where(q.to_on >= today).order_by(q.from_on))
            return tuple(
                Quiet(row.id, row.title, date.fromisoformat(row.from_on), date.fromisoformat(row.to_on),
                      row.from_on <= today)
                for row in rows
            )  # fmt: skip

    def members(self, person: int | None = None) -> tuple[Member, ...]:
        """People of the organisation by name, or the one."""
        query = (
            select(_P.id, _P.name, _P.title, _P.email, _P.telephone, _A.login, _A.disabled_at)
            .select_from(schema.person.outerjoin(schema.account, _A.person_id == _P.id))
            .where(_P.kind == "member")
        )
        if person is not None:
            query = query.where(_P.id == person)
        with self._database.reading() as connection:
            held = _roles(connection, self.today())
            return tuple(
                Member(row.id, row.name, row.title, row.email, row.telephone, row.login,
                       row.login is not None and row.disabled_at is None, held.get(row.id, ()))
                for row in connection.execute(query.order_by(_P.name))
            )  # fmt: skip

    def decision_rights(self) -> tuple[Right, ...]:
        """Those that last first, by kind of money and then by who decides first."""
        d, today = schema.decision_right.c, self.today().isoformat()
        with self._database.reading() as connection:
            titles = body_titles(connection)
            rows = connection.execute(select(schema.decision_right).order_by(d.source, d.level, d.from_on, d.id)).all()
        found = [
            Right(row.id, row.holder, titles.get(row.holder), row.level, row.source, row.up_to_ore, row.point,
                  row.substitute, date.fromisoformat(row.from_on), read_date(row.to_on), row.basis,
                  row.to_on is None or row.to_on >= today)
            for row in rows
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda each: not each.lasts))

    def configuration_history(self, before: int | None = None, limit: int = 50) -> tuple[Told, ...]:
        """What was changed, the latest first."""
        wanted = select(_E.seq, _E.actor, _E.recorded_at, _E.body).where(_E.stream == STREAM)
        if before is not None:
            wanted = wanted.where(_E.seq < before)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(_E.seq.desc()).limit(limit)).all()
            names = {
                row.ref: row.name for row in connection.execute(select(_P.ref, _P.name).where(_P.kind != "proposer"))
            }
            titles, words = body_titles(connection), _words(connection, [row.seq for row in rows])
        return tuple(_told(row, names, titles, words.get(row.seq, {})) for row in rows)


def _seats(connection: Connection, today: date, body: str | None, person: int | None) -> tuple[Seat, ...]:
    query = (
        select(_M.id, _M.person_id, _P.name, _B.code, _B.title, _B.ended_on, _M.role, _M.category, _M.from_on, _M.to_on,
               _M.source)
        .join_from(schema.membership, schema.person)
        .join(schema.body, _B.id == _M.body_id)
    )  # fmt: skip
    if body is not None:
        query = query.where(_B.code == body)
    if person is not None:
        query = query.where(_M.person_id == person)
    found = []
    for row in connection.execute(query.order_by(_M.id)):
        last = min(filter(None, (row.to_on, row.ended_on)), default=None)
        lasts = last is None or last >= today.isoformat()
        first = date.fromisoformat(row.from_on)
        found.append(
            Seat(row.id, row.person_id, row.name, row.code, row.title, row.role, row.category, first, read_date(last),
                 row.source, lasts, first <= today)
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: not each.lasts))


def _roles(connection: Connection, today: date) -> dict[int, tuple[tuple[str, str], ...]]:
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for each in _seats(connection, today, None, None):
        if each.lasts and each.begun:
            found[each.person] = (*found.get(each.person, ()), (each.role, each.body_title))
    return found


def _bodies(connection: Connection, today: date) -> tuple[Body, ...]:
    heir, on = schema.body.alias(), today.isoformat()
    held = (
        select(func.count())
        .where(_M.body_id == _B.id, _M.from_on <= on, _M.to_on.is_(None) | (_M.to_on >= on))
        .scalar_subquery()
    )
    query = select(
        _B.code, _B.kind, _B.title, _B.level, _B.ended_on, heir.c.title.label("successor"), held.label("seats")
    ).select_from(schema.body.outerjoin(heir, heir.c.id == _B.successor_id))
    found = [
        Body(row.code, row.kind, row.title, row.level, read_date(row.ended_on), row.successor, row.seats,
             row.ended_on is None or row.ended_on >= on)
        for row in connection.execute(query.order_by(_B.level, _B.id))
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: not each.stands))


def _words(connection: Connection, seqs: list[int]) -> dict[int, dict[str, str]]:
    passage = schema.passage.c
    query = select(passage.seq, passage.field, passage.content).where(passage.stream == STREAM, passage.seq.in_(seqs))
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.seq, {})[row.field] = row.content
    return found


def _told(row: Any, names: Mapping[str, str], titles: Mapping[str, str], words: Mapping[str, str]) -> Told:
    facts = facts_of(row.body)
    capacity = facts.get("capacity") or {}
    who = names.get(row.actor, "") if row.actor != loading.CLOCK else ""
    return Told(
        row.seq, local(row.recorded_at), who, capacity.get("role"), facts.get("what", ""), facts.get("did", ""),
        tuple(facts.get("rows", ())), tuple(facts.get("before", ())), words, names, titles,
    )  # fmt: skip
