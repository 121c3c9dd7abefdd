"""The part of JSON Schema that docs/schemas uses; any other keyword is an error, not a pass."""

from __future__ import annotations

import json
from typing import Any

from program import REPOSITORY

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
SILENT = {"$schema", "title", "description"}
KNOWN = {"type", "const", "enum", "minimum", "required", "properties", "additionalProperties", "items"}


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((REPOSITORY / "docs" / "schemas" / f"{name}.json").read_text())
    return loaded


def is_of(value: Any, name: str) -> bool:
    if isinstance(value, bool) and name != "boolean":  # in Python a bool is an int
        return False
    return isinstance(value, TYPES[name])


def breaches(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """What in `value` is not as `schema` says, and every field that it does not mention."""
    found = [f"{where}: the check does not know {word!r}" for word in schema.keys() - SILENT - KNOWN]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_of(value, name) for name in types):
        return [*found, f"{where}: {value!r} is no {' or '.join(types)}"]
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is not among {schema['enum']}")
    if "minimum" in schema and is_of(value, "number") and value < schema["minimum"]:
        found.append(f"{where}: {value!r} is below {schema['minimum']}")
    if isinstance(value, dict):
        found += breaches_of_object(value, schema, where)
    if isinstance(value, list):
        for at, item in enumerate(value):
            found += breaches(item, schema.get("items", {}), f"{where}[{at}]")
    return found


def breaches_of_object(value: dict[str, Any], schema: dict[str, Any], where: str) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"{where}: lacks {name!r}" for name in schema.get("required", []) if name not in value]
    others = schema.get("additionalProperties")
    for name in value.keys() - properties.keys():
        if isinstance(others, dict):
            found += breaches(value[name], others, f"{where}.{name}")
        else:
            found.append(f"{where}: {name!r} is not in the schema")
    for name in value.keys() & properties.keys():
        found += breaches(value[name], properties[name], f"{where}.{name}")
    return found
