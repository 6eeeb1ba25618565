"""What a town must tell everybody: who answers for personal details, how long what is kept, how accessible the site is
(lag 2018:1937, 13 §). "ej angivet" is a value, and the pages say so; nothing is claimed that nobody has written."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from workflow.settings.configuration_rows import AnyRow
from workflow.settings.configuration_values import Given, MaybeText, optional

MaybeDay = Annotated[date | None, BeforeValidator(optional)]


class Privacy(AnyRow):
    """Så behandlar vi dina personuppgifter, and where the list of what was erased is kept."""

    controller: MaybeText = None  # personuppgiftsansvarig: the board or the municipality
    officer: MaybeText = None  # dataskyddsombud, and how to reach them
    retention: MaybeText = None  # what the plan for documents says
    erasure_list: MaybeText = None  # beside the database where nothing is given


class Accessibility(AnyRow):
    """Tillgänglighetsredogörelse."""

    status: Annotated[Literal["full", "partial", "none"] | None, BeforeValidator(optional)] = None
    assessed_on: MaybeDay = None
    assessed_how: MaybeText = None
    updated_on: MaybeDay = None
    known: Annotated[tuple[Given, ...], Field(max_length=50)] = ()  # what does not work yet
    burden: MaybeText = None  # what is left out as too burdensome (12 §), and why
