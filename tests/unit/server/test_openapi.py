"""The description of the routes is valid, whole, and true to itself."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from jobs.catalogue import REPORT_KINDS
from server.app import OPENAPI_FILE
from server.routes import ROUTES
from shop.reports.record import State
from shop.reports.writing.report_writer import CONTENT_TYPES

OPENAPI = json.loads(OPENAPI_FILE.read_bytes())
SCHEMAS = OPENAPI["components"]["schemas"]


def test_it_is_openapi():
    """As the standard's own schema has it."""
    validate(OPENAPI)


def test_every_route_is_in_it_and_nothing_else():
    """By method and path."""
    described = {
        (method.upper(), path)
        for path, item in OPENAPI["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert described == {(route.method, route.path) for route in ROUTES}


def test_what_can_be_chosen_is_what_there_is():
    """Kinds, states and formats."""
    assert SCHEMAS["Kind"]["enum"] == list(REPORT_KINDS)
    assert SCHEMAS["State"]["enum"] == [state.value for state in State]
    assert set(SCHEMAS["FileFormat"]["enum"]) == set(CONTENT_TYPES)


def test_everything_that_is_named_is_used():
    """No part is left over."""
    text = OPENAPI_FILE.read_text()
    names = [name for parts in OPENAPI["components"].values() for name in parts]
    assert [name for name in names if len(re.findall(rf"\b{name}\b", text)) < 2] == []


def examples(node: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Every schema with an example of it."""
    if isinstance(node, list):
        for item in node:
            yield from examples(item)
    if not isinstance(node, dict):
        return
    if "schema" in node:
        if "example" in node:
            yield node["schema"], node["example"]
        for example in node.get("examples", {}).values():
            yield node["schema"], example["value"]
    elif isinstance(node.get("examples"), list):
        for example in node["examples"]:
            yield node, example
    for item in node.values():
        yield from examples(item)


@pytest.mark.parametrize(("schema", "example"), list(examples(OPENAPI)))
def test_examples_are_what_they_are_examples_of(schema: dict[str, Any], example: Any):
    """Each is valid by its own schema."""
    root = {"components": OPENAPI["components"], "allOf": [schema]}
    Draft202012Validator(root).validate(example)
