"""A little of every programme of the torture: each promise holds, and each broken design is caught."""

import random
from collections.abc import Iterator

import pytest

from tests.postgres import Server
from tests.torture.__main__ import programmes, run_one
from tests.torture.report import Run


@pytest.fixture(scope="module")
def run(postgres_server: Server) -> Iterator[Run]:
    with Run(random.SystemRandom().randrange(1, 10**6), whole=False, server=postgres_server) as run:
        yield run


@pytest.mark.parametrize("name", programmes())
def test_a_sample(run: Run, name: str) -> None:
    found = list(run_one(name, programmes()[name], run))
    assert found
    assert [each for each in found if not each.holds] == []
