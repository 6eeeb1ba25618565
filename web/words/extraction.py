"""Finds the Swedish texts that stand outside code and templates, for the translation catalogue:
the wording of the process files, and the titles that the engine gives to events. Translates nothing."""

import ast
import tomllib
from collections.abc import Iterator
from typing import Any, BinaryIO

Found = tuple[int, str | None, str, list[str]]

# The keys of a process file that hold words; every other text in it is a name.
WORDING = ("title", "public", "advice", "produces", "may_wait", "description")


def process_texts(file: BinaryIO, *_keywords: object, **_options: object) -> Iterator[Found]:
    """For babel: every text of a process file that a page may show."""
    source = file.read().decode()
    for text in _wordings(tomllib.loads(source)):
        yield source[: source.find(text)].count("\n") + 1, None, text, []


def event_titles(file: BinaryIO, *_keywords: object, **_options: object) -> Iterator[Found]:
    """For babel: the values of every table in a module whose name ends in _TITLES."""
    for statement in ast.parse(file.read()).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if any(name.endswith("_TITLES") for name in names):
                for value in statement.value.values:
                    yield value.lineno, None, ast.literal_eval(value), []


def _wordings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in WORDING:
                yield from _texts(each)
            else:
                yield from _wordings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _wordings(each)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
