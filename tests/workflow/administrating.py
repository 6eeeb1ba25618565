"""What tests of the administration share: a change through the door, why one is refused, and what was told of it."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from tests.workflow import cast
from tests.workflow.cast import key, person
from workflow import Engine, Refused

DAY = cast.DAY
ADMINISTRATOR = "Administratör"


def change(engine: Engine, what: str, row: dict[str, Any], by: str = ADMINISTRATOR, of: str | None = None) -> None:
    engine.configure(what, row, by=person(engine, by), key=of or key())


def refused(engine: Engine, what: str, row: dict[str, Any], by: str = ADMINISTRATOR) -> object:
    """The reason in one word; nothing has changed and no event was written."""
    before = rows(engine, "SELECT count(*) FROM event")
    with pytest.raises(Refused) as caught:
        change(engine, what, row, by)
    assert rows(engine, "SELECT count(*) FROM event") == before
    facts = caught.value.first.facts
    return facts.get("why") or facts.get("field") or caught.value.first.kind


def rows(engine: Engine, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with engine.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def told(engine: Engine) -> dict[str, Any]:
    """The latest event of the configuration."""
    ((body,),) = rows(engine, "SELECT body FROM event WHERE stream = 'configuration' ORDER BY seq DESC LIMIT 1")
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


def seat(engine: Engine, title: str, role: str) -> int:
    query = "SELECT id FROM membership WHERE person_id = :who AND role = :role AND to_on IS NULL"
    ((found,),) = rows(engine, query, who=person(engine, title), role=role)
    return int(found)


def new_seat(engine: Engine, title: str, role: str, **more: Any) -> dict[str, Any]:
    given = {"body": "kommunledning", "category": "municipality", "from_on": DAY, "source": "Anställningsavtal"}
    return {"person_id": person(engine, title), "role": role, **given, **more}
