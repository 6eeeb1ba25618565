"""Who holds a duty on a day: the people behind ``officer`` or ``registrar:ks``, by the same capacities by which they
may act. Knows nothing of what is awaited from them."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection, select

from workflow.acts.acting import Roster
from workflow.people.people import own_holder
from workflow.proposals.queue_duties import holders_of
from workflow.records import actors
from workflow.records.loading import Loaded
from workflow.storage.schema import account, handover, mail_choice, person


class Reader(NamedTuple):
    """Somebody who can be written to, and how they want it."""

    id: int
    ref: str
    kind: str  # member, proposer
    pace: str  # each, weekly, none


_P = person.c
READERS = (
    select(_P.id, _P.ref, _P.kind, mail_choice.c.pace)
    .select_from(person.outerjoin(account).outerjoin(mail_choice))
    .where(_P.email != "", account.c.disabled_at.is_(None))
    .order_by(_P.id)
)


class Directory:
    """The readers of one day, looked up once. A deputy is among them for as long as the deputy may act; who takes no
    part in a proposal is not written to about it."""

    def __init__(self, connection: Connection, today: date) -> None:
        self._connection, self._today = connection, today

    def who_hold(self, holder: str, proposal: Loaded | None) -> tuple[Reader, ...]:
        """Behind a holder of duties, or the one person of this reference; nobody where no address is known."""
        one = self._by_ref.get(holder)
        if one is not None:
            return (one,)
        entitled = self._roster.who_may_act(holder, proposal)
        return tuple(self._by_id[each.person] for each in entitled if each.person in self._by_id)

    def who_has_in_hand(self, duty: int) -> tuple[Reader, ...]:
        """The colleague in whose hands somebody has put the task."""
        handed = select(handover.c.to_id).where(handover.c.duty_id == duty, handover.c.returned_seq.is_(None))
        found = (self._by_id.get(each) for each in self._connection.execute(handed).scalars())
        return tuple(each for each in found if each is not None)

    def one(self, person_id: int) -> Reader | None:
        row = self._connection.execute(READERS.where(_P.id == person_id)).one_or_none()
        return _reader(*row) if row else None

    def holders_of(self, reader: Reader) -> tuple[str, ...]:
        """As what the reader may act today."""
        actor = actors.find(self._connection, reader.id, self._today)
        return holders_of(actor.capacities, actor.ref) if actor else ()

    @cached_property
    def _roster(self) -> Roster:
        return Roster(self._connection, self._today)

    @cached_property
    def _by_id(self) -> Mapping[int, Reader]:
        members = self._connection.execute(READERS.where(_P.kind == "member"))
        return {row.id: _reader(*row) for row in members}

    @cached_property
    def _by_ref(self) -> Mapping[str, Reader]:
        """Also by the holder of what one person is asked by name."""
        readers = self._by_id.values()
        return {each.ref: each for each in readers} | {own_holder(each.ref): each for each in readers}


def _reader(person_id: int, ref: str, kind: str, pace: str | None) -> Reader:
    return Reader(person_id, ref, kind, pace or "each")
