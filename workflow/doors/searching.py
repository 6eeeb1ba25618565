"""How proposals are found: by words, by where they stand, by what pays, where and when. Changes nothing."""

from workflow.cases import money_list
from workflow.doors.questions import Questions
from workflow.money.views_money import Entry
from workflow.proposals import overview, pots
from workflow.proposals.pots import EntryKey
from workflow.proposals.views_overview import LatestStep, ListRow, MoneyRow
from workflow.searching import seeking
from workflow.searching.views_searching import Choices, Found, Sought, Stages


class Searching(Questions):
    """Only what is public is found, whoever asks."""

    def seek(self, sought: Sought, after: str | None = None, limit: int = 50) -> Found:
        """A page of proposals, newest first; ``after`` is the last number that was shown."""
        with self._database.reading() as connection:
            return seeking.found(connection, self._definitions, sought, after, limit)

    def find(self, text: str, after: str | None = None, limit: int = 50) -> tuple[ListRow, ...]:
        """Proposals found by number or words, newest first; without a word none."""
        return self.seek(Sought(text), after, limit).rows if text.strip() else ()

    def proposals(
        self, *, process: str | None = None, state: str | None = None, after: str | None = None, limit: int = 50
    ) -> tuple[ListRow, ...]:
        """Proposals of a process at a stage, newest first."""
        return self.seek(Sought(process=process, state=state), after, limit).rows

    def money_rows(self, sought: Sought = Sought(), *, viewer: int | None = None) -> tuple[MoneyRow, ...]:  # noqa: B008
        """The proposals that are sought, each with its money; newest first."""
        with self._database.reading() as connection:
            who, which = self._viewer(connection, viewer), seeking.which(connection, sought)
            return tuple(money_list.money_rows(connection, self._definitions, which, who))

    def stages(self) -> tuple[Stages, ...]:
        """How many proposals of each process stand where, and when that was counted."""
        with self._database.reading() as connection:
            return seeking.stages(connection, self._definitions, self._counts, self._clock())

    def search_choices(self) -> Choices:
        """What the filters of the list may be set to."""
        with self._database.reading() as connection:
            return seeking.choices(connection, self.today())

    def latest_steps(self, limit: int) -> tuple[LatestStep, ...]:
        """The latest public steps of all proposals, newest first."""
        with self._database.reading() as connection:
            return overview.latest(connection, self._definitions, limit)

    def steps_of_year(self, year: int) -> tuple[LatestStep, ...]:
        """Every public step that was recorded in a year, oldest first."""
        with self._database.reading() as connection:
            return overview.steps_of_year(connection, self._definitions, year)

    def numbers_of_year(self, year: int, limit: int) -> tuple[str, ...]:
        """The proposals that came in in a year, newest first."""
        with self._database.reading() as connection:
            return seeking.numbers(connection, Sought(year=year), limit)

    def entries_after(
        self, pot: str, year: int, after: EntryKey | None, limit: int
    ) -> tuple[tuple[EntryKey, Entry], ...]:
        """A page of a pot-year's ledger entries, as everybody may see them, in an order that never changes."""
        with self._database.reading() as connection:
            return pots.entries_after(connection, pot, year, after, limit)
