"""What may be done beside the steps of a proposal: following it, noting something among officials, asking others for
their opinion and answering; and one step for several proposals at once."""

from datetime import date

from workflow.books.views_list import ListAnswer
from workflow.cases import acting_together, noting, watching
from workflow.cases.acting_together import Together
from workflow.doors.changes import Changes
from workflow.opinions import asking_opinions, giving_opinions
from workflow.opinions.asking_opinions import Question
from workflow.opinions.giving_opinions import Opinion
from workflow.proposals.opinion_holders import MayAsk, may_be_asked
from workflow.records.answers import Done
from workflow.records.refused import Refused


class Attention(Changes):
    """Every ``key`` is a fresh UUID, as in :class:`workflow.doors.changes.Changes`."""

    def follow(self, number: str, *, by: int, follows: bool = True) -> None:
        """Follows a proposal, or stops following it; no event, and needs no key."""
        at = self._clock()
        with self._database.writing() as connection:
            watching.follow(connection, number, by=by, at=at, follows=follows)

    def note(self, number: str, text: str, *, by: int, key: str) -> Done:
        """Keeps an internal note, which only officials ever see."""
        return self._done(
            by, f"note {number}", lambda connection, at: noting.note(connection, number, text, by=by, key=key, at=at)
        )

    def ask_opinions(self, number: str, asked: Question, *, by: int, key: str) -> Done:
        """Asks several at once for their opinion; the round is named by the ``seq`` of the answer."""
        return self._done(
            by,
            f"ask opinions {number}",
            lambda connection, at: asking_opinions.ask(connection, number, asked, by=by, key=key, at=at),
        )

    def give_opinion(self, number: str, duty: int, given: Opinion, *, by: int, key: str) -> Done:
        """Answers what one was asked, or answers it anew while the round is open."""
        return self._done(
            by,
            f"opinion {number}",
            lambda connection, at: giving_opinions.give(connection, number, duty, given, by=by, key=key, at=at),
        )

    def close_opinions(self, number: str, asked_at: int, reason: str, *, by: int, key: str) -> Done:
        """Ends a round, with a reason where somebody has not answered."""
        return self._done(
            by,
            f"close opinions {number}",
            lambda connection, at: asking_opinions.close(connection, number, asked_at, reason, by=by, key=key, at=at),
        )

    def extend_opinions(self, number: str, asked_at: int, until: date, *, by: int, key: str) -> Done:
        """Gives those who have not answered until another day."""
        return self._done(
            by,
            f"extend opinions {number}",
            lambda connection, at: asking_opinions.extend(connection, number, asked_at, until, by=by, key=key, at=at),
        )

    def act_together(self, asked: Together, *, by: int, key: str) -> tuple[ListAnswer, ...]:
        """Takes one step with several proposals, each a transaction and an event of its own."""
        at = self._clock()
        try:
            answers = acting_together.act(self._database, self._definitions, asked, by=by, key=key, at=at)
        except Refused as refused:
            self._log(by, f"together {asked.transition}", refused.first, at)
            raise
        for each in answers:
            if each.refusals:
                self._log(by, f"together {asked.transition} {each.number}", each.refusals[0], at)
        return answers

    def may_be_asked(self) -> tuple[MayAsk, ...]:
        """Every body, role and person that somebody can answer for today."""
        with self._database.reading() as connection:
            return may_be_asked(connection, self.today())

    def usual_answer_day(self) -> date:
        """Until when somebody asked today has to answer."""
        with self._database.reading() as connection:
            return asking_opinions.usual_due(connection, self.today())
