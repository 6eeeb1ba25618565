"""The one door: everything that a page, the command line or a program may ask of Skede or do to it.

Each method opens one transaction, hands it to the module that knows, and logs what was refused outside it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, insert, select

from states import Capacity, Library, Ore, Refusal, RefusalKind, load
from workflow import (
    booking,
    case,
    changing,
    clock,
    configuration,
    configuring,
    correcting,
    deciding,
    loading,
    overview,
    pots,
    queues,
    schema,
    seeding,
    sessions,
    submitting,
    timeline,
    verifying,
    views,
)
from workflow.columns import moment
from workflow.contents import Rows, Text
from workflow.database import Database
from workflow.deciding import STOCKHOLM, Ask
from workflow.definitions import Definitions
from workflow.pots import PotChoice
from workflow.refused import Refused

Clock = Callable[[], datetime]


def now() -> datetime:
    """The moment, in UTC: the clock that a running server uses."""
    return datetime.now(UTC)


class Engine:
    """Opened with :meth:`open`; one in each process. Every ``by`` is a person's id, every ``key`` a fresh UUID that
    makes a repeated call give the same answer. Methods that change raise Refused and then have changed nothing."""

    def __init__(
        self, settings: configuration.Configuration, database: Database, library: Library, clock: Clock
    ) -> None:
        self.config, self.library = settings, library
        self._database, self._clock = database, clock
        self._definitions = Definitions(library.processes)
        self._counts = overview.StageCounts()

    @classmethod
    def open(cls, path: str | Path, clock: Clock = now) -> Self:
        """Reads the configuration and every process, prepares the database, seeds an empty one.

        Raises ConfigurationError or ProcessError with every fault, and refuses a database whose open proposals rest
        on a definition that names something gone.
        """
        settings = configuration.read(path)
        library = load(settings.processes)
        database = Database(settings.database_url)
        engine = cls(settings, database, library, clock)
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

    def _register_budgets(self, connection: Connection) -> None:
        """The budgets that the configuration seeds are registered decisions like any other."""
        by = seeding.registrar(connection)
        for each in self.config.budgets:
            decided = booking.Registered(
                "budget", each.body, each.decided_on, each.paragraph or "", each.wording, each.pot, each.year,
                Ore(each.amount),
            )  # fmt: skip
            key = f"seed budget {each.pot} {each.year}"
            booking.register(connection, decided, by=by, key=key, at=self._clock())

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def database(self) -> Database:
        """For programmes that measure and verify; pages have no business with it."""
        return self._database

    def today(self) -> date:
        return self._clock().astimezone(STOCKHOLM).date()

    # --- changing --------------------------------------------------------------------------------------------

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
    ) -> views.Receipt:
        """Hands in a proposal on the latest version of a process."""
        chosen = self.library.latest(process)
        answer = self._change(
            by,
            f"submit {process}",
            lambda connection, at: submitting.submit(
                connection,
                self._definitions,
                chosen,
                by=by,
                key=key,
                contact=contact or {},
                text=text,
                rows=rows or Rows(),
                is_example=is_example,
                at=at,
            ),
        )
        due = answer["first_answer_by"]
        return views.Receipt(answer["number"], answer["secret"], date.fromisoformat(due) if due else None)

    def revise(self, number: str, *, by: int, key: str, seen_revision: int, text: Text, rows: Rows) -> views.Done:
        """Writes the next revision of the content."""
        return self._done(
            by,
            f"revise {number}",
            lambda connection, at: changing.revise(
                connection,
                self._definitions,
                number,
                by=by,
                key=key,
                seen_revision=seen_revision,
                text=text,
                rows=rows,
                at=at,
            ),
        )

    def classify(
        self, number: str, *, by: int, key: str, seen_revision: int, classifications: Mapping[int, tuple[str, str]]
    ) -> views.Done:
        """The attestant says for each line n which pot it belongs to, and why."""
        return self._done(
            by,
            f"classify {number}",
            lambda connection, at: changing.classify(
                connection,
                self._definitions,
                number,
                by=by,
                key=key,
                seen_revision=seen_revision,
                classifications=classifications,
                at=at,
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
    ) -> views.Done:
        """Carries out a transition: the only way a proposal moves."""
        ask = Ask(number, transition, by, seen_version, seen_revision, key, capacity, form or {})
        return self._done(
            by, f"{transition} {number}", lambda connection, at: deciding.decide(connection, self._definitions, ask, at)
        )

    def book(self, number: str, invoice: booking.Invoice, *, by: int, key: str) -> views.Done:
        """Books an invoice or a credit note: a fact, which moves nothing."""
        return self._done(
            by,
            f"book {number}",
            lambda connection, at: booking.book(connection, self._definitions, number, invoice, by=by, key=key, at=at),
        )

    def correct(self, number: str, *, by: int, key: str, seen_version: int, reason: str) -> views.Done:
        """Undoes the latest step, by whoever took it, with a reason."""
        return self._done(
            by,
            f"correct {number}",
            lambda connection, at: correcting.correct(
                connection, self._definitions, number, by=by, key=key, seen_version=seen_version, reason=reason, at=at
            ),
        )

    def tick(self) -> tuple[views.Done, ...]:
        """Takes every transition whose day has come, as the actor *clock*; safe to ask for again."""
        return clock.tick(self._database, self._definitions, self._clock())

    def register(self, decided: booking.Registered, *, by: int, key: str) -> views.Done:
        """Registers a decision that stands alone: a budget, a supplement, the cover of an överskridande."""
        return self._done(
            by,
            f"register {decided.kind}",
            lambda connection, at: booking.register(connection, decided, by=by, key=key, at=at),
        )

    def configure(self, what: str, row: Mapping[str, Any], *, by: int, key: str) -> None:
        """Adds a dated row that the municipality decides: membership, right, rate or meeting. An event of its own."""
        self._change(
            by,
            f"configure {what}",
            lambda connection, at: configuring.configure(connection, what, row, by=by, key=key, at=at),
        )

    def _done(self, by: int, what: str, work: Callable[[Connection, datetime], str]) -> views.Done:
        return views.Done(**self._change(by, what, work))

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

    # --- asking ----------------------------------------------------------------------------------------------

    def options(self, number: str, person: int) -> tuple[views.Option, ...]:
        """Every transition from here: in which capacities it may be taken, or every blocker."""
        with self._database.reading() as connection:
            return case.options(connection, self._definitions, number, person, self.today())

    def case(self, number: str, person: int, seen_version: int | None = None) -> views.Case:
        """The decision page."""
        with self._database.reading() as connection:
            return case.case(connection, self._definitions, self.config, number, person, self.today(), seen_version)

    def timeline(self, number: str, viewer: int | None = None) -> views.Timeline:
        """The status page of a proposal, as much of it as the viewer may see; None is the public."""
        with self._database.reading() as connection:
            held: tuple[Capacity, ...] = ()
            if viewer is not None:
                held = case.look(connection, number, viewer, self.today())[1].capacities
            return timeline.timeline(
                connection, self._definitions, number, capacities=held, config=self.config, today=self.today()
            )

    def queue(self, person: int, after: str | None = None, limit: int = 50) -> views.QueuePage:
        """Att göra: what waits for this person, nearest deadline first."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            if actor is None:
                raise Refused.because(RefusalKind.NOT_PERMITTED)
            return queues.queue(
                connection,
                self._definitions,
                ref=actor.ref,
                capacities=actor.capacities,
                today=self.today(),
                after=after,
                limit=limit,
            )

    def badge(self, person: int) -> int:
        """How many duties wait; 100 means more than 99."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            return queues.badge(connection, actor.capacities) if actor else 0

    def overview(self) -> views.Overview:
        with self._database.reading() as connection:
            return overview.overview(connection, self._definitions, self._counts, self._clock())

    def proposals(
        self, *, process: str | None = None, state: str | None = None, after: str | None = None, limit: int = 50
    ) -> tuple[views.ListRow, ...]:
        """Proposals of a process at a stage, newest first."""
        with self._database.reading() as connection:
            return overview.proposals(connection, self._definitions, process, state, after=after, limit=limit)

    def find(self, text: str, after: str | None = None, limit: int = 50) -> tuple[views.ListRow, ...]:
        """Proposals found by number or words, newest first."""
        with self._database.reading() as connection:
            return overview.find(connection, self._definitions, text, after=after, limit=limit)

    def pots(self, year: int | None = None) -> tuple[views.PotYear, ...]:
        with self._database.reading() as connection:
            return pots.pots(connection, year)

    def pot_years(self) -> tuple[int, ...]:
        with self._database.reading() as connection:
            return pots.pot_years(connection)

    def pot_choices(self) -> tuple[PotChoice, ...]:
        """(code, title, kind) of every yearly pot: what a funding row may name."""
        with self._database.reading() as connection:
            return pots.pot_choices(connection)

    def entries(self, pot: str, year: int, bucket: str | None = None) -> tuple[views.Entry, ...]:
        """The ledger entries behind a figure, oldest first."""
        with self._database.reading() as connection:
            return pots.entries(connection, pot, year, bucket)

    def verify(self) -> tuple[str, ...]:
        """Every fault found by recomputing balances, states, chains and digests; empty when all agree."""
        with self._database.reading() as connection:
            return verifying.verify(connection, self._definitions)

    def seal(self) -> str:
        """One digest over the heads of all streams, as text to publish or keep elsewhere."""
        with self._database.reading() as connection:
            return verifying.seal(connection, self._clock())

    # --- who is there ----------------------------------------------------------------------------------------

    def sign_in(self, login: str, password: str) -> str:
        """The secret of a new session. Raises Refused(NOT_PERMITTED)."""
        with self._database.writing() as connection:
            return sessions.sign_in(connection, login, password, self._clock())

    def sign_in_as(self, person: int) -> str:
        """Without a password; only where the demo was loaded. Raises Refused(NOT_PERMITTED)."""
        with self._database.writing() as connection:
            return sessions.sign_in_as(connection, person, self._clock())

    def open_link(self, secret: str) -> str:
        """A session as proposer of the one proposal that the private link is for. Raises Refused(NOT_FOUND)."""
        with self._database.writing() as connection:
            return sessions.open_link(connection, secret, self._clock())

    def session(self, token: str) -> views.Signed | None:
        """Who is signed in; None when the session has ended. Its idle time starts anew, at most once a while."""
        at = self._clock()
        with self._database.reading() as connection:
            signed, touch = sessions.session(connection, token, at), sessions.needs_touch(connection, token, at)
        if touch:
            with self._database.writing() as connection:
                sessions.touch(connection, token, at)
        return signed

    def sign_out(self, token: str) -> None:
        with self._database.writing() as connection:
            sessions.sign_out(connection, token, self._clock())

    @property
    def is_demo(self) -> bool:
        with self._database.reading() as connection:
            return sessions.is_demo(connection)

    def mark_demo(self) -> None:
        with self._database.writing() as connection:
            sessions.mark_demo(connection)

    def capacities(self, person: int) -> tuple[Capacity, ...]:
        """As what a person may act today; empty for nobody we know."""
        with self._database.reading() as connection:
            actor = loading.actor(connection, person, self.today())
            return actor.capacities if actor else ()

    def differences(self) -> tuple[str, ...]:
        """Where the configuration file and the database say different things; reported, never applied."""
        with self._database.reading() as connection:
            return seeding.differences(connection, self.config)

    def demo_people(self) -> tuple[views.DemoPerson, ...]:
        with self._database.reading() as connection:
            return sessions.demo_people(connection, self.today())

    def is_empty(self) -> bool:
        """Whether nobody has handed in anything yet."""
        with self._database.reading() as connection:
            return connection.execute(select(schema.proposal.c.id).limit(1)).first() is None
