"""Everything that may be asked of Skede, each from one snapshot. Changes nothing and locks nothing."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from states import Capacity, Refusal, RefusalKind
from workflow.acts import registering
from workflow.bodies import seeding
from workflow.books import year_end, year_list
from workflow.books.views_list import YearList
from workflow.cases import case, timeline
from workflow.cases.step_kinds import Viewer
from workflow.doors.opened import Opened
from workflow.money import rates, running_costs
from workflow.money.views_money import Entry, LeftRow, PotYear, Rate, RunningCost
from workflow.people import rights
from workflow.proposals import finding, overview, pots
from workflow.proposals.pots import PotChoice
from workflow.proposals.queue_filter import ALL, Filter
from workflow.proposals.views_overview import Overview
from workflow.records import loading
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.verifying import verifying
from workflow.views.views_timeline import Timeline
from workflow.views.views_work import Case, Neighbours, Option, QueuePage, QueueRow, View
from workflow.waiting import queue_hands, queues
from workflow.waiting.queues import Look


class Questions(Opened):
    """Answers are frozen values, from the ``views`` modules."""

    def options(self, number: str, person: int) -> tuple[Option, ...]:
        """Every transition from here: in which capacities it may be taken, or every blocker."""
        with self._database.reading() as connection:
            return case.options(connection, self._definitions, number, person, self.today())

    def seen(self, number: str) -> tuple[int, int]:
        """The version and the revision that whoever looks now has seen. Raises Refused(NOT_FOUND)."""
        with self._database.reading() as connection:
            proposal = loading.load(connection, number, lock=False)
        if proposal is None:
            raise Refused.because(RefusalKind.NOT_FOUND, number=number)
        return proposal.version, proposal.revision

    def case(self, number: str, person: int, seen_version: int | None = None) -> Case:
        """The decision page."""
        with self._database.reading() as connection:
            return case.case(connection, self._definitions, self.config, number, person, self.today(), seen_version)

    def timeline(self, number: str, viewer: int | None = None) -> Timeline:
        """The status page of a proposal, as much of it as the viewer may see; None is the public."""
        with self._database.reading() as connection:
            held: tuple[Capacity, ...] = ()
            if viewer is not None:
                held = case.held_on(connection, number, viewer, self.today())
            return timeline.timeline(
                connection, self._definitions, number, capacities=held, config=self.config, today=self.today(),
                usual=self._usual_times.read(connection, self._definitions),
            )  # fmt: skip

    def queue(
        self, person: int, after: str | None = None, limit: int = 50, *, view: View = "", asked: Filter = ALL
    ) -> QueuePage:
        """Att göra: what waits for this person, nearest deadline first unless asked otherwise, and what else concerns
        them; with a ``view`` one section of it."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            if actor is None:
                raise Refused.because(RefusalKind.NOT_PERMITTED)
            look = Look(view, asked, after, limit)
            page = queues.queue(connection, self._definitions, actor=actor, today=self.today(), look=look)
            return queue_hands.in_hands(connection, self._definitions, page, actor, self.today(), look)

    def neighbours(self, person: int, number: str, duty: int = 0, asked: Filter = ALL) -> Neighbours:
        """What stands before and after a duty in this person's queue, whether it has been answered or not."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            if actor is None:
                return Neighbours(None, None, None)
            return queues.neighbours(
                connection, self._definitions, actor=actor, today=self.today(), asked=asked, duty=duty, number=number
            )

    def chosen(self, person: int, numbers: Sequence[str]) -> tuple[QueueRow, ...]:
        """Of these proposals the ones whose step waits for this person."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            if actor is None or not numbers:
                return ()
            return queues.chosen(
                connection, self._definitions, actor=actor, today=self.today(), numbers=list(dict.fromkeys(numbers))
            )

    def badge(self, person: int) -> int:
        """How many duties wait; 100 means more than 99."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            return queue_hands.count(connection, queues.badge(connection, actor), person) if actor else 0

    def stamp(self) -> str:
        """Of the whole database: what was read under an equal one still stands, see :class:`Stamps`."""
        return self._database.stamp()

    def overview(self) -> Overview:
        with self._database.reading() as connection:
            return overview.overview(connection, self._definitions, self._counts, self._clock())

    def instances(self) -> dict[str, str | None]:
        """Who may decide about anything today, lowest first: a body's code and its title, or a role and None."""
        with self._database.reading() as connection:
            levels, titles = rights.Rights(connection, self.today()).levels(), finding.body_titles(connection)
            return {name: titles.get(name) for name in sorted(levels, key=lambda name: levels[name])}

    def pots(self, year: int | None = None) -> tuple[PotYear, ...]:
        with self._database.reading() as connection:
            return pots.pots(connection, year)

    def pot_years(self) -> tuple[int, ...]:
        with self._database.reading() as connection:
            return pots.pot_years(connection)

    def pot_choices(self) -> tuple[PotChoice, ...]:
        """(code, title, kind) of every yearly pot: what a funding row may name."""
        with self._database.reading() as connection:
            return pots.pot_choices(connection)

    def to_carry(self, pot: str, year: int) -> tuple[LeftRow, ...]:
        """Underlag för ombudgetering: what is committed or ordered in a pot's year and not paid."""
        with self._database.reading() as connection:
            return year_end.to_carry(connection, pot, year)

    def year_list(self, year: int) -> YearList:
        """Årslistan: who asks a year's pots for money, in order, and where it ends."""
        with self._database.reading() as connection:
            return year_list.year_list(connection, self._definitions, year)

    def may_keep_books(self, person: int) -> tuple[Refusal, ...] | None:
        """Why this person may not register what is decided about pots; None: may."""
        with self._database.reading() as connection:
            return registering.refusals(connection, person, self.today())

    def entries(
        self, pot: str, year: int, bucket: str | None = None, *, viewer: int | None = None
    ) -> tuple[Entry, ...]:
        """The ledger entries behind a figure, oldest first; officials also see the supplier and the voucher."""
        with self._database.reading() as connection:
            official = self._viewer(connection, viewer) == "official"
            return pots.entries(connection, pot, year, bucket, names_suppliers=official)

    def _viewer(self, connection: Connection, person: int | None) -> Viewer:
        actor = None if person is None else loading.actor(connection, person, self.today())
        return timeline.viewer_of(connection, actor.capacities if actor else ())

    def running_costs(self, year: int) -> tuple[RunningCost, ...]:
        """What decided investments cost operations in a year, oldest proposal first."""
        with self._database.reading() as connection:
            return running_costs.running_costs(connection, year)

    def rates(self) -> tuple[Rate, ...]:
        """Every rate and limit by name, the latest years first, with its history."""
        with self._database.reading() as connection:
            return rates.rates(connection, self.today())

    def rate_units(self) -> dict[str, str]:
        """The rates that can be given, and in what unit."""
        with self._database.reading() as connection:
            return rates.units(connection)

    def verify(self) -> tuple[str, ...]:
        """Every fault found by recomputing balances, states, chains and digests; empty when all agree."""
        with self._database.reading() as connection:
            return verifying.verify(connection, self._definitions)

    def seal(self) -> str:
        """One digest over the heads of all streams, as text to publish or keep elsewhere."""
        with self._database.reading() as connection:
            return verifying.seal(connection, self._clock())

    def differences(self) -> tuple[str, ...]:
        """Where the configuration file and the database say different things; reported, never applied."""
        with self._database.reading() as connection:
            return seeding.differences(connection, self.config)

    def is_empty(self) -> bool:
        """Whether nobody has handed in anything yet."""
        with self._database.reading() as connection:
            return connection.execute(select(schema.proposal.c.id).limit(1)).first() is None
