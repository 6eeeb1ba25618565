"""What a group that votes does through the one door. Holds no rule."""

from datetime import date

from states import Refusal, RefusalKind
from workflow.cases import case
from workflow.doors.changes import Changes
from workflow.opinions import voting
from workflow.opinions.views_votes import VotePage
from workflow.people import people
from workflow.proposals import ballots
from workflow.records.answers import Done
from workflow.records.refused import Refused


class Assembly(Changes):
    """Every ``by`` is a person's id, every ``key`` a fresh UUID. Who is refused has changed nothing."""

    def begin_vote(self, number: str, *, by: int, key: str, seen_revision: int, closes_on: date) -> Done:
        """Asks every member of the group that is awaited; each answers by the last day."""
        return self._done(
            by,
            f"begin vote {number}",
            lambda connection, at: voting.begin(
                connection, self._definitions, number, by=by, key=key, seen_revision=seen_revision,
                closes_on=closes_on, at=at,
            ),
        )  # fmt: skip

    def vote(self, number: str, given: voting.Cast, *, by: int, key: str) -> Done:
        """One member's voice; another one takes its place while the vote goes on."""
        return self._done(
            by,
            f"vote {number}",
            lambda connection, at: voting.cast(connection, self._definitions, number, given, by=by, key=key, at=at),
        )

    def close_vote(self, number: str, *, by: int, key: str) -> Done:
        """Ends the vote although some have said nothing."""
        return self._done(
            by,
            f"close vote {number}",
            lambda connection, at: voting.close(connection, self._definitions, number, by=by, key=key, at=at),
        )

    def vote_page(self, number: str, person: int) -> VotePage:
        """How the vote stands for one person. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
        with self._database.reading() as connection:
            proposal, actor = case.look(connection, number, person, self.today())
            if all(each.role == "proposer" for each in actor.capacities):
                raise Refused.because(RefusalKind.NOT_PERMITTED, ("officer",), needs="member")
            begun = ballots.latest(connection, number, proposal.revision)
            mine = people.own_holder(actor.ref)
            try:
                voting.may_begin(connection, self._definitions, proposal, actor, self.today())
                why_not: tuple[Refusal, ...] = ()
            except Refused as refused:
                why_not = refused.refusals
            return VotePage(
                number=number,
                revision=proposal.revision,
                ballot=ballots.ballot(connection, proposal.id, number, proposal.revision),
                closes_on=begun.closes_on if begun else None,
                mine=ballots.own(connection, proposal.id, begun.seq, mine) if begun else None,
                dissents=ballots.dissents(connection, number, begun.seq) if begun else (),
                keeps=voting.keeps(actor, proposal),
                why_not=why_not,
            )
