"""Reads the configuration file: where things are, and what seeds an empty database.
Tells every fault at once, in Swedish and with the key. Knows no database and applies nothing."""

import difflib
import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from states.money import AmountError, parse_amount
from workflow.configuration_faults import crossing_faults
from workflow.history import canonical

NOT_GIVEN = "ej angivet"
DATABASE_VARIABLE = "SKEDE_DATABASE_URL"
_RELATIVE_SQLITE = re.compile(r"sqlite:///(?![/:])(.+)")


class ConfigurationError(Exception):
    """The configuration cannot be used. ``faults`` holds every reason, in Swedish."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _optional(value: object) -> object:
    return None if value == NOT_GIVEN else value


def _ore(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError('skriv beloppet som text: "1 000 000 kr"')  # noqa: TRY004 - pydantic wants ValueError
    try:
        return int(parse_amount(value))
    except AmountError:
        raise ValueError(f'"{value}" är inget belopp; skriv till exempel "1 000 000 kr"') from None


def _basis_points(value: str) -> int:
    """Hundredths of a per cent: ``1,75`` is 175."""
    match = re.fullmatch(r"([0-9]{1,3})(?:,([0-9]{1,2}))?(?: ?%)?", value)
    if match is None:
        raise ValueError(f'"{value}" är ingen procentsats; skriv till exempel "1,75"')
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _number(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value):
        raise ValueError(f'"{value}" är inget helt antal')
    return int(value)


Given = Annotated[str, Field(min_length=1)]
MaybeText = Annotated[Given | None, BeforeValidator(_optional)]
OreAmount = Annotated[int, BeforeValidator(_ore)]
MaybeOre = Annotated[int | None, BeforeValidator(_ore), BeforeValidator(_optional)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
Year = Annotated[int, Field(ge=2000, le=2100, strict=True)]
BodyKind = Literal["forum", "working_group", "department", "board", "executive", "council"]
Category = Literal["municipality", "property_owner", "trade", "business", "other", "elected"]
SourceKind = Literal["investment", "operating", "appropriation", "outside"]
Role = Literal[
    "officer", "budget_holder", "attestant", "controller", "registrar", "technical", "buyer", "site_manager",
    "organiser", "chair", "member", "external", "auditor", "administrator",
]  # fmt: skip

# How a unit is written in the file -> how it is stored, and how its values are read.
UNITS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "kr": ("ore", _ore),
    "%": ("basis_points", _basis_points),
    "years": ("years", _number),
    "working_days": ("working_days", _number),
}


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Server(_Row):
    database: Given = "sqlite:///var/skede.sqlite3"
    base_url: Annotated[str, Field(pattern=r"^https?://[^/\s]+$")]
    language: Literal["sv", "en"] = "sv"
    fault_report: MaybeText = None  # link to the municipality's own felanmälan


class Identity(_Row):
    name: Given
    organisation: Given


class ContactDetails(_Row):
    title: Given
    telephone: MaybeText = None
    email: MaybeText = None


class BodyRow(_Row):
    code: Code
    kind: BodyKind
    title: Given
    level: Annotated[int, Field(ge=0, strict=True)]


class MembershipRow(_Row):
    body: str
    role: Role
    category: Category
    from_on: date
    to_on: date | None = None
    source: Given


class PersonRow(_Row):
    id: Code
    name: Given
    title: Given
    membership: tuple[MembershipRow, ...] = ()


class PotRow(_Row):
    code: Code
    kind: Literal["investment", "operating"]
    title: Given
    years: tuple[Year, ...]


class BudgetRow(_Row):
    """A decided budget: not seeded, but registered through the engine as a decision."""

    pot: str
    year: Year
    amount: OreAmount
    body: str
    decided_on: date
    paragraph: MaybeText = None
    wording: str = ""


class DecisionRightRow(_Row):
    holder: str
    level: int | None = None  # for a role; a body has its own
    source: SourceKind
    up_to: MaybeOre = None
    point: MaybeText = None
    from_on: date
    to_on: date | None = None
    basis: Given


class RateRow(_Row):
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


class MeetingRow(_Row):
    on: date
    papers_due: date | None = None


class MeetingsRow(_Row):
    body: str
    held: tuple[MeetingRow, ...]


class QuietPeriodRow(_Row):
    from_on: date
    to_on: date
    title: Given


class Configuration(_Row):
    """The whole file, read and checked. Paths are absolute."""

    folder: Path
    processes: Path
    server: Server
    identity: Identity
    contact: ContactDetails
    body: tuple[BodyRow, ...] = ()
    person: tuple[PersonRow, ...] = ()
    pot: tuple[PotRow, ...] = ()
    budget: tuple[BudgetRow, ...] = ()
    decision_right: tuple[DecisionRightRow, ...] = ()
    rate: tuple[RateRow, ...] = ()
    meetings: tuple[MeetingsRow, ...] = ()
    quiet_period: tuple[QuietPeriodRow, ...] = ()

    @property
    def database_url(self) -> str:
        return self.server.database

    @property
    def budgets(self) -> tuple[BudgetRow, ...]:
        return self.budget

    @property
    def seed_digest(self) -> str:
        """SHA-256 of what seeds a database; where things are left out."""
        seed = self.model_dump(mode="json", include=set(LISTS))
        return hashlib.sha256(canonical(seed).encode()).hexdigest()

    def level_of(self, right: DecisionRightRow) -> int:
        """The right's place in the order of deciding: its body's level, or the one stated for a role."""
        return next((body.level for body in self.body if body.code == right.holder), right.level or 0)


TABLES: Mapping[str, type[_Row]] = {"server": Server, "identity": Identity, "contact": ContactDetails}
LISTS: Mapping[str, type[_Row]] = {
    "body": BodyRow, "person": PersonRow, "pot": PotRow, "budget": BudgetRow, "decision_right": DecisionRightRow,
    "rate": RateRow, "meetings": MeetingsRow, "quiet_period": QuietPeriodRow,
}  # fmt: skip


def read(path: str | Path) -> Configuration:
    """The configuration in a file. Raises ConfigurationError with every fault; only SKEDE_DATABASE_URL overrides."""
    path = Path(path).absolute()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError((f"{path.name}: filen finns inte",)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError((f"{path.name}: filen kan inte läsas ({error})",)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError((f"{path.name}: filen är inte giltig TOML ({error})",)) from None

    known = ["processes", *TABLES, *LISTS]
    faults = [_unknown(key, known) for key in given if key not in known]
    processes = given.get("processes", "states/processes")
    if not isinstance(processes, str):
        faults.append("processes: ska vara text")
    read_tables = {name: _row(model, given.get(name, {}), name, faults) for name, model in TABLES.items()}
    read_lists = {name: _rows(model, given.get(name, []), name, faults) for name, model in LISTS.items()}
    faults.extend(crossing_faults(given, read_lists))
    if faults:
        raise ConfigurationError(tuple(faults))

    server = read_tables["server"]
    assert isinstance(server, Server)
    database = _located(os.environ.get(DATABASE_VARIABLE) or server.database, path.parent)
    parts: dict[str, Any] = {
        **read_tables, "server": server.model_copy(update={"database": database}),
        **{name: tuple(row for _, row in rows) for name, rows in read_lists.items()},
    }  # fmt: skip
    return Configuration(folder=path.parent, processes=path.parent / processes, **parts)


def _located(url: str, folder: Path) -> str:
    """A relative SQLite file lies beside the configuration, wherever the program was started."""
    match = _RELATIVE_SQLITE.fullmatch(url)
    return f"sqlite:///{folder / match[1]}" if match else url


def _rows(model: type[_Row], given: object, name: str, faults: list[str]) -> list[tuple[str, _Row]]:
    """Valid rows, each with its place in words; what is wrong with the others goes into ``faults``."""
    if not isinstance(given, list):
        faults.append(f"{name}: skrivs som [[{name}]], en gång för varje rad")
        return []
    rows = []
    for n, each in enumerate(given, 1):
        label = next((each[key] for key in ("code", "id", "name", "holder") if key in each), None) if isinstance(
            each, dict) else None  # fmt: skip
        place = f"{name} {n}" + (f" ({label})" if isinstance(label, str) else "")
        row = _row(model, each, place, faults)
        if row is not None:
            rows.append((place, row))
    return rows


def _row(model: type[_Row], given: object, place: str, faults: list[str]) -> _Row | None:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        faults.extend(_fault(place, fault, model) for fault in error.errors())
        return None


def _fault(place: str, fault: Mapping[str, Any], model: type[_Row]) -> str:
    """One fault of pydantic's in Swedish."""
    steps = [f"nr {step + 1}" if isinstance(step, int) else str(step) for step in fault["loc"]]
    where = " › ".join([place, *steps])
    context = fault.get("ctx", {})
    kind = fault["type"]
    if kind == "extra_forbidden":
        return _unknown(where, model.model_fields if len(steps) == 1 else (), steps[-1])
    if kind == "value_error":
        return f"{where}: {context['error']}"
    if kind == "literal_error":
        return f'{where}: "{fault["input"]}" är inte något av {context["expected"].replace(" or ", ", ")}'
    words = {
        "missing": "saknas",
        "string_type": "ska vara text",
        "string_too_short": f'är tomt; skriv "{NOT_GIVEN}" där det går',
        "string_pattern_mismatch": f'"{fault["input"]}" har fel form',
        "int_type": "ska vara ett helt tal",
        "int_parsing": "ska vara ett helt tal",
        "model_type": "ska vara en tabell",
        "tuple_type": "ska vara en lista",
        "greater_than_equal": f"ska vara minst {context.get('ge')}",
        "less_than_equal": f"ska vara högst {context.get('le')}",
    }
    if kind.startswith("date"):
        return f"{where}: ska vara ett datum, till exempel 2026-12-09"
    return f"{where}: {words.get(kind, 'kan inte läsas')}"


def _unknown(where: str, known: Iterable[str], key: str | None = None) -> str:
    near = difflib.get_close_matches(key or where, list(known), n=1)
    return f"{where}: okänd nyckel" + (f', menas "{near[0]}"?' if near else "")
