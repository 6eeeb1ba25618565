"""What everybody is shown of a proposal: texts looked at, proposals taken out of sight, words corrected, decisions
published together."""

from collections.abc import Sequence

from workflow.doors.changes import Changes
from workflow.publishing import acting_on_words, moderating, showing
from workflow.publishing.acting_on_words import Why
from workflow.publishing.moderating import Reviewed
from workflow.publishing.views_publishing import HeldDecision, TextToReview, Unpublished, WaitingFiles
from workflow.records import loading
from workflow.records.answers import Done
from workflow.records.refused import Refused


class Moderation(Changes):
    """Every ``key`` is a fresh UUID, as in :class:`workflow.doors.changes.Changes`."""

    def review_text(self, number: str, said: Reviewed, why: Why, *, by: int, key: str, seen_revision: int) -> Done:
        """An officer says whether everybody reads a proposal's words as they are, masked, or in other words."""
        return self._done(
            by,
            f"review {number}",
            lambda connection, at: moderating.review(
                connection, number, said, why, by=by, key=key, seen_revision=seen_revision, at=at
            ),
        )

    def unpublish(self, number: str, why: Why, *, by: int, key: str, again: bool = False) -> Done:
        """Takes a proposal out of everybody's sight at once, or shows it ``again``."""
        return self._done(
            by,
            f"unpublish {number}",
            lambda connection, at: showing.hide(connection, number, why, again=again, by=by, key=key, at=at),
        )

    def word_event(self, number: str, about: int, field: str, text: str, why: Why, *, by: int, key: str) -> Done:
        """Tells everybody one text of an event in other words."""
        return self._done(
            by,
            f"word {number}",
            lambda connection, at: showing.word(connection, number, about, field, text, why, by=by, key=key, at=at),
        )

    def hold_decision(self, number: str, about: int, why: Why, *, by: int, key: str) -> Done:
        """Lets a decision's words wait until they are published."""
        return self._done(
            by,
            f"hold {number}",
            lambda connection, at: showing.hold(connection, number, about, why, by=by, key=key, at=at),
        )

    def publish_decisions(self, chosen: Sequence[tuple[str, int]], why: Why, *, by: int, key: str) -> tuple[str, ...]:
        """Publishes the words of several decisions, each an event of its own; returns their numbers."""
        at = self._clock()
        try:
            return showing.publish(self._database, chosen, why, by=by, key=key, at=at)
        except Refused as refused:
            self._log(by, "publish decisions", refused.first, at)
            raise

    def may_moderate(self, by: int) -> bool:
        """Whether this person looks after what everybody reads."""
        with self._database.reading() as connection:
            return acting_on_words.may_word(loading.actor(connection, by, self.today())) is not None

    def texts_to_review(self) -> tuple[tuple[TextToReview, ...], int]:
        """Texts that nobody has looked at, the oldest first, and how many there are. For officials."""
        with self._database.reading() as connection:
            return moderating.waiting(connection)

    def files_to_review(self) -> tuple[tuple[WaitingFiles, ...], int]:
        """Proposals whose files nobody has looked at, the oldest first, and how many such files. For officials."""
        with self._database.reading() as connection:
            return moderating.files_waiting(connection)

    def text_to_review(self, number: str) -> TextToReview:
        """What is written beside what everybody reads. For officials. Raises Refused(NOT_FOUND)."""
        with self._database.reading() as connection:
            return moderating.text_of(connection, number)

    def unpublished(self) -> tuple[Unpublished, ...]:
        """Proposals that are out of everybody's sight, the latest first. For officials."""
        with self._database.reading() as connection:
            return showing.unpublished(connection)

    def held_decisions(self, number: str = "") -> tuple[HeldDecision, ...]:
        """Decisions whose words wait to be published, of one proposal or of all, the oldest first. For officials."""
        with self._database.reading() as connection:
            return showing.held(connection, number)

    def held_count(self) -> int:
        """How many decisions' words wait to be published; 100 means more than 99. For officials."""
        with self._database.reading() as connection:
            return showing.held_count(connection)
