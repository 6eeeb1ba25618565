"""What each table of the configuration file may hold: its keys, which of them are required, and of what kind.
What must agree between rows stands in ``configuration_faults``."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from workflow.settings.configuration_colours import DarkColour, LightColour
from workflow.settings.configuration_values import (
    MAIL_ADDRESS,
    NOT_GIVEN,
    UNITS,
    BodyKind,
    Category,
    Code,
    Given,
    MaybeOre,
    MaybeText,
    OreAmount,
    Role,
    Share,
    SourceKind,
    Year,
    optional,
)


class AnyRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Server(AnyRow):
    database: Given = "sqlite:///var/skede.sqlite3"
    base_url: Annotated[str, Field(pattern=r"^https?://[^/\s]+$")]
    language: Literal["sv", "en"] = "sv"
    files: MaybeText = None  # folder of pictures and documents; not stated: beside the database
    fault_report: MaybeText = None  # link to the municipality's own felanmälan
    proxies: Annotated[int, Field(ge=0, le=9, strict=True)] = 0  # in front of Skede, each telling whom it speaks for


class Identity(AnyRow):
    """What the town calls itself and looks like. ``logo`` is a picture's path, absolute once the file is read."""

    name: Given
    organisation: Given
    colour: LightColour = None  # of what waits for you, and of whatever can be pressed
    colour_dark: DarkColour = None
    logo: MaybeText = None


class ContactDetails(AnyRow):
    title: Given
    telephone: MaybeText = None
    email: MaybeText = None


class OpenData(AnyRow):
    """Under which licence the town publishes: an SPDX identifier, CC0-1.0 for one; until it has chosen, not given."""

    licence: Given = "ej angivet"


class Mail(AnyRow):
    """The municipality's mail server. Without a host nothing is sent; the password stands in the environment."""

    host: MaybeText = None
    port: Annotated[int, Field(ge=1, le=65535, strict=True)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: MaybeText = None  # of a certificate authority of the municipality's own
    user: MaybeText = None
    timeout: Annotated[int, Field(ge=1, le=30, strict=True)] = 20  # seconds that one answer may take
    sender: Annotated[str | None, Field(pattern=MAIL_ADDRESS), BeforeValidator(optional)] = None

    @model_validator(mode="after")
    def _names_its_sender(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("sender: adressen som mejlen skickas från behövs när host är angiven")
        return self


class BodyRow(AnyRow):
    code: Code
    kind: BodyKind
    title: Given
    level: Annotated[int, Field(ge=0, strict=True)]


class VoteRuleRow(AnyRow):
    """A group that votes; one without a rule seeks agreement."""

    body: str
    share: Share  # a vote is carried by more
    from_on: date
    to_on: date | None = None
    source: Given


class MembershipRow(AnyRow):
    body: str
    role: Role
    category: Category
    from_on: date
    to_on: date | None = None
    source: Given


class PersonRow(AnyRow):
    id: Code
    name: Given
    title: Given
    email: Annotated[str | None, Field(pattern=MAIL_ADDRESS), BeforeValidator(optional)] = None
    membership: tuple[MembershipRow, ...] = ()


class PotRow(AnyRow):
    code: Code
    kind: Literal["investment", "operating"]
    title: Given
    years: tuple[Year, ...]


class BudgetRow(AnyRow):
    """A decided budget: not seeded, but registered through the engine as a decision."""

    pot: str
    year: Year
    amount: OreAmount
    body: str
    decided_on: date
    paragraph: MaybeText = None
    wording: str = ""


class DecisionRightRow(AnyRow):
    holder: str
    level: int | None = None  # for a role; a body has its own
    source: SourceKind
    up_to: MaybeOre = None
    point: MaybeText = None
    from_on: date
    to_on: date | None = None
    basis: Given
    substitute: MaybeText = None  # the role that may decide while the holder, a role, is away


class RateRow(AnyRow):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    unit: str
    value: int | None  # None: ej angivet
    from_on: date
    to_on: date | None = None
    source: Given
    set_by: Given

    @model_validator(mode="before")
    @classmethod
    def _value_in_its_unit(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "value" not in given or "unit" not in given:
            return given
        unit, value = given["unit"], given["value"]
        if unit not in UNITS:
            raise ValueError(f'unit: "{unit}" är inte något av {", ".join(UNITS)}')
        if not isinstance(value, str):
            raise ValueError(f'value: skriv värdet som text: "50 000" eller "{NOT_GIVEN}"')  # noqa: TRY004 - as above
        stored, reader = UNITS[unit]
        return {**given, "unit": stored, "value": None if value == NOT_GIVEN else reader(value)}


class MeetingRow(AnyRow):
    on: date
    papers_due: date | None = None


class MeetingsRow(AnyRow):
    body: str
    held: tuple[MeetingRow, ...]


class QuietPeriodRow(AnyRow):
    from_on: date
    to_on: date
    title: Given


TABLES: Mapping[str, type[AnyRow]] = {
    "server": Server, "identity": Identity, "contact": ContactDetails, "open_data": OpenData,
    "mail": Mail,
}  # fmt: skip
LISTS: Mapping[str, type[AnyRow]] = {
    "body": BodyRow, "person": PersonRow, "pot": PotRow, "budget": BudgetRow, "decision_right": DecisionRightRow,
    "rate": RateRow, "meetings": MeetingsRow, "quiet_period": QuietPeriodRow,
    "vote_rule": VoteRuleRow,
}  # fmt: skip
