"""Whatever the code writes into a proposal's chain has a title, so that no page, file or letter stumbles over it."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from tests.workflow.cast import ROOT
from workflow.cases.step_kinds import KINDS
from workflow.proposals.finding import EVENT_TITLES

WRITERS = {"touch": 3, "append_event": 3, "_touched": 3, "Act": 0}  # where among the arguments the kind stands
BY_OTHER_WORDS = {"moved", "booked", "cofinanced"}  # titled by the transition, or by what was booked
ELSEWHERE = {"noted"}  # shown as a note


def written() -> Iterator[tuple[str, Path]]:
    for path in (ROOT / "workflow").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if any(f"{name}(" in text for name in WRITERS):
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
                    if name in WRITERS and len(node.args) > WRITERS[name]:
                        for kind in said(node.args[WRITERS[name]], vars(module)):
                            yield kind, path


def said(argument: ast.expr, known: dict[str, object]) -> Iterator[str]:
    """A word, the name of one, or either of two; what the caller gives is said by the caller."""
    if isinstance(argument, ast.IfExp):
        yield from said(argument.body, known)
        yield from said(argument.orelse, known)
    found = argument.value if isinstance(argument, ast.Constant) else known.get(getattr(argument, "id", ""))
    if isinstance(found, str):
        yield found


def test_every_kind_of_event_has_a_title_and_a_place_in_the_history() -> None:
    kinds = dict(written())
    assert len(kinds) > 29
    for kind, path in kinds.items():
        assert kind in EVENT_TITLES.keys() | BY_OTHER_WORDS, (kind, path)
        assert kind in KINDS.keys() | ELSEWHERE, (kind, path)
