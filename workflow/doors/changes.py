"""Everything that may be done to Skede, one transaction each; what was refused is logged outside it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from states import Refusal
from workflow.acts import changing, clock, correcting, deciding, redirecting, registering
from workflow.acts.deciding import Ask
from workflow.bodies import configuring, following
from workflow.books import attesting, booking, carrying, cofinancing, year_end, year_list
from workflow.books.views_list import ListAnswer
from workflow.doors.opened import Opened
from workflow.meetings import attending
from workflow.money.contents import Rows, Text
from workflow.people import sessions
from workflow.records.answers import Done, Receipt
from workflow.records.refused import Refused
from workflow.staffing import unstaffed
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.submission import submitting


class Changes(Opened):
    """Every ``by`` is a person's id, every ``key`` a fresh UUID that makes a repeated call give the same answer.
    Methods raise Refused and then have changed nothing."""

    def submit(
        self,
        *,
        process: str,
        by: int | None,
        key: str,
        text: Text,
        rows: Rows | None = None,
        contact: Mapping[str, str] | None = None,
        is_example: bool = False,
    ) -> Receipt:
        """Hands in a proposal on the latest version of a process. ``contact`` may hold name, email, telephone and the
        language that a visitor is to be written to in."""
        chosen = self.library.latest(process)
        answer = self._change(
            by,
            f"submit {process}",
            lambda connection, at: submitting.submit(
                connection, self._definitions, chosen, by=by, key=key, contact=contact or {}, text=text,
                rows=rows or Rows(), is_example=is_example, at=at,
            ),
        )  # fmt: skip
        due = answer["first_answer_by"]
        return Receipt(answer["number"], sessions.link_secret(key), date.fromisoformat(due) if due else None)

    def revise(self, number: str, *, by: int, key: str, seen_revision: int, text: Text, rows: Rows) -> Done:
        """Writes the next revision of the content."""
        return self._done(
            by,
            f"revise {number}",
            lambda connection, at: changing.revise(
                connection, self._definitions, number, by=by, key=key, seen_revision=seen_revision, text=text,
                rows=rows, at=at,
            ),
        )  # fmt: skip

    def classify(
        self, number: str, *, by: int, key: str, seen_revision: int, classifications: Mapping[int, tuple[str, str]]
    ) -> Done:
        """The attestant says for each line n which pot it belongs to, and why where that is not what is proposed."""
        return self._done(
            by,
            f"classify {number}",
            lambda connection, at: attesting.classify(
                connection, self._definitions, number, by=by, key=key, seen_revision=seen_revision,
                classifications=classifications, at=at,
            ),
        )  # fmt: skip

    def redirect(self, number: str, process: str, *, by: int, key: str, seen_version: int) -> Done:
        """Another process for what is still an idea. Raises Refused, see ``acts/redirecting.py``; LookupError for a
        process that nobody knows."""
        to = self.library.latest(process)
        return self._done(
            by,
            f"redirect {number} {process}",
            lambda connection, at: redirecting.redirect(
                connection, self._definitions, to, number, by=by, key=key, seen_version=seen_version, at=at
            ),
        )

    def act(
        self,
        number: str,
        transition: str,
        *,
        by: int,
        seen_version: int,
        seen_revision: int,
        key: str,
        capacity: str | None = None,
        form: Mapping[str, object] | None = None,
    ) -> Done:
        """Carries out a transition: the only way a proposal moves."""
        ask = Ask(number, transition, by, seen_version, seen_revision, key, capacity, form or {})
        return self._done(
            by, f"{transition} {number}", lambda connection, at: deciding.decide(connection, self._definitions, ask, at)
        )

    def book(self, number: str, invoice: booking.Invoice, *, by: int, key: str) -> Done:
        """Books an invoice or a credit note: a fact, which moves nothing."""
        return self._done(
            by,
            f"book {number}",
            lambda connection, at: booking.book(connection, self._definitions, number, invoice, by=by, key=key, at=at),
        )

    def attend(self, number: str, duty: int, *, by: int, key: str, remarks: str) -> Done:
        """Answers a duty that a fact opened and no step foresaw, with a word on what was done."""
        return self._done(
            by,
            f"attend {number}",
            lambda connection, at: attending.attend(
                connection, self._definitions, number, duty, by=by, key=key, remarks=remarks, at=at
            ),
        )

    def correct(self, number: str, *, by: int, key: str, seen_version: int, reason: str) -> Done:
        """Undoes the latest step, by whoever took it, with a reason."""
        return self._done(
            by,
            f"correct {number}",
            lambda connection, at: correcting.correct(
                connection, self._definitions, number, by=by, key=key, seen_version=seen_version, reason=reason, at=at
            ),
        )

    def tick(self) -> tuple[Done, ...]:
        """Takes every transition whose day has come and closes the years that are over, as the actor *clock*; safe
        to ask for again."""
        at = self._clock()
        followed = following.follow(self._database, self._definitions, at)
        unstaffed.tick(self._database, self._definitions, at)
        fired = clock.tick(self._database, self._definitions, at)
        return (*followed, *fired, *year_end.tick(self._database, at))

    def register(self, decided: registering.Registered, *, by: int, key: str) -> Done:
        """Registers a decision that stands alone: a budget, a supplement, the cover of an överskridande."""
        return self._done(
            by,
            f"register {decided.kind}",
            lambda connection, at: registering.register(connection, decided, by=by, key=key, at=at),
        )

    def note_cofinancing(self, number: str, noted: cofinancing.Noted, *, by: int, key: str) -> Done:
        """Notes how sure the money of an outside financier is: promised, agreed or received."""
        return self._done(
            by,
            f"cofinancing {number}",
            lambda connection, at: cofinancing.note(
                connection, self._definitions, number, noted, by=by, key=key, at=at
            ),
        )

    def carry(self, asked: carrying.Carry, *, by: int, key: str) -> Done:
        """Registers a decision on ombudgetering: what is open and not paid moves to the next budget year."""
        return self._done(
            by,
            f"carry {asked.pot} {asked.year}",
            lambda connection, at: carrying.carry(connection, self._definitions, asked, by=by, key=key, at=at),
        )

    def rank(self, year: int, order: Sequence[str], *, by: int, key: str) -> Done:
        """Saves the order of a year's list, by numbers; the first is wanted most."""
        return self._done(
            by,
            f"rank {year}",
            lambda connection, at: year_list.rank(connection, year, order, by=by, key=key, at=at),
        )

    def decide_list(self, asked: year_list.ListDecision, *, by: int, key: str) -> tuple[ListAnswer, ...]:
        """Registers one decision over the chosen proposals of a year's list; each has its own step and answer."""
        at = self._clock()
        try:
            answers = year_list.decide_list(self._database, self._definitions, asked, by=by, key=key, at=at)
        except Refused as refused:
            self._log(by, f"list {asked.year}", refused.first, at)
            raise
        for each in answers:
            if each.refusals:
                self._log(by, f"list {asked.year} {each.number}", each.refusals[0], at)
        return answers

    def close_year(self, pot: str, year: int, *, by: int, key: str, again: bool = False) -> Done:
        """Closes a pot's year for new decisions, or opens it ``again``. Moves no money."""
        return self._done(
            by,
            f"close {pot} {year}",
            lambda connection, at: year_end.close(connection, pot, year, by=by, key=key, at=at, again=again),
        )

    def configure(self, what: str, row: Mapping[str, Any], *, by: int, key: str) -> None:
        """Changes what the municipality decides, as an event of its own, see ``configuring``; what open proposals rest
        on follows at once."""
        self._change(
            by,
            f"configure {what}",
            lambda connection, at: configuring.configure(connection, what, row, by=by, key=key, at=at),
        )
        if what in configuring.FOLLOWED:
            following.follow(self._database, self._definitions, self._clock())

    def _done(self, by: int | None, what: str, work: Callable[[Connection, datetime], str]) -> Done:
        return Done(**self._change(by, what, work))

    def _change(self, by: int | None, what: str, work: Callable[[Connection, datetime], str]) -> dict[str, Any]:
        at = self._clock()
        try:
            return changing.read_answer(self._database.retrying(lambda connection: work(connection, at)))
        except Refused as refused:
            self._log(by, what, refused.first, at)
            raise

    def _log(self, by: int | None, what: str, refusal: Refusal, at: datetime) -> None:
        facts = json.dumps({name: str(value) for name, value in refusal.facts.items()}, ensure_ascii=False)
        with self._database.writing() as connection:
            about = {"at": moment(at), "actor": str(by or "visitor"), "what": what}
            values = {**about, "kind": int(refusal.kind), "facts": facts}
            connection.execute(insert(schema.refusal).values(values))
