"""Where files lie: a folder beside the database, outside everything that is served, under names that nobody chose.
Writes whole files or none, and takes away what no row knows. Knows no proposal."""

import contextlib
import os
import re
import secrets
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from sqlalchemy import make_url

from workflow.settings.configuration import Configuration

NAME = re.compile(r"[0-9a-f]{32}")
SMALL = ".small"
NEW_S = 24 * 3600  # a file that no row knows may be one that is just coming in


def folder_of(config: Configuration) -> Path:
    """Configured, else beside an SQLite database, else beside the configuration, one for each database."""
    if config.server.files:
        return config.folder / config.server.files
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).with_suffix(".files")
    return config.folder / "var" / f"{url.database}.files"


def keep(folder: Path, data: bytes, small: bytes = b"") -> str:
    """Writes a file, and a small one beside it; the random name that both are known by."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    for path, content in ((folder / name, data), (folder / f"{name}{SMALL}", small)):
        if content:
            _write(path, content)
    return name


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with part.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.rename(path)


def fetch(folder: Path, name: str, *, small: bool = False) -> bytes | None:
    """None for a name that is none of ours, and for a file that is gone."""
    if not NAME.fullmatch(name):
        return None
    with contextlib.suppress(OSError):
        return (folder / (name + (SMALL if small else ""))).read_bytes()
    return None


def remove(folder: Path, names: Iterable[str]) -> None:
    """Of no consequence for what is gone already."""
    for name in names:
        if NAME.fullmatch(name):
            for each in (name, f"{name}{SMALL}"):
                (folder / each).unlink(missing_ok=True)


def sweep(folder: Path, known: Collection[str]) -> int:
    """Takes away files that nothing tells of: whoever sent them was cut off. How many."""
    gone, before = 0, time.time() - NEW_S
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name[:32] not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
