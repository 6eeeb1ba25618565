"""What is wrong with a row of the configuration file, in Swedish and with its key. Finds no fault itself."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from workflow.settings.configuration_rows import AnyRow
from workflow.settings.configuration_values import NOT_GIVEN


def fault_words(place: str, fault: Mapping[str, Any], model: type[AnyRow]) -> str:
    """One fault of pydantic's in Swedish."""
    steps = [f"nr {step + 1}" if isinstance(step, int) else str(step) for step in fault["loc"]]
    where = " › ".join([place, *steps])
    context = fault.get("ctx", {})
    kind = fault["type"]
    if kind == "extra_forbidden":
        return unknown_key(where, model.model_fields if len(steps) == 1 else (), steps[-1])
    if kind == "value_error":
        return f"{where}: {context['error']}"
    if kind == "literal_error":
        return f'{where}: "{fault["input"]}" är inte något av {context["expected"].replace(" or ", ", ")}'
    words = {
        "missing": "saknas",
        "string_type": "ska vara text",
        "string_too_short": f'är tomt; skriv "{NOT_GIVEN}" där det går',
        "string_pattern_mismatch": f'"{fault["input"]}" har fel form',
        "int_type": "ska vara ett helt tal",
        "int_parsing": "ska vara ett helt tal",
        "model_type": "ska vara en tabell",
        "tuple_type": "ska vara en lista",
        "greater_than_equal": f"ska vara minst {context.get('ge')}",
        "less_than_equal": f"ska vara högst {context.get('le')}",
    }
    if kind.startswith("date"):
        return f"{where}: ska vara ett datum, till exempel 2026-12-09"
    return f"{where}: {words.get(kind, 'kan inte läsas')}"


def unknown_key(where: str, known: Iterable[str], key: str | None = None) -> str:
    near = difflib.get_close_matches(key or where, list(known), n=1)
    return f"{where}: okänd nyckel" + (f', menas "{near[0]}"?' if near else "")
