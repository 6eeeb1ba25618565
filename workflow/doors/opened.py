"""What every question and every change goes through: an open database, the definitions and the clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from states import Library
from workflow.cases.usual_times import UsualTimes
from workflow.proposals import overview
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.settings import configuration
from workflow.storage.database import Database

Clock = Callable[[], datetime]


def now() -> datetime:
    """The moment, in UTC: the clock that a running server uses."""
    return datetime.now(UTC)


class Opened:
    """One in each process. Holds no rule: a method opens one transaction and hands it to the module that knows."""

    def __init__(
        self, settings: configuration.Configuration, database: Database, library: Library, clock: Clock
    ) -> None:
        self.config, self.library = settings, library
        self._database, self._clock = database, clock
        self._definitions = Definitions(library.processes)
        self._counts, self._usual_times = overview.StageCounts(), UsualTimes()

    @property
    def database(self) -> Database:
        """For programmes that measure and verify; pages have no business with it."""
        return self._database

    def today(self) -> date:
        return local_date(self._clock())
