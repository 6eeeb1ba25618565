"""Reads the configuration file: where things are, and what seeds an empty database.
Tells every fault at once, in Swedish and with the key. Knows no database and applies nothing."""

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import make_url

from workflow.records.history import canonical
from workflow.settings.configuration_faults import crossing_faults
from workflow.settings.configuration_imports import Imports
from workflow.settings.configuration_legal import Accessibility, Privacy
from workflow.settings.configuration_rows import (
    LISTS,
    TABLES,
    AnyRow,
    BodyRow,
    BudgetRow,
    ContactDetails,
    DecisionRightRow,
    Identity,
    Mail,
    MeetingsRow,
    OpenData,
    PersonRow,
    PotRow,
    QuietPeriodRow,
    RateRow,
    Server,
    VoteRuleRow,
)
from workflow.settings.configuration_words import fault_words, unknown_key

ALL_TABLES: Mapping[str, type[AnyRow]] = {
    **TABLES, "import": Imports, "privacy": Privacy, "accessibility": Accessibility,
}  # fmt: skip
DATABASE_VARIABLE = "SKEDE_DATABASE_URL"
LOGO_KINDS = frozenset({".svg", ".png", ".webp"})
LARGEST_LOGO = 30_000  # bytes
_RELATIVE_SQLITE = re.compile(r"sqlite:///(?![/:])(.+)")


class ConfigurationError(Exception):
    """The configuration cannot be used. ``faults`` holds every reason, in Swedish."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Configuration(AnyRow):
    """The whole file, read and checked. Paths are absolute."""

    folder: Path
    processes: Path
    server: Server
    identity: Identity
    contact: ContactDetails
    mail: Mail = Mail()
    imports: Imports = Imports()
    privacy: Privacy = Privacy()
    accessibility: Accessibility = Accessibility()
    open_data: OpenData = OpenData()
    body: tuple[BodyRow, ...] = ()
    person: tuple[PersonRow, ...] = ()
    pot: tuple[PotRow, ...] = ()
    budget: tuple[BudgetRow, ...] = ()
    decision_right: tuple[DecisionRightRow, ...] = ()
    rate: tuple[RateRow, ...] = ()
    meetings: tuple[MeetingsRow, ...] = ()
    vote_rule: tuple[VoteRuleRow, ...] = ()
    quiet_period: tuple[QuietPeriodRow, ...] = ()

    @property
    def erasure_list(self) -> Path:
        """Where what was erased is listed, outside the database: a backup of one does not take the other back."""
        if self.privacy.erasure_list:
            return self.folder / self.privacy.erasure_list
        place = make_url(self.database_url)
        if place.get_backend_name() == "sqlite":
            return Path(f"{place.database}.gallrat.jsonl")
        return self.folder / "var" / f"{place.database}.gallrat.jsonl"

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


def read(path: str | Path) -> Configuration:
    """The configuration in a file. Raises ConfigurationError with every fault; only SKEDE_DATABASE_URL overrides."""
    path = Path(path).absolute()
    given = _given(path)
    known = ["processes", *ALL_TABLES, *LISTS]
    faults = [unknown_key(key, known) for key in given if key not in known]
    processes = given.get("processes", "states/processes")
    if not isinstance(processes, str):
        faults.append("processes: ska vara text")
    read_tables = {name: _row(model, given.get(name, {}), name, faults) for name, model in ALL_TABLES.items()}
    read_lists = {name: _rows(model, given.get(name, []), name, faults) for name, model in LISTS.items()}
    faults.extend(crossing_faults(given, read_lists))
    identity = read_tables["identity"]
    if isinstance(identity, Identity) and identity.logo:
        read_tables["identity"] = identity.model_copy(update={"logo": _logo(identity.logo, path.parent, faults)})
    if faults:
        raise ConfigurationError(tuple(faults))

    server = read_tables["server"]
    assert isinstance(server, Server)
    database = _located(os.environ.get(DATABASE_VARIABLE) or server.database, path.parent)
    read_tables["imports"] = read_tables.pop("import")  # a word of Python's own
    parts: dict[str, Any] = {
        **read_tables, "server": server.model_copy(update={"database": database}),
        **{name: tuple(row for _, row in rows) for name, rows in read_lists.items()},
    }  # fmt: skip
    return Configuration(folder=path.parent, processes=path.parent / processes, **parts)


def _given(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError((f"{path.name}: filen finns inte",)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError((f"{path.name}: filen kan inte läsas ({error})",)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError((f"{path.name}: filen är inte giltig TOML ({error})",)) from None


def _logo(name: str, folder: Path, faults: list[str]) -> str:
    """Where the picture lies, beside the configuration; it is sent to everybody, so it is small."""
    place = folder / name
    if place.suffix.lower() not in LOGO_KINDS:
        faults.append(f'identity › logo: "{name}" ska vara en bild av slaget {", ".join(sorted(LOGO_KINDS))}')
    elif not place.is_file():
        faults.append(f'identity › logo: filen "{name}" finns inte')
    elif place.stat().st_size > LARGEST_LOGO:
        faults.append(f'identity › logo: "{name}" är större än {LARGEST_LOGO // 1000} kB')
    return str(place)


def _located(url: str, folder: Path) -> str:
    """A relative SQLite file lies beside the configuration, wherever the program was started."""
    match = _RELATIVE_SQLITE.fullmatch(url)
    return f"sqlite:///{folder / match[1]}" if match else url


def _rows(model: type[AnyRow], given: object, name: str, faults: list[str]) -> list[tuple[str, AnyRow]]:
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


def _row(model: type[AnyRow], given: object, place: str, faults: list[str]) -> AnyRow | None:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        faults.extend(fault_words(place, fault, model) for fault in error.errors())
        return None
