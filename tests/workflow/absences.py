"""What tests of who may act share: people who come and go, deputies, interests and tasks in a colleague's hands."""

from datetime import date, timedelta

from sqlalchemy import text

from tests.workflow.cast import Case, clock_of, key, person
from workflow import Engine
from workflow.cases.interests import Declared
from workflow.people.deputies import Absence

ADMINISTRATOR = "Administratör"


def seat(
    engine: Engine, who: int, role: str, body: str = "kommunledning", category: str = "municipality",
    to_on: date | None = None,
) -> None:  # fmt: skip
    """Gives somebody a membership from long ago, through the administrator."""
    with engine.database.reading() as connection:
        found = connection.execute(text("SELECT id FROM body WHERE code = :code"), {"code": body}).scalar_one()
    row = {
        "person_id": who, "body_id": found, "role": role, "category": category, "from_on": date(2019, 1, 1),
        "to_on": to_on, "source": "ett uppdrag",
    }  # fmt: skip
    engine.configure("membership", row, by=person(engine, ADMINISTRATOR), key=key())


def stand_in(engine: Engine, away: str | int, instead: str | int, days: int = 10, start: int = 0) -> None:
    """Somebody is away from ``start`` days on for as many days, and names who stands in."""
    principal, deputy = (person(engine, each) if isinstance(each, str) else each for each in (away, instead))
    first = engine.today() + timedelta(days=start)
    told = Absence(principal, deputy, first, first + timedelta(days=days - 1), "Ledig.")
    engine.name_deputy(told, by=principal, key=key())


def substitute(engine: Engine, role: str | None) -> None:
    """What the scheme says of the delegate's substitute from today on: every right anew."""
    with engine.database.reading() as connection:
        query = text("SELECT * FROM decision_right WHERE holder = 'budget_holder' AND to_on IS NULL")
        rights = [dict(row) for row in connection.execute(query).mappings()]
    today, admin = engine.today(), person(engine, ADMINISTRATOR)
    for each in rights:
        ended = {"id": each.pop("id"), "to_on": today - timedelta(days=1)}
        engine.configure("decision_right", ended, by=admin, key=key())
        row = each | {"substitute": role, "from_on": today}
        engine.configure("decision_right", row, by=admin, key=key())


def interested(case: Case, who: int, ground: str = "own") -> None:
    case.engine.declare_interest(case.number, Declared(who, ground, "Äger huset bredvid."), by=who, key=key())


def tomorrow(engine: Engine, days: int = 1) -> None:
    clock_of(engine).to(engine.today() + timedelta(days=days))
