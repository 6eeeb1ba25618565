"""A process file as it is written: which keys there are and of what type. What they mean is in ``expansion``."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=1000)]
RuleText = str | Annotated[dict[Id, str | int], Field(min_length=1, max_length=1)]

RoleRuleText = Annotated[dict[Id, str], Field(min_length=1, max_length=1)]
AwaitsRuleText = Annotated[dict[Id, str], Field(min_length=1, max_length=1)]
ClockText = Annotated[dict[Literal["date"], str], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BindingText(_Part):
    lines: tuple[str, ...]
    sources: tuple[str, ...]


class DutyText(_Part):
    kind: str
    role: Id
    deadline: dict[str, Any] | None = None


class WayText(_Part):
    """A way out of a state as it is written. ``from`` only where it stands by itself, as [[way]]."""

    id: Id
    title: Words
    to: str | Annotated[tuple[str, ...], Field(min_length=1)]
    from_: str | tuple[str, ...] | None = Field(default=None, alias="from")
    role: str | Annotated[tuple[str, ...], Field(min_length=1)] | RoleRuleText | None = None
    guards: tuple[RuleText, ...] = ()
    money: dict[Literal["release", "grant", "reserve", "commit", "raise", "order"], str | tuple[str, ...]] = Field(
        default_factory=dict
    )
    asks: tuple[str, ...] = ()
    decision: str | None = None
    position: str | None = None
    restates: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    clock: ClockText | None = None
    public: Words | None = None
    together: bool = False


class StateText(_Part):
    id: Id
    title: Words
    public: Words
    awaits: str | AwaitsRuleText | None = None
    deadline: dict[str, Any] | None = None
    side: bool = False
    end: bool = False
    spends: tuple[str, ...] = ()
    builds: bool = False
    hides: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    duties: tuple[DutyText, ...] = ()
    advice: Words | None = None
    transition: tuple[WayText, ...] = ()


class ProcessText(_Part):
    """A process file as it is written."""

    id: Id
    version: Annotated[int, Field(ge=1, strict=True)]
    title: Words
    description: str = ""
    uses: tuple[Id, ...] = ()
    bindings: dict[Id, BindingText] = Field(default_factory=dict)
    groups: dict[Id, tuple[str, ...]] = Field(default_factory=dict)
    state: tuple[StateText, ...] = ()
    way: tuple[WayText, ...] = ()


PARTS: tuple[type[_Part], ...] = (ProcessText, StateText, WayText, BindingText, DutyText)
