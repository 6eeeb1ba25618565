"""Of Bootstrap's stylesheet, what our pages use: a tenth of it. Whatever a template may name is kept."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import flask_bootstrap
import tinycss2
from flask import Blueprint, Flask, Response, url_for

stylesheet = Blueprint("stylesheet", __name__)

LASTS_S = 31_536_000  # a year: its address changes with it
OURS = Path(__file__).parents[1]
THEIRS = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
_WORD, _CLASS = re.compile(r"[A-Za-z][\w-]*"), re.compile(r"\.(-?[A-Za-z_][\w-]*)")


@stylesheet.get("/bootstrap.css")
def bootstrap() -> Response:
    answer = Response(used(), mimetype="text/css")
    answer.cache_control.max_age, answer.cache_control.public = LASTS_S, True
    return answer


def address() -> str:
    return url_for("stylesheet.bootstrap", v=hashlib.sha256(used().encode()).hexdigest()[:8])


def init_app(app: Flask) -> None:
    app.register_blueprint(stylesheet)
    app.jinja_env.globals["bootstrap_css"] = address


@cache
def used() -> str:
    """Read once for each process."""
    return "".join(_kept(_rules(THEIRS.read_text(encoding="utf-8")), words()))


@cache
def words() -> frozenset[str]:
    """Everything in our templates and forms that might be the name of a class."""
    sources = [*OURS.glob("templates/**/*.html"), *OURS.glob("forms/*.py")]
    return frozenset(word for each in sources for word in _WORD.findall(each.read_text(encoding="utf-8")))


def _rules(sheet: Any) -> list[Any]:
    return list(tinycss2.parse_rule_list(sheet, skip_comments=True, skip_whitespace=True))


def _kept(rules: Iterable[Any], names: frozenset[str]) -> Iterator[str]:
    """Selectors whose classes are all among the names; of the conditions, those of the medium."""
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "media":
            inner = "".join(_kept(_rules(rule.content), names))
            yield f"@media{tinycss2.serialize(rule.prelude)}{{{inner}}}" if inner else ""
        elif rule.type == "qualified-rule":
            selectors = [each for each in tinycss2.serialize(rule.prelude).split(",") if _fits(each, names)]
            yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}" if selectors else ""


def _fits(selector: str, names: frozenset[str]) -> bool:
    return set(_CLASS.findall(selector)) <= names and "data-bs-theme=dark" not in selector
