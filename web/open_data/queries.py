"""What open data may be asked, once: what these definitions do not know is refused, and the OpenAPI document tells the
rest."""

from pydantic import BaseModel, ConfigDict, Field


class ProposalQuery(BaseModel):
    """What the list of proposals may be asked; all of it must hold."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=100, description="Words, or a number")
    place: str = Field("", max_length=100, description="Words of the place")
    process: str | None = Field(None, max_length=100)
    state: str | None = Field(None, max_length=100)
    pot: str | None = Field(None, max_length=100)
    criterion: str | None = Field(None, max_length=100)
    year: int | None = Field(None, ge=1900, le=2999, description="In which it came in")
    after: str | None = Field(None, max_length=40, description="The last number of the page before")
    limit: int = Field(50, ge=1, le=100)


class EntryQuery(BaseModel):
    """A page of entries begins after one: entries are never changed and never removed."""

    model_config = ConfigDict(extra="forbid")

    after: str | None = Field(
        None,
        max_length=700,
        pattern=r"^[\s\S]+ [0-9]{1,9} [0-9]{1,9}$",
        description="The last entry of the page before",
    )
    limit: int = Field(100, ge=1, le=1000)


class Nothing(BaseModel, extra="forbid"):
    """An address that takes no question."""
