"""Every refusal that the engine gives is told in both languages, with every fact that it holds in its place."""

from pathlib import Path

import pytest
from flask import Flask

from states import RefusalKind
from tests.workflow import cast
from tests.workflow.provocations import HOW
from web.request import language
from web.words import words
from web.words.refusal_words import worded
from workflow import Refused

# What is refused is that something is not stated, and the English words say just that.
SAYING_SO = {RefusalKind.LINES_MISSING, RefusalKind.OWNER_UNKNOWN}


@pytest.fixture
def app() -> Flask:
    app = Flask("web")
    language.init_app(app)
    words.register(app)
    return app


@pytest.mark.parametrize("kind", HOW, ids=lambda kind: kind.name)
def test_told_without_holes(app: Flask, tmp_path: Path, kind: RefusalKind) -> None:
    url = f"sqlite:///{tmp_path / 'skede.sqlite3'}"
    cast.seed(url)
    with cast.opened(url) as engine, pytest.raises(Refused) as caught:
        HOW[kind](engine)()
    told = []
    for spoken, hole in (("sv", "ej angivet"), ("en", "not stated")):
        with app.test_request_context(headers={"Accept-Language": spoken}):
            parts = worded(caught.value.first)
        assert all((parts.stopped, parts.why, parts.remedy))
        assert hole not in str(parts) or (spoken == "en" and kind in SAYING_SO)
        assert "%(" not in str(parts)
        told.append(str(parts))
    assert told[0] != told[1]
