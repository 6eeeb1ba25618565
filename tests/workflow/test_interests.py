"""Who takes no part in a proposal does nothing with it, whatever else they hold; what has happened is booked."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import text

from states import Ore, RefusalKind
from tests.workflow.absences import ADMINISTRATOR, interested, seat, stand_in, tomorrow
from tests.workflow.cast import Case, key, person, rows
from tests.workflow.test_deputies import BEFORE, refused
from workflow import Engine, Text
from workflow.books.booking import Invoice
from workflow.books.cofinancing import Noted
from workflow.cases.interests import Declared

WORDS = Text("Bänkar", "Fyra bänkar", "Torget")
OFFICER = "Handläggare"


def deeds(case: Case) -> dict[str, Callable[[], object]]:
    """Everything that an officer, attestant and controller may do with a proposal, by one person who is all of them."""
    engine, number, who, now = case.engine, case.number, person(case.engine, OFFICER), case.stands()
    seen = {"seen_version": now["version"], "seen_revision": now["revision"]}
    revision = now["revision"]
    said = {1: ("investment", "Så är det.")}
    noted = Noted("Trafikverket", "agreed", engine.today())
    return {
        "step": lambda: engine.act(number, "park", by=who, key=key(), **seen),
        "revise": lambda: engine.revise(
            number, by=who, key=key(), seen_revision=revision, text=WORDS, rows=rows("purchase", 20_000)
        ),
        "classify": lambda: engine.classify(
            number, by=who, key=key(), seen_revision=revision, classifications=said
        ),
        "cofinancing": lambda: engine.note_cofinancing(number, noted, by=who, key=key()),
        "correct": lambda: engine.correct(number, by=who, key=key(), seen_version=now["version"], reason="Fel."),
        "hand a task": lambda: engine.hand_task(number, duty_of(case), person(engine, "Ekonom"), by=who, key=key()),
        "note another's": lambda: engine.declare_interest(
            number, Declared(person(engine, "Ekonom"), "own", "Bor där."), by=who, key=key()
        ),
        "rank": lambda: engine.rank(2026, [number], by=who, key=key()),
    }  # fmt: skip


def duty_of(case: Case, kind: str = "step") -> int:
    query = text(
        "SELECT d.id FROM duty d JOIN proposal p ON p.id = d.proposal_id"
        " WHERE p.number = :number AND d.kind = :kind AND d.answered_at IS NULL"
    )
    with case.engine.database.reading() as connection:
        return int(connection.execute(query, {"number": case.number, "kind": kind}).scalar_one())


def test_whoever_takes_no_part_does_nothing_with_it(engine: Engine) -> None:
    """KL 6 kap. 28-30 §§, for employees 7 kap. 4 §. No exemption for the administrator, who is everything here."""
    case = Case(engine, "purchase", 20_000).submit()
    who = person(engine, OFFICER)
    for role in ("attestant", "controller", "administrator"):
        seat(engine, who, role)
    case.walk("accept", "write", "to_review", "recommend", "propose", "refer_back.preparation")
    case.engine.act(
        case.number, "to_review", by=who, key=key(), seen_version=case.stands()["version"],
        seen_revision=case.stands()["revision"], form={"assessment": "Bra."},
    )  # fmt: skip
    interested(case, who)
    told = {name: refused(deed) for name, deed in deeds(case).items()}
    assert set(told.values()) == {RefusalKind.INTERESTED}, told
    options = engine.options(case.number, who)
    assert not [each.transition.id for each in options if each.allowed]
    other = Case(engine, "purchase", 20_000).submit()
    other.act("accept")
    assert other.stands()["state"] == "preparation", "another proposal is another matter"


def test_a_step_is_corrected_by_nobody_with_an_interest_and_by_nobody_whose_role_has_ended(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit().walk("accept")
    who, seen = person(engine, OFFICER), case.stands()["version"]

    def correct() -> object:
        return engine.correct(case.number, by=who, key=key(), seen_version=seen, reason="Fel.")

    interested(case, who)
    assert refused(correct) is RefusalKind.INTERESTED
    engine.withdraw_interest(case.number, who, by=who, key=key(), reason="Huset är sålt.")
    with engine.database.reading() as connection:
        row = connection.execute(text("SELECT id FROM membership WHERE role = 'officer'")).scalar_one()
    admin = person(engine, ADMINISTRATOR)
    engine.configure("membership", {"id": row, "to_on": case.day + timedelta(days=1)}, by=admin, key=key())
    correct()
    case.people["officer", None] = who
    case.act("accept")
    tomorrow(engine)
    assert (
        refused(
            lambda: engine.correct(case.number, by=who, key=key(), seen_version=case.stands()["version"], reason="Fel.")
        )
        is RefusalKind.NOT_PERMITTED
    )
    assert engine.verify() == ()


def test_what_has_happened_is_booked_all_the_same(engine: Engine) -> None:
    """An invoice is a fact: accounts that leave it out are wrong, whoever keeps them (LKBR 2018:597)."""
    case = Case(engine, "purchase", 20_000).submit().walk(*BEFORE, "approve", "sign")
    controller = person(engine, "Ekonom")
    interested(case, controller)
    engine.book(case.number, Invoice("invoice", 1, Ore(100_00), case.day, "Leverantör", "1"), by=controller, key=key())
    assert case.pots()["investment"]["spent"] == 100_00
    assert engine.verify() == ()


def test_a_sender_with_an_interest_is_a_party_and_withdraws(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    proposer = case.proposer()
    assert refused(lambda: interested(case, proposer)) is RefusalKind.FIELD_INVALID, "who decides nothing is no judge"
    case.act("withdraw")
    assert case.stands()["state"] == "withdrawn"


def test_the_deputy_of_somebody_with_an_interest_acts_and_a_deputy_with_one_does_not(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    stand_in(engine, OFFICER, "Ekonom", days=30)
    stand_in(engine, OFFICER, "Inköpare", days=30)
    interested(case, person(engine, OFFICER))
    interested(case, person(engine, "Inköpare"), "close")
    for who, kind in (("Inköpare", RefusalKind.INTERESTED), (OFFICER, RefusalKind.INTERESTED)):
        case.people["officer", None] = person(engine, who)
        assert refused(lambda: case.act("accept")) is kind
    assert {each.person for each in engine.who_may_act("officer", case.number)} == {person(engine, "Ekonom")}
    case.people["officer", None] = person(engine, "Ekonom")
    case.act("accept")


SAYING: tuple[tuple[str, str, str, str, RefusalKind | None], ...] = (
    ("Ekonom", "Ekonom", "own", "Äger huset.", None),
    ("Ekonom", OFFICER, "close", "Systern äger huset.", None),
    ("Ekonom", "Inköpare", "own", "Äger huset.", RefusalKind.NOT_PERMITTED),
    ("Ekonom", ADMINISTRATOR, "own", "Äger huset.", RefusalKind.NOT_PERMITTED),
    ("Ekonom", "Ekonom", "envy", "Äger huset.", RefusalKind.FIELD_INVALID),
    ("Ekonom", "Ekonom", "own", " ", RefusalKind.FIELD_MISSING),
    ("Revisor", OFFICER, "own", "Äger huset.", RefusalKind.FIELD_INVALID),
)


def test_who_says_that_somebody_takes_no_part(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    for about, by, ground, basis, kind in SAYING:
        told, who = Declared(person(engine, about), ground, basis), person(engine, by)

        def declare(told: Declared = told, who: int = who) -> object:
            return engine.declare_interest(case.number, told, by=who, key=key())

        if kind is not None:
            assert refused(declare) is kind
            continue
        version = case.stands()["version"]
        declare()
        assert case.stands()["version"] == version, "what others decide about has not changed"
        assert refused(declare) is RefusalKind.INTERESTED
        _taken_back(case, about, by)
    assert engine.verify() == ()


def _taken_back(case: Case, about: str, by: str) -> None:
    """By whoever said it, or by an officer who is somebody else; with a reason."""
    engine, who = case.engine, person(case.engine, about)

    def withdraw(name: str, reason: str = "Huset är sålt.") -> Callable[[], object]:
        return lambda: engine.withdraw_interest(case.number, who, by=person(engine, name), key=key(), reason=reason)

    assert refused(withdraw("Inköpare")) is RefusalKind.NOT_PERMITTED
    assert refused(withdraw(by, "  ")) is RefusalKind.FIELD_MISSING
    if by != about:
        assert refused(withdraw(about)) is RefusalKind.NOT_PERMITTED, "what the officer noted stands"
    withdraw(by)()
    assert refused(withdraw(OFFICER)) is RefusalKind.NOT_HERE


# --- a task in the hands of a colleague --------------------------------------------------------------------------


def test_a_task_goes_to_a_colleague_and_comes_back(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    mine, other = person(engine, OFFICER), person(engine, "Ekonom")
    seat(engine, other, "officer")
    task = duty_of(case)
    for _ in range(2):
        engine.hand_task(case.number, task, other, by=mine, key=key(), remarks="Du kan torget bättre.")
        assert refused(lambda: engine.hand_task(case.number, task, other, by=mine, key=key())) is RefusalKind.NOT_HERE
        engine.give_back_task(case.number, task, by=other, key=key())
        assert refused(lambda: engine.give_back_task(case.number, task, by=other, key=key())) is RefusalKind.NOT_HERE
    engine.hand_task(case.number, task, other, by=mine, key=key())
    case.act("accept")
    assert case.stands()["state"] == "preparation", "whoever else may act still may"
    assert refused(lambda: engine.give_back_task(case.number, task, by=other, key=key())) is RefusalKind.NOT_HERE
    assert engine.verify() == ()


def test_a_task_goes_to_nobody_who_may_not_do_it(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    mine, other, task = person(engine, OFFICER), person(engine, "Ekonom"), duty_of(case)

    def hand(to: int, by: int = mine) -> RefusalKind:
        return refused(lambda: engine.hand_task(case.number, task, to, by=by, key=key()))

    assert hand(other) is RefusalKind.FIELD_INVALID
    assert hand(mine) is RefusalKind.FIELD_INVALID
    assert hand(mine, by=other) is RefusalKind.NOT_PERMITTED
    stand_in(engine, OFFICER, other)
    assert hand(other) is RefusalKind.FIELD_INVALID, "a deputy is not entitled on their own"
    seat(engine, other, "officer", to_on=date(2026, 3, 2))
    interested(case, other)
    assert hand(other) is RefusalKind.FIELD_INVALID
    tomorrow(engine)
    assert hand(other) is RefusalKind.FIELD_INVALID


def test_verify_sees_rows_that_no_event_knows(engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit()
    other = person(engine, "Ekonom")
    seat(engine, other, "officer")
    stand_in(engine, OFFICER, other)
    interested(case, person(engine, "Inköpare"))
    engine.hand_task(case.number, duty_of(case), other, by=person(engine, OFFICER), key=key())
    assert engine.verify() == ()
    for change, told in (
        ("UPDATE deputy SET to_on = '2099-01-01'", "deputy (deputies, 1): not what the events tell"),
        ("UPDATE interest SET withdrawn_seq = 9", "interest (CG-2026-001, 2): not what the events tell"),
        ("DELETE FROM handover", "handover (CG-2026-001, 3): missing"),
        ("DELETE FROM deputy", "deputy (deputies, 1): missing"),
    ):
        with engine.database.writing() as connection:
            connection.execute(text(change))
        assert told in engine.verify()
