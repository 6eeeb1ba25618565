"""Another town's process: what only its guards refuse, and that Skede runs a process that did not come with it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from states import Ore, RefusalKind
from tests.workflow.cast import CONFIG, DAY, WORDS, clock_of, everything, key, line, opened, paid, person
from workflow import Engine, Invoice, Refused, Rows

LOAN = """
id = "loan"
version = 1
title = "Lån av möbler"

[bindings]
hire = { lines = ["all"], sources = ["operating"] }

[[state]]
id = "idea"
title = "Idé"
public = "svar på idén"
awaits = "officer"
deadline = { working_days = 10 }

[[state.transition]]
id = "propose"
title = "Lämna till beslut"
to = "decision"
role = "officer"
money = { reserve = "hire" }

[[state]]
id = "decision"
title = "Beslut"
public = "beslut av {awaits}"
awaits = { decider_for = "total" }
deadline = { working_days = 10 }

[[state.transition]]
id = "approve"
title = "Registrera bifall"
to = "ordering"
role = { registrar_of = "awaits" }
decision = "approved"
money = { release = "hire", commit = "hire" }
asks = ["decided_on", "wording"]

[[state.transition]]
id = "note_delivery_day"
title = "Anteckna leveransdag innan något är beslutat"
to = "decision"
role = "officer"
guards = [{ is_committed = "hire" }]

[[state]]
id = "ordering"
title = "Beställning"
public = "beställningen"
awaits = "buyer"
deadline = { working_days = 10 }

[[state.transition]]
id = "sign"
title = "Beställ"
to = "on_loan"
role = "buyer"
money = { order = "hire" }

[[state.transition]]
id = "note_delivery_day"
title = "Anteckna leveransdag innan något är beställt"
to = "ordering"
role = "officer"
guards = [{ is_ordered = "hire" }]

[[state]]
id = "on_loan"
title = "Utlånat"
public = "att möblerna kommer tillbaka"
awaits = "officer"
deadline = { working_days = 90 }
spends = ["hire"]

[[state.transition]]
id = "finish"
title = "Möblerna är tillbaka"
to = "done"
role = "officer"
money = { release = "open" }

[[state.transition]]
id = "call_off"
title = "Avbeställ"
to = "called_off"
role = "officer"
guards = ["nothing_is_spent"]
money = { release = "open" }

[[state]]
id = "done"
title = "Klart"
public = "Klart"
end = true

[[state]]
id = "called_off"
title = "Avbeställt"
public = "Avbeställt"
end = true
"""


@pytest.fixture
def town(seeded_url: str, tmp_path: Path) -> Iterator[Engine]:
    """The shipped configuration with a process of the town's own beside the shipped ones."""
    shutil.copytree(CONFIG.parent / "states" / "processes", tmp_path / "processes")
    (tmp_path / "processes" / "loan.toml").write_text(LOAN, encoding="utf-8")
    given = CONFIG.read_text(encoding="utf-8")
    told = given.replace('processes = "states/processes"', 'processes = "processes"')
    assert told != given
    (tmp_path / "config.toml").write_text(told, encoding="utf-8")
    with opened(seeded_url, config=tmp_path / "config.toml") as engine:
        yield engine


class Loan:
    """One loan of 1 000 kr, moved by whoever may."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.version = engine, 1
        rows = Rows((line(1, "furniture", 1_000),), (paid(1, "operating", 1_000),))
        self.number = engine.submit(process="loan", by=None, key=key(), text=WORDS, rows=rows, is_example=True).number

    def act(self, transition: str, title: str = "Handläggare", **form: object) -> None:
        self.engine.act(
            self.number, transition, by=person(self.engine, title), seen_version=self.version, seen_revision=1,
            key=key(), form=form,
        )  # fmt: skip
        self.version += 1

    def refused(self, transition: str) -> Refused:
        """The refusal, which a page tells of beforehand, after making sure that nothing changed."""
        before = everything(self.engine)
        with pytest.raises(Refused) as caught:
            self.act(transition)
        assert everything(self.engine) == before
        shown = self.engine.options(self.number, person(self.engine, "Handläggare"))
        (option,) = (each for each in shown if each.transition.id == transition)
        assert option.blockers == caught.value.refusals
        return caught.value

    def approve(self) -> None:
        clock_of(self.engine).to(DAY)
        self.act("approve", "Budgetansvarig", decided_on=DAY, wording="Bifall.")

    def money(self) -> tuple[int, ...]:
        pot = next(each for each in self.engine.pots(2026) if each.pot == "operating")
        return (pot.reserved, pot.committed, pot.ordered, pot.spent)


def test_nothing_is_committed_or_ordered_yet(town: Engine) -> None:
    loan = Loan(town)
    loan.act("propose")
    assert loan.money() == (100_000, 0, 0, 0)
    early = loan.refused("note_delivery_day")
    assert early.first.kind is RefusalKind.NOTHING_OPEN
    assert early.first.facts == {"binding": "hire", "bucket": "committed"}
    loan.approve()
    assert loan.money() == (0, 100_000, 0, 0)
    early = loan.refused("note_delivery_day")
    assert early.first.kind is RefusalKind.NOTHING_OPEN
    assert early.first.facts == {"binding": "hire", "bucket": "ordered"}
    assert early.first.lifted_by == ("budget_holder",)


def test_what_is_spent_cannot_be_called_off(town: Engine) -> None:
    loan = Loan(town)
    loan.act("propose")
    loan.approve()
    loan.act("sign", "Inköpare")
    bill = Invoice("invoice", 1, Ore(1), DAY, "Leverantör", "1")
    town.book(loan.number, bill, by=person(town, "Ekonom"), key=key())
    late = loan.refused("call_off")
    assert late.first.kind is RefusalKind.MONEY_SPENT
    assert late.first.facts == {"spent_ore": 1}
    back = Invoice("credit", 1, Ore(1), DAY, "Leverantör", "2")
    town.book(loan.number, back, by=person(town, "Ekonom"), key=key())
    loan.act("call_off")
    assert loan.money() == (0, 0, 0, 0)
    assert town.timeline(loan.number).now.ended
    assert town.verify() == ()
