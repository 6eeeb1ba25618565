"""What the public says and is shown: comments received and answered."""

from workflow.doors.changes import Changes
from workflow.publishing import comment_lists, commenting
from workflow.publishing.commenting import Written
from workflow.publishing.views_publishing import Comment, Comments
from workflow.records import loading
from workflow.records.answers import Done


class Publishing(Changes):
    """Every ``key`` is a fresh UUID, as in :class:`workflow.doors.changes.Changes`."""

    def comment(self, said: Written, *, key: str, address: str = "") -> Done:
        """What a visitor wrote, from a network address; the answer's number is the comment's."""
        return Done(
            **self._change(
                None,
                "comment",
                lambda connection, at: commenting.receive(connection, said, key=key, address=address, at=at),
            )
        )

    def close_comment(self, number: str, outcome: str, remarks: str, *, by: int, key: str) -> Done:
        """What became of a comment: noted, answered or forwarded with a word on it, or junk."""
        return self._done(
            by,
            f"close comment {number}",
            lambda connection, at: commenting.close(connection, number, outcome, remarks, by=by, key=key, at=at),
        )

    def comments(self, by: int, *, closed: bool = False, after: str | None = None) -> Comments:
        """Raises Refused(NOT_PERMITTED) for who is neither employed nor in the working group."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, by, self.today())
            return comment_lists.comments(connection, actor, closed=closed, after=after)

    def one_comment(self, number: str, by: int) -> tuple[Comment, bool]:
        """A comment, and whether this person may close it. Raises Refused: NOT_PERMITTED, NOT_FOUND."""
        with self._database.reading() as connection:
            return comment_lists.comment(connection, loading.actor(connection, by, self.today()), number)

    def comments_about(self, number: str, by: int) -> tuple[Comment, ...]:
        """What was written about a proposal, the latest first; nothing for who reads no comments."""
        with self._database.reading() as connection:
            return comment_lists.about(connection, loading.actor(connection, by, self.today()), number)

    def has_proposal(self, number: str) -> bool:
        """Whether there is a proposal with this number."""
        with self._database.reading() as connection:
            return loading.load(connection, number, lock=False) is not None

    def comments_waiting(self, by: int) -> int:
        """How many comments wait for an answer, for who answers them; 0 for others, 100 for more than 99."""
        with self._database.reading() as connection:
            if commenting.may_close(loading.actor(connection, by, self.today())) is None:
                return 0
            return commenting.open_count(connection, comment_lists.COUNTED)
