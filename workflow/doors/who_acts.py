"""The door for who may act: deputies, interests, tasks in a colleague's hands, and what a revisor takes away."""

from collections.abc import Collection
from datetime import date

from states import RefusalKind
from workflow.acts import acting, handing
from workflow.acts.acting import Entitled
from workflow.bodies import properties
from workflow.bodies.properties import Property
from workflow.cases import case, case_file, interests, stakes
from workflow.cases.interests import Declared
from workflow.cases.stakes import Colleague, Stakes
from workflow.doors.changes import Changes
from workflow.people import deputies
from workflow.people.deputies import Absence, Deputy
from workflow.records import actors, loading
from workflow.records.answers import Done
from workflow.records.refused import Refused


class WhoActs(Changes):
    """Every ``by`` is a person's id, every ``key`` a fresh UUID. Methods raise Refused, having changed nothing."""

    def name_deputy(self, told: Absence, *, by: int, key: str) -> Done:
        """Names who stands in while somebody is away."""
        return self._done(by, "name deputy", lambda c, at: deputies.name(c, told, by=by, key=key, at=at))

    def end_deputy(self, deputy: int, *, by: int, key: str) -> Done:
        """Somebody is back before the last day."""
        return self._done(by, f"end deputy {deputy}", lambda c, at: deputies.end(c, deputy, by=by, key=key, at=at))

    def declare_interest(self, number: str, told: Declared, *, by: int, key: str) -> Done:
        """Somebody takes no part in a proposal from now on."""
        return self._done(
            by,
            f"interest {number}",
            lambda c, at: interests.declare(c, self._definitions, number, told, by=by, key=key, at=at),
        )

    def withdraw_interest(self, number: str, person: int, *, by: int, key: str, reason: str) -> Done:
        """An interest is taken back."""
        return self._done(
            by,
            f"withdraw interest {number}",
            lambda c, at: interests.withdraw(
                c, self._definitions, number, person, by=by, key=key, reason=reason, at=at
            ),
        )

    def hand_task(self, number: str, duty: int, to: int, *, by: int, key: str, remarks: str = "") -> Done:
        """Puts a task in the hands of a colleague who may do it anyway."""
        return self._done(
            by,
            f"hand {number}",
            lambda c, at: handing.hand(c, self._definitions, number, duty, to, by=by, key=key, remarks=remarks, at=at),
        )

    def give_back_task(self, number: str, duty: int, *, by: int, key: str) -> Done:
        """Takes a task back, or gives it back."""
        return self._done(
            by,
            f"give back {number}",
            lambda c, at: handing.give_back(c, self._definitions, number, duty, by=by, key=key, at=at),
        )

    def deputies(self, person: int) -> tuple[Deputy, ...]:
        """Where somebody is away or stands in, now and to come."""
        with self._database.reading() as connection:
            return deputies.of_person(connection, person, self.today())

    def stakes(self, number: str, person: int) -> Stakes:
        """What somebody has to do with a proposal beside its steps. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
        with self._database.reading() as connection:
            return stakes.stakes(connection, number, person, self.today())

    def colleagues(self, holder: str | None = None, number: str | None = None, but: int = 0) -> tuple[Colleague, ...]:
        """Everybody with something of their own today, or those who may do a task; without one person."""
        with self._database.reading() as connection:
            return stakes.colleagues(connection, self.today(), holder, number, but)

    def all_deputies(self) -> tuple[Deputy, ...]:
        """Everybody who is away, now and to come."""
        with self._database.reading() as connection:
            return deputies.all_of_them(connection, self.today())

    def properties(self) -> tuple[Property, ...]:
        """What members own or represent, as the places that it adjoins."""
        with self._database.reading() as connection:
            return properties.in_force(connection, self.today())

    def case_file(self, number: str, *, by: int) -> bytes:
        """A proposal's whole case file as a ZIP archive, for an auditor. Raises Refused: NOT_FOUND, NOT_PERMITTED."""
        with self._database.reading() as connection:
            case_file.require_auditor(actors.find(connection, by, self.today()))
            return case_file.case_file(connection, case.find(connection, number))

    def who_may_act(
        self,
        holder: str,
        number: str | None = None,
        on: date | None = None,
        *,
        decides_on: Collection[str] | None = None,
        four_eyes: bool = False,
    ) -> tuple[Entitled, ...]:
        """Who may act in a role on a day for a proposal. Raises Refused(NOT_FOUND)."""
        with self._database.reading() as connection:
            proposal = loading.load(connection, number, lock=False) if number else None
            if number and proposal is None:
                raise Refused.because(RefusalKind.NOT_FOUND, number=number)
            return acting.who_may_act(
                connection, holder, on or self.today(), proposal, decides_on=decides_on, four_eyes=four_eyes
            )
