"""An engine on a copy of a seeded database, on both systems: opening an empty one anew for each test is slow."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import RUN_FOLDER, one_at_a_time
from tests.postgres import Server
from tests.workflow import cast
from workflow import Engine


@pytest.fixture(scope="session")
def seeded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("seeded") / "skede.sqlite3"
    cast.seed(f"sqlite:///{path}")
    return str(path)


@pytest.fixture(params=["sqlite", "postgresql"])
def seeded_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of a database that holds the shipped configuration; on each system."""
    if request.param == "sqlite":
        path = request.getfixturevalue("tmp_path") / "skede.sqlite3"
        shutil.copy(request.getfixturevalue("seeded_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("seeded_postgres")
    with request.getfixturevalue("postgres_server").database(template) as url:
        yield url


@pytest.fixture(scope="session")
def seeded_postgres(postgres_server: Server) -> str:
    """Its name. Made once for all workers."""
    folder = Path(os.environ[RUN_FOLDER])
    with one_at_a_time(folder):
        made = folder / "seeded"
        if not made.exists():
            postgres_server.make_template("template_seeded", cast.seed)
            made.touch()
    return "template_seeded"


@pytest.fixture
def engine(seeded_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("SKEDE_DATABASE_URL", seeded_url)
    with cast.opened(seeded_url) as engine:
        yield engine
