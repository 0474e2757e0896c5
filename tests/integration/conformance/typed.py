"""Values against the types that the installed stripe-python declares for them.

Its objects (`stripe.Charge`) come as JSON, its parameters (`stripe.params.ChargeListParams`) as
the texts of a form. Where the library names literals and adds a bare `str` for values newer than
itself, only the literals count: whoever speaks its version has no newer ones.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import stripe
from stripe._stripe_object import UntypedStripeObject

from tests.integration.conformance.declared import has_members, members_of, required_of
from tests.integration.conformance.problems import Problem, missing

Scalars = Mapping[Any, Callable[[object], bool]]
"""How a plain type is recognised."""

JSON: Scalars = {
    str: lambda value: isinstance(value, str),
    bool: lambda value: isinstance(value, bool),
    int: lambda value: isinstance(value, int) and not isinstance(value, bool),
    float: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    NoneType: lambda value: value is None,
}


def _text(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


FORM: Scalars = {
    str: lambda value: isinstance(value, str),
    bool: _text("true|false"),
    int: _text(r"-?\d+"),
    float: _text(r"-?\d+(\.\d+)?"),
    Decimal: _text(r"-?\d+(\.\d+)?"),
}


def mismatches(value: object, kind: Any, scalars: Scalars, where: str) -> Iterator[Problem]:
    """Every way in which a value is not of the declared type; `where` is its place."""
    origin, arguments = get_origin(kind) or kind, get_args(kind)
    if origin is Any or isinstance(origin, TypeVar):
        return
    if origin in (Union, UnionType):
        yield from _union(value, _narrowed(arguments), scalars, where)
    elif origin is Literal:
        if value not in arguments:
            yield Problem(where, f"is {value!r}, none of {', '.join(map(str, arguments))}")
    elif origin is list:
        yield from _list(value, arguments[0], scalars, where)
    elif origin in (dict, UntypedStripeObject):
        yield from _dict(value, arguments[-1], scalars, where)
    elif origin is stripe.ListObject:
        yield from _members(value, origin, scalars, where)
        if isinstance(value, dict):
            yield from _list(value.get("data"), arguments[0], scalars, f"{where}.data")
    elif has_members(origin):
        yield from _members(value, origin, scalars, getattr(origin, "OBJECT_NAME", where))
    elif not scalars[origin](value):
        yield Problem(where, f"is {value!r}, no {origin.__name__}")


def _narrowed(options: Sequence[Any]) -> list[Any]:
    listed = any(get_origin(option) is Literal and any(get_args(option)) for option in options)
    return [option for option in options if not (listed and option is str)]


def _union(value: object, options: list[Any], scalars: Scalars, where: str) -> Iterator[Problem]:
    """The option that fits best; a dict is held against those with members only."""
    if isinstance(value, dict):
        options = [option for option in options if _may_be(value, option)]
    if not options:
        yield Problem(where, "is an object that is not expected here")
        return
    found = [list(mismatches(value, option, scalars, where)) for option in options]
    yield from min(found, key=len)


def _may_be(value: Mapping[str, object], option: Any) -> bool:
    origin = get_origin(option) or option
    if not has_members(origin):
        return origin in (dict, UntypedStripeObject)
    name = getattr(origin, "OBJECT_NAME", None)
    return name is None or value.get("object") == name


def _list(value: object, kind: Any, scalars: Scalars, where: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(where, f"is {value!r}, no list")
        return
    for place, item in enumerate(value):
        yield from mismatches(item, kind, scalars, f"{where}[{place}]")


def _dict(value: object, kind: Any, scalars: Scalars, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(where, f"is {value!r}, no object")
        return
    for name, item in value.items():
        yield from mismatches(item, kind, scalars, f"{where}[{name}]")


def _members(value: object, kind: type, scalars: Scalars, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(where, f"is {value!r}, no object")
        return
    members = members_of(kind)
    if not value.get("deleted"):  # what is left of a deleted object has no other members
        for name in sorted(required_of(kind) - value.keys()):
            yield missing(f"{where}.{name}")
    for name, item in value.items():
        if name in members:
            yield from mismatches(item, members[name], scalars, f"{where}.{name}")
        else:
            yield Problem(f"{where}.{name}", f"is no member of {kind.__qualname__}")
