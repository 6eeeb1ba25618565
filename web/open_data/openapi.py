"""The OpenAPI 3.1 document of open data, made of the definitions that serialise it. Asks nobody and reads no table."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.open_data import queries, records

REF = "#/components/schemas/{model}"
CC0 = "CC0-1.0"


@dataclass(frozen=True, slots=True)
class Path:
    """One address: what it answers, what stands in it (name to schema), and what it may be asked."""

    path: str
    name: str
    summary: str
    answer: type[BaseModel]
    parts: dict[str, dict[str, Any]]
    query: type[BaseModel] | None = None


TEXT: dict[str, Any] = {"type": "string"}
YEAR: dict[str, Any] = {"type": "integer", "minimum": 0}
PATHS = (
    Path("/proposals", "proposals", "Proposals, the latest first", records.Page[records.ProposalRow], {},
         queries.ProposalQuery),
    Path("/proposals/{number}", "proposal", "One proposal with its events", records.Proposal, {"number": TEXT}),
    Path("/pots", "pots", "Every pot in every budget year", records.Page[records.PotYear], {}),
    Path("/pots/{pot}/{year}/entries", "entries", "The ledger entries behind a pot's year, by proposal and event",
         records.Page[records.Entry], {"pot": TEXT, "year": YEAR}, queries.EntryQuery),
    Path("/processes", "processes", "How the kinds of proposal move", records.Page[records.ProcessRow], {}),
    Path("/processes/{process_id}", "process", "One process with its states and ways", records.Process,
         {"process_id": TEXT}),
)  # fmt: skip


@cache
def document(base_url: str, publisher: str, licence: str) -> str:
    """As JSON text. ``licence`` is an SPDX identifier, or words where the town has chosen none."""
    answers: dict[type[BaseModel], None] = dict.fromkeys([*(each.answer for each in PATHS), records.Problem])
    refs, schemas = models_json_schema([(each, "serialization") for each in answers], ref_template=REF)
    ref_of = {model: refs[model, "serialization"] for model in answers}
    told_licence = {"name": licence} | ({"identifier": licence} if licence == CC0 else {})
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": f"Skede, {publisher}", "version": "1", "license": told_licence,
                "description": "Förslag, vad som hänt med dem, potter och processer. Läsbart för alla, utan nyckel.",
            },
            "servers": [{"url": f"{base_url}/api/v1"}],
            "paths": {each.path: {"get": _operation(each, ref_of)} for each in PATHS},
            "components": {"schemas": schemas.get("$defs", {})},
        },
        ensure_ascii=False,
        indent=1,
    )  # fmt: skip


def _operation(path: Path, ref_of: dict[type[BaseModel], Any]) -> dict[str, Any]:
    refused = {"content": {"application/problem+json": {"schema": ref_of[records.Problem]}}}
    answers = {
        "200": {
            "description": path.summary,
            "content": {"application/json": {"schema": ref_of[path.answer]}},
            "headers": {"ETag": {"schema": TEXT}},
        },
        "304": {"description": "What you have is still so"},
        "400": {"description": "The question cannot be understood", **refused},
        "404": {"description": "There is no such thing, or no address like this", **refused},
    }
    parts = [{"name": name, "in": "path", "required": True, "schema": each} for name, each in path.parts.items()]
    return {
        "operationId": path.name, "summary": path.summary, "parameters": [*parts, *_query(path.query)],
        "responses": answers,
    }  # fmt: skip


def _query(query: type[BaseModel] | None) -> list[dict[str, Any]]:
    if query is None:
        return []
    fields: dict[str, dict[str, Any]] = query.model_json_schema()["properties"]
    return [
        {"name": name, "in": "query", "required": False, "description": each.get("description", name),
         "schema": _asked_as(each)}
        for name, each in fields.items()
    ]  # fmt: skip


def _asked_as(field: dict[str, Any]) -> dict[str, Any]:
    """A question that is left out is no null: an address knows none."""
    kept = {name: value for name, value in field.items() if name not in ("title", "description", "anyOf", "default")}
    some: dict[str, Any] = next((each for each in field.get("anyOf", []) if each.get("type") != "null"), {})
    default = {"default": field["default"]} if field.get("default") is not None else {}
    return kept | some | default
