"""What Stripe says an answer looks like, from three official sources.

- Its OpenAPI description of API version 2023-08-16, beyond which `later` gives the reasons.
- Its example objects, newer by years, whose members an answer must have; `fixtures` says why not.
- The types of the installed stripe-python, at the very version that answers claim to speak.

The first two are files of Stripe's that are no part of this project. They are looked for in
`../shared/stripe/` beside it, or in the folder that `STRIPE_OFFICIAL` names.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import stripe
from stripe._object_classes import get_object_class

from tests.integration.conformance.fixtures import absent_members, reason_to_lack
from tests.integration.conformance.later import EXPLAINED, NEVER_NULL, UNDOCUMENTED
from tests.integration.conformance.openapi import Description, Schema
from tests.integration.conformance.problems import Kind, Problem
from tests.integration.conformance.typed import JSON, mismatches

PROJECT = Path(__file__).parents[3]
DESCRIPTION = "spec3-2023-08-16.json"
EXAMPLES = "fixtures3.json"


@dataclass
class Verdict:
    """What is wrong with an answer, and which entries of the tables of reasons excused it."""

    problems: list[str] = field(default_factory=list)
    excused: set[str] = field(default_factory=set)

    def weigh(self, problem: Problem, reason: str | None) -> None:
        """Count a problem, or the entry that gives the reason for it."""
        if reason is None:
            self.problems.append(str(problem))
        else:
            self.excused.add(reason)


class Official:
    """Stripe's own material, read once."""

    def __init__(self, folder: Path) -> None:
        self.description = Description(_read(folder / DESCRIPTION))
        self._examples: Mapping[str, Any] = _read(folder / EXAMPLES)["resources"]

    def judge(
        self, method: str, path: str, status: int, body: Any, *, partial: bool = False
    ) -> Verdict:
        """Hold an answer against all three; `partial` for the reduced answers that pages get."""
        verdict = Verdict()
        schema = self.description.answer(method, path, status)
        if schema is None:
            verdict.problems.append(f"{method} {path} is no endpoint of Stripe's")
            return verdict
        for problem, reason in self._compared(body, schema):
            if not (partial and problem.kind is Kind.MISSING):
                verdict.weigh(problem, reason)
        return verdict

    def _compared(self, body: Any, schema: Schema) -> Iterator[tuple[Problem, str | None]]:
        """Every problem, with the entry in a table of reasons that excuses it, if one does."""
        for problem in self.description.problems(body, schema):
            yield problem, _reason_for_newer(problem)
        for value, kind in _typed(body):
            for problem in mismatches(value, kind, JSON, kind.__name__):
                yield problem, problem.where if problem.where in UNDOCUMENTED else None
        for value in _objects(body):
            for problem in self._lacks(value):
                yield problem, reason_to_lack(problem.where)

    def _lacks(self, value: Mapping[str, Any]) -> Iterator[Problem]:
        kind = value["object"]
        example = self._examples.get(f"deleted_{kind}" if value.get("deleted") else kind)
        return absent_members(value, example, kind)


def _reason_for_newer(problem: Problem) -> str | None:
    explained = problem.kind is Kind.UNKNOWN and problem.where in EXPLAINED
    wrongly_null = problem.is_null and problem.where in NEVER_NULL
    return problem.where if explained and not wrongly_null else None


@cache
def official() -> Official | None:
    """The official material; None where it is not on this machine."""
    folder = official_folder()
    found = (folder / DESCRIPTION).is_file() and (folder / EXAMPLES).is_file()
    return Official(folder) if found else None


def official_folder() -> Path:
    """Where Stripe's two files are looked for."""
    return Path(os.environ.get("STRIPE_OFFICIAL") or PROJECT.parent / "shared" / "stripe")


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _typed(body: Any) -> Iterator[tuple[Any, type[stripe.StripeObject]]]:
    """The outermost objects of an answer, and the one an event is about, with their classes."""
    if "error" in body:
        yield body["error"], stripe.ErrorObject
        return
    for value in body["data"] if body.get("object") == "list" else [body]:
        yield value, get_object_class("V1", value["object"])
        if value["object"] == "event":
            about = value["data"]["object"]
            yield about, get_object_class("V1", about["object"])


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of Stripe's in an answer, at any depth."""
    if isinstance(value, dict):
        if isinstance(value.get("object"), str):
            yield value
        for member in value.values():
            yield from _objects(member)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)
