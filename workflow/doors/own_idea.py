"""What the sender does with an idea of their own after it was handed in, by the private link."""

from collections.abc import Mapping

from workflow.doors.files import Files
from workflow.people import throttling
from workflow.records.answers import Done
from workflow.submission import file_reading, file_storing, sender_later, uploads
from workflow.submission.uploads import Said


class OwnIdea(Files):
    """Every ``key`` is a fresh UUID, as in :class:`workflow.doors.changes.Changes`."""

    def send_file(self, number: str, data: bytes, said: Said, *, by: int, key: str, address: str = "") -> Done:
        """The sender's own picture or document, which waits for an official's look. ``address`` is the visitor's
        network address. Raises Refused: TOO_MANY_TRIES, and see ``file_reading.read`` and ``sender_later.send_file``.
        """
        at, limits = self._clock(), throttling.by_network("files", address, uploads.FILES)
        with self._database.reading() as connection:
            throttling.refuse_waiting(connection, limits, at, what="file")
        self._database.retrying(lambda connection: throttling.count(connection, limits, at, what="file"))
        sound = file_reading.read(said.title, data)
        with self._stored(sound) as stored:
            done = self._done(
                by,
                f"send file {number}",
                lambda connection, at: sender_later.send_file(
                    connection, number, stored, sound, said, by=by, key=key, at=at
                ),
            )
            with self._database.reading() as connection:
                again = uploads.named(connection, stored) is None
        if again:  # the same form came before, and its file is there
            file_storing.remove(self._files, [stored])
        return done

    def own_contact(self, person: int) -> Mapping[str, str] | None:
        """Name, e-mail and telephone of a sender; None for somebody with a role."""
        with self._database.reading() as connection:
            return sender_later.contact_of(connection, person)

    def mend_contact(self, person: int, given: Mapping[str, str], *, key: str) -> Done:
        """The sender says how to be reached. Raises Refused: see ``sender_later.mend_contact``."""
        return self._done(
            person,
            "mend contact",
            lambda connection, at: sender_later.mend_contact(connection, person, given, key=key, at=at),
        )
