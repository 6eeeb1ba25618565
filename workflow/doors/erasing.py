"""Gallra, under a registered decision, and everything that is kept about one person (registerutdrag)."""

from typing import Any

from workflow.doors.changes import Changes
from workflow.publishing import erasing, erasure_list, person_extract, wiping
from workflow.publishing.acting_on_words import Why
from workflow.publishing.erasing import Ruling
from workflow.records.answers import Done
from workflow.submission import file_storing


class Erasing(Changes):
    """Every ``key`` is a fresh UUID, as in :class:`workflow.doors.changes.Changes`."""

    def erase(self, number: str, ruling: Ruling, why: Why, *, by: int, key: str) -> Done:
        """Erases what a decision says of a proposal or a comment, and lists it outside the database."""
        done = self._done(
            by,
            f"erase {number}",
            lambda connection, at: erasing.erase(connection, number, ruling, why, by=by, key=key, at=at),
        )
        place = self.config.erasure_list
        known = erasure_list.read(place)
        with self._database.reading() as connection:
            erasure_list.add(place, [each for each in erasure_list.listed(connection) if each.name not in known])
            gone = wiping.files_gone(connection)
        file_storing.remove(file_storing.folder_of(self.config), gone)
        return done

    def scrub(self) -> None:
        """Writes the database anew, so that nothing of what was erased is left in its files."""
        self._database.scrub()

    def person_extract(self, about: str) -> dict[str, Any]:
        """Everything that is kept about whoever a proposal's number, an e-mail address, a name or a reference names."""
        with self._database.reading() as connection:
            return person_extract.extract(connection, about)
