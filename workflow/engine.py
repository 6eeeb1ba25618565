"""The one door: everything that a page, the command line or a program may ask of Skede or do to it."""

from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from states import Ore, load
from workflow.acts import registering
from workflow.bodies import seeding
from workflow.doors.access import Access
from workflow.doors.administration import Administration
from workflow.doors.assembly import Assembly
from workflow.doors.attention import Attention
from workflow.doors.erasing import Erasing
from workflow.doors.imports import Imports
from workflow.doors.mailing import Mailing
from workflow.doors.moderation import Moderation
from workflow.doors.opened import Clock, now
from workflow.doors.own_idea import OwnIdea
from workflow.doors.publishing import Publishing
from workflow.doors.questions import Questions
from workflow.doors.searching import Searching
from workflow.doors.secretariat import Secretariat
from workflow.doors.signing_in import SigningIn
from workflow.doors.staffing_questions import StaffingQuestions
from workflow.doors.subscribing import Subscribing
from workflow.doors.who_acts import WhoActs
from workflow.privacy import public_text
from workflow.publishing import erasure_list, wiping
from workflow.searching import indexing
from workflow.settings import configuration
from workflow.storage.database import Database
from workflow.submission import file_storing

__all__ = ["Clock", "Engine", "now"]


class Engine(
    Publishing,
    Subscribing,
    OwnIdea,
    Moderation,
    Erasing,
    WhoActs,
    Imports,
    Secretariat,
    Assembly,
    Attention,
    Mailing,
    Searching,
    Questions,
    Access,
    SigningIn,
    StaffingQuestions,
    Administration,
):
    """Opened with :meth:`open`; one in each process. What changes is in ``changes``, ``imports`` and ``attention``,
    what is asked in ``questions``, who is there in ``access``, who acts for whom in ``who_acts``."""

    @classmethod
    def open(cls, path: str | Path, clock: Clock = now) -> Self:
        """Reads the configuration and every process, prepares the database, seeds an empty one.

        Raises ConfigurationError or ProcessError with every fault, and refuses a database whose open proposals rest
        on a definition that names something gone.
        """
        settings = configuration.read(path)
        library = load(settings.processes)
        engine = cls(settings, Database(settings.database_url), library, clock)
        try:
            engine._prepare()
        except BaseException:
            engine.close()
            raise
        return engine

    def _prepare(self) -> None:
        """Tables, what the configuration seeds an empty database with, and definitions that can still be followed."""
        self._database.create()
        with self._database.writing() as connection:
            if seeding.seed(connection, self.config, self._clock()):
                self._register_budgets(connection)
            self._definitions.refuse_unfit(connection)
            self._erase_again(connection)
            looked_at = public_text.catch_up(connection)
            indexing.catch_up(connection)
            for each in looked_at:
                indexing.index(connection, each)

    def _erase_again(self, connection: Connection) -> None:
        """A database restored from a backup knows nothing of what was erased after it, and the list knows nothing of
        what was erased as the power went."""
        place = self.config.erasure_list
        known = erasure_list.read(place)
        erasure_list.apply_again(connection, known, self._clock())
        erasure_list.add(place, [each for each in erasure_list.listed(connection) if each.name not in known])
        file_storing.remove(file_storing.folder_of(self.config), wiping.files_gone(connection))

    def _register_budgets(self, connection: Connection) -> None:
        """The budgets that the configuration seeds are registered decisions like any other."""
        by = seeding.registrar(connection)
        for each in self.config.budgets:
            decided = registering.Registered(
                "budget", each.body, each.decided_on, each.paragraph or "", each.wording, each.pot, each.year,
                Ore(each.amount),
            )  # fmt: skip
            key = f"seed budget {each.pot} {each.year}"
            registering.register(connection, decided, by=by, key=key, at=self._clock())

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
