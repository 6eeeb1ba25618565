"""A process as the text that a database keeps, and back; its digest leaves the wording out.
Knows nothing of files: what is stored is already expanded and sound."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from states.definition import Binding, Deadline, DutyRule, MoneyEffect, Node, Process, Rule, State, Transition

# Keys that came after processes had been stored: left out where nothing is said, so that a digest stays what it was.
LATER = frozenset({"together"})
WORDING = frozenset({"title", "public", "advice", "produces", "description"})


def settled(process: Process) -> Process:
    """The same process with the body that is stored and the digest that tells versions apart."""
    whole = {
        "id": process.id,
        "version": process.version,
        "title": process.title,
        "description": process.description,
        "bindings": {name: plain(each) for name, each in process.bindings.items()},
        "nodes": {name: plain(each) for name, each in process.nodes.items()},
        "initial": process.initial,
        "track": list(process.track),
    }
    return replace(process, digest=_digest(whole), body=_canonical(whole))


def restore(body: str) -> Process:
    """The very process whose stored ``body`` this is."""
    whole = json.loads(body)
    bindings = {
        name: Binding(each["id"], _tuple(each["lines"]), _tuple(each["sources"]))
        for name, each in whole["bindings"].items()
    }
    nodes = {name: _node(each) for name, each in whole["nodes"].items()}
    return Process(
        whole["id"],
        whole["version"],
        whole["title"],
        _digest(whole),
        body,
        bindings,
        nodes,
        whole["initial"],
        _tuple(whole["track"]),
        whole["description"],
    )


def _node(each: Mapping[str, Any]) -> Node:
    state = each["state"]
    duties = tuple(
        DutyRule(d["kind"], _stored_rule(d["role"]), _stored_deadline(d["deadline"])) for d in state["duties"]
    )
    parts: dict[str, Any] = {name: _tuple(value) if isinstance(value, list) else value for name, value in state.items()}
    parts["awaits"] = _stored_rule(state["awaits"]) if state["awaits"] else None
    parts["deadline"] = _stored_deadline(state["deadline"])
    parts["duties"] = duties
    made = State(**parts)
    return Node(each["id"], made, each["origin"], tuple(_transition(way) for way in each["transitions"]))


def _transition(way: Mapping[str, Any]) -> Transition:
    parts: dict[str, Any] = {name: _tuple(value) if isinstance(value, list) else value for name, value in way.items()}
    parts["role"] = _stored_rule(way["role"]) if way["role"] else None
    parts["clock"] = _stored_rule(way["clock"]) if way["clock"] else None
    parts["guards"] = tuple(_stored_rule(each) for each in way["guards"])
    parts["money"] = tuple(MoneyEffect(each["effect"], each["binding"]) for each in way["money"])
    return Transition(**parts)


def _stored_rule(each: Mapping[str, Any]) -> Rule:
    argument = each["argument"]
    return Rule(each["name"], _tuple(argument) if isinstance(argument, list) else argument)


def _stored_deadline(each: Mapping[str, Any] | None) -> Deadline | None:
    return Deadline(each["kind"], each["value"], _stored_deadline(each["otherwise"])) if each else None


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def plain(value: Any) -> Any:
    """A frozen value as what JSON can hold."""
    if is_dataclass(value):
        found = {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        return {name: each for name, each in found.items() if each or name not in LATER}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value


def _digest(whole: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(_without_wording(whole)).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _without_wording(value: Any) -> Any:
    """Everything but what is only words: a spelling mended is no new process."""
    if isinstance(value, dict):
        kept = {name: _without_wording(each) for name, each in value.items() if name not in WORDING}
        if kept.get("kind") == "may_wait":
            kept["value"] = ""
        return kept
    return [_without_wording(each) for each in value] if isinstance(value, list) else value
