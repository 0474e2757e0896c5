"""JSON against Stripe's official OpenAPI description of its answers.

The description's dialect is small: `$ref`, `anyOf`, `nullable`, `enum`, `required`, typed
properties and items. A place in an answer is named by the nearest component of the description
and the members below it, such as `charge_outcome.reason`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.integration.conformance.problems import Kind, Problem, missing

Schema = Mapping[str, Any]
TYPES = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": int | float,
    "array": list,
    "object": dict,
}
DISCRIMINATORS = ("object", "deleted")
"""Members that tell apart what an `anyOf` offers."""


class Description:
    """One version of the official description."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._components: Mapping[str, Schema] = document["components"]["schemas"]
        self._operations = [
            (path.split("/"), operations) for path, operations in document["paths"].items()
        ]

    def answer(self, method: str, path: str, status: int) -> Schema | None:
        """The schema of an answer; None where the API has no such endpoint."""
        if status != 200:
            return {"$ref": "#/components/schemas/error"}
        segments = path.split("/")
        fitting = [
            (template, operations[method.lower()])
            for template, operations in self._operations
            if method.lower() in operations and _fits(template, segments)
        ]
        if not fitting:
            return None
        _, operation = min(fitting, key=lambda found: "/".join(found[0]).count("{"))
        schema: Schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        return schema

    def problems(self, value: object, schema: Schema, where: str = "answer") -> Iterator[Problem]:
        """Every difference between a value and its schema; `where` is its place."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self.problems(value, self._components[name], name)
        elif value is None:
            if not schema.get("nullable"):
                yield Problem(where, "is null")
        elif "anyOf" in schema:
            yield from self._any_of(value, schema["anyOf"], where)
        elif not _is_a(value, schema.get("type")):
            yield Problem(where, f"is {type(value).__name__}, not {schema['type']}")
        elif isinstance(value, dict):
            yield from self._object(value, schema, where)
        elif isinstance(value, list):
            for item in value:
                yield from self.problems(item, schema["items"], f"{where}[]")
        else:
            yield from _plain(value, schema, where)

    def _any_of(self, value: object, options: Sequence[Schema], where: str) -> Iterator[Problem]:
        offered = [option for option in options if self._offers(option, value)]
        if not offered:
            yield Problem(where, f"is none of what is offered: {value!r:.80}")
            return
        found = [list(self.problems(value, each, where)) for each in offered]
        yield from min(found, key=len)

    def _offers(self, option: Schema, value: object) -> bool:
        named = option.get("$ref", "").rpartition("/")[2]
        resolved = self._components[named] if named else option
        if not _is_a(value, resolved.get("type")):
            return False
        if not isinstance(value, dict):
            return True
        members = resolved.get("properties", {})
        return all(_agrees(value, members, name) for name in DISCRIMINATORS)

    def _object(self, value: Mapping[str, Any], schema: Schema, where: str) -> Iterator[Problem]:
        members = schema.get("properties")
        if members is None:
            yield from self._free_form(value, schema, where)
            return
        for name in schema.get("required", ()):
            if name not in value:
                yield missing(f"{where}.{name}")
        for name, member in value.items():
            if name not in members:
                yield Problem(f"{where}.{name}", "is not described", Kind.UNKNOWN, member is None)
            else:
                yield from self.problems(member, members[name], f"{where}.{name}")

    def _free_form(self, value: Mapping[str, Any], schema: Schema, where: str) -> Iterator[Problem]:
        """Any members, of one type perhaps; an event's object is described by its own name."""
        each = schema.get("additionalProperties")
        if isinstance(each, dict):
            for member in value.values():
                yield from self.problems(member, each, f"{where}.*")
        kind = str(value.get("object"))
        if kind in self._components:
            yield from self.problems(value, self._components[kind], kind)


def _fits(template: Sequence[str], segments: Sequence[str]) -> bool:
    return len(template) == len(segments) and all(
        expected.startswith("{") or expected == segment
        for expected, segment in zip(template, segments, strict=True)
    )


def _agrees(value: Mapping[str, Any], members: Mapping[str, Schema], name: str) -> bool:
    if (name in value) != (name in members):
        return False
    return name not in value or value[name] in members[name].get("enum", [value[name]])


def _is_a(value: object, name: str | None) -> bool:
    if name is None:
        return True
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _plain(value: object, schema: Schema, where: str) -> Iterator[Problem]:
    if value not in schema.get("enum", [value]):
        yield Problem(f"{where}={value}", "is not among the values described", Kind.UNKNOWN)
    if isinstance(value, str):
        if len(value) > schema.get("maxLength", len(value)):
            yield Problem(where, f"has {len(value)} letters, more than {schema['maxLength']}")
        if not re.search(schema.get("pattern", ""), value):
            yield Problem(where, f"does not look like {schema['pattern']}: {value}")
