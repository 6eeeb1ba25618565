"""What the secretary of a body is given: a decision with its protocol, a meeting with its agenda. Frozen values with
facts and untranslated Swedish message texts."""

from dataclasses import dataclass

from states import Refusal
from workflow.views import Decision


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A decision and what it is about: a proposal by number and title, or what stands alone by its stream."""

    stream: str
    title: str
    number: str | None
    decision: Decision
    may_record: tuple[Refusal, ...] | None  # None: yes
