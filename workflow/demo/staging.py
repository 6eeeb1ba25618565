"""A stage for one proposal: whoever may take the next step takes it, at a time that is given. For the demo and tests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from states import Capacity, CostLine, Ore
from workflow.books.booking import Invoice
from workflow.books.cofinancing import Noted
from workflow.demo import demo_pictures
from workflow.engine import Engine
from workflow.money.contents import FundingAsk, Rows, Text
from workflow.money.line_details import LineDetails
from workflow.records.answers import DemoPerson
from workflow.submission.uploads import Said

Line = tuple[str, str, int, int]  # what, kind, kronor, useful life in years
Paid = tuple[int, str, int, int]  # line, pot, budget year, kronor
Running = tuple[int, int, int]  # care, power and winter, kronor a year; nothing stated is 0
NONE: Running = (0, 0, 0)


class Clock:
    """The demo's own time: it stands still until a step says when it was taken."""

    def __init__(self) -> None:
        self.at = datetime(2020, 1, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def to(self, day: date) -> None:
        self.at = max(self.at + timedelta(minutes=1), datetime.combine(day, time(9), tzinfo=UTC))


@dataclass(slots=True)
class Stage:
    """One proposal on its way: who may take the next step is asked of the engine, as a person would."""

    engine: Engine
    clock: Clock
    number: str = ""
    cast: tuple[DemoPerson, ...] = ()

    def key(self) -> str:
        """A fresh one: every step here is meant once."""
        return str(uuid4())

    def submit(self, on: date, process: str, text: Text, *, example: bool = True) -> None:
        self.clock.to(on)
        receipt = self.engine.submit(process=process, by=None, key=self.key(), text=text, is_example=example)
        self.number = receipt.number

    def content(
        self, on: date, text: Text, lines: tuple[Line, ...], paid: tuple[Paid, ...], running: Running = NONE
    ) -> None:
        """The officer writes costs and funding, the attestant agrees to what is proposed, or says why not."""
        self.write(on, text, lines, paid, running)
        self.classify({n: _pot_of(n, paid) for n in range(1, len(lines) + 1)})

    def write(
        self, on: date, text: Text, lines: tuple[Line, ...], paid: tuple[Paid, ...], running: Running = NONE
    ) -> None:
        """``running`` is what the last line costs to run for a year."""
        self.clock.to(on)
        _, seen = self.engine.seen(self.number)
        written = tuple(
            CostLine(n, what, kind, Ore(kronor * 100), life or None, "municipality")
            for n, (what, kind, kronor, life) in enumerate(lines, 1)
        )
        care, power, winter = (Ore(kronor * 100) if kronor else None for kronor in running)
        rows = Rows(
            written, tuple(_funding(each) for each in paid),
            {len(lines): LineDetails(care_ore=care, power_ore=power, winter_ore=winter)},
        )  # fmt: skip
        self.engine.revise(
            self.number, by=self._who("officer"), key=self.key(), seen_revision=seen, text=text, rows=rows
        )

    def classify(self, pots: Mapping[int, str]) -> None:
        by = self._who("attestant")
        case = self.engine.case(self.number, by)
        reasons = {
            "investment": "Håller i många år och står på kommunens mark. Hela köpet är av väsentligt värde.",
            "operating": "Förbrukas eller är ett underlag: hör till driften.",
        }
        said = {n: (pot, "" if case.proposed[n].to == pot else reasons[pot]) for n, pot in pots.items()}
        self.engine.classify(self.number, by=by, key=self.key(), seen_revision=case.revision, classifications=said)

    def act(self, on: date, transition: str, **form: Any) -> None:
        """The first person who may take the transition takes it, with the words given."""
        self.clock.to(on)
        for person in self._people():
            options = self.engine.options(self.number, person.person)
            option = next((each for each in options if each.transition.id == transition), None)
            if option is not None and option.capacities and option.allowed:
                version, revision = self.engine.seen(self.number)
                self.engine.act(
                    self.number, transition, by=person.person, seen_version=version, seen_revision=revision,
                    key=self.key(), capacity=option.capacities[0].role, form=form,
                )  # fmt: skip
                return
        raise LookupError(f"nobody may take {transition} on {self.number}: {self._blockers(transition)}")

    def invoice(self, on: date, funding: int, kronor: int, supplier: str, voucher: str) -> None:
        self.clock.to(on)
        booked = Invoice("invoice", funding, Ore(kronor * 100), on, supplier, voucher)
        self.engine.book(self.number, booked, by=self._who("controller"), key=self.key())

    def cofinance(self, on: date, financier: str, standing: str) -> None:
        self.clock.to(on)
        self.engine.note_cofinancing(
            self.number, Noted(financier, standing, on), by=self._who("officer"), key=self.key()
        )

    def picture(self, on: date, scene: demo_pictures.Scene, phase: str) -> None:
        """A drawn picture that an officer adds."""
        self.clock.to(on)
        said = Said(f"{scene}.png", demo_pictures.ALT[scene], phase)
        self.engine.add_file(
            self.number, demo_pictures.drawn(scene), said, by=self._who("officer"), key=self.key()
        )  # fmt: skip

    def _people(self) -> tuple[DemoPerson, ...]:
        self.cast = self.cast or self.engine.demo_people()
        return self.cast

    def _who(self, role: str) -> int:
        for person in self._people():
            if any(each.role == role for each in self._held(person.person)):
                return person.person
        raise LookupError(role)

    def _held(self, person: int) -> tuple[Capacity, ...]:
        return self.engine.capacities(person)

    def _blockers(self, transition: str) -> list[str]:
        found = self.engine.options(self.number, self._who("officer"))
        return [each.kind.name for option in found if option.transition.id == transition for each in option.blockers]


@dataclass(slots=True)
class Script:
    """What is to happen to one proposal, each step on its day. Nothing happens until it is played."""

    steps: list[tuple[date, Callable[[Stage], None]]] = field(default_factory=list)

    def submit(self, on: date, process: str, text: Text, *, example: bool = True) -> None:
        self.steps.append((on, partial(Stage.submit, on=on, process=process, text=text, example=example)))

    def content(
        self, on: date, text: Text, lines: tuple[Line, ...], paid: tuple[Paid, ...], running: Running = NONE
    ) -> None:
        said = partial(Stage.content, on=on, text=text, lines=lines, paid=paid, running=running)
        self.steps.append((on, said))

    def write(self, on: date, text: Text, lines: tuple[Line, ...], paid: tuple[Paid, ...]) -> None:
        """As :meth:`content`, and nobody has said yet which pot the lines belong to."""
        self.steps.append((on, partial(Stage.write, on=on, text=text, lines=lines, paid=paid)))

    def act(self, on: date, transition: str, **form: Any) -> None:
        self.steps.append((on, partial(Stage.act, on=on, transition=transition, **form)))

    def picture(self, on: date, scene: demo_pictures.Scene, phase: str) -> None:
        self.steps.append((on, partial(Stage.picture, on=on, scene=scene, phase=phase)))

    def cofinance(self, on: date, financier: str, standing: str) -> None:
        self.steps.append((on, partial(Stage.cofinance, on=on, financier=financier, standing=standing)))

    def invoice(self, on: date, funding: int, kronor: int, supplier: str, voucher: str) -> None:
        booked = partial(Stage.invoice, on=on, funding=funding, kronor=kronor, supplier=supplier, voucher=voucher)
        self.steps.append((on, booked))


def play(engine: Engine, clock: Clock, scripts: Iterable[Script], until: date) -> None:
    """Everything up to a day in the order in which it would have come in; the steps of one script in their own order."""
    stages = [(script, Stage(engine, clock)) for script in scripts]
    steps = [(on, n, step, stage) for script, stage in stages for n, (on, step) in enumerate(script.steps)]
    for on, _, step, stage in sorted(steps, key=lambda each: each[:2]):
        if on <= until:
            step(stage)


def _funding(paid: Paid) -> FundingAsk:
    line, pot, year, kronor = paid
    name, _, title = pot.partition(":")
    return FundingAsk(line, name, year, Ore(kronor * 100), title)


def _pot_of(line: int, paid: tuple[Paid, ...]) -> str:
    return "operating" if all(pot == "operating" for n, pot, _, _ in paid if n == line) else "investment"


def decided(on: date, paragraph: str, wording: str, financing: str) -> dict[str, Any]:
    return {"decided_on": on, "paragraph": paragraph, "wording": wording, "financing": financing}
