"""JSON schemas of arguments and results: flat, self-contained, the same for every client.

Some clients refuse `$ref`, `anyOf` and type arrays, and read optional as absent, never as null.
pydantic writes all three, so its schemas are rewritten here once, while modules are imported.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]

# What a schema of ours may not contain, at any depth.
REFUSED_KEYWORDS = frozenset(
    {"$ref", "$defs", "definitions", "anyOf", "oneOf", "allOf", "not", "if", "patternProperties"}
)


def flat_schema(model: type[BaseModel]) -> Schema:
    """The JSON schema of `model` without references, null branches and generated titles."""
    schema = model.model_json_schema()
    flat: Schema = _flattened(schema, schema.get("$defs", {}))
    flat.pop("description", None)
    return flat


def refused_parts(schema: object, *, where: str = "") -> list[str]:
    """Where `schema` uses a keyword that clients choke on, as dotted paths; empty if nowhere."""
    if isinstance(schema, list):
        found = [refused_parts(item, where=f"{where}[{i}]") for i, item in enumerate(schema)]
        return [path for paths in found for path in paths]
    if not isinstance(schema, dict):
        return []
    here = [f"{where}.{key}".lstrip(".") for key in schema if key in REFUSED_KEYWORDS]
    if isinstance(schema.get("type"), list):
        here.append(f"{where}.type".lstrip("."))
    for key, value in schema.items():
        inside = f"{where}.{key}".lstrip(".")
        if key == "properties":
            for name, part in value.items():
                here += refused_parts(part, where=f"{inside}.{name}")
        elif key not in {"enum", "const", "default", "examples"}:
            here += refused_parts(value, where=inside)
    return here


def without_limits(part: Schema) -> list[str]:
    """What an argument, or a part of one, fails to limit: all that a model sends is bounded."""
    kind = part.get("type")
    if "enum" in part or kind == "boolean":
        return []
    if kind == "string":
        return [] if "maxLength" in part else ["is text without a maxLength"]
    if kind in {"integer", "number"}:
        return [] if {"minimum", "maximum"} <= part.keys() else ["is a number without limits"]
    if kind == "array":
        unbounded = [] if "maxItems" in part else ["is a list without maxItems"]
        return unbounded + without_limits(part["items"])
    if kind == "object":
        return _loose_object(part)
    return [f"is of the type {kind}, which no argument may be"]


def _loose_object(part: Schema) -> list[str]:
    """Objects name their entries and refuse others, or are maps of a limited number."""
    others = part.get("additionalProperties", True)
    problems = [
        text for inner in part.get("properties", {}).values() for text in without_limits(inner)
    ]
    if isinstance(others, dict):
        bounded = [] if "maxProperties" in part else ["is a map without maxProperties"]
        return problems + bounded + without_limits(others)
    return problems if others is False else [*problems, "takes entries that it does not declare"]


def _flattened(node: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401  # JSON
    if isinstance(node, list):
        return [_flattened(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    stands_for = _stands_for(node, definitions)
    if stands_for is not None:
        return _flattened(stands_for, definitions)
    flat = {}
    for key, value in node.items():
        if key == "properties":
            flat[key] = {name: _flattened(part, definitions) for name, part in value.items()}
        elif not (key in {"title", "$defs"} or (key == "default" and value is None)):
            flat[key] = _flattened(value, definitions)
    return flat


def _stands_for(node: Schema, definitions: Mapping[str, Any]) -> Schema | None:
    """What a reference or an optional schema stands for, own keywords first; None if neither."""
    if "$ref" in node:
        target = _without_description(definitions[node["$ref"].rsplit("/", 1)[-1]])
        return {**target, **_all_but("$ref", node)}
    branches = [branch for branch in node.get("anyOf", ()) if branch != {"type": "null"}]
    return {**branches[0], **_all_but("anyOf", node)} if len(branches) == 1 else None


def _all_but(left_out: str, schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != left_out}


def _without_description(schema: Mapping[str, Any]) -> Schema:
    """A referenced model without its docstring, which is for readers of the code."""
    return {key: value for key, value in schema.items() if key != "description"}
