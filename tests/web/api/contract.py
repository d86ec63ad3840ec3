"""Holds answers to the description: every status, header and member that is sent stands in it, and nothing else is."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from certs.web import api

DESCRIPTION: dict[str, Any] = json.loads(Path(api.__file__).with_name("openapi.json").read_text(encoding="utf-8"))
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
_SAID = {"description", "format", "default"}
_HELD = {
    "$ref", "type", "enum", "const", "required", "properties", "additionalProperties", "items", "anyOf", "oneOf",
    "pattern", "minimum", "minItems", "maxItems",
}  # fmt: skip


def resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what *part* is or leads to."""
    while "$ref" in part:
        found: Any = DESCRIPTION
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def faults(value: object, schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Yield what of *value* is not as *schema* says; members that it does not name are faults too."""
    schema = resolved(schema)
    assert set(schema) <= _HELD | _SAID, schema
    for word in ("anyOf", "oneOf"):
        if word in schema:
            fitting = [one for one in schema[word] if not list(faults(value, one))]
            if not fitting or (word == "oneOf" and len(fitting) > 1):
                yield f"{at}: fits {len(fitting)} of {word}"
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{at}: {value!r} is no {schema['type']}"
        return
    if ("const" in schema and value != schema["const"]) or value not in schema.get("enum", [value]):
        yield f"{at}: {value!r} is another word"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{at}: {value!r} is spelled otherwise"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{at}: {value} is too small"
    if isinstance(value, list):
        yield from _list(value, schema, at)
    if isinstance(value, dict) and "properties" in schema:
        yield from _object(value, schema, at)


def _is(value: object, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    kinds = tuple(kind for name in names for kind in _TYPES[name])
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


def _list(value: list[object], schema: Mapping[str, Any], at: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{at}: has {len(value)} items"
    for place, item in enumerate(value):
        yield from faults(item, schema.get("items", {}), f"{at}/{place}")


def _object(value: dict[str, object], schema: Mapping[str, Any], at: str) -> Iterator[str]:
    yield from (f"{at}/{name}: is missing" for name in schema.get("required", ()) if name not in value)
    for name, member in value.items():
        if name in schema["properties"]:
            yield from faults(member, schema["properties"][name], f"{at}/{name}")
        else:
            yield f"{at}/{name}: nobody knows it"


def kept(answer: TestResponse, path: str, method: str) -> TestResponse:
    """Return *answer* of the operation at *path*, after a look whether it is as described."""
    responses = DESCRIPTION["paths"][path][method]["responses"]
    assert str(answer.status_code) in responses, (answer.status_code, answer.text)
    described = resolved(responses[str(answer.status_code)])
    assert [name for name in described.get("headers", {}) if name not in answer.headers] == []
    if "content" in described:
        schema = described["content"][answer.mimetype]["schema"]
        if "json" not in (answer.mimetype or ""):
            return answer
        lines = answer.text.splitlines() if (answer.mimetype or "").endswith("ndjson") else [answer.text]
        assert [fault for line in lines for fault in faults(json.loads(line), schema)] == []
    else:
        assert answer.text == ""
    return answer
