"""Handing in from a draft: what a visitor writes is kept under a secret, and sent once. Counts by network, so that no
one sender fills the town's desk; whoever is refused is told when to try again and loses nothing."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from workflow.doors.changes import Changes
from workflow.money.contents import Rows, Text
from workflow.people import sessions, throttling
from workflow.people.throttling import Limit
from workflow.records.answers import Done, Receipt
from workflow.submission import drafts, similar, submitting
from workflow.submission.drafts import Draft
from workflow.submission.similar import Similar

# A library or a school is one network to us: many may write at the same time, and nobody waits for long.
BEGUN = Limit(100, timedelta(seconds=30), timedelta(minutes=10))
SENT = Limit(30, timedelta(minutes=2), timedelta(minutes=30))
HAND_IN = "hand_in"


class HandingIn(Changes):
    """Secrets go in and out; only their digests are stored. Nobody's role opens a draft."""

    def draft(self, secret: str) -> Draft | None:
        with self._database.reading() as connection:
            return drafts.find(connection, secret)

    def begin_draft(self, key: str, typed: Mapping[str, str], *, address: str = "") -> str:
        """The secret of the draft that this form begins, or goes on with. ``address`` is the visitor's network address.

        Raises Refused: TOO_MANY_TRIES, and NOT_FOUND where it has been sent already.
        """
        at, secret = self._clock(), drafts.secret_of(key)

        def begin(connection: Connection) -> None:
            if drafts.begin(connection, secret, typed, at):
                throttling.count(connection, _counted("begun", address, BEGUN), at, what=HAND_IN)
            else:
                drafts.save(connection, secret, typed, at)

        self._database.retrying(begin)
        return secret

    def save_draft(self, secret: str, typed: Mapping[str, str]) -> Draft:
        """Keeps these fields beside the others. Raises Refused(NOT_FOUND)."""
        at = self._clock()
        return self._database.retrying(lambda connection: drafts.save(connection, secret, typed, at))

    def similar(self, title: str, where: str) -> tuple[Similar, ...]:
        """Open proposals that an idea with this heading at this place is like, the most alike first."""
        with self._database.reading() as connection:
            return similar.similar(connection, self._definitions, title, where)

    def throw_draft_away(self, secret: str) -> None:
        self._database.retrying(lambda connection: drafts.throw_away(connection, secret))

    def send_draft(
        self,
        secret: str,
        *,
        process: str,
        by: int | None,
        key: str,
        text: Text,
        rows: Rows | None = None,
        contact: Mapping[str, str] | None = None,
        is_example: bool = False,
        address: str = "",
    ) -> Receipt:
        """Hands in what a draft has become, see :meth:`workflow.doors.changes.Changes.submit`, and empties the draft.

        Raises Refused: NOT_FOUND where it is not there or was sent by another form, TOO_MANY_TRIES, FIELD_MISSING.
        """
        chosen, limits = self.library.latest(process), _counted("sent", address, SENT)
        with self._database.reading() as connection:  # who has to wait costs no write and no line in the log
            throttling.refuse_waiting(connection, limits, self._clock(), what=HAND_IN)

        def send(connection: Connection, at: datetime) -> str:
            before = drafts.take(connection, secret, key)
            if before is not None:
                return before
            throttling.count(connection, limits, at, what=HAND_IN)
            answer = submitting.submit(
                connection, self._definitions, chosen, by=by, key=key, contact=contact or {}, text=text,
                rows=rows or Rows(), is_example=is_example, at=at,
            )  # fmt: skip
            drafts.end(connection, secret, key, submitting.number_of(answer), answer)
            return answer

        answer = self._change(by, f"submit {process}", send)
        due = answer["first_answer_by"]
        return Receipt(answer["number"], sessions.link_secret(key), date.fromisoformat(due) if due else None)

    def tick(self) -> tuple[Done, ...]:
        """Also erases drafts that have lain still for 30 days: they were nobody's but the sender's."""
        at = self._clock()
        self._database.retrying(lambda connection: drafts.erase_old(connection, at))
        return super().tick()


def _counted(what: str, address: str, limit: Limit) -> Mapping[str, Limit]:
    return {f"{what}/{throttling.network_of(address)}": limit} if address else {}
