"""The first proposals through the one door, on both databases: accepted, refused, repeated, raced and verified."""

import multiprocessing
import os
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from states import Ore, RefusalKind
from workflow import Engine, Refused, Registered, Text, demo
from workflow.staging import Clock, Stage, decided

DAY = date(2026, 3, 2)
CONFIG = Path(__file__).parents[2] / "config.toml"


@pytest.fixture
def engine(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("SKEDE_DATABASE_URL", database_url)
    clock = Clock()
    clock.to(DAY)
    with Engine.open(CONFIG, clock=clock) as engine:
        engine.mark_demo()
        yield engine


def person(engine: Engine, title: str) -> int:
    return next(each.person for each in engine.demo_people() if each.title == title)


def budget(engine: Engine, kronor: int) -> None:
    """The investment pot of 2026 holds exactly this much."""
    told = Registered("budget", "kf", DAY, "§ 1", "Budget", "investment", 2026, Ore(kronor * 100))
    engine.register(told, by=person(engine, "Ekonom"), key=str(uuid.uuid4()))


def drafted(engine: Engine, kronor: int) -> Stage:
    """A purchase that is ready to be proposed."""
    clock = Clock()
    clock.to(DAY)
    stage = Stage(engine, clock)
    words = Text("Bänkar", "Fyra bänkar", "Torget")
    stage.submit(DAY, "purchase", words)
    stage.act(DAY, "accept")
    stage.content(DAY, words, (("Bänkar", "furniture", kronor, 10),), ((1, "investment", 2026, kronor),))
    stage.act(DAY, "to_review", assessment="Bra.")
    stage.act(DAY, "recommend", held_on=DAY, position_wording="Samsyn.")
    return stage


def everything(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table but the log of refusals."""
    with engine.database.reading() as connection:
        names = [
            "proposal", "revision", "cost_line", "funding", "duty", "event", "passage", "decision", "ledger_entry",
            "holding", "pot_year", "request", "notice",
        ]  # fmt: skip
        return {name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")))) for name in names}


def propose(engine: Engine, number: str, **more: object) -> None:
    officer = person(engine, "Handläggare")
    asked: dict[str, object] = {"by": officer, "seen_version": 5, "seen_revision": 2, "key": str(uuid.uuid4())}
    engine.act(number, "propose", **(asked | more))  # type: ignore[arg-type]


def refused(engine: Engine, number: str, transition: str = "propose", **more: object) -> Refused:
    """The refusal, after making sure that nothing changed."""
    before = everything(engine)
    asked: dict[str, object] = {
        "by": person(engine, "Handläggare"), "seen_version": 5, "seen_revision": 2, "key": str(uuid.uuid4()),
    }  # fmt: skip
    with pytest.raises(Refused) as caught:
        engine.act(number, transition, **(asked | more))  # type: ignore[arg-type]
    assert everything(engine) == before
    return caught.value


def test_the_wrong_person(engine: Engine) -> None:
    number = drafted(engine, 1_000).number
    outcome = refused(engine, number, by=person(engine, "Fastighetsägare"))
    assert outcome.first.kind is RefusalKind.NOT_PERMITTED
    assert outcome.first.lifted_by == ("officer",)


def test_the_wrong_state(engine: Engine) -> None:
    assert refused(engine, drafted(engine, 1_000).number, "sign").first.kind is RefusalKind.NOT_HERE


def test_an_unknown_number(engine: Engine) -> None:
    assert refused(engine, "CG-1999-001").first.kind is RefusalKind.NOT_FOUND


@pytest.mark.parametrize(
    ("seen", "kind"),
    [({"seen_version": 4}, RefusalKind.STALE_VERSION), ({"seen_revision": 1}, RefusalKind.STALE_REVISION)],
)
def test_what_was_seen_is_old(engine: Engine, seen: dict[str, object], kind: RefusalKind) -> None:
    assert refused(engine, drafted(engine, 1_000).number, **seen).first.kind is kind


def test_a_repeated_key_gives_the_same_answer_once(engine: Engine) -> None:
    number = drafted(engine, 1_000).number
    asked = {"by": person(engine, "Handläggare"), "seen_version": 5, "seen_revision": 2, "key": "the key"}
    first = engine.act(number, "propose", **asked)  # type: ignore[arg-type]
    after = everything(engine)
    assert engine.act(number, "propose", **asked) == first  # type: ignore[arg-type]
    assert everything(engine) == after
    other = refused(engine, number, form={"remarks": "Något annat."}, key="the key")
    assert other.first.kind is RefusalKind.KEY_REUSED


def test_a_pot_too_small_by_one_ore(engine: Engine) -> None:
    stage = drafted(engine, 1_000)
    told = Registered("budget", "kf", DAY, "§ 1", "Budget", "investment", 2026, Ore(99_999))
    engine.register(told, by=person(engine, "Ekonom"), key="one too few")
    outcome = refused(engine, stage.number)
    assert outcome.first.kind is RefusalKind.POT_SHORT
    assert outcome.first.facts["missing_ore"] == 1
    assert outcome.first.facts["year"] == 2026


def test_a_budget_that_nobody_decided(engine: Engine) -> None:
    clock = Clock()
    clock.to(DAY)
    stage = Stage(engine, clock)
    words = Text("Bänkar", "Fyra bänkar", "Torget")
    stage.submit(DAY, "purchase", words)
    stage.act(DAY, "accept")
    stage.content(DAY, words, (("Bänkar", "furniture", 1_000, 10),), ((1, "investment", 2027, 1_000),))
    stage.act(DAY, "skip_review", assessment="Bra.", reason="Litet.")
    assert refused(engine, stage.number, seen_version=4).first.kind is RefusalKind.BUDGET_NOT_DECIDED


def test_an_invoice_above_its_order_is_booked_and_stops_new_decisions(engine: Engine) -> None:
    first, second = drafted(engine, 1_000), drafted(engine, 1_000)
    first.act(DAY, "propose")
    first.act(DAY, "approve", **decided(DAY, "delegation", "Bifall.", "Investeringspotten"))
    first.act(DAY, "sign", supplier="Leverantör", contract_amount=Ore(100_000), ready_by=DAY)
    first.invoice(DAY, 1, 1_200, "Leverantör", "1")
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    assert (pot.spent, pot.overrun) == (120_000, 20_000)
    assert refused(engine, second.number).first.kind is RefusalKind.POT_OVERRUN
    assert engine.verify() == ()


def test_a_correction_undoes_the_latest_step(engine: Engine) -> None:
    stage = drafted(engine, 1_000)
    before = next(each for each in engine.pots(2026) if each.pot == "investment")
    stage.act(DAY, "propose")
    officer = person(engine, "Handläggare")
    engine.correct(stage.number, by=officer, key="undo", seen_version=6, reason="Fel förslag.")
    assert engine.timeline(stage.number).now.state == "drafting"
    assert next(each for each in engine.pots(2026) if each.pot == "investment") == before
    assert engine.verify() == ()


# The last krona, asked for by sixteen at once.


def race(url: str, number: str, officer: int, start: object, answers: object) -> None:
    os.environ["SKEDE_DATABASE_URL"] = url
    clock = Clock()
    clock.to(DAY)
    with Engine.open(CONFIG, clock=clock) as engine:
        start.wait()  # type: ignore[attr-defined]
        try:
            propose(engine, number, by=officer)
            answers.put("accepted")  # type: ignore[attr-defined]
        except Refused as refused:
            answers.put(refused.first.kind.name)  # type: ignore[attr-defined]


def test_sixteen_ask_for_the_last_krona(engine: Engine, database_url: str) -> None:
    numbers = [drafted(engine, 1_000).number for _ in range(16)]
    budget(engine, 5_000)
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(16), context.Queue()
    officer = person(engine, "Handläggare")
    racers = [context.Process(target=race, args=(database_url, each, officer, start, answers)) for each in numbers]
    for each in racers:
        each.start()
    outcome = sorted(answers.get(timeout=120) for _ in racers)
    for each in racers:
        each.join(60)
    assert outcome == ["POT_SHORT"] * 11 + ["accepted"] * 5
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    assert (pot.available, pot.reserved) == (0, 500_000)
    assert engine.verify() == ()


# What verify promises.

CHANGED = {
    "event": ("kind", "actor", "recorded_at", "body", "previous", "hash"),
    "ledger_entry": (
        "pot_year_id", "kind", "from_bucket", "to_bucket", "amount_ore", "binding", "funding", "year",
        "accounting_on", "supplier", "voucher",
    ),
    "pot_year": ("pot_id", "year", "budget_ore", "available_ore", "spent_ore", "decided", "closed_on"),
    "proposal": (
        "definition_id", "proposer_id", "state", "origin", "awaits_role", "awaits_body", "version", "revision", "seq",
        "head", "since", "due_on", "parked_until", "ended_at", "created_at", "registry_no", "is_example",
    ),
    "decision": (
        "instance", "kind", "outcome", "decided_on", "paragraph", "delegation_point", "registry_no", "adjusted_on",
    ),
}  # fmt: skip


def test_the_demo_verifies(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKEDE_DATABASE_URL", database_url)
    demo.play(CONFIG, date(2026, 11, 24))
    with Engine.open(CONFIG) as engine:
        assert engine.verify() == ()
        assert "sha256=" in engine.seal()


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in CHANGED.items() for c in columns])
def test_a_changed_column_is_found(table: str, column: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite, where a file can be changed behind the engine's back with the triggers dropped."""
    monkeypatch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{tmp_path / 'skede.sqlite3'}")
    clock = Clock()
    clock.to(DAY)
    with Engine.open(CONFIG, clock=clock) as engine:
        engine.mark_demo()
        stage = drafted(engine, 1_000)
        drafted(engine, 2_000)
        stage.clock.to(DAY)
        engine.submit(process="activity", by=None, key="another", text=Text("Kväll", "Föredrag", "Torget"))
        stage.act(DAY, "propose")
        stage.act(DAY, "approve", **decided(DAY, "delegation", "Bifall.", "Investeringspotten"))
        assert engine.verify() == ()
        with engine.database.writing() as connection:
            for (trigger,) in list(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))):
                connection.execute(text(f"DROP TRIGGER {trigger}"))
            connection.execute(text("INSERT INTO pot (code, kind, title) VALUES ('x', 'investment', 'X')"))
            connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            where = {"proposal": "number = 'CG-2026-001'", "pot_year": "available_ore < budget_ore"}.get(
                table, "stream = 'CG-2026-001' AND seq = (SELECT max(seq) FROM event WHERE stream = 'CG-2026-001')"
            )
            old = connection.execute(text(f"SELECT {column} FROM {table} WHERE {where} LIMIT 1")).scalar()
            new = changed(table, column, old)
            connection.execute(text(f"UPDATE {table} SET {column} = :new WHERE {where}"), {"new": new})
        faults = engine.verify()
    assert any(each.startswith(f"{table} (") for each in faults), (column, old, new, faults)


def changed(table: str, column: str, old: object) -> object:
    """Another value of the same type that the table takes."""
    if column == "pot_id":
        return 3
    if (table, column) == ("pot_year", "year"):
        return 2099
    if column in ("definition_id", "proposer_id", "pot_year_id"):
        return 1 if old != 1 else 2
    if column in (
        "closed_on",
        "parked_until",
        "ended_at",
        "due_on",
        "registry_no",
        "adjusted_on",
        "supplier",
        "voucher",
    ):
        return "2026-01-01"
    if isinstance(old, int):
        return 1 - old if column in ("decided", "is_example") else old + 1
    return f"{old or ''}x"
