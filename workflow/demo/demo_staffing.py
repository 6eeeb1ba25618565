"""Who sits where in the demonstration, and until when: seats that end, so that there is something true to say of what
can be staffed."""

from datetime import date, timedelta
from uuid import uuid4

from workflow.engine import Engine

GROUPS = ("centrumgruppen", "arbetsgruppen")
LEAVES = "budget_holder"
LEAVES_AFTER = timedelta(days=120)


def play(engine: Engine, today: date) -> None:
    """Seats of the groups end with the year; the budget holder's, which nobody has succeeded to yet, in four months."""
    by = next(each.person for each in engine.demo_people() if each.title == "Administratör")
    term = date(today.year, 12, 31)
    for each in engine.seats():
        if each.to_on is None and each.body in GROUPS and each.role == "external":
            engine.configure("membership", {"id": each.id, "to_on": term}, by=by, key=str(uuid4()))
        elif each.to_on is None and each.role == LEAVES:
            engine.configure("membership", {"id": each.id, "to_on": today + LEAVES_AFTER}, by=by, key=str(uuid4()))
