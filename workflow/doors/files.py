"""Pictures and documents of a proposal: who may see which, an official's own, and the look at what the sender sent."""

from datetime import datetime

from sqlalchemy import Connection

from workflow.cases import case
from workflow.cases.step_kinds import Viewer
from workflow.cases.timeline import viewer_of
from workflow.doors.handing_in import HandingIn
from workflow.doors.questions import Questions
from workflow.records.answers import Done
from workflow.submission import file_reading, file_storing, uploads
from workflow.submission.uploads import Said, Upload
from workflow.verifying import verifying_files


class Files(HandingIn, Questions):
    """Every ``key`` is a fresh UUID, as in :class:`workflow.doors.changes.Changes`."""

    def files(self, number: str, viewer: int | None = None) -> tuple[Upload, ...]:
        """What this viewer may see, in the order it came; None is the public."""
        with self._database.reading() as connection:
            return uploads.of_proposal(connection, number, self._eyes(connection, number, viewer))

    def file(self, name: str, viewer: int | None = None, *, small: bool = False) -> tuple[Upload, bytes] | None:
        """A proposal's file by its random name, as kept; None for what this viewer may not see, or is gone."""
        with self._database.reading() as connection:
            found = uploads.named(connection, name)
            if found is None or found[1] is None or found[0].erased:
                return None
            mine = uploads.of_proposal(connection, found[1], self._eyes(connection, found[1], viewer))
        if all(each.id != found[0].id for each in mine):
            return None
        data = file_storing.fetch(self._files, name, small=small)
        return (found[0], data) if data is not None else None

    def draft_file(self, secret: str, upload: int) -> tuple[Upload, bytes] | None:
        """A draft's own file, for who holds its secret; a picture in its small form."""
        found = next((each for each in self.draft_files(secret) if each.id == upload), None)
        data = file_storing.fetch(self._files, found.name, small=found.kind == "picture") if found else None
        return (found, data) if found and data is not None else None

    def add_file(self, number: str, data: bytes, said: Said, *, by: int, key: str) -> Done:
        """An official's own picture or document, shown at once. Raises Refused: see ``uploads.add``."""
        sound = file_reading.read(said.title, data)
        with self._stored(sound) as stored:
            done = self._done(
                by,
                f"file {number}",
                lambda connection, at: uploads.add(connection, number, stored, sound, said, by=by, key=key, at=at),
            )
            with self._database.reading() as connection:
                again = uploads.named(connection, stored) is None
        if again:  # the same form came before, and its file is there
            file_storing.remove(self._files, [stored])
        return done

    def look_at_file(
        self, number: str, upload: int, *, shows: bool, alt: str, phase: str = "", by: int, key: str
    ) -> Done:
        """Shows a file to everybody, or to nobody but officials. Raises Refused: see ``uploads.look_at``."""

        def look(connection: Connection, at: datetime) -> str:
            return uploads.look_at(connection, number, upload, shows=shows, alt=alt, phase=phase, by=by, key=key, at=at)

        return self._done(by, f"look at file {number}", look)

    def verify(self) -> tuple[str, ...]:
        """Also whether each file is there, is what its event says, and is shown only as an official has said."""
        with self._database.reading() as connection:
            faults = tuple(verifying_files.wrong_files(connection, self._files))
        return (*super().verify(), *faults)

    def _eyes(self, connection: Connection, number: str, viewer: int | None) -> Viewer:
        held = case.held_on(connection, number, viewer, self.today()) if viewer is not None else ()
        return viewer_of(connection, held)
