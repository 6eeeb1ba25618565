"""What a body's secretary does through the one door: what becomes known of a decision, and its meetings. Holds no
rule."""

from states import RefusalKind
from workflow import decision_records, loading
from workflow.answers import Done
from workflow.changes import Changes
from workflow.decision_pages import decision_page
from workflow.refused import Refused
from workflow.views_meetings import DecisionPage


class Secretariat(Changes):
    """Every ``by`` is a person's id, every ``key`` a fresh UUID. Who is refused has changed nothing."""

    def record(self, stream: str, seq: int, told: decision_records.Told, *, by: int, key: str) -> Done:
        """Registers what became known of a decision: adjusted, posted, taken down, sent. Moves nothing."""
        return self._done(
            by,
            f"record {stream} {seq}",
            lambda connection, at: decision_records.record(
                connection, self._definitions, stream, seq, told, by=by, key=key, at=at
            ),
        )

    def decision(self, stream: str, seq: int, person: int) -> DecisionPage:
        """A registered decision, for somebody of the organisation. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            if actor is None:
                raise Refused.because(RefusalKind.NOT_PERMITTED)
            return decision_page(connection, stream, seq, actor, self.today())
