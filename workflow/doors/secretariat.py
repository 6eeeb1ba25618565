"""What a body's secretary does through the one door: what becomes known of a decision, and its meetings. Holds no
rule."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from states import RefusalKind
from workflow.doors.changes import Changes
from workflow.meetings import agendas, calendar_feeds, decision_records, delegated, meetings, minuting, protocols
from workflow.meetings.decision_pages import decision_page
from workflow.meetings.views_meetings import DecisionPage, ItemAnswer, MeetingPage, MeetingRow
from workflow.records import loading
from workflow.records.answers import Done
from workflow.records.loading import Actor
from workflow.records.refused import Refused


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

    def record_protocol(
        self, body: str, held_on: date, told: decision_records.Told, *, by: int, key: str
    ) -> tuple[ItemAnswer, ...]:
        """Registers the same of every decision of a body's meeting: a protocol is adjusted and posted as one."""
        at = self._clock()
        answers = protocols.record_protocol(
            self._database, self._definitions, body, held_on, told, by=by, key=key, at=at
        )
        for each in answers:
            if each.refusals:
                self._log(by, f"protocol {body} {held_on} {each.number}", each.refusals[0], at)
        return answers

    def decision(self, stream: str, seq: int, person: int) -> DecisionPage:
        """A registered decision, for somebody of the organisation. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
        with self._database.reading() as connection:
            return decision_page(connection, stream, seq, self._actor(connection, person), self.today())

    # --- meetings ------------------------------------------------------------------------------------------------

    def meetings(self, person: int) -> tuple[MeetingRow, ...]:
        """Meetings of all bodies, of the last year and to come, oldest first."""
        with self._database.reading() as connection:
            return meetings.rows(connection, self._actor(connection, person).capacities, self.today())

    def meeting(self, body: str, held_on: date, person: int) -> MeetingPage:
        """A meeting with its agenda and what it came to. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
        with self._database.reading() as connection:
            found = meetings.find(connection, body, held_on)
            return agendas.page(connection, self._definitions, found, self._actor(connection, person), self.today())

    def arrange(self, body: str, held_on: date, asked: minuting.Arrangement, *, by: int, key: str) -> Done:
        """Saves the agenda: order, what is left out, what is added."""
        return self._done(
            by,
            f"arrange {body} {held_on}",
            lambda connection, at: minuting.arrange(connection, body, held_on, asked, by=by, key=key, at=at),
        )

    def minute(self, body: str, held_on: date, told: minuting.Minutes, *, by: int, key: str) -> Done:
        """Saves who came and what was noted at each point."""
        return self._done(
            by,
            f"minute {body} {held_on}",
            lambda connection, at: minuting.minute(connection, body, held_on, told, by=by, key=key, at=at),
        )

    def register_items(
        self, body: str, held_on: date, items: Sequence[minuting.Item], *, by: int
    ) -> tuple[ItemAnswer, ...]:
        """What a meeting came to, proposal by proposal: one transaction each, keyed by the meeting and what was seen,
        so that a form which was interrupted can be sent again."""
        at = self._clock()
        answers = []
        for item in items:
            answer = minuting.register_item(self._database, self._definitions, body, held_on, item, by=by, at=at)
            if answer.refusals:
                self._log(by, f"meeting {body} {held_on} {item.number}", answer.refusals[0], at)
            answers.append(answer)
        return tuple(answers)

    def report_delegated(self, body: str, held_on: date, chosen: Sequence[delegated.Key], *, by: int, key: str) -> Done:
        """Marks delegated decisions, by stream and place, as reported at the meeting."""
        return self._done(
            by,
            f"report {body} {held_on}",
            lambda connection, at: delegated.report(connection, body, held_on, chosen, by=by, key=key, at=at),
        )

    # --- calendars -----------------------------------------------------------------------------------------------

    def open_feed(self, person: int) -> str:
        """The secret of a new private calendar address, told once. Raises Refused(NOT_PERMITTED)."""
        with self._database.writing() as connection:
            return calendar_feeds.open_feed(connection, person, self._clock())

    def close_feed(self, person: int) -> None:
        with self._database.writing() as connection:
            calendar_feeds.close_feed(connection, person, self._clock())

    def has_feed(self, person: int) -> bool:
        with self._database.reading() as connection:
            return calendar_feeds.has_feed(connection, person)

    def feed(self, secret: str) -> tuple[MeetingRow, ...]:
        """The meetings behind a private address. Raises Refused(NOT_FOUND)."""
        with self._database.reading() as connection:
            return calendar_feeds.read_feed(connection, secret, self._clock())

    def _actor(self, connection: Connection, person: int) -> Actor:
        found = loading.actor(connection, person, self.today())
        if found is None or not found.capacities:
            raise Refused.because(RefusalKind.NOT_PERMITTED)
        return found
