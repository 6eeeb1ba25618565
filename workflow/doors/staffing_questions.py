"""The door for whether it can be staffed. Holds no rule; changes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from states import Capacity, RefusalKind
from workflow.doors.opened import Opened
from workflow.people import sessions
from workflow.people.people import GROUPS
from workflow.records import loading
from workflow.records.refused import Refused
from workflow.staffing import staffing
from workflow.staffing.views_staffing import Away, Gap, Staffing

READERS = ("administrator", "auditor", "chair", "officer")


class StaffingQuestions(Opened):
    """Answers are frozen values, from ``views_staffing``."""

    def staffing(self, until: date | None = None, away: Away | None = None) -> Staffing:
        """Where nobody may act until a day; with somebody supposed to be away also what only that brings."""
        today = self.today()
        with self._database.reading() as connection:
            plain = staffing.staffing(connection, self._definitions, self.library, today, until)
            locked_out = () if sessions.is_demo(connection) else staffing.cannot_sign_in(connection, today)
            if away is None:
                return replace(plain, cannot_sign_in=locked_out)
            supposed = staffing.staffing(connection, self._definitions, self.library, today, until, (away,))
        return replace(plain, cannot_sign_in=locked_out, only_away=_new(plain.gaps, supposed.gaps))

    def staffing_for(self, person: int, until: date | None = None, away: Away | None = None) -> Staffing:
        """As :meth:`staffing`, for somebody of the organisation. Raises Refused(NOT_PERMITTED)."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
        if actor is None or not any(each.role in READERS for each in actor.capacities):
            raise Refused.because(RefusalKind.NOT_PERMITTED, READERS, needs=READERS[0])
        return self.staffing(until, away)

    def staffing_notice(self, capacities: Sequence[Capacity]) -> tuple[Gap, ...]:
        """What those who can appoint somebody are told in Att göra: an administrator of every gap, a chair of those of
        the body. Proposals are not counted: the queue opens as fast whatever waits."""
        roles = {each.role for each in capacities}
        if not roles & {"administrator", "chair"}:
            return ()
        with self._database.reading() as connection:
            found = staffing.staffing(
                connection, self._definitions, self.library, self.today(), open_proposals=False
            ).gaps
        if "administrator" in roles:
            return found
        mine = {f"registrar:{each.body}" for each in capacities if each.role == "chair"}
        mine |= {str(each.body_kind) for each in capacities if each.role == "chair" and each.body_kind in GROUPS}
        return tuple(each for each in found if each.needs in mine)

    def colleagues_seated(self) -> tuple[tuple[int, str], ...]:
        """Id and name of everybody who holds something today: who could be away."""
        with self._database.reading() as connection:
            return staffing.seated(connection, self.today())


def _new(plain: Sequence[Gap], supposed: Sequence[Gap]) -> tuple[Gap, ...]:
    """The gaps that are there only because somebody is away, or that begin earlier or stop more."""
    known = {(each.needs, each.why, each.from_on, each.stops) for each in plain}
    return tuple(each for each in supposed if (each.needs, each.why, each.from_on, each.stops) not in known)
