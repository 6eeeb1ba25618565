"""Fixtures that give each test an empty database of its own, on both database systems.

One PostgreSQL serves a whole test run, whichever worker asks first: it costs a second to start, a database on it
about twenty milliseconds. Tests that ask for none start none.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.postgres import Server, create, new_folder
from workflow.storage.database import Database

RUN_FOLDER = "SKEDE_TEST_RUN"

Prepare = Callable[[str], None]


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run makes a folder; its workers inherit the path."""
    if not is_worker(config):
        os.environ[RUN_FOLDER] = str(new_folder())


def pytest_unconfigure(config: pytest.Config) -> None:
    if is_worker(config):
        return
    folder = Path(os.environ.pop(RUN_FOLDER))
    server = Server(folder / "postgres")
    if server.is_running():
        server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Server:
    folder = Path(os.environ[RUN_FOLDER])
    with one_at_a_time(folder):
        server = Server(folder / "postgres")
        return server if server.is_running() else create(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database. A test that asks for this runs twice, once on each system."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'skede.sqlite3'}"
        return
    with request.getfixturevalue("postgres_server").database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def prepared_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A copy of a database that `prepare_database` has filled; on each system. Quicker than filling every one anew."""
    if request.param == "sqlite":
        copy = tmp_path / "skede.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    template = request.getfixturevalue("postgres_template")
    with request.getfixturevalue("postgres_server").database(template) as url:
        yield url


@pytest.fixture(scope="session")
def prepare_database() -> Prepare:
    """Makes the tables in the database at this URL and leaves no connection open. Overridden where more is wanted."""
    return make_tables


@pytest.fixture(scope="session")
def sqlite_template(prepare_database: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "skede.sqlite3"
    path.touch()
    prepare_database(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server, prepare_database: Prepare) -> str:
    """Its name. Made once for all workers."""
    name = "template_of_tests"
    folder = Path(os.environ[RUN_FOLDER])
    with one_at_a_time(folder):
        made = folder / name
        if not made.exists():
            postgres_server.make_template(name, prepare_database)
            made.touch()
    return name


def make_tables(url: str) -> None:
    with Database(url) as database:
        database.create()


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Among the workers of this run."""
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")
