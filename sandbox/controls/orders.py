"""The body of a control: read as what it should be, or refused with what it could have been."""

import re
from typing import TypeVar

import msgspec
from msgspec import inspect

Order = TypeVar("Order")

STEP = re.compile(r"\w+")
"""A member, or a place in a list: ``.rules[0].kind`` has three steps."""


def read(body: bytes, order: type[Order]) -> Order:
    """``body`` as an ``order``, which is a struct.

    Raises:
        msgspec.ValidationError: it is something else; the message names the choices there are.
        msgspec.DecodeError: it is not JSON.
    """
    try:
        return msgspec.json.decode(body, type=order)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"{error}{_choices(str(error), order)}") from error


def _choices(message: str, order: type) -> str:
    _, _, path = message.partition(" - at `$")
    wanted = _at(path, order)
    if isinstance(wanted, inspect.StructType):
        return f"; its members are {', '.join(each.encode_name for each in wanted.fields)}"
    values = _values(wanted)
    return f"; it is one of {', '.join(map(str, values))}" if values else ""


def _at(path: str, order: type) -> inspect.Type:
    """The type that ``order`` has at ``path``."""
    found = inspect.type_info(order)
    for step in STEP.findall(path):
        found = _within(found, step)
    return found


def _within(outer: inspect.Type, step: str) -> inspect.Type:
    match outer:
        case inspect.ListType() | inspect.VarTupleType():
            return outer.item_type
        case inspect.StructType():
            return next(each.type for each in outer.fields if each.encode_name == step)
    raise TypeError(f"nothing is read from within {outer}")


def _values(found: inspect.Type) -> list[object]:
    match found:
        case inspect.UnionType():
            return [value for each in found.types for value in _values(each)]
        case inspect.EnumType():
            return [each.value for each in found.cls]
        case inspect.LiteralType():
            return list(found.values)
    return []
