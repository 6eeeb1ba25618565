"""An idea that came by letter or telephone: the sender is its proposer, the day it came in is the day that counts."""

from datetime import date, timedelta

import pytest

from states import RefusalKind
from tests.workflow.cast import WORDS, Case, key, person
from workflow import Engine, Refused
from workflow.submission.entering_for import Entry


def entered(
    engine: Engine, who: str = "Handläggare", *, days: int = 4, channel: str = "letter", with_key: str = ""
) -> str:
    entry = Entry(person(engine, who), channel, engine.today() - timedelta(days=days))
    contact = {"name": "Den som skrev", "email": "brev@exempel.se"}
    return engine.enter_for(
        entry, process="purchase", key=with_key or key(), text=WORDS, contact=contact, is_example=True
    ).number


def test_the_sender_is_the_proposer_and_the_day_it_came_counts(engine: Engine) -> None:
    with_key = key()
    number = entered(engine, with_key=with_key)
    assert entered(engine, with_key=with_key) == number
    came = engine.came_in(number)
    assert came is not None
    assert (came.channel, came.came_on, came.entered_by) == (
        "letter",
        engine.today() - timedelta(days=4),
        "Handläggare",
    )
    on_the_page = Case(engine, "purchase").submit().number
    assert engine.came_in(on_the_page) is None
    early, late = (engine.timeline(each).now.due for each in (number, on_the_page))
    assert isinstance(early, date)
    assert isinstance(late, date)
    assert early < late
    official = engine.timeline(number, person(engine, "Handläggare"))
    assert official.proposer_contact is not None
    assert official.proposer_contact["name"] == "Den som skrev"
    assert "Den som skrev" not in str(engine.timeline(number))
    assert engine.verify() == ()


@pytest.mark.parametrize("who", ["Fastighetsägare", "Revisor"])
def test_who_is_no_official_enters_nothing(engine: Engine, who: str) -> None:
    with pytest.raises(Refused) as refused:
        entered(engine, who)
    assert refused.value.first.kind is RefusalKind.NOT_PERMITTED


@pytest.mark.parametrize(
    ("said", "field"), [({"days": -1}, "came_on"), ({"days": 400}, "came_on"), ({"channel": "x"}, "channel")]
)
def test_a_day_or_a_way_that_cannot_be_is_refused(engine: Engine, said: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        entered(engine, **said)  # type: ignore[arg-type]
    assert refused.value.first.facts["field"] == field
