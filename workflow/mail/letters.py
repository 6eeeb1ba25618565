"""What one letter is about, read from one snapshot when it is sent: the duty as it stands in the reader's own queue,
the step as the reader may see it. Has no words of its own."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from states import Capacity
from workflow.cases import case, timeline
from workflow.cases.timeline import HasContact
from workflow.mail.addressing import CONFIRM, FOLLOWED, STEP, TOLD
from workflow.mail.outbox import Taken
from workflow.mail.views_mail import Letter, News, Own
from workflow.people import sessions
from workflow.proposals import queue_duties
from workflow.records import loading
from workflow.records.actors import Actor
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.storage.columns import read_moment
from workflow.views.views_work import QueueRow
from workflow.waiting import queue_hands
from workflow.waiting.queue_rows import queue_rows

DIGEST = "digest"
ROWS_IN_A_DIGEST = 30
_M, _P, _C = schema.mail.c, schema.person.c, schema.mail_choice.c


class Writer:
    """Reads letters for the post, all with the eyes of one day."""

    def __init__(
        self, connection: Connection, definitions: Definitions, config: HasContact, language: str, today: date
    ) -> None:
        self._connection, self._definitions, self._config = connection, definitions, config
        self._language, self._today = language, today

    def letter(self, taken: Taken) -> Letter:
        """The mail that was taken, with what it tells."""
        row = self._row(taken.id)
        actor = loading.actor(self._connection, row.person_id, self._today) if row.person_kind == "member" else None
        held = actor.capacities if actor else ()
        parts: dict[str, Any] = {}
        if row.duty_id is not None:
            parts["duty"] = self._duty(row.duty_id, actor)
        elif row.kind == CONFIRM:
            parts["follows"] = self._followed(row.person_id)
        elif row.kind in (STEP, TOLD, FOLLOWED):
            parts["news"] = self._news(row.stream, row.seq, held if row.kind == TOLD else ())
            parts["own"] = self._own(row.person_id, row.stream)
        elif row.kind == DIGEST:
            waiting, count = self._waiting(actor)
            parts = {"waiting": waiting, "waiting_count": count, "steps": self._steps(taken.id, held)}
        return Letter(
            taken=taken, message_id=row.message_id, kind=row.kind, created_at=read_moment(row.created_at),
            person=row.person_id, name=row.name, address=row.email, language=row.language or self._language,
            is_member=row.person_kind == "member", **parts,
        )  # fmt: skip

    def _row(self, mail: int) -> Any:
        columns = (_M.message_id, _M.kind, _M.stream, _M.seq, _M.duty_id, _M.created_at, _M.person_id)
        query = (
            select(*columns, _P.name, _P.email, _P.kind.label("person_kind"), _C.language)
            .select_from(schema.mail.join(schema.person).outerjoin(schema.mail_choice, _C.person_id == _P.id))
            .where(_M.id == mail)
        )
        return self._connection.execute(query).one()

    def _duty(self, duty: int, actor: Actor | None) -> QueueRow:
        row = self._connection.execute(select(schema.duty).where(schema.duty.c.id == duty)).one()
        shown = queue_rows(self._connection, self._definitions, [row], self._today)
        return (queue_hands.as_seen(self._connection, shown, actor, self._today) if actor else shown)[0]

    def _news(self, number: str, seq: int, held: tuple[Capacity, ...]) -> News | None:
        """None for an event that is no step for this reader, and for one of no proposal."""
        known = select(schema.proposal.c.id).where(schema.proposal.c.number == number)
        if self._connection.execute(known).first() is None:
            return None
        shown = timeline.timeline(
            self._connection, self._definitions, number, capacities=held, config=self._config, today=self._today
        )
        step = next((each for each in shown.steps if each.seq == seq), None)
        return News(shown, step) if step else None

    def _own(self, person: int, number: str) -> Own | None:
        digest = sessions.link_digest(self._connection, person, number)
        if digest is None:
            return None
        ways = case.options(self._connection, self._definitions, number, person, self._today)
        ends = any(each.allowed and each.to_ends for each in ways)
        return Own(digest, case.may_revise(self._connection, number, person, self._today), ends)

    def _followed(self, person: int) -> str | None:
        follow, proposal = schema.follow.c, schema.proposal.c
        query = select(proposal.number).join_from(schema.follow, schema.proposal).where(follow.person_id == person)
        return self._connection.execute(query).scalar_one_or_none()

    def _waiting(self, actor: Actor | None) -> tuple[tuple[QueueRow, ...], int]:
        if actor is None:
            return (), 0
        holders = queue_duties.holders_of(actor.capacities, actor.ref)
        found = queue_duties.nearest(self._connection, holders, self._today, ROWS_IN_A_DIGEST)
        rows = queue_rows(self._connection, self._definitions, found, self._today)
        count = queue_duties.badge(self._connection, holders)
        return queue_hands.as_seen(self._connection, rows, actor, self._today), count

    def _steps(self, digest: int, held: tuple[Capacity, ...]) -> tuple[News, ...]:
        """What was kept for the weekly letter; of duties it tells what waits now instead."""
        kept = select(_M.kind, _M.stream, _M.seq).where(_M.digest_id == digest, _M.kind.in_((STEP, TOLD, FOLLOWED)))
        rows = self._connection.execute(kept.order_by(_M.id)).all()
        found = (self._news(row.stream, row.seq, held if row.kind == TOLD else ()) for row in rows)
        return tuple(each for each in found if each is not None)
