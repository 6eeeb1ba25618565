"""Tables that leave and enter the house are judged through the pages, on a seeded database of each system."""

import secrets

import pytest
from flask import Flask

from tests.files.importing import BEFORE, KRONOR
from tests.workflow.cast import Case, person
from tests.workflow.conftest import engine, seeded_postgres, seeded_sqlite, seeded_url
from web.app import create_app
from workflow import Engine

__all__ = ["app", "engine", "seeded_postgres", "seeded_sqlite", "seeded_url"]


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("SKEDE_SECRET_KEY", secrets.token_urlsafe(32))
    made = create_app(engine)
    made.testing = True
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def bought(engine: Engine) -> Case:
    return Case(engine, "purchase", KRONOR).submit().walk(*BEFORE)


@pytest.fixture
def controller(engine: Engine) -> int:
    return person(engine, "Ekonom")
