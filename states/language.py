"""Reads process files: TOML in, sound processes out, or every fault at once in words for the official who wrote it."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from states.definition import Process
from states.expansion import expand
from states.finding import Finding, nearest
from states.texts import PARTS, ProcessText

LARGEST_BYTES = 256_000


@dataclass(frozen=True, slots=True)
class Library:
    """The processes of a folder, sound and expanded."""

    processes: tuple[Process, ...]

    def get(self, process_id: str, version: int) -> Process:
        """Raises KeyError, naming what there is."""
        found = next((each for each in self.processes if (each.id, each.version) == (process_id, version)), None)
        if found is None:
            raise KeyError(f"no process {process_id} version {version}")
        return found

    def latest(self, process_id: str) -> Process:
        """The highest version of a process. Raises KeyError."""
        versions = [each for each in self.processes if each.id == process_id]
        if not versions:
            raise KeyError(f"no process {process_id}")
        return max(versions, key=lambda each: each.version)


def read(paths: Iterable[str | Path]) -> tuple[list[tuple[str, Process]], list[Finding]]:
    """The processes in these files by file name, and what is wrong with the rest. A file of side roads is none.

    Side roads are sought among the files and beside them.
    """
    files = [Path(path) for path in paths]
    findings: list[Finding] = []
    texts: dict[Path, ProcessText] = {}
    for path in files:
        found = _text(path, findings)
        if found is not None:
            texts[path] = found
    processes: list[tuple[str, Process]] = []
    for path, text in texts.items():
        findings += _twin(path, text, texts)
        if not text.bindings and any(way.from_ for way in text.way):
            continue  # side roads: judged in each process that uses them
        used = [each for name in text.uses if (each := _used(path, name, texts, findings)) is not None]
        process, faults = expand(text, used)
        findings += [Finding(path.name, *fault) for fault in faults]
        if process is not None and len(used) == len(text.uses):
            processes.append((path.name, process))
    return processes, findings


def _twin(path: Path, text: ProcessText, texts: Mapping[Path, ProcessText]) -> list[Finding]:
    """Two files with one id and version; said of the later."""
    for other, written in texts.items():
        if other == path:
            return []
        if (written.id, written.version) == (text.id, text.version):
            why = f"{other.name} har redan id {text.id} och version {text.version}"
            return [Finding(path.name, "version", why, "höj version, eller byt id")]
    return []


def _used(path: Path, name: str, texts: Mapping[Path, ProcessText], findings: list[Finding]) -> ProcessText | None:
    for text in texts.values():
        if text.id == name:
            return text
    beside = path.parent / f"{name}.toml"
    if beside.exists():
        return _text(beside, findings)
    known = [each.stem for each in path.parent.glob("*.toml")]
    findings.append(Finding(path.name, "uses", f"{name} finns inte", nearest(name, known)))
    return None


def _text(path: Path, findings: list[Finding]) -> ProcessText | None:
    """The file as written; None, and why, when it cannot be read."""

    def wrong(key: str, why: str, mend: str) -> None:
        findings.append(Finding(path.name, key, why, mend))

    try:
        if path.stat().st_size > LARGEST_BYTES:
            wrong("filen", f"den är större än {LARGEST_BYTES // 1000} kB", "en process är en kort fil; dela den")
            return None
        raw = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        wrong("filen", f"den kan inte läsas ({error.strerror})", "kontrollera namn och rättigheter")
    except UnicodeDecodeError:
        wrong("filen", "den är inte skriven i UTF-8", "spara den som UTF-8")
    except tomllib.TOMLDecodeError as error:
        wrong("filen", f"den är inte TOML: {error}", "rätta raden")
    else:
        return _validated(path, raw, findings)
    return None


def _validated(path: Path, raw: dict[str, Any], findings: list[Finding]) -> ProcessText | None:
    try:
        return ProcessText.model_validate(raw)
    except ValidationError as error:
        faults = dict.fromkeys(_fault(each, raw) for each in error.errors())  # a union tells one fault twice
        findings += [Finding(path.name, *fault) for fault in faults]
    return None


def _key(location: tuple[str | int, ...], raw: Any, *, missing: bool) -> str:
    """Where a fault is, by the ids of states and transitions and not by their numbers."""
    named: list[str] = []
    for part in location:
        if isinstance(raw, dict) and part in raw:
            raw = raw[part]
            named.append(str(part))
        elif isinstance(raw, list) and isinstance(part, int):
            raw = raw[part]
            named.append(str(raw.get("id", part + 1)) if isinstance(raw, dict) else str(part + 1))
    return ".".join([*named, str(location[-1])] if missing else named) or "filen"


def _fault(error: Any, raw: Any) -> tuple[str, str, str]:
    key = _key(error["loc"], raw, missing=error["type"] == "missing")
    if error["type"] == "extra_forbidden":
        known = {name for model in PARTS for name in model.model_fields}
        return key, "nyckeln finns inte i språket", nearest(str(error["loc"][-1]), known)
    if error["type"] == "missing":
        return key, "saknas", "lägg till den"
    return key, f"{error['input']!r} passar inte här", "se en process som följer med Skede"
