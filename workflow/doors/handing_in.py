"""Handing in from a draft: what a visitor writes is kept under a secret, and sent once. Counts by network, so that no
one sender fills the town's desk; whoever is refused is told when to try again and loses nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from workflow.doors.changes import Changes
from workflow.money.contents import Rows, Text
from workflow.people import sessions, throttling
from workflow.people.throttling import Limit
from workflow.records.answers import Done, Receipt
from workflow.storage.columns import moment
from workflow.submission import drafts, entering_for, file_reading, file_storing, similar, submitting, uploads
from workflow.submission.drafts import Draft
from workflow.submission.entering_for import CameIn, Entry
from workflow.submission.file_reading import Sound
from workflow.submission.similar import Similar
from workflow.submission.uploads import Said, Upload

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
                throttling.count(connection, throttling.by_network("begun", address, BEGUN), at, what=HAND_IN)
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
        """With its files; of no consequence for one that is not there, or that was sent."""

        def throw(connection: Connection) -> list[str]:
            draft = drafts.find(connection, secret)
            if draft is None or draft.sent_as is not None:
                return []
            names = uploads.remove_from_draft(connection, draft.id)
            drafts.throw_away(connection, secret)
            return names

        file_storing.remove(self._files, self._database.retrying(throw))

    @property
    def _files(self) -> Path:
        return file_storing.folder_of(self.config)

    def draft_files(self, secret: str) -> tuple[Upload, ...]:
        with self._database.reading() as connection:
            draft = drafts.find(connection, secret)
            return uploads.of_draft(connection, draft.id) if draft else ()

    def add_draft_file(self, secret: str, name: str, data: bytes, alt: str, *, address: str = "") -> None:
        """A picture or a document, read as a whole and kept outside of everything that is served.

        Raises Refused: NOT_FOUND, TOO_MANY_TRIES, FIELD_INVALID (see ``file_reading.read`` and ``uploads``)."""
        at, limits = self._clock(), throttling.by_network("files", address, uploads.FILES)
        with self._database.reading() as connection:
            drafts.open_one(connection, secret)
            throttling.refuse_waiting(connection, limits, at, what="file")
        self._database.retrying(lambda connection: throttling.count(connection, limits, at, what="file"))
        sound = file_reading.read(name, data)
        with self._stored(sound) as stored:

            def add(connection: Connection) -> None:
                draft = drafts.open_one(connection, secret)
                uploads.add_to_draft(connection, draft.id, stored, sound, Said(name, alt), at)

            self._database.retrying(add)

    def describe_draft_files(self, secret: str, alts: Mapping[int, str]) -> None:
        """The sender's words for pictures, by id, for who cannot see them."""

        def describe(connection: Connection) -> None:
            uploads.describe(connection, drafts.open_one(connection, secret).id, alts)

        if alts:
            self._database.retrying(describe)

    def remove_draft_file(self, secret: str, upload: int) -> None:
        def remove(connection: Connection) -> list[str]:
            return uploads.remove_from_draft(connection, drafts.open_one(connection, secret).id, upload)

        file_storing.remove(self._files, self._database.retrying(remove))

    @contextmanager
    def _stored(self, sound: Sound) -> Iterator[str]:
        """A file on the disk, by its name; gone again where what tells of it is not written."""
        name = file_storing.keep(self._files, sound.data, sound.small)
        try:
            yield name
        except BaseException:
            file_storing.remove(self._files, [name])
            raise

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
        chosen, limits = self.library.latest(process), throttling.by_network("sent", address, SENT)
        with self._database.reading() as connection:  # who has to wait costs no write and no line in the log
            throttling.refuse_waiting(connection, limits, self._clock(), what=HAND_IN)

        def send(connection: Connection, at: datetime) -> str:
            before = drafts.take(connection, secret, key)
            if before is not None:
                return before
            throttling.count(connection, limits, at, what=HAND_IN)
            draft = drafts.open_one(connection, secret)
            answer = submitting.submit(
                connection, self._definitions, chosen, by=by, key=key, contact=contact or {}, text=text,
                rows=rows or Rows(), is_example=is_example, at=at,
                files=uploads.digests_of_draft(connection, draft.id),
            )  # fmt: skip
            uploads.hand_in(connection, draft.id, submitting.number_of(answer))
            drafts.end(connection, secret, key, submitting.number_of(answer), answer)
            return answer

        return _receipt(self._change(by, f"submit {process}", send), key)

    def enter_for(
        self,
        entry: Entry,
        *,
        process: str,
        key: str,
        text: Text,
        rows: Rows | None = None,
        contact: Mapping[str, str] | None = None,
        is_example: bool = False,
    ) -> Receipt:
        """Hands in for somebody who wrote, phoned or came; the receipt is theirs. Raises Refused: NOT_PERMITTED,
        FIELD_INVALID (channel, came_on), FIELD_MISSING."""
        chosen = self.library.latest(process)
        answer = self._change(
            entry.by,
            f"enter {process}",
            lambda connection, at: submitting.submit(
                connection, self._definitions, chosen, by=None, key=key, contact=contact or {}, text=text,
                rows=rows or Rows(), is_example=is_example, entry=entry, at=at,
            ),
        )  # fmt: skip
        return _receipt(answer, key)

    def came_in(self, number: str) -> CameIn | None:
        """How a proposal came in that an official wrote down."""
        with self._database.reading() as connection:
            return entering_for.came_in(connection, number)

    def tick(self) -> tuple[Done, ...]:
        """Also erases drafts that have lain still for 30 days: they were nobody's but the sender's."""
        at = self._clock()

        def erase(connection: Connection) -> list[str]:
            names = uploads.remove_of_old_drafts(connection, moment(at - drafts.KEPT))
            drafts.erase_old(connection, at)
            return names

        file_storing.remove(self._files, self._database.retrying(erase))
        with self._database.reading() as connection:
            known = uploads.known_names(connection)
        file_storing.sweep(self._files, known)
        return super().tick()


def _receipt(answer: Mapping[str, Any], key: str) -> Receipt:
    due = answer["first_answer_by"]
    return Receipt(answer["number"], sessions.link_secret(key), date.fromisoformat(due) if due else None)
