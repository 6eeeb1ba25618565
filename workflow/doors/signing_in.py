"""Signing in by password, one's own sessions, and choosing a password. A guess is counted, then made outside every
transaction, then forgiven or not; what is written of it never waits for the guess of somebody else."""

from sqlalchemy import Connection

from states import RefusalKind
from workflow.doors.opened import Opened
from workflow.people import inviting, passwords, sessions, throttling
from workflow.people.throttling import SeenFrom
from workflow.records.answers import OwnSession
from workflow.records.refused import Refused

NOWHERE = SeenFrom()


class SigningIn(Opened):
    """Secrets go in and out; only their digests are stored."""

    def sign_in(self, login: str, password: str, seen: SeenFrom = NOWHERE) -> str:
        """The secret of a new session. Raises Refused: TOO_MANY_TRIES, NOT_PERMITTED."""
        name, at = passwords.login_of(login), self._clock()
        limits = throttling.counters(name, seen)
        with self._database.reading() as connection:
            throttling.refuse_waiting(connection, limits, at)
            found = passwords.known(connection, name)
        self._database.retrying(lambda connection: throttling.count(connection, limits, at))
        person = passwords.proved(found, password)
        renewed = passwords.hashed(password) if found and passwords.is_old(found) else None

        def begin(connection: Connection) -> str:
            if passwords.known(connection, name) != found:  # disabled, or another password, while this one was proved
                raise Refused.because(RefusalKind.NOT_PERMITTED, what="sign_in")
            throttling.forgive(connection, limits, at)
            if renewed is not None:
                passwords.set_password(connection, person, renewed)
            return sessions.begin(connection, person, None, at, seen.agent)

        return self._database.retrying(begin)

    def own_sessions(self, person: int, token: str) -> tuple[OwnSession, ...]:
        """Where the person is signed in, the latest visit first."""
        with self._database.reading() as connection:
            return sessions.own(connection, person, token, self._clock())

    def end_session(self, person: int, ref: str) -> int:
        """Ends one of the person's own sessions; 0 when it had ended, or is not theirs."""
        at = self._clock()
        return self._database.retrying(lambda connection: sessions.end_own(connection, person, ref, at))

    def end_other_sessions(self, person: int, token: str) -> int:
        """Ends all of the person's sessions but this one; how many."""
        at = self._clock()
        return self._database.retrying(lambda connection: sessions.end_own(connection, person, None, at, keep=token))

    def login_of(self, person: int) -> str | None:
        with self._database.reading() as connection:
            return passwords.login_of_person(connection, person)

    def change_password(self, person: int, token: str, present: str, password: str, seen: SeenFrom = NOWHERE) -> None:
        """Needs the present one, whose guesses are counted as those of signing in. Every other session ends.

        Raises Refused: TOO_MANY_TRIES, NOT_PERMITTED, FIELD_INVALID (too short or too long)."""
        at = self._clock()
        with self._database.reading() as connection:
            login = passwords.login_of_person(connection, person)
            limits = throttling.counters(login or "", seen)
            throttling.refuse_waiting(connection, limits, at)
            found = passwords.known(connection, login) if login else None
        self._database.retrying(lambda connection: throttling.count(connection, limits, at))
        passwords.proved(found, present)
        made = passwords.hashed(password)

        def change(connection: Connection) -> None:
            throttling.forgive(connection, limits, at)
            passwords.set_password(connection, person, made)
            sessions.end_own(connection, person, None, at, keep=token)

        self._database.retrying(change)

    def members_called(self, name: str) -> tuple[int, ...]:
        """Those who may sit somewhere, by login or name, whatever the case."""
        with self._database.reading() as connection:
            return sessions.people_called(connection, name)

    def invite(self, person: int, login: str, *, by: int | None, key: str) -> str:
        """The secret of a link by which a person chooses a password, see :func:`workflow.people.inviting.invite`."""
        at = self._clock()
        return self._database.retrying(
            lambda connection: inviting.invite(connection, person, login, by=by, key=key, at=at)
        )

    def forget_guesses(self) -> None:
        """Counters that are of no consequence any more; for every night."""
        at = self._clock()
        self._database.retrying(lambda connection: throttling.forget(connection, at))

    def invited(self, secret: str) -> tuple[str, str]:
        """Name and login of whom an invitation is for. Raises Refused(NOT_FOUND): unknown, used or too old."""
        with self._database.reading() as connection:
            found = passwords.invited(connection, secret, self._clock())
        if found is None:
            raise Refused.because(RefusalKind.NOT_FOUND, what="invitation")
        return found[1:]

    def choose_password(self, secret: str, password: str, seen: SeenFrom = NOWHERE) -> str:
        """By invitation, once: the secret of a new session; every earlier one ends.

        Raises Refused: NOT_FOUND, FIELD_INVALID."""
        at = self._clock()
        made = passwords.hashed(password)

        def choose(connection: Connection) -> str:
            found = passwords.invited(connection, secret, at)
            if found is None or not passwords.use(connection, secret, at):
                raise Refused.because(RefusalKind.NOT_FOUND, what="invitation")
            passwords.set_password(connection, found[0], made)
            sessions.end_own(connection, found[0], None, at)
            return sessions.begin(connection, found[0], None, at, seen.agent)

        return self._database.retrying(choose)
