"""Who is there: sessions, and as what somebody may act today. Passwords are the business of ``signing_in``."""

from datetime import datetime

from states import Capacity
from workflow.doors.opened import Opened
from workflow.people import people, sessions
from workflow.records import loading
from workflow.records.answers import DemoPerson, Signed
from workflow.records.outages import outcome_of


class Access(Opened):
    """Secrets go in and out; only their digests are stored."""

    def sign_in_as(self, person: int, agent: str = "") -> str:
        """Without a password; only where the demo was loaded. Raises Refused(NOT_PERMITTED)."""
        with self._database.writing() as connection:
            return sessions.sign_in_as(connection, person, self._clock(), agent)

    def open_link(self, secret: str) -> str:
        """A session as proposer of the one proposal that the private link is for. Raises Refused(NOT_FOUND)."""
        with self._database.writing() as connection:
            return sessions.open_link(connection, secret, self._clock())

    def open_mailed_link(self, digest: str) -> str:
        """The same by the link in a mail, whose signature the caller has proved. Raises Refused(NOT_FOUND)."""
        with self._database.writing() as connection:
            return sessions.open_mailed_link(connection, digest, self._clock())

    def session(self, token: str) -> Signed | None:
        """Who is signed in; None when the session has ended. Its idle time starts anew, at most once a while."""
        at = self._clock()
        with self._database.reading() as connection:
            signed, touch = sessions.session(connection, token, at), sessions.needs_touch(connection, token, at)
        if touch:
            self._touch(token, at)
        return signed

    def _touch(self, token: str, at: datetime) -> None:
        """A visit that cannot be noted now is a visit all the same: what can be read is shown."""
        try:
            with self._database.writing() as connection:
                sessions.touch(connection, token, at)
        except Exception as error:
            if outcome_of(error) is None:
                raise

    def sign_out(self, token: str) -> None:
        with self._database.writing() as connection:
            sessions.sign_out(connection, token, self._clock())

    @property
    def is_demo(self) -> bool:
        with self._database.reading() as connection:
            return sessions.is_demo(connection)

    def mark_demo(self) -> None:
        with self._database.writing() as connection:
            sessions.mark_demo(connection)

    def capacities(self, person: int) -> tuple[Capacity, ...]:
        """As what a person may act today; empty for nobody we know."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            return actor.capacities if actor else ()

    def people_called(self, name: str | None, role: str) -> tuple[int, ...]:
        """Who may act in a role today, of those with this login or name; of all of them without one."""
        with self._database.reading() as connection:
            found = sessions.people_called(connection, name)
            return tuple(
                each
                for each in found
                if any(held.role == role for held in people.capacities(connection, each, self.today()))
            )

    def demo_people(self) -> tuple[DemoPerson, ...]:
        with self._database.reading() as connection:
            return sessions.demo_people(connection, self.today())
