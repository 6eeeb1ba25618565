"""The same step with several proposals at once, where their processes allow it: each is decided alone, has its own
event and its own answer, and one that is refused stops none of the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection

from states import RefusalKind
from workflow.acts.changing import read_answer
from workflow.acts.deciding import Ask, decide
from workflow.books.views_list import ListAnswer
from workflow.books.year_list import Chosen
from workflow.records.definitions import Definitions
from workflow.records.refused import Refused
from workflow.storage.database import Database

MOST = 50  # a page of the queue


@dataclass(frozen=True, slots=True)
class Together:
    """One step for several proposals, each as whoever asks saw it, with the same words for all."""

    transition: str
    chosen: tuple[Chosen, ...]
    form: Mapping[str, object] = field(default_factory=dict)


def act(
    database: Database, definitions: Definitions, asked: Together, *, by: int, key: str, at: datetime
) -> tuple[ListAnswer, ...]:
    """What became of each, in the order chosen. Each is keyed by the key and its number, so that the list can be sent
    again. Raises Refused for the whole: FIELD_MISSING (nobody chosen), FIELD_INVALID (too many)."""
    if not asked.chosen:
        raise Refused.because(RefusalKind.FIELD_MISSING, field="rows")
    if len(asked.chosen) > MOST:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="rows")
    return tuple(_one(database, definitions, asked, each, by, key, at) for each in _once(asked.chosen))


def _once(chosen: Sequence[Chosen]) -> Sequence[Chosen]:
    return list({each.number: each for each in chosen}.values())


def _one(
    database: Database, definitions: Definitions, asked: Together, each: Chosen, by: int, key: str, at: datetime
) -> ListAnswer:
    own_key = str(uuid5(NAMESPACE_URL, f"together {key} {each.number}"))
    ask = Ask(each.number, asked.transition, by, each.version, each.revision, own_key, None, asked.form, together=True)

    work: Callable[[Connection], str] = lambda connection: decide(connection, definitions, ask, at)  # noqa: E731
    try:
        return ListAnswer(each.number, read_answer(database.retrying(work))["to_title"])
    except Refused as refused:
        return ListAnswer(each.number, "", tuple(refused.refusals))
