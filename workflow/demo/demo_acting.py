"""Who is away, who takes no part and whose property lies where, in the demonstration. Examples, by role and through the
engine like everything else."""

from datetime import date, timedelta
from uuid import uuid4

from workflow.cases.interests import Declared
from workflow.engine import Engine
from workflow.people.deputies import Absence

OWNER, TRADER = "Fastighetsägare", "Ledamot från Omtänksamma Kristinehamn"
BESIDE = "Norra torget"  # the square that the owner's house adjoins
NO_PART_IN = "Bredare trottoar på Trädgårdsgatan"


def play(engine: Engine, today: date) -> None:
    """The site manager is away for two weeks, the trader takes no part in one proposal, and a property owner is asked
    about another."""
    people = {each.title: each.person for each in engine.demo_people()}
    away, stand_in = people["Byggledare"], people["Projektledare i tekniska förvaltningen"]
    absent = Absence(away, stand_in, today, today + timedelta(days=14), "Exempel: semester")
    engine.name_deputy(absent, by=away, key=str(uuid4()))
    beside = {"person_id": people[OWNER], "place": BESIDE, "from_on": date(2019, 1, 1), "source": "Exempel"}
    engine.configure("member_property", beside, by=people["Administratör"], key=str(uuid4()))
    for found in engine.find(NO_PART_IN, limit=1):
        told = Declared(people[TRADER], "represents", "Exempel: företräder en butik vid gatan.")
        engine.declare_interest(found.number, told, by=people[TRADER], key=str(uuid4()))
