"""Following a proposal by mail, as the engine's door."""

from sqlalchemy import Connection

from workflow.doors.handing_in import HandingIn
from workflow.doors.mailing import Mailing
from workflow.people import sessions
from workflow.records.answers import Done
from workflow.records.refused import Refused
from workflow.subscribing import following


class Subscribing(HandingIn, Mailing):
    """Nobody is told whether an address is known: whoever asks gets the same answer."""

    def ask_to_follow(self, number: str, address: str, *, language: str, key: str, network: str) -> None:
        """Has a letter sent that asks for a click. Raises Refused: TOO_MANY_TRIES, NOT_FOUND, FIELD_INVALID."""
        at, kept = self._clock(), sessions.stored_key(key)
        self._database.retrying(lambda connection: following.may_ask(connection, network, at))
        self._done(
            None, f"follow {number}",
            lambda connection, at: following.ask(
                connection, number, address, language=language, key=kept, at=at, host=self.mail_host
            ),
        )  # fmt: skip

    def asked_to_follow(self, person: int) -> tuple[str, bool]:
        """The number of the proposal, and whether it is confirmed. Raises Refused(NOT_FOUND)."""
        return self._database.retrying(lambda connection: following.asked_of(connection, person))

    def confirm_following(self, person: int) -> str:
        """Returns the proposal's number. Raises Refused(NOT_FOUND)."""
        return self._told(following.confirm, person)

    def choose_mail(self, person: int, *, key: str, pace: str, language: str, address: str | None = None) -> Done:
        """Whoever follows and wants no mail has left."""
        if pace != "none" or not self._follows(person):
            return super().choose_mail(person, key=key, pace=pace, language=language, address=address)
        try:
            number = self._told(following.leave, person)
        except Refused:  # who has left has left
            number = ""
        return Done(number, 0, 1, "", "")

    def tick(self) -> tuple[Done, ...]:
        """Also erases the addresses that nobody has confirmed."""
        at = self._clock()
        while self._database.retrying(lambda connection: following.erase_unconfirmed(connection, at)):
            pass
        return super().tick()

    def _follows(self, person: int) -> bool:
        with self._database.reading() as connection:
            return following.is_follower(connection, person)

    def _told(self, change: following.Change, person: int) -> str:
        at = self._clock()

        def work(connection: Connection) -> str:
            return change(connection, person, at)

        return self._database.retrying(work)
